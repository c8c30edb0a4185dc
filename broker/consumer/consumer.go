// Package consumer has the example's consumer: one that needs its time for
// every event.
package consumer

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/spillway-go/spillway/broker"
)

// A Consumer takes the events of a subscription one after another and spends
// its service time on each.
type Consumer struct {
	events  *broker.Subscription
	handled func(broker.Event)
	service atomic.Int64 // nanoseconds
}

// New makes a consumer that needs the service time for each event and then
// calls handled. The service time must not be negative.
func New(events *broker.Subscription, service time.Duration, handled func(broker.Event)) (*Consumer, error) {
	c := &Consumer{events: events, handled: handled}
	return c, c.SetService(service)
}

// SetService changes the service time of the events that are begun from now on.
func (c *Consumer) SetService(d time.Duration) error {
	if d < 0 {
		return fmt.Errorf("consumer: service time %v is negative", d)
	}
	c.service.Store(int64(d))
	return nil
}

// Run handles events until ctx is done or the subscription is closed. An event
// whose handling ctx cuts short is not handled.
func (c *Consumer) Run(ctx context.Context) {
	for e := range c.events.All(ctx) {
		done := time.NewTimer(time.Duration(c.service.Load()))
		select {
		case <-done.C:
			c.handled(e)
		case <-ctx.Done():
			done.Stop()
			return
		}
	}
}
