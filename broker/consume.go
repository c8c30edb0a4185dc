package broker

import (
	"context"
	"fmt"
)

// A Handler does what an event asks for. Its context ends with that of Consume
// and knows whose handler it is: Publish needs it to find a deadlock, so it
// should not be used on other goroutines for that.
type Handler func(ctx context.Context, e Event) error

// Consume gives every event of the subscription to the handler, until ctx is
// done or the subscription is closed; then it waits for the handlers at work and
// returns the context's cause, or nil. An event whose handler fails is tried
// again as the options say; while it waits for that it keeps its worker. With one
// worker events are handled one after another, in order; with more they are begun
// in order, and end as they will.
//
// A handler may publish, subscribe, configure and close. A subscription has one
// Consume at a time, and then no other receivers.
func (s *Subscription) Consume(ctx context.Context, handler Handler, o ConsumeOptions) error {
	c, err := newConsumption(ctx, handler, o)
	if err == nil {
		err = c.start(s)
	}
	if err != nil {
		return consumeError(s.name, err)
	}
	return c.wait()
}

func consumeError(name string, cause error) error {
	return fmt.Errorf("broker: consume %q: %w", name, cause)
}

type attemptKey struct{}

// Attempt is which attempt at its event a handler is called for, from 1, by the
// context it was given.
func Attempt(ctx context.Context) int {
	if n, ok := ctx.Value(attemptKey{}).(int); ok {
		return n
	}
	return 1
}
