package broker

import (
	"context"
	"errors"
	"slices"
	"sort"
)

// consumption is what the workers of a subscription do, for Consume or for a Driver.
// The broker's lock guards its state.
type consumption struct {
	sub     *Subscription
	options ConsumeOptions
	handler Handler
	note    func(Work) // of a Driver, which has it instead of a handler

	idle     []*worker
	resting  []*worker        // in the order in which they began to
	cut      []*worker        // whose events are to be put back
	begun    uint64           // events
	taken    uint64           // events that workers have had
	stored   ring[storedWork] // those that are begun and not taken, of the repository
	workers  uint16           // that were ever needed
	places   int              // in the pool: the workers, or those that are busy if these are more
	drawn    uint64           // draws of the jitter
	lanes    lanes            // of events in order
	stopping bool             // no event is begun any more

	ctx         context.Context         // what the handlers get
	cancel      context.CancelCauseFunc // of Handle, whose context ends with that of Shutdown
	endless     context.Context         // the same, except that it does not end: for dead letters
	seesValues  bool                    // a handler, of its publisher's context
	deadLetters []string                // their stream
	panicked    *PanicError             // of a hook or Key, on a goroutine of the broker
	halt        chan struct{}           // closed when the subscription is
	finished    chan struct{}           // closed when it stops and nobody is busy or rests
}

// storedWork is the place in the repository of the n-th event.
type storedWork struct{ ordinal, position uint64 }

type consumptionKey struct{}

// consumptionOf is whose handler a context was given to, or nil.
func consumptionOf(ctx context.Context) *consumption {
	c, _ := ctx.Value(consumptionKey{}).(*consumption)
	return c
}

// newConsumption is a consumption by that handler, or an error that says which
// argument is wrong.
func newConsumption(ctx context.Context, handler Handler, o ConsumeOptions) (*consumption, error) {
	o, err := o.withDefaults()
	switch {
	case err != nil:
		return nil, err
	case handler == nil:
		return nil, errors.New("the handler is nil")
	}
	c := &consumption{handler: handler, options: o, halt: make(chan struct{}), finished: make(chan struct{})}
	c.ctx = context.WithValue(ctx, consumptionKey{}, c)
	return c, nil
}

// start lets the workers serve a subscription that nobody else receives from. If the
// context has ended already, nothing begins, as if it had ended later.
func (c *consumption) start(s *Subscription) error {
	b := s.broker
	b.mu.Lock()
	defer b.unlock()
	s.shutDoor()
	switch {
	case s.closed:
		return ErrClosed
	case s.consumption != nil, len(s.waiting) > 0:
		return errors.New("it has other receivers already")
	}
	if err := b.checkDeadLetters(s.name, c); err != nil {
		return err
	}
	if c.interrupted() {
		s.stoppedBy(c)
		return endOf(c.ctx)
	}
	c.attach(s)
	b.admitTo(s)
	return nil
}

// checkDeadLetters says what is wrong with the name as one of a stream of dead letters, if
// the consumption has any.
func (b *Broker) checkDeadLetters(name string, c *consumption) error {
	switch {
	case c == nil || c.options.DeadLetters == nil:
	case name == "":
		return errors.New("dead letters take a name, which is their stream in the repository")
	case slices.ContainsFunc(b.subs, func(o *Subscription) bool {
		return o.name == name && o.consumption != nil && o.consumption.options.DeadLetters != nil
	}):
		return errors.New("dead letters take a name of its own, which is their stream in the repository")
	}
	return nil
}

// attach gives the workers to a subscription, and what waits there to them.
func (c *consumption) attach(s *Subscription) {
	c.sub, s.consumption, s.stopped = s, c, nil
	c.endless, c.deadLetters = context.WithoutCancel(c.ctx), []string{DeadLetters(s.name)}
	if c.options.Values {
		s.broker.wantValues.Add(1)
	}
	c.seesValues = c.options.Values || s.broker.trace.Handling != nil
	c.staff()
	s.idle = c.options.Workers
	s.feed()
}

// wait waits for the end of the context or of the subscription, and then for the
// handlers that still run.
func (c *consumption) wait() error {
	select {
	case <-c.ctx.Done():
	case <-c.halt: // the subscription is closed
	}
	c.end()
	<-c.finished
	var err error
	if c.ctx.Err() != nil {
		err = endOf(c.ctx)
	}
	if c.panicked != nil {
		err = errors.Join(err, c.panicked)
	}
	if err != nil {
		err = consumeError(c.sub.name, err)
	}
	return err
}

// stop tells the workers that the subscription is closed.
func (c *consumption) stop() {
	if !c.stopping {
		c.stopping = true
		close(c.halt)
	}
}

// ended says whether the context is done or the subscription closed.
func (c *consumption) ended() bool {
	select {
	case <-c.ctx.Done():
		return true
	case <-c.halt:
		return true
	default:
		return false
	}
}

// end lets nothing begin any more.
func (c *consumption) end() {
	b := c.sub.broker
	b.mu.Lock()
	defer b.unlockAlone(c)
	c.sub.shutDoor()
	c.beginNothing()
	c.wakeResting()
	c.finishIfDone()
}

// beginNothing lets nothing begin any more. The next Consume may have begun already: its
// workers are others.
func (c *consumption) beginNothing() {
	c.stopping = true
	if c.sub.consumption == c {
		c.sub.idle = 0
	}
}

// interrupted says whether the context of the handlers has ended.
func (c *consumption) interrupted() bool { return c.ctx.Err() != nil }

// wakeResting ends the wait of the events for their next attempt, which does not come.
func (c *consumption) wakeResting() {
	for len(c.resting) > 0 {
		w := c.resting[0]
		c.resting = slices.Delete(c.resting, 0, 1)
		if w.timer != nil {
			w.timer.Stop()
		}
		w.cutShort()
	}
}

// putBack lets the events that were interrupted wait again, in the order in which they
// were begun, before all others. Where the subscription is closed, they are dropped as
// those that waited were.
func (c *consumption) putBack() {
	s, t := c.sub, &c.sub.broker.trace
	sort.Slice(c.cut, func(i, j int) bool { return c.cut[i].ordinal > c.cut[j].ordinal })
	for _, w := range c.cut {
		e, err, position := w.event, w.err, w.position
		w.leave()
		s.interrupted++
		s.putBack(e, position)
		t.interrupted(s, e, err)
		switch {
		case !s.closed:
		case position != 0: // never settled: nothing behind it may be committed
			s.left++
			t.returned(s, s.pop(), s.left)
		default:
			s.drop(s.pop(), Closed)
		}
	}
	c.cut = c.cut[:0]
}

// closed gives up the events that wait for their next attempt at a driver whose
// subscription is closed. Consume does that on its own goroutine.
func (c *consumption) closed() {
	if c.note != nil {
		c.wakeResting()
	}
}

// finishIfDone tells Consume that it may return, if nothing begins any more and nothing
// that was begun goes on. Then the subscription may have other receivers.
func (c *consumption) finishIfDone() {
	s, b := c.sub, c.sub.broker
	if !c.stopping || s.active > len(c.cut) || s.consumption != c {
		return
	}
	c.putBack()
	s.consumption = nil
	if c.options.Values {
		b.wantValues.Add(-1)
	}
	b.pool.resize(-c.places)
	close(c.finished)
	b.finish(s)
	s.closeIfDone()
	if c.interrupted() {
		s.stoppedBy(c)
	}
}

// staff gives this Consume as many places in the pool as it has workers, or more
// while more are busy: what one subscription needs is not taken from another.
func (c *consumption) staff() {
	if c.note == nil {
		places := max(c.options.Workers, c.sub.active-c.lanes.count)
		c.sub.broker.pool.resize(places - c.places)
		c.places = places
	}
}
