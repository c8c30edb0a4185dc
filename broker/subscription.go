package broker

import (
	"context"
	"fmt"
	"iter"
	"slices"
)

// SubscribeOptions set up a Subscription. The zero value works.
type SubscribeOptions struct {
	// Name is for people: traces, stats and errors. It need not be unique, except
	// where it names a stream of the repository: for Spill and dead letters.
	Name string
	// Topics are patterns of which one has to match an event's topic; see
	// ParsePattern. None: all events, also those without a topic.
	Topics []string
	// Key says which events replace each other under KeepLatest; nil means those
	// of the same topic.
	Key func(Event) string
	Settings
}

// A Subscription is offered the events of its broker that it selects and holds a
// bounded number of them, oldest first, until a receiver takes them. Receivers of
// one subscription compete: each event goes to one of them.
type Subscription struct {
	// The broker's lock guards what follows. What a delivery writes comes first,
	// in one cache line: fetching one from another processor is most of its cost.
	settings
	careful  bool // it may refuse, block or spill: counted by the broker
	expected int  // receivers announced by Expect, or idle workers of Consume
	active   int  // events with a worker of Consume, or before their next attempt
	counts
	waiting []*sleeper // receivers inside Next, longest wait first
	queue   queue

	latest      map[string]uint64 // by key, under KeepLatest: the ordinal in the queue
	store       backlog           // under Spill
	aside       queue             // events delivered to expected receivers, not yet fetched
	consumption *consumption      // of Consume, while it runs
	awaited     int               // publishers that wait for room here
	closed      bool

	// What follows never changes.
	broker *Broker
	name   string
	index  int
	topics []Pattern
	key    func(Event) string
}

// Name is the name given to Subscribe.
func (s *Subscription) Name() string { return s.name }

// Index is the subscription's place in the order of subscription, from 0. It is
// never given out twice by one broker.
func (s *Subscription) Index() int { return s.index }

// full says whether one more event would overflow.
func (s *Subscription) full() bool {
	return s.queue.len() >= s.buffer && s.expected == 0 && len(s.waiting) == 0
}

// stalled says whether all that an offer can do is to drop the new event.
func (s *Subscription) stalled() bool {
	return s.overflow == DropNewest && s.queue.count >= s.buffer &&
		!s.careful && s.expected == 0 && len(s.waiting) == 0
}

// offer is the heart of Publish: one event meets one subscription.
func (s *Subscription) offer(e Event) {
	if s.careful && s.store.count > 0 {
		s.offerBehindBacklog(e)
		return
	}
	if s.hand(e) || s.overflow == KeepLatest && s.replace(e) {
		return
	}
	switch s.overflow.decide(s.queue.len(), s.buffer) {
	case dropNew:
		s.drop(e, Full)
		return
	case dropOldest:
		s.drop(s.pop(), Displaced)
	}
	s.push(e)
	s.broker.trace.buffered(s, e)
}

func (s *Subscription) push(e Event) {
	if s.latest != nil {
		s.latest[s.key(e)] = s.queue.gone + uint64(s.queue.len())
	}
	s.queue.push(e)
	s.store.pushed(0)
	s.highWater = max(s.highWater, s.queue.len())
}

func (s *Subscription) pop() Event {
	if s.latest != nil {
		s.forgetLatest(s.queue.oldest(), s.queue.gone)
	}
	s.store.popped()
	return s.queue.pop()
}

// replace lets the event take the place of the one of its key, if one waits.
func (s *Subscription) replace(e Event) bool {
	ordinal, waits := s.latest[s.key(e)]
	if !waits {
		return false
	}
	s.drop(s.queue.replace(ordinal, e), Replaced)
	s.broker.trace.buffered(s, e)
	return true
}

// forgetLatest is for when the event of that ordinal leaves the queue.
func (s *Subscription) forgetLatest(e Event, ordinal uint64) {
	if key := s.key(e); s.latest[key] == ordinal {
		delete(s.latest, key)
	}
}

// hand gives the event to a receiver that already waits, as a Go channel does:
// the buffer is for what nobody waits for. Only an empty buffer has waiters.
func (s *Subscription) hand(e Event) bool {
	switch {
	case s.expected > 0:
		s.expected--
		s.deliver(e)
		if s.consumption != nil {
			s.consumption.begin(e)
		} else {
			s.aside.push(e)
		}
	case len(s.waiting) > 0:
		r := s.waiting[0]
		if len(s.waiting) == 1 { // most have one receiver
			s.waiting = s.waiting[:0]
		} else {
			s.waiting = slices.Delete(s.waiting, 0, 1)
		}
		s.deliver(e)
		r.event = e
		s.broker.rouse(r)
	default:
		return false
	}
	return true
}

// feed hands what waits in the buffer to receivers that came to wait before it did.
func (s *Subscription) feed() {
	for s.queue.len() > 0 && (s.expected > 0 || len(s.waiting) > 0) {
		s.hand(s.pop())
		s.refill()
	}
}

func (s *Subscription) drop(e Event, why DropReason) {
	s.droppedBy[why]++
	s.broker.trace.dropped(s, e, why)
}

func (s *Subscription) deliver(e Event) {
	s.delivered++
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
	e := s.pop()
	s.deliver(e)
	s.roomMade()
	return e, true
}

// roomMade is for when an event has left the buffer, or may find more room: what
// waited outside comes in, and a broker that shuts down may be done here.
func (s *Subscription) roomMade() {
	s.refill()
	s.feed()
	s.broker.admitBlocked()
	s.closeIfDone()
}

// closeIfDone ends the subscription of a broker that shuts down, once there is
// nothing left to deliver and nobody at work.
func (s *Subscription) closeIfDone() {
	if s.broker.closing && s.empty() && s.active == 0 {
		s.close()
		s.broker.checkDrained()
	}
}

// empty says whether nothing waits for delivery.
func (s *Subscription) empty() bool { return s.queue.len() == 0 && s.backlog() == 0 }

// TryNext takes the oldest event, if one waits.
func (s *Subscription) TryNext() (Event, bool) {
	s.broker.mu.Lock()
	defer s.broker.unlock()
	return s.take()
}

// Expect announces a receiver that waits without being inside Next: the next
// event is delivered to it, as it would be handed to a caller of Next, and set
// aside until TryNext fetches it. It is for drivers that have no goroutine to
// wait on, such as a simulation. It does nothing while events wait: TryNext has
// one already.
func (s *Subscription) Expect() {
	s.broker.mu.Lock()
	defer s.broker.unlock()
	if s.queue.len() == 0 && !s.closed && s.consumption == nil {
		s.expected++
		s.broker.admitBlocked()
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
	if done := ctx.Done(); done == nil {
		<-r.wake // which is cheaper than to select
	} else {
		select {
		case <-r.wake:
		case <-done:
			if s.stopWaiting(r) {
				s.broker.sleepers.Put(r)
				return nil, s.nextError(context.Cause(ctx))
			}
			<-r.wake // too late to leave: it was handed over before
		}
	}
	e, r.event = r.event, nil
	s.broker.sleepers.Put(r)
	if e == nil {
		return nil, s.nextError(ErrClosed)
	}
	return e, nil
}

// takeOrWait answers with an event or an error, or else with a sleeper that has
// been put in line.
func (s *Subscription) takeOrWait(ctx context.Context) (Event, *sleeper, error) {
	s.broker.mu.Lock()
	defer s.broker.unlock()
	switch {
	case s.closed && s.aside.len() == 0:
		return nil, nil, s.nextError(ErrClosed)
	case ctx.Err() != nil:
		return nil, nil, s.nextError(context.Cause(ctx))
	}
	if e, ok := s.take(); ok {
		return e, nil, nil
	}
	r := s.broker.sleepers.Get().(*sleeper)
	s.waiting = append(s.waiting, r)
	s.broker.admitBlocked() // a receiver that waits is room
	return nil, r, nil
}

// stopWaiting takes r out of the line, or says that it no longer stands there.
func (s *Subscription) stopWaiting(r *sleeper) bool {
	s.broker.mu.Lock()
	defer s.broker.unlock()
	return s.forget(r)
}

// forget takes r out of the line, or says that it does not stand there.
func (s *Subscription) forget(r *sleeper) bool {
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

// All ranges over the events until the subscription is closed or ctx is done. It
// is what a receiver with a goroutine of its own should use: Next has to look out
// for the end of its context each time anew.
func (s *Subscription) All(ctx context.Context) iter.Seq[Event] {
	return func(yield func(Event) bool) {
		r := s.broker.sleepers.Get().(*sleeper)
		stop := context.AfterFunc(ctx, func() { s.wakeWaiting(r) })
		for {
			e := s.takeWaiting(ctx, r)
			if e == nil {
				if stop() {
					s.broker.sleepers.Put(r) // else it may be about to be woken
				}
				return
			}
			if !yield(e) {
				stop()
				return
			}
		}
	}
}

// takeWaiting is the next event for r, for which it waits if it must, or nil at
// the end.
func (s *Subscription) takeWaiting(ctx context.Context, r *sleeper) Event {
	b := s.broker
	b.mu.Lock()
	if ctx.Err() != nil || s.closed && s.aside.len() == 0 {
		b.unlock()
		return nil
	}
	if e, ok := s.take(); ok {
		b.unlock()
		return e
	}
	s.waiting = append(s.waiting, r)
	b.admitBlocked() // a receiver that waits is room
	b.unlock()
	<-r.wake
	e := r.event
	r.event = nil
	return e
}

// wakeWaiting wakes r with nothing, if it waits.
func (s *Subscription) wakeWaiting(r *sleeper) {
	s.broker.mu.Lock()
	defer s.broker.unlock()
	if s.forget(r) {
		s.broker.rouse(r)
	}
}
