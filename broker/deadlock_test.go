package broker_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/spillway-go/spillway/broker"
)

func TestNoDeadlockAHandlerThatCouldOnlyWaitForItselfIsRefused(t *testing.T) {
	for name, workers := range map[string]int{"its one worker": 1, "all of three workers": 3} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b, _ := openJournal(t, broker.Options{})
				s := with(t, b, "s", broker.Block, 1)
				deadlocks := make(chan error, 99)
				consuming(t, s, broker.ConsumeOptions{Workers: workers}, func(ctx context.Context, e broker.Event) error {
					time.Sleep(time.Second) // so that all of them are at it
					if e.(event) >= 100 {
						return nil
					}
					err := b.Publish(ctx, e.(event)+100)
					if err != nil {
						deadlocks <- err
					}
					return err
				})
				publish(t, b, 0, event(workers)) // one for each, and a full buffer
				time.Sleep(time.Hour)
				if len(deadlocks) == 0 {
					t.Fatal("no publisher was refused")
				}
				for len(deadlocks) > 0 {
					if err := <-deadlocks; !errors.Is(err, broker.ErrWouldDeadlock) {
						t.Errorf("the handler gets %v", err)
					}
				}
				if st := s.Stats(); st.InFlight > 0 || st.Depth > 0 {
					t.Errorf("it still waits: %+v", st)
				}
			})
		})
	}
}

func TestNoDeadlockTwoSubscriptionsInARingAreRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := openJournal(t, broker.Options{})
		ping, pong := with(t, b, "ping", broker.Block, 1, "ping"), with(t, b, "pong", broker.Block, 1, "pong")
		var mu sync.Mutex
		refused := 0
		relay := func(to string) broker.Handler {
			return func(ctx context.Context, e broker.Event) error {
				time.Sleep(time.Second)
				for range 3 { // more comes out than goes in
					if err := b.Publish(ctx, on{0, to}); errors.Is(err, broker.ErrWouldDeadlock) {
						mu.Lock()
						refused++
						mu.Unlock()
						return err
					}
				}
				return nil
			}
		}
		consuming(t, ping, broker.ConsumeOptions{}, relay("pong"))
		consuming(t, pong, broker.ConsumeOptions{}, relay("ping"))
		if err := b.Publish(t.Context(), on{1, "ping"}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		mu.Lock()
		defer mu.Unlock()
		if refused == 0 {
			t.Error("no publisher was refused")
		}
		handled := ping.Stats().Handled + pong.Stats().Handled + ping.Stats().Failed + pong.Stats().Failed
		if handled < 20 {
			t.Errorf("%d events were handled in a minute: it stands still", handled)
		}
	})
}

// A handler waits behind somebody from outside, who waits for that handler.
func TestARingThroughTheWaitingLineIsADeadlock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := openJournal(t, broker.Options{})
		busy := with(t, b, "busy", broker.Block, 1, "busy", "both")
		with(t, b, "open", broker.Block, 9, "open", "both")
		refused := make(chan error, 9)
		consuming(t, busy, broker.ConsumeOptions{}, func(ctx context.Context, e broker.Event) error {
			time.Sleep(time.Second)
			if e.(on).topic == "busy" {
				refused <- b.Publish(ctx, on{9, "open"})
			}
			return nil
		})
		for n := range event(2) { // one at work, one in the buffer
			if err := b.TryPublish(on{n, "busy"}); err != nil {
				t.Fatal(err)
			}
		}
		outside := publishing(t.Context(), b, on{2, "both"})
		time.Sleep(time.Minute)
		if waits(outside) {
			t.Fatal("they wait for each other")
		}
		if err := <-outside; err != nil {
			t.Errorf("who waits outside gets %v", err)
		}
		if err := <-refused; !errors.Is(err, broker.ErrWouldDeadlock) {
			t.Errorf("the handler gets %v", err)
		}
	})
}

// What a handler waits for can become its own room while it waits.
func TestAWaitThatBecomesADeadlockEndsAndHoldsUpNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, j := openJournal(t, broker.Options{})
		own := with(t, b, "own", broker.Block, 2, "own", "all")
		with(t, b, "full", broker.Block, 1, "full", "all")
		open := with(t, b, "open", broker.Block, 2, "open", "all")
		refused := make(chan error, 9)
		consuming(t, own, broker.ConsumeOptions{}, func(ctx context.Context, e broker.Event) error {
			time.Sleep(time.Second)
			if e.(on).event == 0 {
				refused <- b.Publish(ctx, on{9, "all"})
				time.Sleep(time.Hour)
			}
			return nil
		})
		for n, topic := range []string{"own", "own", "full"} {
			if err := b.TryPublish(on{event(n), topic}); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(2 * time.Second)
		behind := publishing(t.Context(), b, on{3, "open"})
		if !waits(behind) || !waits(refused) {
			t.Fatal("they do not wait")
		}
		configure(t, own, broker.Block, 1)
		if waits(behind) || waits(refused) {
			t.Fatal("they wait for nobody")
		}
		if err := <-refused; !errors.Is(err, broker.ErrWouldDeadlock) || <-behind != nil {
			t.Errorf("the handler gets %v", err)
		}
		if j.count("unblocked 9: "+broker.ErrWouldDeadlock.Error()) != 1 {
			t.Errorf("the trace is %v", j.take())
		}
		wantEvents(t, takeAll(open), 3)
	})
}

func TestAWaitThatSomebodyElseCanEndIsNoDeadlock(t *testing.T) {
	for name, test := range map[string]struct {
		workers int
		outside bool
	}{
		"another worker makes room":     {2, false},
		"a receiver outside makes room": {1, true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b, _ := openJournal(t, broker.Options{})
				full := with(t, b, "full", broker.Block, 1, "in")
				consumed := full
				if test.outside {
					consumed = with(t, b, "source", broker.Block, 1, "source")
				}
				answer := make(chan error, 9)
				topic := map[bool]string{true: "source", false: "in"}[test.outside]
				consuming(t, consumed, broker.ConsumeOptions{Workers: test.workers}, func(ctx context.Context, e broker.Event) error {
					if e.(on).event != 0 {
						time.Sleep(time.Minute)
						return nil
					}
					time.Sleep(time.Second)
					err := b.Publish(ctx, on{9, "in"})
					answer <- err
					return err
				})
				for n := range event(3) {
					if n == 0 || !test.outside {
						if err := b.TryPublish(on{n, topic}); err != nil {
							t.Fatal(err)
						}
					}
				}
				if test.outside {
					if err := b.TryPublish(on{1, "in"}); err != nil {
						t.Fatal(err)
					}
					time.AfterFunc(time.Minute, func() { full.TryNext() })
				}
				time.Sleep(10 * time.Second)
				if len(answer) > 0 {
					t.Fatalf("it did not wait: %v", <-answer)
				}
				if err := <-answer; err != nil {
					t.Errorf("the handler gets %v", err)
				}
			})
		})
	}
}

func TestAHandlerMayPublishSubscribeConfigureAndClose(t *testing.T) {
	for name, do := range map[string]func(context.Context, *testing.T, *broker.Broker, *broker.Subscription) error{
		"publish": func(ctx context.Context, _ *testing.T, b *broker.Broker, _ *broker.Subscription) error {
			return b.Publish(ctx, event(1000))
		},
		"subscribe": func(_ context.Context, _ *testing.T, b *broker.Broker, _ *broker.Subscription) error {
			_, err := b.Subscribe(broker.SubscribeOptions{})
			return err
		},
		"configure": func(_ context.Context, _ *testing.T, _ *broker.Broker, s *broker.Subscription) error {
			return s.Configure(broker.Settings{Buffer: 2, Overflow: broker.KeepLatest})
		},
		"close": func(_ context.Context, _ *testing.T, _ *broker.Broker, s *broker.Subscription) error {
			s.Close()
			s.Close()
			return nil
		},
		"take": func(_ context.Context, _ *testing.T, _ *broker.Broker, s *broker.Subscription) error {
			s.TryNext()
			return nil
		},
		"look": func(_ context.Context, _ *testing.T, b *broker.Broker, s *broker.Subscription) error {
			b.Snapshot()
			s.Stats()
			return nil
		},
		"shut down, with a context that ends": func(ctx context.Context, t *testing.T, b *broker.Broker, _ *broker.Subscription) error {
			ctx, cancel := context.WithTimeout(ctx, time.Second)
			defer cancel()
			var left *broker.LeftError
			if err := b.Shutdown(ctx); !errors.As(err, &left) || left.Left[0].InFlight != 1 {
				t.Errorf("Shutdown answers %v, want that it is at work itself", err)
			}
			return nil
		},
		"not consume again": func(ctx context.Context, t *testing.T, _ *broker.Broker, s *broker.Subscription) error {
			if s.Consume(ctx, nothing, broker.ConsumeOptions{}) == nil {
				t.Error("two Consumes at a time")
			}
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b, _ := openJournal(t, broker.Options{Buffer: 9})
				s := subscribe(t, b, "s")
				done := make(chan error, 1)
				consuming(t, s, broker.ConsumeOptions{}, func(ctx context.Context, e broker.Event) error {
					if e == event(0) {
						time.Sleep(time.Second) // until all is published
						done <- do(ctx, t, b, s)
					}
					return nil
				})
				publish(t, b, 0, 2)
				if err := <-done; err != nil {
					t.Errorf("the handler gets %v", err)
				}
			})
		})
	}
}

// Somebody outside waits before the handler, for whom nobody else makes room.
func TestAWaitBehindSomebodyOutsideThatBecomesADeadlockEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := openJournal(t, broker.Options{})
		own := with(t, b, "own", broker.Block, 2, "own", "outside")
		full := with(t, b, "full", broker.Block, 1, "full", "outside")
		with(t, b, "open", broker.Block, 9, "open", "outside")
		refused := make(chan error, 9)
		consuming(t, own, broker.ConsumeOptions{}, func(ctx context.Context, e broker.Event) error {
			time.Sleep(time.Second)
			if e.(on).event == 0 {
				refused <- b.Publish(ctx, on{9, "open"})
			}
			return nil
		})
		publishTo(t, b, 0, "own")
		publishTo(t, b, 1, "own")
		publishTo(t, b, 2, "full")
		outside := publishing(t.Context(), b, on{3, "outside"})
		time.Sleep(2 * time.Second)
		if !waits(refused) {
			t.Fatalf("the handler did not wait behind the one outside: %v", <-refused)
		}
		configure(t, own, broker.Block, 1) // now both wait for the handler
		if waits(refused) {
			t.Fatal("they wait for each other")
		}
		if err := <-refused; !errors.Is(err, broker.ErrWouldDeadlock) {
			t.Errorf("the handler gets %v", err)
		}
		time.Sleep(time.Minute)
		full.TryNext()
		if err := <-outside; err != nil {
			t.Errorf("who waits outside gets %v", err)
		}
	})
}
