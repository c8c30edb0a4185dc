package broker

import "slices"

// receives says whether a receiver waits for an event and may have it.
func (s *Subscription) receives() bool {
	return (s.idle > 0 || len(s.waiting) > 0) && !s.paused
}

// full says whether one more event would overflow.
func (s *Subscription) full() bool {
	return s.queue.len()+s.kept >= s.buffer && (!s.receives() || s.kept >= s.buffer+s.idle+len(s.waiting))
}

// stalled says whether all that an offer can do is to drop the new event.
func (s *Subscription) stalled() bool {
	return s.overflow == DropNewest && s.queue.count >= s.buffer && !s.guarded && !s.receives()
}

// offer is the heart of Publish: one event meets one subscription.
func (s *Subscription) offer(e Event) {
	if s.guarded && s.store.count > 0 {
		s.offerBehindBacklog(e)
		return
	}
	if s.receives() {
		s.hand(e, 0)
		return
	}
	if s.overflow == KeepLatest && s.replace(e) {
		return
	}
	switch s.overflow.decide(s.queue.len(), s.buffer) {
	case dropNew:
		s.drop(e, Full)
		return
	case dropOldest:
		s.dropOldest(Displaced)
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
	s.store.pop()
	if s.again > 0 {
		s.again--
	}
	return s.queue.pop()
}

// next is pop for an event that is to be delivered, with its position in the repository;
// 0: it has none.
func (s *Subscription) next() (e Event, position uint64) {
	again := s.again > 0
	e, position = s.pop(), s.store.popped
	if again || position != 0 && position <= s.store.again {
		s.redelivered++
	}
	return e, position
}

// putBack puts an event that was delivered, and that nobody is done with, before all
// others. Under KeepLatest it is not replaced.
func (s *Subscription) putBack(e Event, position uint64) {
	s.queue.pushFront(e)
	s.store.putBack(position)
	s.again++
	s.highWater = max(s.highWater, s.queue.len())
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

// forgetLatest forgets the key of an event that leaves the queue, unless a newer one
// has it.
func (s *Subscription) forgetLatest(e Event, ordinal uint64) {
	if key := s.key(e); s.latest[key] == ordinal {
		delete(s.latest, key)
	}
}

// hand gives the event to a receiver that already waits, as a Go channel does:
// the buffer is for what nobody waits for.
func (s *Subscription) hand(e Event, position uint64) {
	if position != 0 {
		s.store.take(position)
	}
	if s.idle == 0 {
		s.handOver(e, position)
		return
	}
	s.idle--
	s.deliver(e)
	s.consumption.begin(e, position)
}

// handOver gives the event to the caller of Next that has waited longest.
func (s *Subscription) handOver(e Event, position uint64) {
	r := s.waiting[0]
	if len(s.waiting) == 1 { // most have one receiver
		s.waiting = s.waiting[:0]
	} else {
		s.waiting = slices.Delete(s.waiting, 0, 1)
	}
	s.deliver(e)
	r.event = bare(e)
	if position != 0 {
		r.has(s, position)
	}
	s.broker.wakeLater(r)
}

// feed hands what waits in the buffer to receivers that came to wait before it did.
func (s *Subscription) feed() {
	if s.queue.len() > 0 { // split so that the fast path inlines
		s.feedThem()
	}
}

func (s *Subscription) feedThem() {
	for s.queue.len() > 0 && s.receives() {
		s.hand(s.next())
		s.refill()
	}
}

// dropOldest drops the event that has waited longest.
func (s *Subscription) dropOldest(why DropReason) {
	e := s.pop()
	s.store.skipPopped()
	s.drop(e, why)
}

func (s *Subscription) drop(e Event, why DropReason) {
	s.droppedBy[why]++
	s.broker.turns.lossy = true
	s.broker.trace.dropped(s, e, why)
}

func (s *Subscription) deliver(e Event) {
	s.delivered++
	s.broker.trace.delivered(s, e)
}

// take is the next event for that receiver, nil: one that has called Next, if an event is
// there.
func (s *Subscription) take(r *sleeper) (Event, bool) {
	if s.queue.len() == 0 || s.paused {
		return nil, false
	}
	e, position := s.next()
	if position != 0 {
		s.store.take(position)
		r.has(s, position)
	}
	s.deliver(e)
	s.roomMade()
	return bare(e), true
}

// roomMade is called when there may be more room, as after an event has left the
// buffer: what waits outside comes in, and a broker that shuts down may be done here.
func (s *Subscription) roomMade() {
	s.refill()
	s.feed()
	s.broker.admitTo(s)
	s.closeIfDone()
}
