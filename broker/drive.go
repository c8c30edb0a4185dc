package broker

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Drive is Consume for a program that has a clock of its own and no goroutine to
// run a handler on, such as a simulation. It returns at once. From then on begin
// is called for each event when a worker begins it, inside the broker's critical
// section, so it may only take a note; later, outside of it, the driver calls
// Done. That goes on until the subscription is closed.
func (s *Subscription) Drive(o ConsumeOptions, begin func(Work)) error {
	o, err := o.withDefaults()
	if err == nil && begin == nil {
		err = errors.New("begin is nil")
	}
	if err == nil {
		c := &consumption{sub: s, options: o, begun: begin, ctx: context.Background(), halt: make(chan struct{}), idle: make(chan struct{})}
		err = c.start()
	}
	if err != nil {
		return fmt.Errorf("broker: drive %q: %w", s.name, err)
	}
	return nil
}

// Work is an event with a worker of Drive, until it is handled or given up. After
// that Done and Again do nothing, and what else it tells may be of another event.
type Work struct {
	worker *worker
	turn   uint64 // of the worker, when it began the event
}

// Event is what is to be handled.
func (w Work) Event() Event { return w.worker.event }

// Attempt counts the attempts at the event, from 1.
func (w Work) Attempt() int { return w.worker.attempt }

// Worker says which worker has the event, from 0: always less than the most
// workers the subscription ever had.
func (w Work) Worker() int { return w.worker.index }

// Done ends the attempt: a nil error means that the event is handled. Otherwise it
// may be tried again: then the driver calls Again when that much time has passed.
// Between attempts, and when the event is handled or given up, Done does nothing.
func (w Work) Done(err error) (pause time.Duration, again bool) {
	c := w.worker.of
	b := c.sub.broker
	b.mu.Lock()
	if w.valid() && w.worker.working {
		w.worker.working = false
		c.idlers = append(c.idlers, w.worker) // for the event that it may begin now
		if pause, again = c.finish(w.worker.event, w.worker.attempt, err); again {
			c.idlers = c.idlers[:len(c.idlers)-1]
			w.worker.err = err
			c.resting = append(c.resting, w.worker)
		} else if !w.worker.working {
			w.worker.event = nil // let it be collected
		}
	}
	b.unlock() // not deferred: a simulation does little else
	return pause, again
}

// Again begins the next attempt. It does nothing unless the event waits for one.
func (w Work) Again() {
	c := w.worker.of
	b := c.sub.broker
	b.mu.Lock()
	defer b.unlock()
	if i := slices.Index(c.resting, w.worker); i >= 0 && w.valid() && !c.stopping {
		c.resting = slices.Delete(c.resting, i, i+1)
		w.worker.working = true
		w.worker.attempt++
		b.trace.retried(c.sub, w.worker.event, w.worker.attempt)
		c.begun(w)
	}
}

func (w Work) valid() bool { return w.turn == w.worker.turn }

// worker is one of Drive, who takes one event after another.
type worker struct {
	of    *consumption
	index int

	turn    uint64 // events begun
	working bool   // at an attempt: neither idle nor resting
	event   Event
	attempt int
	err     error // of the attempt before
}

// idler is a worker with nothing to do.
func (c *consumption) idler() *worker {
	last := len(c.idlers) - 1
	if last < 0 {
		c.workers++
		return &worker{of: c, index: c.workers - 1}
	}
	w := c.idlers[last]
	c.idlers = c.idlers[:last]
	return w
}

// giveUp is for when the subscription is closed: what waits for another attempt
// does not get it.
func (c *consumption) giveUp() {
	for len(c.resting) > 0 {
		w := c.resting[0]
		c.resting = slices.Delete(c.resting, 0, 1)
		c.bury(w.event, w.err)
		c.sub.active--
		w.event = nil
		c.idlers = append(c.idlers, w)
	}
}
