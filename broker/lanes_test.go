package broker_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/spillway-go/spillway/broker"
)

// step is an event of a key.
type step struct {
	Key    string
	Number int
}

func keyOf(s step) string { return s.Key }

// lanes watches handlers for two that handle events of one key at the same time, or out
// of order.
type lanes struct {
	mu      sync.Mutex
	at      map[string]int // what is handled, by key
	done    []step
	running int
	most    int
}

func (l *lanes) begin(t *testing.T, s step) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.at == nil {
		l.at = map[string]int{}
	}
	if other, taken := l.at[s.Key]; s.Key != "" && taken {
		t.Errorf("%v begins while %d is handled", s, other)
	}
	l.at[s.Key] = s.Number
	l.running++
	l.most = max(l.most, l.running)
}

func (l *lanes) end(s step, handled bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if delete(l.at, s.Key); handled {
		l.done = append(l.done, s)
	}
	l.running--
}

func (l *lanes) text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []string
	for _, s := range l.done {
		all = append(all, fmt.Sprint(s.Key, s.Number))
	}
	return strings.Join(all, " ")
}

// wantOrder checks that so many were handled, and those of each key in order.
func (l *lanes) wantOrder(t *testing.T, n int) {
	t.Helper()
	if len(l.done) != n {
		t.Errorf("%d were handled, want %d", len(l.done), n)
	}
	newest := map[string]int{}
	for _, e := range l.done {
		if last, any := newest[e.Key]; any && last > e.Number {
			t.Errorf("%v was handled after %d", e, last)
		}
		newest[e.Key] = e.Number
	}
}

func TestOrderPerKeyHoldsWithSeveralWorkersAndRetries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for seed := range uint64(20) {
			random := rand.New(rand.NewPCG(seed, 0))
			var mu sync.Mutex
			draw := func(n int) int { mu.Lock(); defer mu.Unlock(); return random.IntN(n) }
			b, _ := openJournal(t, broker.Options{Overflow: broker.Block, Buffer: 1 + draw(8)})
			var l lanes
			s, err := broker.Handle(b, "s", func(ctx context.Context, e step) (err error) {
				l.begin(t, e)
				time.Sleep(time.Duration(1+draw(50)) * time.Millisecond)
				if broker.Attempt(ctx) == 1 && draw(4) == 0 {
					err = errHandler
				}
				l.end(e, err == nil)
				return err
			}, broker.Workers(1+draw(5)), broker.Attempts(2), broker.Backoff(10*time.Millisecond, 0), broker.OrderBy(keyOf), broker.Waiting())
			if err != nil {
				t.Fatal(err)
			}
			for n := range 200 {
				if err := b.Publish(t.Context(), broker.NewEvent(step{string(rune('a' + draw(6))), n})); err != nil {
					t.Fatal(err)
				}
				if n%50 == 0 {
					if err := s.Configure(broker.Workers(1+draw(5)), broker.Buffer(1+draw(8))); err != nil {
						t.Fatal(err)
					}
				}
			}
			if err := b.Shutdown(t.Context()); err != nil {
				t.Fatal(err)
			}
			l.wantOrder(t, 200)
		}
	})
}

func TestOrderPerKeyLetsOtherKeysPass(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := openJournal(t, broker.Options{Overflow: broker.Block})
		var l lanes
		_, err := broker.Handle(b, "s", func(_ context.Context, e step) error {
			l.begin(t, e)
			defer l.end(e, true)
			if e.Key == "slow" {
				time.Sleep(time.Hour)
			}
			time.Sleep(time.Minute + time.Duration(e.Number)*time.Second)
			return nil
		}, broker.Workers(3), broker.OrderBy(keyOf), broker.Waiting())
		if err != nil {
			t.Fatal(err)
		}
		for n, key := range []string{"slow", "slow", "slow", "a", "b", "a", "", ""} {
			if err := b.Publish(t.Context(), broker.NewEvent(step{key, n})); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(10 * time.Minute)
		if got := l.text(); got != "a3 b4 a5 6 7" || l.most != 3 {
			t.Errorf("beside a slow key were handled %q, at most %d at a time", got, l.most)
		}
		if err := b.Shutdown(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := l.text(); !strings.HasSuffix(got, "slow0 slow1 slow2") {
			t.Errorf("in the end %q", got)
		}
	})
}

func TestOrderPerKeyIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := openJournal(t, broker.Options{Overflow: broker.Reject, Buffer: 4})
		s, err := broker.Handle(b, "s", func(context.Context, step) error { time.Sleep(time.Hour); return nil }, broker.Workers(3), broker.OrderBy(keyOf))
		if err != nil {
			t.Fatal(err)
		}
		accepted := 0
		for range 100 {
			if b.TryPublish(broker.NewEvent(step{"hot", 0})) == nil {
				accepted++
			}
		}
		// One is handled, four are behind it, two more have the other workers, four wait.
		if st := s.Stats(); accepted != 11 || st.InFlight != 7 || st.Depth != 4 {
			t.Errorf("%d were accepted, and the stats are %+v", accepted, st)
		}
		if err := b.Shutdown(t.Context()); err != nil {
			t.Fatal(err)
		}
		if st := s.Stats(); st.Handled != 11 {
			t.Errorf("%d were handled", st.Handled)
		}
	})
}

func TestOrderPerKeyOutlivesAnInterruption(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := openJournal(t, broker.Options{Buffer: 20})
		s := subscribe(t, b, "s")
		parity := func(e broker.Event) string { return fmt.Sprint(e.(event) % 2) }
		o := broker.ConsumeOptions{Workers: 2, OrderBy: parity, Waits: true}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() {
			ended <- s.Consume(ctx, func(ctx context.Context, _ broker.Event) error { <-ctx.Done(); return ctx.Err() }, o)
		}()
		synctest.Wait()
		publish(t, b, 0, 9)
		synctest.Wait()
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		if st := s.Stats(); st.InFlight != 0 || st.Depth != 10 {
			t.Errorf("the stats are %+v", st)
		}
		wantEvents(t, drain(s), 0, 1, 2, 3, 4, 5, 6, 7, 8, 9)
	})
}

func TestOrderPerKeyOfAClosedSubscriptionEndsWhatWasBegun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := openJournal(t, broker.Options{Buffer: 2})
		var l lanes
		s, err := broker.Handle(b, "s", func(_ context.Context, e step) error {
			l.begin(t, e)
			defer l.end(e, true)
			time.Sleep(time.Second)
			return nil
		}, broker.Workers(2), broker.OrderBy(keyOf))
		if err != nil {
			t.Fatal(err)
		}
		for n := range 9 { // 0 is handled, 1 and 2 are behind it, 3 has a worker too, 4 and 5 wait
			if err := b.Publish(t.Context(), broker.NewEvent(step{"k", n})); err != nil {
				t.Fatal(err)
			}
		}
		s.Close()
		if err := b.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
		if got := l.text(); got != "k0 k1 k2 k3" {
			t.Errorf("handled were %q", got)
		}
	})
}

func TestNoDeadlockBehindAKey(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := openJournal(t, broker.Options{Overflow: broker.Block, Buffer: 1})
		var refused error
		_, err := broker.Handle(b, "s", func(ctx context.Context, e step) error {
			if e.Number > 0 {
				return nil
			}
			for n := 1; refused == nil; n++ {
				refused = b.Publish(ctx, broker.NewEvent(step{e.Key, n}))
			}
			return nil
		}, broker.Workers(3), broker.OrderBy(keyOf))
		if err == nil {
			err = b.Publish(t.Context(), broker.NewEvent(step{"k", 0}))
		}
		if err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if err := b.Shutdown(t.Context()); err != nil || !errors.Is(refused, broker.ErrWouldDeadlock) {
			t.Errorf("refused with %v: %v", refused, err)
		}
	})
}

func TestOrderPerKeyUnderLoad(t *testing.T) {
	b, err := broker.New(broker.Options{Overflow: broker.Block, Buffer: 16})
	if err != nil {
		t.Fatal(err)
	}
	var l lanes
	_, err = broker.Handle(b, "s", func(_ context.Context, e step) error {
		l.begin(t, e)
		l.end(e, true)
		return nil
	}, broker.Workers(8), broker.OrderBy(keyOf))
	if err != nil {
		t.Fatal(err)
	}
	var publishers sync.WaitGroup
	for p := range 4 {
		publishers.Go(func() {
			for n := range 2000 {
				if err := b.Publish(t.Context(), broker.NewEvent(step{fmt.Sprint(p, n%5), n})); err != nil {
					t.Error(err)
				}
			}
		})
	}
	publishers.Wait()
	if err := b.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	l.wantOrder(t, 8000)
}

func TestADriverHasNoOrderPerKey(t *testing.T) {
	b, _ := openJournal(t, broker.Options{})
	_, err := broker.NewDriver(b).Subscribe(broker.SubscribeOptions{Name: "s"}, broker.ConsumeOptions{OrderBy: broker.Event.ID}, func(broker.Work) {})
	if err == nil || err.Error() != `broker: subscribe "s": a driver has no order by key` {
		t.Errorf("the error is %v", err)
	}
}

func TestOrderPerKeyHoldsForWhatCloseInterrupts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := openJournal(t, broker.Options{Repository: &broker.Memory{}})
		s := with(t, b, "s", broker.Spill, 2)
		publish(t, b, 0, 3)
		var got []broker.Event
		done := make(chan error, 1)
		go func() {
			done <- s.Consume(context.Background(), func(_ context.Context, e broker.Event) error {
				if got = append(got, e); e == event(2) {
					return errHandler
				}
				return nil
			}, broker.ConsumeOptions{
				Workers: 2, Attempts: 2, Backoff: time.Hour,
				OrderBy: func(broker.Event) string { return "the same" },
			})
		}()
		synctest.Wait()
		s.Close()
		if err := <-done; err != nil {
			t.Error(err)
		}
		wantEvents(t, numbers(got), 0, 1, 2)
		wantEvents(t, takeAll(with(t, b, "s", broker.Spill, 9)), 2, 3)
	})
}
