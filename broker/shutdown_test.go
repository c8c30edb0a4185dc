package broker_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/spillway-go/spillway/broker"
)

func TestDrainCompletenessShutdownWaitsForBuffersBacklogsAndHandlers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := openJournal(t, broker.Options{})
		s := with(t, b, "s", broker.Spill, 2)
		consuming(t, s, broker.ConsumeOptions{Workers: 2, Attempts: 2, Backoff: time.Minute}, func(_ context.Context, e broker.Event) error {
			time.Sleep(time.Second)
			if e == event(19) {
				return errHandler
			}
			return nil
		})
		publish(t, b, 0, 19)
		began := time.Now()
		if err := b.Shutdown(t.Context()); err != nil {
			t.Errorf("Shutdown answers %v", err)
		}
		if took := time.Since(began); took < 70*time.Second {
			t.Errorf("it did not wait for the last attempt: %v", took)
		}
		if st := s.Stats(); st.Handled != 19 || st.Abandoned != 1 {
			t.Errorf("the stats are %+v", st)
		}
	})
}

func TestDrainCompletenessShutdownSaysWhatIsWithHandlersAndInTheRepository(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := openJournal(t, broker.Options{})
		s := with(t, b, "s", broker.Spill, 2)
		consuming(t, s, broker.ConsumeOptions{}, sleeping(time.Hour))
		publish(t, b, 0, 5)
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		err := b.Shutdown(ctx)
		var left *broker.LeftError
		if !errors.As(err, &left) || len(left.Left) != 1 || left.Left[0] != (broker.Left{Subscription: "s", Events: 2, Backlog: 3, InFlight: 1}) {
			t.Errorf("Shutdown answers %v", err)
		}
		if want := `broker: shutdown: events left undelivered: 2 of "s" and 3 in the repository and 1 in handlers: context deadline exceeded`; err.Error() != want {
			t.Errorf("Shutdown answers %v, want %s", err, want)
		}
	})
}

func TestShutdownWaitsUntilConsumersHaveDrained(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, log := open(t, broker.Options{})
		busy, idle := subscribe(t, b, "busy"), subscribe(t, b, "idle")
		publish(t, b, 0, 2)
		drain(idle)
		waiting := next(t.Context(), idle)
		var consumer sync.WaitGroup
		defer consumer.Wait()
		consumer.Go(func() {
			for range busy.All(t.Context()) {
				time.Sleep(time.Second)
			}
		})
		synctest.Wait()
		began := time.Now()
		if err := b.Shutdown(t.Context()); err != nil {
			t.Errorf("Shutdown answers %v", err)
		}
		if took := time.Since(began); took != 2*time.Second {
			t.Errorf("it took %v, want 2s: the third event is taken then", took)
		}
		if got := <-waiting; !errors.Is(got.err, broker.ErrClosed) {
			t.Errorf("the idle receiver got %v", got)
		}
		for _, x := range *log {
			if x.What == "closed" {
				t.Errorf("dropped: %v", x)
			}
		}
	})
}

func TestShutdownEndsTheWaitOfAReceiverThatCanGetNothingMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := open(t, broker.Options{})
		subscribe(t, b, "stalled")
		publish(t, b, 0, 0)
		idle := subscribe(t, b, "idle")
		waiting := next(t.Context(), idle)
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		go func() { _ = b.Shutdown(ctx) }()
		<-waiting
		if ctx.Err() != nil {
			t.Error("it had to wait for the other")
		}
		<-ctx.Done()
		synctest.Wait()
	})
}

func TestShutdownSaysWhatItLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, log := open(t, broker.Options{})
		mailer := subscribe(t, b, "mailer")
		publish(t, b, 0, 0)
		subscribe(t, b, "auditor")
		publish(t, b, 1, 1)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		err := b.Shutdown(ctx)
		const want = `broker: shutdown: events left undelivered: 2 of "mailer", 1 of "auditor": context deadline exceeded`
		if err == nil || err.Error() != want {
			t.Errorf("the error is %v, want %s", err, want)
		}
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Error("its cause is not that of the context")
		}
		drops := (*log)[3:]
		if want := []told{{"closed", 0, 0, 1}, {"closed", 0, 1, 0}, {"closed", 1, 1, 0}}; !reflect.DeepEqual(drops, want) {
			t.Errorf("the drops are %v, want %v", drops, want)
		}
		wantEvents(t, drain(mailer))
		if err := b.Shutdown(t.Context()); err != nil {
			t.Errorf("the second Shutdown answers %v", err)
		}
	})
}

func TestShutdownEndsWhenTheLastFullSubscriptionIsClosedOrShrunk(t *testing.T) {
	for name, empty := range map[string]func(*broker.Subscription){
		"closed": (*broker.Subscription).Close,
		"shrunk": func(s *broker.Subscription) { _ = s.Configure(broker.Settings{Buffer: broker.Unbuffered}) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b, _ := open(t, broker.Options{})
				s := subscribe(t, b, "s")
				publish(t, b, 0, 0)
				time.AfterFunc(time.Second, func() { empty(s) })
				if err := b.Shutdown(t.Context()); err != nil {
					t.Errorf("Shutdown answers %v", err)
				}
			})
		})
	}
}

func TestAfterShutdownNothingBegins(t *testing.T) {
	b, log := open(t, broker.Options{})
	s := subscribe(t, b, "s")
	if err := b.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := b.TryPublish(event(0)); !errors.Is(err, broker.ErrClosed) {
		t.Errorf("TryPublish answers %v", err)
	}
	if err := b.Publish(t.Context(), event(0)); !errors.Is(err, broker.ErrClosed) {
		t.Errorf("Publish answers %v", err)
	}
	if _, err := b.Subscribe(broker.SubscribeOptions{Name: "late"}); !errors.Is(err, broker.ErrClosed) {
		t.Errorf("Subscribe answers %v", err)
	}
	if _, err := s.Next(t.Context()); !errors.Is(err, broker.ErrClosed) {
		t.Errorf("Next answers %v", err)
	}
	if len(*log) > 0 {
		t.Errorf("the trace is %v", *log)
	}
}

func TestAnEmptyBrokerShutsDown(t *testing.T) {
	b, _ := open(t, broker.Options{})
	if err := b.Shutdown(ended()); err != nil {
		t.Error(err)
	}
}

func TestDrainCompletenessShutdownWaitsForHandlersOfAClosedSubscription(t *testing.T) {
	for name, receive := range map[string]func(*testing.T, *broker.Broker) *broker.Subscription{
		"handlers": func(t *testing.T, b *broker.Broker) *broker.Subscription {
			s := subscribe(t, b, "s")
			consuming(t, s, broker.ConsumeOptions{Attempts: 2, Backoff: time.Hour}, sleeping(time.Minute))
			return s
		},
		"a driver": func(t *testing.T, b *broker.Broker) *broker.Subscription {
			s, d := driven(t, b, broker.Settings{}, broker.ConsumeOptions{})
			time.AfterFunc(time.Minute, func() { d.done(errHandler) })
			return s
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b, _ := openJournal(t, broker.Options{})
				s := receive(t, b)
				publish(t, b, 0, 1)
				began := time.Now()
				s.Close()
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				var left *broker.LeftError
				if err := b.Shutdown(ctx); !errors.As(err, &left) || len(left.Left) != 1 || left.Left[0] != (broker.Left{Subscription: "s", InFlight: 1}) {
					t.Errorf("Shutdown answers %v", err)
				}
				if err := b.Shutdown(t.Context()); err != nil {
					t.Errorf("Shutdown answers %v", err)
				}
				if took := time.Since(began); took != time.Minute {
					t.Errorf("Shutdown is done after %v, while a handler runs for a minute", took)
				}
			})
		})
	}
}

func TestDrainCompletenessShutdownDrainsWhateverBecameOfTheContextOfConsume(t *testing.T) {
	for name, when := range map[string]time.Duration{
		"before anything is handled": 0,
		"long before Shutdown":       30 * time.Second,
		"with Shutdown":              time.Minute,
		"after it":                   time.Minute + 30*time.Second,
	} {
		for _, workers := range []int{1, 2} {
			for _, policy := range []broker.Overflow{broker.DropNewest, broker.Block, broker.Spill} {
				t.Run(fmt.Sprint(name, ", ", policy, ", workers ", workers), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						b, j := openJournal(t, broker.Options{})
						s := with(t, b, "s", policy, 8)
						ctx, cancel := context.WithTimeout(t.Context(), when)
						defer cancel()
						type key struct{}
						var done attempts
						go func() {
							_ = s.Consume(context.WithValue(ctx, key{}, 1), func(ctx context.Context, e broker.Event) error {
								if ctx.Value(key{}) != 1 {
									t.Error("the handler misses what Consume was given")
								}
								err := obedient(time.Minute)(ctx, e)
								if err == nil {
									done.note(e)
								}
								return err
							}, broker.ConsumeOptions{Workers: workers})
						}()
						synctest.Wait()
						publish(t, b, 0, 7)
						time.Sleep(time.Minute)
						if err := b.Shutdown(t.Context()); err != nil {
							t.Errorf("Shutdown answers %v", err)
						}
						if workers == 1 {
							wantEvents(t, done.events(), 0, 1, 2, 3, 4, 5, 6, 7)
						}
						if st := s.Stats(); st.Handled != 8 || st.Abandoned+st.Failed+st.Dropped > 0 {
							t.Errorf("the stats are %+v, the trace is\n%s", st, strings.Join(j.take(), "\n"))
						}
						conserved(t, s, 8)
					})
				})
			}
		}
	}
}

func TestDrainCompletenessShutdownInterruptsWhatItBeganWhenItsContextEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := openJournal(t, broker.Options{})
		s := subscribe(t, b, "s")
		cancel, done := consumeUntil(s, obedient(time.Hour), broker.ConsumeOptions{})
		publish(t, b, 0, 2)
		cancel()
		<-done
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		var left *broker.LeftError
		if err := b.Shutdown(ctx); !errors.As(err, &left) || len(left.Left) != 1 || left.Left[0].Events+left.Left[0].InFlight != 3 {
			t.Errorf("Shutdown answers %v", err)
		}
		if err := b.Shutdown(t.Context()); err != nil { // waits for the handler
			t.Errorf("Shutdown answers %v", err)
		}
		if st := s.Stats(); st.Dropped != 3 || st.Abandoned != 0 {
			t.Errorf("the stats are %+v", st)
		}
	})
}

func TestShutdownDoesNotCallTheHandlerOfAConsumeAfterWhichOthersReceived(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := openJournal(t, broker.Options{})
		s := subscribe(t, b, "s")
		cancel, done := consumeUntil(s, func(context.Context, broker.Event) error { t.Error("called"); return nil }, broker.ConsumeOptions{})
		cancel()
		<-done
		publish(t, b, 0, 2)
		if _, err := s.Next(t.Context()); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := b.Shutdown(ctx); err == nil {
			t.Error("somebody has handled what waited")
		}
	})
}
