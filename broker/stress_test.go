package broker_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/spillway-go/spillway/broker"
)

// It is the race detector that makes the most of this test.
func TestEverythingAtOnceLosesNothingUnreported(t *testing.T) {
	const publishers, each, subscriptions = 4, 1000, 4
	var reported [subscriptions]atomic.Uint64
	b, err := broker.New(broker.Options{Trace: broker.Trace{
		Dropped: func(s *broker.Subscription, _ broker.Event, _ broker.DropReason, _ int) { reported[s.Index()].Add(1) },
	}})
	if err != nil {
		t.Fatal(err)
	}
	var subs [subscriptions]*broker.Subscription
	var received [subscriptions]atomic.Uint64
	var receivers, others sync.WaitGroup
	for i := range subs {
		subs[i] = subscribe(t, b, "s")
		for range 2 { // compete
			receivers.Go(func() {
				last := [publishers]event{}
				for e := range subs[i].All(t.Context()) {
					received[i].Add(1)
					p, n := e.(event)/each, e.(event)%each+1
					if n <= last[p] {
						t.Errorf("event %d of publisher %d came after %d", n, p, last[p])
					}
					last[p] = n
				}
			})
		}
	}
	for p := range publishers {
		others.Go(func() { publish(t, b, event(p*each), event(p*each+each-1)) })
	}
	others.Go(func() {
		random := rand.New(rand.NewPCG(1, 2))
		for range each {
			s := subs[random.IntN(subscriptions)]
			set := broker.Settings{Buffer: random.IntN(6) - 1, Overflow: broker.Overflows()[random.IntN(2)]}
			if err := s.Configure(set); err != nil && !errors.Is(err, broker.ErrClosed) {
				t.Error(err)
			}
			s.Stats()
			s.TryNext() // is counted as delivered below
		}
	})
	others.Go(func() {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		for range each {
			_, _ = subs[0].Next(ctx)
		}
		subs[subscriptions-1].Close()
		subs[subscriptions-1].Close()
	})
	others.Wait()
	var shutdowns sync.WaitGroup
	for range 2 {
		shutdowns.Go(func() {
			if err := b.Shutdown(t.Context()); err != nil {
				t.Errorf("Shutdown answers %v", err)
			}
		})
	}
	shutdowns.Wait()
	receivers.Wait()
	for i, s := range subs {
		st := s.Stats()
		if st.Offered != st.Delivered+st.Dropped || st.Depth != 0 {
			t.Errorf("subscription %d: conservation fails: %+v", i, st)
		}
		if got := reported[i].Load(); got != st.Dropped {
			t.Errorf("subscription %d: %d drops are reported, %d counted", i, got, st.Dropped)
		}
		if got := received[i].Load(); got > st.Delivered {
			t.Errorf("subscription %d: %d events received, %d delivered", i, got, st.Delivered)
		}
		if i < subscriptions-1 && st.Offered != publishers*each {
			t.Errorf("subscription %d was offered %d events, want %d", i, st.Offered, publishers*each)
		}
	}
}
