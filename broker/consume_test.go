package broker_test

import (
	"context"
	"errors"
	"math"
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
	synctest.Test(t, func(t *testing.T) {
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

func TestConsumeEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
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

func TestConsumeNamesWhatIsOutOfBounds(t *testing.T) {
	b, _ := openJournal(t, broker.Options{})
	s := subscribe(t, b, "s")
	for want, err := range map[string]error{
		"the handler is nil":                     s.Consume(t.Context(), nil, broker.ConsumeOptions{}),
		"workers -1 are out of range: 1 to 1024": s.Consume(t.Context(), nothing, broker.ConsumeOptions{Workers: -1}),
		"workers 1025 are out of range":          s.Consume(t.Context(), nothing, broker.ConsumeOptions{Workers: 1025}),
		"attempts -1 are out of range":           s.Consume(t.Context(), nothing, broker.ConsumeOptions{Attempts: -1}),
		"backoff -1s up to 10s is out of range":  s.Consume(t.Context(), nothing, broker.ConsumeOptions{Backoff: -time.Second}),
		"jitter 1.5 is out of range: 0 to 1":     s.Consume(t.Context(), nothing, broker.ConsumeOptions{Jitter: 1.5}),
		"jitter NaN is out of range":             s.Consume(t.Context(), nothing, broker.ConsumeOptions{Jitter: math.NaN()}),
	} {
		if err == nil || !strings.HasPrefix(err.Error(), `broker: consume "s": `+want) {
			t.Errorf("the error is %v, want %s", err, want)
		}
	}
	s.Close()
	if err := s.Consume(t.Context(), nothing, broker.ConsumeOptions{}); !errors.Is(err, broker.ErrClosed) {
		t.Errorf("Consume answers %v", err)
	}
}

func TestConsumeHasNoOtherReceivers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := openJournal(t, broker.Options{})
		for _, receiver := range []func(*broker.Subscription){
			func(s *broker.Subscription) { next(t.Context(), s); synctest.Wait() },
			func(s *broker.Subscription) { consuming(t, s, broker.ConsumeOptions{}, nothing) },
		} {
			s := subscribe(t, b, "s")
			receiver(s)
			if err := s.Consume(t.Context(), nothing, broker.ConsumeOptions{}); err == nil {
				t.Error("it has two kinds of receivers")
			}
			s.Close()
		}
	})
}

func TestNothingBeginsWithAContextThatHasEnded(t *testing.T) {
	b, _ := openJournal(t, broker.Options{})
	s := subscribe(t, b, "s")
	publish(t, b, 0, 0)
	enough := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(enough)
	err := s.Consume(ctx, func(context.Context, broker.Event) error { t.Error("a handler was called"); return nil }, broker.ConsumeOptions{})
	if !errors.Is(err, enough) || err.Error() != `broker: consume "s": enough` {
		t.Errorf("Consume answers %v", err)
	}
	wantEvents(t, drain(s), 0)
}

// nothing is a handler that is done at once, sleeping one that takes that long.
func nothing(context.Context, broker.Event) error { return nil }

func sleeping(d time.Duration) broker.Handler {
	return func(context.Context, broker.Event) error { time.Sleep(d); return nil }
}

// consuming runs Consume in a goroutine until the test's own end, which waits for it.
func consuming(t *testing.T, s *broker.Subscription, o broker.ConsumeOptions, h broker.Handler) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = s.Consume(ctx, h, o)
	}()
	t.Cleanup(func() { cancel(); <-done })
	synctest.Wait()
}
