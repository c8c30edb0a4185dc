package broker

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// A Driver is for a program that runs a broker without leaving goroutines to wait
// in it, such as a simulation with a clock of its own. Its methods do what those of
// the same name do, in the same line and with the same workers, but return where
// those would wait. Everything else about the broker stays as it is: the program may
// go on to use all of it.
type Driver struct{ broker *Broker }

// NewDriver is a driver of that broker. It has no state of its own.
func NewDriver(b *Broker) Driver { return Driver{b} }

// Publish is Broker.Publish in two halves: where that would wait, the event stands in
// the same line and Publish answers ErrWouldBlock at once. Trace.Unblocked tells how
// the wait has ended.
func (d Driver) Publish(e Event) error {
	return d.broker.appended(context.Background(), d.publish(e))
}

func (d Driver) publish(e Event) error {
	b := d.broker
	b.mu.Lock()
	defer b.unlock()
	err := b.tryPublish(e)
	if err == errWouldBlock || err == errHeld {
		b.wait(e)
		return errWouldBlock
	}
	return err
}

// Subscribe is Broker.Subscribe and Subscription.Consume in one step, by workers that
// have no goroutines: begin is called for each event when a worker begins it, inside
// the broker's critical section, so it may only take a note. Later, outside of it, the
// program calls Work.Done. That goes on until the subscription is closed.
func (d Driver) Subscribe(o SubscribeOptions, c ConsumeOptions, begin func(Work)) (*Subscription, error) {
	c, err := c.withDefaults()
	if err == nil && begin == nil {
		err = errors.New("begin is nil")
	}
	if err == nil && c.OrderBy != nil {
		err = errors.New("a driver has no order by key")
	}
	if err != nil {
		return nil, fmt.Errorf("broker: subscribe %q: %w", o.Name, err)
	}
	return d.broker.subscribe(o, &consumption{
		options: c, note: begin, ctx: context.Background(), halt: make(chan struct{}), finished: make(chan struct{}),
	})
}

// Consume is Broker.Subscribe and Subscription.Consume in one step, of which it does
// the first half: it returns once the workers are there, and wait does the rest. It
// has to be called; further calls wait too, and return the same.
func (d Driver) Consume(ctx context.Context, o SubscribeOptions, handler Handler, c ConsumeOptions) (s *Subscription, wait func() error, err error) {
	workers, err := newConsumption(ctx, handler, c)
	if err == nil && ctx.Err() != nil {
		err = endOf(ctx)
	}
	if err != nil {
		return nil, nil, consumeError(o.Name, err)
	}
	if s, err = d.broker.subscribe(o, workers); err != nil {
		return nil, nil, err
	}
	return s, sync.OnceValue(workers.wait), nil
}

// Work is an event with a worker of a Driver, until it is handled or given up. After
// that Done and Again do nothing, and what else it tells may be of another event.
type Work struct {
	worker *worker
	turn   uint32 // of the worker, when it began the event
}

// Event is what is to be handled.
func (w Work) Event() Event { return bare(w.worker.event) }

// Attempt counts the attempts at the event, from 1.
func (w Work) Attempt() int { return w.worker.attempt }

// Worker says which worker has the event, from 0: always less than the most
// workers the subscription ever had.
func (w Work) Worker() int { return int(w.worker.index) }

// Done ends the attempt: a nil error means that the event is handled. Otherwise it
// may be tried again: then the program calls Again when that much time has passed.
// Between attempts, and when the event is handled or given up, Done does nothing.
func (w Work) Done(err error) (pause time.Duration, again bool) {
	b := w.worker.of.sub.broker
	b.mu.Lock()
	defer b.unlock()
	if w.turn == w.worker.turn && w.worker.state == busy {
		return w.worker.end(err)
	}
	return 0, false
}

// Again begins the next attempt. It does nothing unless the event waits for one.
func (w Work) Again() {
	b := w.worker.of.sub.broker
	b.mu.Lock()
	defer b.unlock()
	if w.turn == w.worker.turn {
		w.worker.again()
	}
}

// due is Again for Consume, on the goroutine of a timer.
func (w Work) due() {
	b := w.worker.of.sub.broker
	b.mu.Lock()
	defer b.unlockAlone(w.worker.of)
	if w.turn == w.worker.turn {
		w.worker.again()
	}
}
