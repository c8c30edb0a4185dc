// Package consumer has the example's consumer: one that needs its time for
// every event.
package consumer

import (
	"context"
	"time"

	"github.com/spillway-go/spillway/broker"
)

// Handler makes a handler for broker.Consume that spends as long on an attempt at
// an event as work says, and then ends it with the error that work gave. When its
// context ends first, that is the error.
func Handler(work func(e broker.Event, attempt int) (time.Duration, error)) broker.Handler {
	return func(ctx context.Context, e broker.Event) error {
		service, err := work(e, broker.Attempt(ctx))
		done := time.NewTimer(service)
		defer done.Stop()
		select {
		case <-done.C:
			return err
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// Needs is the work of a consumer that needs the same time for every event.
func Needs(service time.Duration) func(broker.Event, int) (time.Duration, error) {
	return func(broker.Event, int) (time.Duration, error) { return service, nil }
}
