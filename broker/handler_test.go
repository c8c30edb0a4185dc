package broker_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/spillway-go/spillway/broker"
)

func explode(context.Context, broker.Event) error { panic("boom") }

func TestAPanicIsAnErrorOfItsEventWithItsStack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
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
	synctest.Test(t, func(t *testing.T) {
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

func TestAHandlerCanTellWhichAttemptItIs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := openJournal(t, broker.Options{})
		var got []int
		consuming(t, subscribe(t, b, "s"), broker.ConsumeOptions{Attempts: 3}, func(ctx context.Context, e broker.Event) error {
			got = append(got, broker.Attempt(ctx))
			if e == event(0) {
				return errHandler
			}
			return nil
		})
		publish(t, b, 0, 1)
		time.Sleep(time.Hour)
		synctest.Wait()
		if want := []int{1, 2, 3, 1}; len(got) != 4 || [4]int(got) != [4]int(want) {
			t.Errorf("the attempts are %v, want %v", got, want)
		}
		if n := broker.Attempt(context.Background()); n != 1 {
			t.Errorf("without a handler the attempt is %d", n)
		}
	})
}
