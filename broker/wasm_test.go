package broker_test

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/spillway-go/spillway/broker"
)

// In WebAssembly nothing takes the processor from a publisher that never waits;
// natively these tests show the same, but it is no feat there.

// starved is how many events a receiver may have to wait for its turn.
const starved = 100_000

func TestATightLoopOfPublishLetsAHandlerRun(t *testing.T) {
	b, _ := openJournal(t, broker.Options{})
	s := subscribe(t, b, "s")
	var handled atomic.Int64
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = s.Consume(ctx, func(context.Context, broker.Event) error { handled.Add(1); return nil }, broker.ConsumeOptions{})
	}()
	publishUntil(t, b, func() bool { return handled.Load() >= 10 })
	cancel()
	<-done
}

func TestATightLoopOfPublishLetsAReceiverRun(t *testing.T) {
	b, _ := openJournal(t, broker.Options{})
	s := subscribe(t, b, "s")
	var received atomic.Int64
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range s.All(context.Background()) {
			received.Add(1)
		}
	}()
	publishUntil(t, b, func() bool { return received.Load() >= 10 })
	s.Close()
	<-done
}

// publishUntil publishes in a loop that does nothing else, and for so long.
func publishUntil(t *testing.T, b *broker.Broker, enough func() bool) {
	t.Helper()
	for e := range event(starved) {
		if err := b.Publish(t.Context(), e); err != nil {
			t.Fatal(err)
		}
		if enough() {
			return
		}
	}
	t.Errorf("a receiver did not run during %d publishes", starved)
}
