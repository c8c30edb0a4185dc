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

// taken is what one call of Next answered.
type taken struct {
	event broker.Event
	err   error
}

// next calls Next in a goroutine.
func next(ctx context.Context, s *broker.Subscription) <-chan taken {
	answer := make(chan taken, 1)
	go func() {
		e, err := s.Next(ctx)
		answer <- taken{e, err}
	}()
	return answer
}

// ended is a context that has ended.
func ended() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

func TestNextTakesWhatWaitsWithoutWaiting(t *testing.T) {
	b, _ := open(t, broker.Options{})
	s := subscribe(t, b, "s")
	publish(t, b, 7, 7)
	if e, err := s.Next(t.Context()); e != event(7) || err != nil {
		t.Errorf("Next answers %v, %v", e, err)
	}
}

func TestNextWaitsForAnEvent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := open(t, broker.Options{Buffer: broker.Unbuffered})
		s := subscribe(t, b, "s")
		answer := next(t.Context(), s)
		time.Sleep(time.Hour)
		publish(t, b, 7, 7)
		if got := <-answer; got.event != event(7) || got.err != nil {
			t.Errorf("Next answers %v", got)
		}
	})
}

func TestNextFailsWithTheCauseOfItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		enough := errors.New("enough")
		b, _ := open(t, broker.Options{})
		s := subscribe(t, b, "mailer")
		ctx, cancel := context.WithCancelCause(t.Context())
		answer := next(ctx, s)
		synctest.Wait()
		cancel(enough)
		got := <-answer
		if !errors.Is(got.err, enough) || got.err.Error() != `broker: next of "mailer": enough` {
			t.Errorf("the error is %v", got.err)
		}
		publish(t, b, 0, 0) // is not handed to who has left
		if _, err := s.Next(ctx); !errors.Is(err, enough) {
			t.Errorf("the error is %v", err)
		}
		wantEvents(t, drain(s), 0)
	})
}

func TestReceiversAreServedInTheOrderTheyCame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := open(t, broker.Options{})
		s := subscribe(t, b, "s")
		var answers []<-chan taken
		for range 5 {
			answers = append(answers, next(t.Context(), s))
			synctest.Wait()
		}
		publish(t, b, 0, 4)
		for i, answer := range answers {
			if got := <-answer; got.event != event(i) {
				t.Errorf("receiver %d got %v", i, got)
			}
		}
	})
}

func TestAReceiverThatLeavesDoesNotHoldUpTheOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := open(t, broker.Options{})
		s := subscribe(t, b, "s")
		ctx, cancel := context.WithCancel(t.Context())
		first := next(ctx, s)
		synctest.Wait()
		second := next(t.Context(), s)
		synctest.Wait()
		cancel()
		<-first
		publish(t, b, 0, 0)
		if got := <-second; got.event != event(0) {
			t.Errorf("the second got %v", got)
		}
	})
}

func TestCloseWakesEveryReceiver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := open(t, broker.Options{})
		s := subscribe(t, b, "s")
		var answers []<-chan taken
		for range 5 {
			answers = append(answers, next(t.Context(), s))
		}
		synctest.Wait()
		s.Close()
		for _, answer := range answers {
			if got := <-answer; !errors.Is(got.err, broker.ErrClosed) {
				t.Errorf("Next answers %v", got)
			}
		}
	})
}

func TestAnEventHandedOverAtTheMomentOfACancelIsNotLost(t *testing.T) {
	b, _ := open(t, broker.Options{Buffer: 1})
	s := subscribe(t, b, "s")
	for n := range event(500) {
		ctx, cancel := context.WithCancel(t.Context())
		answer := next(ctx, s)
		var both sync.WaitGroup
		both.Go(cancel)
		both.Go(func() { publish(t, b, n, n) })
		both.Wait()
		switch got := <-answer; {
		case got.err == nil && got.event == n:
			wantEvents(t, drain(s))
		case errors.Is(got.err, context.Canceled):
			wantEvents(t, drain(s), n)
		default:
			t.Fatalf("Next answers %v", got)
		}
	}
	if st := s.Stats(); st.Delivered != 500 {
		t.Errorf("the stats are %+v", st)
	}
}

func TestAllEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := open(t, broker.Options{})
		s := subscribe(t, b, "s")
		ctx, cancel := context.WithCancel(t.Context())
		publish(t, b, 0, 2)
		time.AfterFunc(time.Second, cancel)
		var got []event
		for e := range s.All(ctx) {
			got = append(got, e.(event))
		}
		wantEvents(t, got, 0, 1, 2)
	})
}

func TestAllEndsWithItsSubscription(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := open(t, broker.Options{})
		s := subscribe(t, b, "s")
		time.AfterFunc(time.Second, s.Close)
		for e := range s.All(t.Context()) {
			t.Errorf("got %v", e)
		}
	})
}

func TestAllEndsWhenItsCallerHasEnough(t *testing.T) {
	b, _ := open(t, broker.Options{})
	s := subscribe(t, b, "s")
	publish(t, b, 0, 2)
	for range s.All(t.Context()) {
		break
	}
	wantEvents(t, drain(s), 1, 2)
}
