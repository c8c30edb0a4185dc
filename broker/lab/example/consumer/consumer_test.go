package consumer_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/example/consumer"
	"github.com/spillway-go/spillway/broker/lab/example/producer"
)

const ms = time.Millisecond

// handling is one event that was handled and when.
type handling struct {
	Number uint64
	At     time.Duration
}

// within consumes three events, published at once, in a bubble and for that long.
func within(t *testing.T, total time.Duration, work func(broker.Event, int) (time.Duration, error), o broker.ConsumeOptions, want ...handling) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), total)
		defer cancel()
		start := time.Now()
		var got []handling
		b, err := broker.New(broker.Options{Trace: broker.Trace{
			Handled: func(_ *broker.Subscription, e broker.Event, _ int) {
				got = append(got, handling{e.(*producer.ProducedSomethingEvent).Number, time.Since(start)})
			},
		}})
		if err != nil {
			t.Fatal(err)
		}
		s, err := b.Subscribe(broker.SubscribeOptions{Name: "consumer"})
		if err != nil {
			t.Fatal(err)
		}
		for n := range uint64(3) {
			if err := b.TryPublish(&producer.ProducedSomethingEvent{Number: n}); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Consume(ctx, consumer.Handler(work), o); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Consume answers %v", err)
		}
		if took := time.Since(start); took != total {
			t.Errorf("it ended at %v", took)
		}
		if !slices.Equal(got, want) {
			t.Errorf("handled %v, want %v", got, want)
		}
	})
}

func TestEventsAreHandledOneAfterAnother(t *testing.T) {
	within(t, time.Second, consumer.Needs(100*ms), broker.ConsumeOptions{},
		handling{0, 100 * ms}, handling{1, 200 * ms}, handling{2, 300 * ms})
}

func TestTheServiceTimeMayDifferFromEventToEvent(t *testing.T) {
	work := func(e broker.Event, _ int) (time.Duration, error) {
		return time.Duration(e.(*producer.ProducedSomethingEvent).Number+1) * 100 * ms, nil
	}
	within(t, time.Second, work, broker.ConsumeOptions{},
		handling{0, 100 * ms}, handling{1, 300 * ms}, handling{2, 600 * ms})
}

func TestAFailedAttemptTakesItsTimeToo(t *testing.T) {
	work := func(e broker.Event, attempt int) (time.Duration, error) {
		if e.(*producer.ProducedSomethingEvent).Number == 0 && attempt < 3 {
			return 100 * ms, errors.New("not yet")
		}
		return 50 * ms, nil
	}
	within(t, time.Second, work, broker.ConsumeOptions{Attempts: 3, Backoff: 10 * ms},
		handling{0, 280 * ms}, handling{1, 330 * ms}, handling{2, 380 * ms}) // 100 + 10 + 100 + 20 + 50
}

func TestWhatTheEndOfTheContextCutsShortIsNotHandled(t *testing.T) {
	within(t, 150*ms, consumer.Needs(100*ms), broker.ConsumeOptions{}, handling{0, 100 * ms})
}
