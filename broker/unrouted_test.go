package broker_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/spillway-go/spillway/broker"
)

func TestUnroutedEventsAreReported(t *testing.T) {
	var got []broker.Event
	b, err := broker.New(broker.Options{Trace: broker.Trace{Unrouted: func(e broker.Event) { got = append(got, e) }}})
	if err != nil {
		t.Fatal(err)
	}
	publish(t, b, 0, 0)
	s := with(t, b, "s", broker.DropNewest, 1, "a")
	publishTo(t, b, 1, "b")
	publishTo(t, b, 2, "a")
	publishTo(t, b, 3, "a") // which is dropped, not unrouted
	s.Close()
	publishTo(t, b, 4, "a")
	wantEvents(t, numbers(got), 0, 1, 4)
	if n := b.Snapshot().Unrouted; n != 3 {
		t.Errorf("%d are counted", n)
	}
	_ = b.Shutdown(t.Context())
	if err := b.TryPublish(event(5)); err == nil || b.Snapshot().Unrouted != 3 {
		t.Errorf("what is refused is unrouted: %v", err)
	}
}

func TestALoopThatPublishesToItselfWaitsAsLongAsItsContextAllows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := openJournal(t, broker.Options{})
		s := with(t, b, "s", broker.Block, 1)
		publish(t, b, 0, 0)
		for range s.All(t.Context()) {
			publish(t, b, 1, 1)
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			if err := b.Publish(ctx, event(2)); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("Publish answers %v", err)
			}
			cancel()
			if err := b.TryPublish(event(3)); !errors.Is(err, broker.ErrWouldBlock) {
				t.Errorf("TryPublish answers %v", err)
			}
			break
		}
	})
}
