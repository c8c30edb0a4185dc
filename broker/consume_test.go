package broker_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/spillway-go/spillway/broker"
)

var errHandler = errors.New("the mail server is down")

// attempts notes when the handler was called.
type attempts struct {
	mu    sync.Mutex
	times []time.Time
	what  []event
}

func (a *attempts) note(e broker.Event) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.times = append(a.times, time.Now())
	a.what = append(a.what, e.(event))
	return len(a.times)
}

// events are those the handler was called with.
func (a *attempts) events() []event {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.what
}

// pauses are the times between one attempt and the next.
func (a *attempts) pauses() (pauses []time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for i := 1; i < len(a.times); i++ {
		pauses = append(pauses, a.times[i].Sub(a.times[i-1]))
	}
	return pauses
}

func TestConsumeGivesEveryEventToTheHandler(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		b, j := openJournal(t, broker.Options{})
		s := with(t, b, "s", broker.DropNewest, 9)
		publish(t, b, 0, 1) // wait already
		j.take()
		var a attempts
		consuming(t, s, broker.ConsumeOptions{}, func(_ context.Context, e broker.Event) error {
			a.note(e)
			return nil
		})
		publish(t, b, 2, 2)
		synctest.Wait()
		j.wantLines(t, "s delivered 0, 1 wait", "s handled 0 at 1", "s delivered 1, 0 wait", "s handled 1 at 1",
			"s delivered 2, 0 wait", "s handled 2 at 1")
		wantEvents(t, a.events(), 0, 1, 2)
		if st := s.Stats(); st.Handled != 3 || st.Delivered != 3 || st.InFlight != 0 {
			t.Errorf("the stats are %+v", st)
		}
	})
}

func TestNoMoreHandlersRunThanThereAreWorkers(t *testing.T) {
	for _, workers := range []int{1, 2, 7} {
		inBubble(t, func(t *testing.T) {
			b, _ := openJournal(t, broker.Options{Buffer: 99})
			s := subscribe(t, b, "s")
			var mu sync.Mutex
			running, most := 0, 0
			consuming(t, s, broker.ConsumeOptions{Workers: workers}, func(context.Context, broker.Event) error {
				mu.Lock()
				running++
				most = max(most, running)
				mu.Unlock()
				time.Sleep(time.Second)
				mu.Lock()
				running--
				mu.Unlock()
				return nil
			})
			if got := b.Snapshot().Subscriptions[0]; got.Workers != workers || got.Waiting != workers {
				t.Errorf("the snapshot is %+v", got)
			}
			publish(t, b, 0, 29)
			time.Sleep(500 * time.Millisecond)
			if st := s.Stats(); st.InFlight != workers || st.Depth != 30-workers {
				t.Errorf("%d workers: the stats are %+v", workers, st)
			}
			time.Sleep(time.Minute)
			mu.Lock()
			defer mu.Unlock()
			if most != workers || s.Stats().Handled != 30 {
				t.Errorf("%d handlers ran at a time, want %d: %+v", most, workers, s.Stats())
			}
		})
	}
}

func TestMoreHandlersThanProcessorsSleepAtTheSameTime(t *testing.T) {
	workers := 8 * runtime.GOMAXPROCS(0)
	for name, gap := range map[string]time.Duration{"published at once": 0, "published one by one": 10 * time.Millisecond} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				b, _ := openJournal(t, broker.Options{Buffer: 999})
				s := subscribe(t, b, "s")
				consuming(t, s, broker.ConsumeOptions{Workers: workers}, func(context.Context, broker.Event) error {
					time.Sleep(time.Minute)
					return nil
				})
				began := time.Now()
				for e := range event(workers) {
					publish(t, b, e, e)
					time.Sleep(gap)
				}
				if err := b.Shutdown(t.Context()); err != nil {
					t.Error(err)
				}
				if took, most := time.Since(began), time.Minute+time.Duration(workers)*gap+time.Second; took > most {
					t.Errorf("%d events took %v, want at most %v", workers, took, most)
				}
			})
		})
	}
}

func TestAHandlerThatWaitsForAnotherEventGetsIt(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		b, _ := openJournal(t, broker.Options{})
		first, second := subscribe(t, b, "first"), subscribe(t, b, "second")
		gate := make(chan struct{})
		consuming(t, first, broker.ConsumeOptions{}, func(context.Context, broker.Event) error { <-gate; return nil })
		consuming(t, second, broker.ConsumeOptions{}, func(_ context.Context, e broker.Event) error {
			if e == event(1) {
				close(gate)
			}
			return nil
		})
		publish(t, b, 0, 0)
		time.Sleep(time.Second) // the pool is awake and waits
		publish(t, b, 1, 1)
		time.Sleep(time.Second)
		if st := first.Stats(); st.Handled != 2 {
			t.Errorf("the first stands still: %+v", st)
		}
	})
}

func TestOneWorkerKeepsOrderAlsoAcrossRetries(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		b, _ := openJournal(t, broker.Options{Buffer: 99})
		s := subscribe(t, b, "s")
		var a attempts
		consuming(t, s, broker.ConsumeOptions{Attempts: 3}, func(_ context.Context, e broker.Event) error {
			if n := a.note(e); n%3 != 0 {
				return errHandler
			}
			return nil
		})
		publish(t, b, 0, 3)
		time.Sleep(time.Hour)
		wantEvents(t, a.events(), 0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3)
		if st := s.Stats(); st.Handled != 4 || st.Failed != 8 || st.Abandoned != 0 {
			t.Errorf("the stats are %+v", st)
		}
	})
}

func TestSeveralWorkersBeginInOrder(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		b, j := openJournal(t, broker.Options{Buffer: 99})
		s := subscribe(t, b, "s")
		consuming(t, s, broker.ConsumeOptions{Workers: 3}, func(_ context.Context, e broker.Event) error {
			time.Sleep(time.Duration(e.(event)*7%5) * time.Second)
			return nil
		})
		publish(t, b, 0, 19)
		time.Sleep(time.Hour)
		next := 0
		for _, line := range j.take() {
			if strings.Contains(line, "delivered") {
				if !strings.Contains(line, fmt.Sprintf("delivered %d,", next)) {
					t.Errorf("%q, want event %d", line, next)
				}
				next++
			}
		}
	})
}

func TestTheBackoffDoublesUpToItsMost(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		b, j := openJournal(t, broker.Options{})
		s := subscribe(t, b, "s")
		var a attempts
		consuming(t, s, broker.ConsumeOptions{Attempts: 6, Backoff: time.Second, MaxBackoff: 5 * time.Second},
			func(_ context.Context, e broker.Event) error { a.note(e); return errHandler })
		publish(t, b, 0, 0)
		time.Sleep(time.Hour)
		want := []time.Duration{time.Second, 2 * time.Second, 4 * time.Second, 5 * time.Second, 5 * time.Second}
		if got := a.pauses(); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("the pauses are %v, want %v", got, want)
		}
		j.wantLines(t, "s delivered 0, 0 wait",
			"s failed 0 at 1: the mail server is down, again in 1s", "s retried 0 at 2",
			"s failed 0 at 2: the mail server is down, again in 2s", "s retried 0 at 3",
			"s failed 0 at 3: the mail server is down, again in 4s", "s retried 0 at 4",
			"s failed 0 at 4: the mail server is down, again in 5s", "s retried 0 at 5",
			"s failed 0 at 5: the mail server is down, again in 5s", "s retried 0 at 6",
			"s failed 0 at 6: the mail server is down, again in -1ns",
			"s abandoned 0: the mail server is down")
	})
}

func TestTheBackoffHasDefaults(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		b, _ := openJournal(t, broker.Options{})
		var a attempts
		consuming(t, subscribe(t, b, "s"), broker.ConsumeOptions{Attempts: 10},
			func(_ context.Context, e broker.Event) error { a.note(e); return errHandler })
		publish(t, b, 0, 0)
		time.Sleep(time.Hour)
		p := a.pauses()
		if len(p) != 9 || p[0] != 100*time.Millisecond || p[6] != 6400*time.Millisecond || p[7] != 10*time.Second || p[8] != 10*time.Second {
			t.Errorf("the pauses are %v", p)
		}
	})
}

func TestTheLongestBackoffDoesNotOverflow(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		b, j := openJournal(t, broker.Options{})
		s := subscribe(t, b, "s")
		consuming(t, s, broker.ConsumeOptions{Attempts: 3, Backoff: math.MaxInt64/2 + 9, MaxBackoff: math.MaxInt64},
			func(context.Context, broker.Event) error { return errHandler })
		publish(t, b, 0, 0)
		time.Sleep(math.MaxInt64/2 + 10)
		if n := j.count(fmt.Sprintf("failed 0 at 2: the mail server is down, again in %v", time.Duration(math.MaxInt64))); n != 1 {
			t.Errorf("the trace is %v", j.take())
		}
	})
}

func TestJitterShortensAPauseByItsFractionAtMost(t *testing.T) {
	run := func(t *testing.T, seed uint64, jitter float64) (pauses []time.Duration) {
		inBubble(t, func(t *testing.T) {
			b, _ := openJournal(t, broker.Options{Seed: seed})
			var a attempts
			consuming(t, subscribe(t, b, "s"), broker.ConsumeOptions{Attempts: 200, Backoff: time.Second, MaxBackoff: time.Second, Jitter: jitter},
				func(_ context.Context, e broker.Event) error { a.note(e); return errHandler })
			publish(t, b, 0, 0)
			time.Sleep(time.Hour)
			pauses = a.pauses()
		})
		return pauses
	}
	for _, jitter := range []float64{0.25, 1} {
		low, shortest, longest := time.Duration((1-jitter)*float64(time.Second)), time.Hour, time.Duration(0)
		for _, p := range run(t, 1, jitter) {
			if p < low || p > time.Second {
				t.Errorf("jitter %v: a pause of %v, want %v to 1s", jitter, p, low)
			}
			shortest, longest = min(shortest, p), max(longest, p)
		}
		if spread := longest - shortest; float64(spread) < 0.9*jitter*float64(time.Second) {
			t.Errorf("jitter %v: all pauses are from %v to %v", jitter, shortest, longest)
		}
	}
	first, again, other := fmt.Sprint(run(t, 1, 1)), fmt.Sprint(run(t, 1, 1)), fmt.Sprint(run(t, 2, 1))
	if first != again || first == other {
		t.Error("the seed does not decide the jitter")
	}
}

func TestWhatNoAttemptCouldHandleIsADeadLetter(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		dead := &broker.Memory{}
		b, j := openJournal(t, broker.Options{Repository: dead})
		s := with(t, b, "s", broker.Spill, 1) // to the same repository
		consuming(t, s, broker.ConsumeOptions{Attempts: 2, DeadLetters: dead}, func(_ context.Context, e broker.Event) error {
			if e.(event)%2 == 0 {
				return errHandler
			}
			return nil
		})
		publish(t, b, 0, 4)
		time.Sleep(time.Hour)
		wantEvents(t, stored(dead, broker.DeadLetters("s")), 0, 2, 4)
		wantEvents(t, stored(dead, "s"))
		if st := s.Stats(); st.Dead != 3 || st.Abandoned != 0 || st.Failed != 6 || st.Handled != 2 {
			t.Errorf("the stats are %+v", st)
		}
		if j.count("s dead 2: the mail server is down") != 1 {
			t.Errorf("the trace is %v", j.take())
		}
	})
}

func TestADeadLetterThatCannotBeStoredIsAbandoned(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		repository := &faulty{}
		repository.failAppendTo(broker.DeadLetters("s"))
		b, j := openJournal(t, broker.Options{})
		s := subscribe(t, b, "s")
		consuming(t, s, broker.ConsumeOptions{DeadLetters: repository}, func(context.Context, broker.Event) error { return errHandler })
		publish(t, b, 0, 0)
		time.Sleep(time.Second)
		j.wantLines(t, "s delivered 0, 0 wait", "s failed 0 at 1: the mail server is down, again in -1ns",
			"s repository: the disk is full", "s abandoned 0: the mail server is down")
		if st := s.Stats(); st.Abandoned != 1 || st.Dead != 0 || st.InFlight != 0 {
			t.Errorf("the stats are %+v", st)
		}
	})
}

func explode(context.Context, broker.Event) error { panic("boom") }

func TestAPanicIsAnErrorOfItsEventWithItsStack(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		var mu sync.Mutex
		var failed []error
		b, err := broker.New(broker.Options{Trace: broker.Trace{
			Failed: func(_ *broker.Subscription, _ broker.Event, _ int, err error, _ time.Duration) {
				mu.Lock()
				defer mu.Unlock()
				failed = append(failed, err)
			},
		}})
		if err != nil {
			t.Fatal(err)
		}
		s := subscribe(t, b, "s")
		consuming(t, s, broker.ConsumeOptions{}, func(ctx context.Context, e broker.Event) error {
			if e == event(0) {
				return explode(ctx, e)
			}
			return nil
		})
		publish(t, b, 0, 2)
		time.Sleep(time.Second)
		mu.Lock()
		defer mu.Unlock()
		var p *broker.PanicError
		if len(failed) != 1 || !errors.As(failed[0], &p) || p.Value != "boom" || !strings.Contains(string(p.Stack), "explode") {
			t.Errorf("failed with %v", failed)
		}
		if p != nil && p.Error() != "the handler panicked: boom" {
			t.Error(p)
		}
		if st := s.Stats(); st.Handled != 2 || st.Abandoned != 1 {
			t.Errorf("the stats are %+v", st)
		}
	})
}

func TestAHandlerThatEndsItsGoroutineEndsNothingElse(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		b, j := openJournal(t, broker.Options{Buffer: 9})
		s := subscribe(t, b, "s")
		consuming(t, s, broker.ConsumeOptions{Workers: 2, Attempts: 2}, func(_ context.Context, e broker.Event) error {
			if e.(event) < 3 {
				runtime.Goexit()
			}
			return nil
		})
		publish(t, b, 0, 5)
		time.Sleep(time.Hour)
		if st := s.Stats(); st.Handled != 3 || st.Failed != 6 || st.Abandoned != 3 || st.InFlight != 0 {
			t.Errorf("the stats are %+v", st)
		}
		if j.count("the handler called runtime.Goexit") == 0 {
			t.Errorf("the trace is %v", j.take())
		}
	})
}

func TestConsumeEndsWithItsContext(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		enough := errors.New("enough")
		b, _ := openJournal(t, broker.Options{Buffer: 9})
		s := subscribe(t, b, "mailer")
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Second, func() { cancel(enough) })
		publish(t, b, 0, 1)
		began := time.Now()
		err := s.Consume(ctx, func(ctx context.Context, _ broker.Event) error {
			<-ctx.Done()
			time.Sleep(time.Minute) // it is waited for
			return nil
		}, broker.ConsumeOptions{})
		if !errors.Is(err, enough) || err.Error() != `broker: consume "mailer": enough` {
			t.Errorf("Consume answers %v", err)
		}
		if took := time.Since(began); took != time.Second+time.Minute {
			t.Errorf("it took %v", took)
		}
		wantEvents(t, drain(s), 1) // for others
		again := next(t.Context(), s)
		synctest.Wait()
		publish(t, b, 2, 2)
		if got := <-again; got.event != event(2) {
			t.Errorf("received %v", got)
		}
	})
}

func TestThereIsNoAttemptAfterTheEnd(t *testing.T) {
	for name, test := range map[string]struct {
		end  func(context.CancelFunc, *broker.Subscription)
		want error
	}{
		"of the context":      {func(cancel context.CancelFunc, _ *broker.Subscription) { cancel() }, context.Canceled},
		"of the subscription": {func(_ context.CancelFunc, s *broker.Subscription) { s.Close() }, nil},
	} {
		for _, when := range []time.Duration{500 * time.Millisecond, 1500 * time.Millisecond} { // in the handler, in the pause
			t.Run(fmt.Sprint(name, " after ", when), func(t *testing.T) {
				inBubble(t, func(t *testing.T) {
					dead := &broker.Memory{}
					b, j := openJournal(t, broker.Options{})
					s := subscribe(t, b, "s")
					publish(t, b, 0, 0)
					ctx, cancel := context.WithCancel(t.Context())
					defer cancel()
					var a attempts
					time.AfterFunc(when, func() { test.end(cancel, s) })
					err := s.Consume(ctx, func(_ context.Context, e broker.Event) error {
						a.note(e)
						time.Sleep(time.Second)
						return errHandler
					}, broker.ConsumeOptions{Attempts: 9, Backoff: time.Hour, MaxBackoff: time.Hour, DeadLetters: dead})
					if !errors.Is(err, test.want) {
						t.Errorf("Consume answers %v, want %v", err, test.want)
					}
					time.Sleep(24 * time.Hour)
					if len(a.events()) != 1 {
						t.Errorf("%d attempts", len(a.events()))
					}
					wantEvents(t, stored(dead, broker.DeadLetters("s")), 0)
					if st := s.Stats(); st.Dead != 1 || st.InFlight != 0 || j.count("s dead 0: the mail server is down") != 1 {
						t.Errorf("the stats are %+v, the trace is %v", st, j.take())
					}
				})
			})
		}
	}
}

func TestConsumeNamesWhatIsOutOfBounds(t *testing.T) {
	b, _ := openJournal(t, broker.Options{})
	s := subscribe(t, b, "s")
	fine := func(context.Context, broker.Event) error { return nil }
	for want, err := range map[string]error{
		"the handler is nil":                     s.Consume(t.Context(), nil, broker.ConsumeOptions{}),
		"workers -1 are out of range: 1 to 1024": s.Consume(t.Context(), fine, broker.ConsumeOptions{Workers: -1}),
		"workers 1025 are out of range":          s.Consume(t.Context(), fine, broker.ConsumeOptions{Workers: 1025}),
		"attempts -1 are out of range":           s.Consume(t.Context(), fine, broker.ConsumeOptions{Attempts: -1}),
		"backoff -1s up to 10s is out of range":  s.Consume(t.Context(), fine, broker.ConsumeOptions{Backoff: -time.Second}),
		"jitter 1.5 is out of range: 0 to 1":     s.Consume(t.Context(), fine, broker.ConsumeOptions{Jitter: 1.5}),
		"jitter NaN is out of range":             s.Consume(t.Context(), fine, broker.ConsumeOptions{Jitter: math.NaN()}),
	} {
		if err == nil || !strings.HasPrefix(err.Error(), `broker: consume "s": `+want) {
			t.Errorf("the error is %v, want %s", err, want)
		}
	}
	s.Close()
	if err := s.Consume(t.Context(), fine, broker.ConsumeOptions{}); !errors.Is(err, broker.ErrClosed) {
		t.Errorf("Consume answers %v", err)
	}
}

func TestConsumeHasNoOtherReceivers(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		b, _ := openJournal(t, broker.Options{})
		fine := func(context.Context, broker.Event) error { return nil }
		for _, receiver := range []func(*broker.Subscription){
			func(s *broker.Subscription) { next(t.Context(), s); synctest.Wait() },
			func(s *broker.Subscription) { consuming(t, s, broker.ConsumeOptions{}, fine) },
		} {
			s := subscribe(t, b, "s")
			receiver(s)
			if err := s.Consume(t.Context(), fine, broker.ConsumeOptions{}); err == nil {
				t.Error("it has two kinds of receivers")
			}
			s.Close()
		}
	})
}

func TestDrainCompletenessShutdownWaitsForBuffersBacklogsAndHandlers(t *testing.T) {
	inBubble(t, func(t *testing.T) {
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
	inBubble(t, func(t *testing.T) {
		b, _ := openJournal(t, broker.Options{})
		s := with(t, b, "s", broker.Spill, 2)
		consuming(t, s, broker.ConsumeOptions{}, func(context.Context, broker.Event) error { time.Sleep(time.Hour); return nil })
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

// The time for another attempt comes while every worker awake waits, and before
// one more is called Consume ends.
func TestThereIsNoAttemptThatWasDueBeforeTheEnd(t *testing.T) {
	for name, end := range map[string]struct {
		do   func(context.CancelFunc, *broker.Subscription)
		want error
	}{
		"of the context":      {func(cancel context.CancelFunc, _ *broker.Subscription) { cancel() }, context.Canceled},
		"of the subscription": {func(_ context.CancelFunc, s *broker.Subscription) { s.Close() }, nil},
	} {
		t.Run(name, func(t *testing.T) { noAttemptAfter(t, end.do, end.want) })
	}
}

func noAttemptAfter(t *testing.T, end func(context.CancelFunc, *broker.Subscription), want error) {
	inBubble(t, func(t *testing.T) {
		b, j := openJournal(t, broker.Options{})
		s, other := with(t, b, "s", broker.Block, 1, "s"), with(t, b, "other", broker.Block, 1, "other")
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		ended := make(chan error)
		go func() {
			ended <- s.Consume(ctx, func(context.Context, broker.Event) error { return errHandler }, broker.ConsumeOptions{Attempts: 2, Backoff: time.Second})
		}()
		consuming(t, other, broker.ConsumeOptions{}, func(context.Context, broker.Event) error { time.Sleep(time.Minute); return nil })
		publishTo(t, b, 0, "s")
		time.Sleep(time.Second / 2)
		publishTo(t, b, 1, "other")
		time.Sleep(time.Second/2 + 50*time.Microsecond)
		end(cancel, s)
		if err := <-ended; !errors.Is(err, want) {
			t.Errorf("Consume answers %v, want %v", err, want)
		}
		if j.count("s failed 0") != 1 || j.count("s abandoned 0: the mail server is down") != 1 {
			t.Errorf("the trace is %v", j.take())
		}
	})
}

func publishTo(t *testing.T, b *broker.Broker, e event, topic string) {
	t.Helper()
	if err := b.TryPublish(on{e, topic}); err != nil {
		t.Fatal(err)
	}
}
