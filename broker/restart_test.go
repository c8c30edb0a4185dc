package broker_test

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"testing"

	"github.com/spillway-go/spillway/broker"
)

// Handlers end the context of their Consume all the time, and others begin at once.
func TestInterruptionLosesNothingHoweverOftenConsumeBeginsAnew(t *testing.T) {
	const each = 200
	for round := range 20 {
		policy := []broker.Overflow{broker.Block, broker.Spill}[round%2]
		b, _ := openJournal(t, broker.Options{Repository: &wicked{}})
		s := with(t, b, "s", policy, 1+round%3)
		var got []event
		over, end := context.WithCancel(context.Background())
		var consumers sync.WaitGroup
		for range 2 { // of which one at a time succeeds
			consumers.Go(func() {
				for last := false; !last; {
					last = over.Err() != nil // what waits then is its own, or Shutdown's
					ctx, cancel := context.WithCancel(context.Background())
					err := s.Consume(ctx, func(ctx context.Context, e broker.Event) error {
						if !last && len(got)%7 == round%7 {
							cancel()
						}
						if ctx.Err() != nil && int(e.(event))%2 == 0 && over.Err() == nil {
							got = append(got, -1)
							return ctx.Err()
						}
						got = append(got, e.(event))
						return nil
					}, broker.ConsumeOptions{})
					cancel()
					if err == nil || errors.Is(err, broker.ErrClosed) {
						return
					}
					runtime.Gosched() // in a browser nothing else would take the processor from who is refused
				}
			})
		}
		for n := range event(each) {
			if err := b.Publish(t.Context(), n); err != nil {
				t.Fatal(err)
			}
		}
		end()
		if err := b.Shutdown(t.Context()); err != nil {
			t.Fatal(err)
		}
		consumers.Wait()
		next := event(0)
		for _, e := range got {
			if e >= 0 && e != next {
				t.Fatalf("%v: event %d came, not %d", policy, e, next)
			} else if e >= 0 {
				next++
			}
		}
		if st := s.Stats(); next != each || st.Handled != each || st.Delivered-st.Interrupted != each {
			t.Errorf("%v: %d events came: %+v", policy, next, st)
		}
	}
}
