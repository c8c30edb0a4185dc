package broker

import (
	"context"
	"fmt"
	"iter"
	"slices"
)

// SubscribeOptions set up a Subscription. The zero value works.
type SubscribeOptions struct {
	// Name is for people: traces, stats and errors. It need not be unique.
	Name string
	Settings
}

// A Subscription is offered every event of its broker and holds a bounded
// number of them, oldest first, until a receiver takes them. Receivers of one
// subscription compete: each event goes to one of them.
type Subscription struct {
	broker *Broker
	name   string
	index  int

	// The broker's lock guards what follows.
	settings
	queue    queue
	waiting  []*receiver // receivers inside Next, longest wait first
	expected int         // receivers announced by Expect
	aside    queue       // events delivered to expected receivers, not yet fetched
	stats    Stats
	closed   bool
}

// receiver is one caller that waits inside Next. A received event and the
// closing of the subscription arrive the same way; a nil event is the latter.
type receiver struct{ handed chan Event }

// Stats count what has happened to one subscription since it began.
type Stats struct {
	Offered   uint64 // events offered
	Delivered uint64 // events taken by a receiver
	Dropped   uint64 // events lost, for any reason
	Depth     int    // events that wait now
	HighWater int    // the most that ever waited
}

// Name is the name given to Subscribe.
func (s *Subscription) Name() string { return s.name }

// Index is the subscription's place in the order of subscription, from 0. It is
// never given out twice by one broker.
func (s *Subscription) Index() int { return s.index }

// offer is the heart of Publish: one event meets one subscription.
func (s *Subscription) offer(e Event) {
	s.stats.Offered++
	if s.hand(e) {
		return
	}
	switch s.overflow.decide(s.queue.len(), s.buffer) {
	case dropNew:
		s.drop(e, Full)
		return
	case dropOldest:
		s.drop(s.queue.pop(), Displaced)
	}
	s.queue.push(e)
	s.stats.HighWater = max(s.stats.HighWater, s.queue.len())
	s.broker.trace.buffered(s, e)
}

// hand gives the event to a receiver that already waits, as a Go channel does:
// the buffer is for what nobody waits for. Only an empty buffer has waiters.
func (s *Subscription) hand(e Event) bool {
	switch {
	case s.expected > 0:
		s.expected--
		s.delivered(e)
		s.aside.push(e)
	case len(s.waiting) > 0:
		r := s.waiting[0]
		s.waiting = slices.Delete(s.waiting, 0, 1)
		s.delivered(e)
		r.handed <- e // never waits: it has room for one
	default:
		return false
	}
	return true
}

func (s *Subscription) drop(e Event, why DropReason) {
	s.stats.Dropped++
	s.broker.trace.dropped(s, e, why)
}

func (s *Subscription) delivered(e Event) {
	s.stats.Delivered++
	s.broker.trace.delivered(s, e)
}

// take is the next event, if one is there.
func (s *Subscription) take() (Event, bool) {
	if s.aside.len() > 0 {
		return s.aside.pop(), true // it was delivered when it was set aside
	}
	if s.queue.len() == 0 {
		return nil, false
	}
	e := s.queue.pop()
	s.delivered(e)
	if s.broker.closing && s.queue.len() == 0 {
		s.close()
		s.broker.checkDrained()
	}
	return e, true
}

// TryNext takes the oldest event, if one waits.
func (s *Subscription) TryNext() (Event, bool) {
	s.broker.mu.Lock()
	defer s.broker.mu.Unlock()
	return s.take()
}

// Expect announces a receiver that waits without being inside Next: the next
// event is delivered to it, as it would be handed to a caller of Next, and set
// aside until TryNext fetches it. It is for drivers that have no goroutine to
// wait on, such as a simulation. It does nothing while events wait: TryNext has
// one already.
func (s *Subscription) Expect() {
	s.broker.mu.Lock()
	defer s.broker.mu.Unlock()
	if s.queue.len() == 0 && !s.closed {
		s.expected++
	}
}

// Next takes the oldest event and waits for one if none is there. It fails with
// ErrClosed once the subscription is closed, and with the context's cause when
// ctx is done first; an event that was handed over in that moment is returned.
func (s *Subscription) Next(ctx context.Context) (Event, error) {
	e, r, err := s.takeOrWait(ctx)
	if r == nil {
		return e, err
	}
	select {
	case e = <-r.handed:
	case <-ctx.Done():
		if s.stopWaiting(r) {
			return nil, s.nextError(context.Cause(ctx))
		}
		e = <-r.handed // too late to leave: it was handed over before
	}
	if e == nil {
		return nil, s.nextError(ErrClosed)
	}
	return e, nil
}

// takeOrWait answers with an event or an error, or else with a receiver that
// has been put in line.
func (s *Subscription) takeOrWait(ctx context.Context) (Event, *receiver, error) {
	s.broker.mu.Lock()
	defer s.broker.mu.Unlock()
	switch {
	case s.closed:
		return nil, nil, s.nextError(ErrClosed)
	case ctx.Err() != nil:
		return nil, nil, s.nextError(context.Cause(ctx))
	}
	if e, ok := s.take(); ok {
		return e, nil, nil
	}
	r := &receiver{handed: make(chan Event, 1)}
	s.waiting = append(s.waiting, r)
	return nil, r, nil
}

// stopWaiting takes r out of the line, or says that it no longer stands there.
func (s *Subscription) stopWaiting(r *receiver) bool {
	s.broker.mu.Lock()
	defer s.broker.mu.Unlock()
	i := slices.Index(s.waiting, r)
	if i < 0 {
		return false
	}
	s.waiting = slices.Delete(s.waiting, i, i+1)
	return true
}

func (s *Subscription) nextError(cause error) error {
	return fmt.Errorf("broker: next of %q: %w", s.name, cause)
}

// All ranges over the events until the subscription is closed or ctx is done.
func (s *Subscription) All(ctx context.Context) iter.Seq[Event] {
	return func(yield func(Event) bool) {
		for {
			e, err := s.Next(ctx)
			if err != nil || !yield(e) {
				return
			}
		}
	}
}

// Stats are the counts up to now.
func (s *Subscription) Stats() Stats {
	s.broker.mu.Lock()
	defer s.broker.mu.Unlock()
	st := s.stats
	st.Depth = s.queue.len()
	return st
}

// Configure changes the settings from now on. Where a smaller buffer no longer
// holds what waits, the surplus is dropped the way the new policy would have:
// the newest under DropNewest, the oldest under DropOldest; each is told to the
// trace as Shrunk.
func (s *Subscription) Configure(c Settings) error {
	s.broker.mu.Lock()
	defer s.broker.mu.Unlock()
	set, err := s.broker.defaults.with(c)
	if err != nil {
		return fmt.Errorf("broker: configure %q: %w", s.name, err)
	}
	s.settings = set
	for s.queue.len() > s.buffer {
		if s.overflow == DropOldest {
			s.drop(s.queue.pop(), Shrunk)
		} else {
			s.drop(s.queue.popNewest(), Shrunk)
		}
	}
	s.broker.checkDrained()
	return nil
}

// Close ends the subscription: it is offered nothing more, every receiver gets
// ErrClosed, and what still waited is dropped and told to the trace. Closing
// again does nothing.
func (s *Subscription) Close() {
	s.broker.mu.Lock()
	defer s.broker.mu.Unlock()
	s.close()
	s.broker.checkDrained()
}

func (s *Subscription) close() {
	if s.closed {
		return
	}
	s.closed = true
	s.broker.subs = slices.DeleteFunc(s.broker.subs, func(o *Subscription) bool { return o == s })
	for s.queue.len() > 0 {
		s.drop(s.queue.pop(), Closed)
	}
	for _, r := range s.waiting {
		r.handed <- nil
	}
	s.waiting = nil
}
