package broker

import (
	"sync"
	"sync/atomic"
)

// A door is how receivers get at one subscription without the broker's lock, which
// publishers that never pause hold most of the time. While it is open, whoever holds the
// door's lock may take an event from the buffer, or join those that wait for one.
//
// Both can only make room: what a publisher has found out about the subscription (see
// admit) still holds when it offers the event, for which it takes the door's lock too. A
// publisher that waits for room shuts the door and looks again: see staysFull.
// Everything else shuts the door first. Then the broker's lock alone guards the
// subscription, until a receiver that had to come through that lock opens the door again.
//
// So the outcome is that of one lock for all: a take or a join happens at one moment
// between those of the publishers, in some order. A trace could tell that order only
// under the broker's lock; that is why the door stays shut where it is told of
// deliveries, and wherever a delivery is more than to take an event from the buffer.
type door struct {
	sync.Mutex
	state atomic.Uint32 // changes under both locks, but for brimful to open: see leaveRoom
}

const (
	shut = iota
	open
	brimful // open, and all that an offer can do is to drop the new event
)

// openDoor lets receivers in, if nothing forbids it.
func (s *Subscription) openDoor() {
	if s.door.state.Load() == shut && s.simple() {
		s.door.Lock()
		s.door.state.Store(open)
		s.door.Unlock()
	}
}

// simple says whether a delivery is no more than to take an event from the buffer.
func (s *Subscription) simple() bool {
	b, c := s.broker, s.consumption
	return b.trace.Delivered == nil && b.trace.Handled == nil && !b.closing && !s.closed && !s.paused &&
		!s.store.open && s.again == 0 && s.latest == nil && s.awaited() == 0 &&
		(c == nil || c.note == nil && c.options.OrderBy == nil && !c.stopping && s.active <= c.options.Workers)
}

// shutDoor keeps receivers out. Who reads or changes, with the broker's lock, what they
// change inside (the queue, who waits, how many were delivered and handled) calls it first.
func (s *Subscription) shutDoor() {
	if s.door.state.Load() != shut { // split so that the fast path inlines
		s.door.shut()
	}
}

func (d *door) shut() {
	d.Lock()
	d.state.Store(shut)
	d.Unlock()
}

// enter goes in if the door is open. Inside no code of the user runs, which might panic.
func (d *door) enter() bool {
	if d.state.Load() == shut {
		return false
	}
	d.Lock()
	if d.state.Load() == shut { // meanwhile
		d.Unlock()
		return false
	}
	return true
}

// leaveRoom notes that an offer has room, or a receiver to hand the event to.
func (d *door) leaveRoom() {
	if d.state.Load() == brimful {
		d.state.Store(open)
	}
}

// takeInside is the next event, if one waits, for who is inside.
func (s *Subscription) takeInside() (Event, bool) {
	if s.queue.len() == 0 {
		return nil, false
	}
	s.door.leaveRoom()
	s.delivered++
	return s.queue.pop(), true
}

// takeOrJoinInside is the next event, or else lets r wait for it, or a sleeper of its own
// if there is no r. Neither: it could not go in.
func (s *Subscription) takeOrJoinInside(r *sleeper) (Event, *sleeper) {
	if !s.door.enter() {
		return nil, nil
	}
	e, ok := s.takeInside()
	switch {
	case ok:
		r = nil
	case r == nil:
		r = s.broker.sleepers.Get().(*sleeper)
	case r.over:
		s.door.Unlock()
		return nil, nil
	}
	if r != nil {
		s.door.leaveRoom()
		s.waiting = append(s.waiting, r)
	}
	s.door.Unlock()
	return bare(e), r
}

// goOn lets a worker whose handler has succeeded have the next event at once, if one
// waits and its end is no more than to count it.
func (w *worker) goOn() bool {
	c := w.of
	s := c.sub
	if c.interrupted() || !s.door.enter() {
		return false
	}
	var e Event
	ok := c.begun == c.taken // otherwise the one that is ready comes first
	if ok {
		e, ok = s.takeInside()
	}
	if ok {
		s.handled++
		c.begun++
		c.handOn(w, e)
	}
	s.door.Unlock()
	return ok
}

// offerAtDoor is offer while the door is open.
func (s *Subscription) offerAtDoor(e Event) {
	if t := &s.broker.trace; t.Buffered != nil || t.Dropped != nil { // which may panic
		s.door.Lock()
		defer s.door.Unlock()
		s.offer(e)
		return
	}
	s.door.Lock()
	s.offer(e)
	if s.stalled() {
		s.door.state.Store(brimful)
	}
	s.door.Unlock()
}

// isFull is full while the door may be open.
func (s *Subscription) isFull() bool {
	if s.door.state.Load() == shut {
		return s.full()
	}
	s.door.Lock()
	defer s.door.Unlock()
	return s.full()
}

// staysFull is full with the door shut: until the broker's lock is free that can't change.
// Otherwise a receiver might make the only room that there will be after a publisher has
// found none, and before it is known to wait.
func (s *Subscription) staysFull() bool {
	s.shutDoor()
	return s.full()
}
