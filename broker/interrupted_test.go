package broker_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/spillway-go/spillway/broker"
)

// obedient is a handler that takes so long, unless its context ends before.
func obedient(d time.Duration) broker.Handler {
	return func(ctx context.Context, _ broker.Event) error {
		select {
		case <-time.After(d):
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// consumeUntil has the events handled until cancel is called, and tells by done when
// Consume has returned.
func consumeUntil(s *broker.Subscription, h broker.Handler, o broker.ConsumeOptions) (cancel context.CancelFunc, done <-chan error) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Consume(ctx, h, o) }()
	synctest.Wait()
	return cancel, ended
}

// conserved says whether what was offered is somewhere.
func conserved(t *testing.T, s *broker.Subscription, offered uint64) {
	t.Helper()
	st := s.Stats()
	if st.Offered != offered || st.Delivered-st.Interrupted != st.Handled+st.Dead+st.Abandoned+uint64(st.InFlight) {
		t.Errorf("of %d events the stats are %+v", offered, st)
	}
}

func TestInterruptionEventsWaitAgainInTheirOrder(t *testing.T) {
	for _, workers := range []int{1, 3} {
		for _, policy := range append(broker.Overflows(), broker.Inherit) {
			synctest.Test(t, func(t *testing.T) {
				b, j := openJournal(t, broker.Options{})
				s := with(t, b, "s", policy, 6)
				dead := &broker.Memory{}
				// Those that end last were begun first.
				cancel, done := consumeUntil(s, func(ctx context.Context, e broker.Event) error {
					<-ctx.Done()
					time.Sleep(time.Duration(10-e.(on).event) * time.Second)
					return ctx.Err()
				}, broker.ConsumeOptions{Workers: workers, Attempts: 1, DeadLetters: dead})
				for e := range event(6) {
					publishTo(t, b, e, string(rune('a'+e)))
				}
				synctest.Wait()
				cancel()
				if err := <-done; !errors.Is(err, context.Canceled) {
					t.Errorf("Consume answers %v", err)
				}
				conserved(t, s, 6)
				if st := s.Stats(); st.Interrupted != uint64(workers) || st.Failed+st.Dead+st.Abandoned+st.Dropped > 0 {
					t.Errorf("%v: the stats are %+v", policy, st)
				}
				if n := j.count("interrupted"); n != workers {
					t.Errorf("%v: %d interruptions are told", policy, n)
				}
				wantEvents(t, stored(dead, broker.DeadLetters("s")))
				wantEvents(t, takeAll(s), 0, 1, 2, 3, 4, 5)
			})
		}
	}
}

func TestInterruptionIsNoAttempt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, j := openJournal(t, broker.Options{})
		s := subscribe(t, b, "s")
		publish(t, b, 0, 0)
		for range 5 { // more than there are attempts
			cancel, done := consumeUntil(s, obedient(time.Hour), broker.ConsumeOptions{Attempts: 2})
			cancel()
			<-done
		}
		consuming(t, s, broker.ConsumeOptions{Attempts: 2}, func(ctx context.Context, _ broker.Event) error {
			if broker.Attempt(ctx) == 1 {
				return errHandler
			}
			return nil
		})
		time.Sleep(time.Hour)
		if st := s.Stats(); st.Handled != 1 || st.Failed != 1 || st.Interrupted != 5 || j.count("abandoned") > 0 {
			t.Errorf("the stats are %+v, the trace is %v", st, j.take())
		}
		conserved(t, s, 1)
	})
}

func TestInterruptionOfAPauseBeforeTheNextAttemptIsNoFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := openJournal(t, broker.Options{})
		s := subscribe(t, b, "s")
		publish(t, b, 0, 1)
		cancel, done := consumeUntil(s, func(context.Context, broker.Event) error { return errHandler },
			broker.ConsumeOptions{Attempts: 2, Backoff: time.Hour})
		cancel()
		<-done
		if st := s.Stats(); st.Failed != 1 || st.Interrupted != 1 || st.Abandoned != 0 {
			t.Errorf("the stats are %+v", st)
		}
		wantEvents(t, drain(s), 0, 1)
	})
}

func TestInterruptionHidesNoPanic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, j := openJournal(t, broker.Options{})
		s := subscribe(t, b, "s")
		publish(t, b, 0, 0)
		cancel, done := consumeUntil(s, func(ctx context.Context, e broker.Event) error {
			<-ctx.Done()
			return explode(ctx, e)
		}, broker.ConsumeOptions{})
		cancel()
		<-done
		if st := s.Stats(); st.Failed != 1 || st.Abandoned != 1 || j.count("abandoned 0: the handler panicked: boom") != 1 {
			t.Errorf("the stats are %+v, the trace is %v", st, j.take())
		}
	})
}

func TestInterruptionOfAClosedSubscriptionDropsAsClosingDoes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, j := openJournal(t, broker.Options{})
		s := subscribe(t, b, "s")
		cancel, done := consumeUntil(s, func(ctx context.Context, _ broker.Event) error {
			<-ctx.Done()
			return ctx.Err()
		}, broker.ConsumeOptions{Workers: 2})
		publish(t, b, 0, 2)
		s.Close()
		cancel()
		<-done
		if st := s.Stats(); st.Dropped != 3 || st.Abandoned != 0 || st.InFlight != 0 {
			t.Errorf("the stats are %+v, the trace is %v", st, j.take())
		}
		conserved(t, s, 3)
	})
}

func TestInterruptionUnderKeepLatestKeepsTheLatest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, j := openJournal(t, broker.Options{})
		s := with(t, b, "s", broker.KeepLatest, 2)
		cancel, done := consumeUntil(s, obedient(time.Hour), broker.ConsumeOptions{})
		publishTo(t, b, 0, "a")
		synctest.Wait()
		publishTo(t, b, 1, "a")
		cancel()
		<-done
		publishTo(t, b, 2, "a") // takes the place of 1, not of 0, which is older than both
		if j.count("dropped 1 (replaced)") != 1 {
			t.Errorf("the trace is %v", j.take())
		}
		wantEvents(t, takeAll(s), 0, 2)
	})
}

// announced is a context that has ended some time before whoever waits for it learns that.
type announced struct {
	context.Context
	ended context.Context
}

func (a announced) Err() error { return a.ended.Err() }

func TestInterruptionOfOneConsumeLeavesTheWorkersOfTheNextAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := openJournal(t, broker.Options{})
		s := with(t, b, "s", broker.Block, 1)
		done, tell := context.WithCancel(context.Background())
		ended, cancel := context.WithCancel(context.Background())
		first, second := make(chan error, 1), make(chan error, 1)
		go func() {
			first <- s.Consume(announced{done, ended}, func(context.Context, broker.Event) error {
				cancel()
				return errHandler
			}, broker.ConsumeOptions{})
		}()
		synctest.Wait()
		publish(t, b, 0, 0)
		synctest.Wait()
		handled := 0
		go func() {
			second <- s.Consume(context.Background(), func(context.Context, broker.Event) error {
				handled++
				return nil
			}, broker.ConsumeOptions{})
		}()
		synctest.Wait()
		tell()
		<-first
		publish(t, b, 1, 1)
		synctest.Wait()
		if handled != 2 {
			t.Errorf("%d events are handled by the second Consume: %+v", handled, s.Stats())
		}
		s.Close()
		<-second
	})
}
