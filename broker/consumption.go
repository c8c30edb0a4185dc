package broker

import (
	"context"
	"errors"
)

// consumption is one call of Consume. The broker's lock guards its state.
type consumption struct {
	sub     *Subscription
	handler Handler
	options ConsumeOptions
	ctx     context.Context // what the handlers get
	burial  context.Context // what the repository of dead letters gets
	grave   string          // the stream there

	retries  []*retry      // those before their next attempt
	begun    func(Work)    // of Drive, which has the three below instead of handler and retries
	resting  []*worker     // those before their next attempt
	idlers   []*worker     // with nothing to do
	workers  int           // that were ever needed
	places   int           // of the crew: the workers, or those at work if these are more
	drawn    uint64        // draws of the jitter
	stopping bool          // no event is begun any more
	halt     chan struct{} // closed when the subscription is
	idle     chan struct{} // closed when it stops and nothing is active
}

type consumptionKey struct{}

// consumptionOf is whose handler a context was given to, or nil.
func consumptionOf(ctx context.Context) *consumption {
	c, _ := ctx.Value(consumptionKey{}).(*consumption)
	return c
}

func (c *consumption) start() error {
	s, b := c.sub, c.sub.broker
	b.mu.Lock()
	defer b.unlock()
	switch {
	case s.closed:
		return ErrClosed
	case s.consumption != nil, s.expected > 0, len(s.waiting) > 0:
		return errors.New("it has other receivers already")
	}
	s.consumption = c
	c.burial, c.grave = context.WithoutCancel(c.ctx), DeadLetters(s.name)
	c.staff()
	s.expected = c.options.Workers
	s.feed()
	b.admitBlocked()
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
	c.sub.expected = 0
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
	case <-c.idle: // closed before
	default:
		close(c.idle)
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
