package broker

import (
	"context"
	"errors"
	"fmt"
	"sync"
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
	wait, err := s.Begin(ctx, handler, o)
	if err != nil {
		return err
	}
	return wait()
}

// Begin is Consume in two halves: it returns once what waits has been given to
// workers, and wait does the rest. It has to be called; further calls wait too, and
// return the same.
func (s *Subscription) Begin(ctx context.Context, handler Handler, o ConsumeOptions) (wait func() error, err error) {
	fail := func(err error) error { return fmt.Errorf("broker: consume %q: %w", s.name, err) }
	o, err = o.withDefaults()
	if err == nil && handler == nil {
		err = errors.New("the handler is nil")
	}
	if err == nil && ctx.Err() != nil { // its handlers could only fail
		err = context.Cause(ctx)
	}
	if err != nil {
		return nil, fail(err)
	}
	c := &consumption{sub: s, handler: handler, options: o, halt: make(chan struct{}), idle: make(chan struct{})}
	c.ctx = context.WithValue(ctx, consumptionKey{}, c)
	if err := c.start(); err != nil {
		return nil, fail(err)
	}
	return sync.OnceValue(func() error {
		select {
		case <-ctx.Done():
		case <-c.halt: // the subscription is closed
		}
		c.end()
		<-c.idle
		c.leave()
		if ctx.Err() != nil {
			return fail(context.Cause(ctx))
		}
		return nil
	}), nil
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
