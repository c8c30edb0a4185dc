package broker

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Work is an event with a worker of Drive. It is valid until the event is handled
// or given up; then it is used again for another.
type Work struct {
	// Tag is the driver's own; a worker keeps it from event to event.
	Tag int

	by      *consumption
	event   Event
	attempt int
	err     error // of the attempt before
}

// Event is what is to be handled.
func (w *Work) Event() Event { return w.event }

// Attempt counts the attempts at the event, from 1.
func (w *Work) Attempt() int { return w.attempt }

// Drive is Consume for a program that has a clock of its own and no goroutine to
// run a handler on, such as a simulation. It returns at once. From then on begin
// is called for each event when a worker begins it, inside the broker's critical
// section, so it may only take a note; later, outside of it, the driver calls
// Done. That goes on until the subscription is closed.
func (s *Subscription) Drive(o ConsumeOptions, begin func(*Work)) error {
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

// Done ends the attempt: a nil error means that the event is handled. Otherwise it
// may be tried again: then the driver calls Again when that much time has passed.
func (w *Work) Done(err error) (pause time.Duration, again bool) {
	b := w.by.sub.broker
	b.mu.Lock()
	defer b.unlock()
	c, e := w.by, w.event
	w.free() // for the event that the worker may begin now
	if pause, again = c.finish(e, w.attempt, err); again {
		c.idlers = c.idlers[:len(c.idlers)-1]
		w.event, w.err = e, err
		c.resting = append(c.resting, w)
	}
	return pause, again
}

// Again begins the next attempt. It does nothing once the subscription is closed.
func (w *Work) Again() {
	b := w.by.sub.broker
	b.mu.Lock()
	defer b.unlock()
	if i := slices.Index(w.by.resting, w); i >= 0 && !w.by.stopping {
		w.by.resting = slices.Delete(w.by.resting, i, i+1)
		w.attempt++
		b.trace.retried(w.by.sub, w.event, w.attempt)
		w.by.begun(w)
	}
}

// work is what a worker has now to do.
func (c *consumption) work(e Event) *Work {
	n := len(c.idlers)
	if n == 0 {
		c.workers++
		return &Work{by: c, event: e, attempt: 1, Tag: c.workers - 1}
	}
	w := c.idlers[n-1]
	c.idlers = c.idlers[:n-1]
	w.event, w.attempt, w.err = e, 1, nil
	return w
}

func (w *Work) free() {
	w.event = nil
	w.by.idlers = append(w.by.idlers, w)
}

// giveUp is for when the subscription is closed: what waits for another attempt
// does not get it.
func (c *consumption) giveUp() {
	for len(c.resting) > 0 {
		w := c.resting[0]
		c.resting = slices.Delete(c.resting, 0, 1)
		c.bury(w.event, w.err)
		c.sub.active--
		w.free()
	}
}
