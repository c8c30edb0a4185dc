package broker

import (
	"context"
	"errors"
)

// consumption is what the workers of a subscription do, for Consume or for a Driver.
// The broker's lock guards its state.
type consumption struct {
	sub     *Subscription
	handler Handler
	options ConsumeOptions
	ctx     context.Context // what the handlers get
	burial  context.Context // what the repository of dead letters gets
	grave   string          // the stream there

	retries  []*retry      // those before their next attempt
	begun    func(Work)    // of a Driver, which has the three below instead of handler and retries
	resting  []*worker     // those before their next attempt
	idlers   []*worker     // with nothing to do
	workers  int           // that were ever needed
	places   int           // of the crew: the workers, or those at work if these are more
	drawn    uint64        // draws of the jitter
	stopping bool          // no event is begun any more
	halt     chan struct{} // closed when the subscription is
	finished chan struct{} // closed when it stops and nothing is active
}

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
	case ctx.Err() != nil: // its handlers could only fail
		return nil, context.Cause(ctx)
	}
	c := &consumption{handler: handler, options: o, halt: make(chan struct{}), finished: make(chan struct{})}
	c.ctx = context.WithValue(ctx, consumptionKey{}, c)
	return c, nil
}

// start lets the workers serve a subscription that nobody else receives from.
func (c *consumption) start(s *Subscription) error {
	b := s.broker
	b.mu.Lock()
	defer b.unlock()
	switch {
	case s.closed:
		return ErrClosed
	case s.consumption != nil, len(s.waiting) > 0:
		return errors.New("it has other receivers already")
	}
	c.attach(s)
	b.admitBlocked()
	return nil
}

// attach gives the workers to a subscription, and what waits there to them.
func (c *consumption) attach(s *Subscription) {
	c.sub, s.consumption = s, c
	c.burial, c.grave = context.WithoutCancel(c.ctx), DeadLetters(s.name)
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
	c.leave()
	if c.ctx.Err() != nil {
		return consumeError(c.sub.name, context.Cause(c.ctx))
	}
	return nil
}

// begin lets the crew handle an event that was delivered to a worker.
func (c *consumption) begin(e Event) {
	c.sub.active++
	if c.begun == nil {
		c.sub.broker.crew.add(task{by: c, event: e})
		return
	}
	w := c.idler()
	w.turn++
	w.working = true
	w.event, w.attempt = e, 1
	c.begun(Work{w, w.turn})
}

// stop is for when the subscription is closed.
func (c *consumption) stop() {
	if !c.stopping {
		c.stopping = true
		close(c.halt)
	}
}

// end lets nothing begin any more. What waits for another attempt does not get it.
func (c *consumption) end() {
	b := c.sub.broker
	b.mu.Lock()
	c.stopping = true
	c.sub.idle = 0
	given := c.retries
	c.retries = nil
	for _, r := range given {
		r.timer.Stop()
	}
	b.unlock()
	b.mu.Lock()
	defer b.unlock()
	for _, r := range given {
		c.bury(r.event, r.err)
		c.sub.active--
	}
	c.checkIdle()
}

func (c *consumption) checkIdle() {
	if !c.stopping || c.sub.active > 0 {
		return
	}
	select {
	case <-c.finished: // closed before
	default:
		close(c.finished)
	}
}

// leave gives the subscription free for other receivers.
func (c *consumption) leave() {
	b := c.sub.broker
	b.mu.Lock()
	defer b.unlock()
	c.sub.consumption = nil
	b.crew.resize(-c.places)
	c.sub.closeIfDone()
}
