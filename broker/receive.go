package broker

import (
	"context"
	"fmt"
	"iter"
	"slices"
)

// TryNext takes the oldest event, if one waits.
func (s *Subscription) TryNext() (Event, bool) {
	if s.door.enter() {
		e, ok := s.takeInside()
		s.door.Unlock()
		return bare(e), ok
	}
	s.broker.mu.Lock()
	defer s.broker.unlock()
	s.shutDoor()
	s.donePulling()
	return s.take(nil)
}

// Next takes the oldest event and waits for one if none is there. It fails with
// ErrClosed once the subscription is closed, and with the context's cause when
// ctx is done first; an event that was handed over in that moment is returned. Asking for
// the next says that all that Next has returned is done with, as Done does: of several
// goroutines that receive, each should range over All.
func (s *Subscription) Next(ctx context.Context) (Event, error) {
	e, r, err := s.takeOrWait(ctx)
	if r == nil {
		return e, err
	}
	if done := ctx.Done(); done == nil {
		<-r.wake // cheaper than a select
	} else {
		select {
		case <-r.wake:
		case <-done:
			if s.stopWaiting(r) {
				s.broker.sleepers.Put(r)
				return nil, s.nextError(endOf(ctx))
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

// takeOrWait answers with an event or an error, or else with a sleeper that waits.
func (s *Subscription) takeOrWait(ctx context.Context) (Event, *sleeper, error) {
	if ctx.Err() == nil {
		if e, r := s.takeOrJoinInside(nil); e != nil || r != nil {
			return e, r, nil
		}
	}
	s.broker.mu.Lock()
	defer s.broker.unlock()
	s.shutDoor()
	s.donePulling()
	switch {
	case s.closed:
		return nil, nil, s.nextError(ErrClosed)
	case ctx.Err() != nil:
		return nil, nil, s.nextError(endOf(ctx))
	}
	if e, ok := s.take(nil); ok {
		s.openDoor()
		return e, nil, nil
	}
	r := s.broker.sleepers.Get().(*sleeper)
	s.waiting = append(s.waiting, r)
	s.broker.admitTo(s) // a receiver that waits is room
	s.openDoor()
	return nil, r, nil
}

// stopWaiting takes r from those that wait, or says that it no longer does.
func (s *Subscription) stopWaiting(r *sleeper) bool {
	s.broker.mu.Lock()
	defer s.broker.unlock()
	s.shutDoor()
	return s.forget(r)
}

// forget takes r from those that wait, or says that it is not one of them.
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
// is what a receiver with a goroutine of its own should use: Next has to watch
// its context anew each time. An event is done with when the loop asks for the next.
func (s *Subscription) All(ctx context.Context) iter.Seq[Event] {
	return func(yield func(Event) bool) {
		r := s.broker.sleepers.Get().(*sleeper)
		r.loops = true
		stop := context.AfterFunc(ctx, func() { s.wakeWaiting(r) })
		asking := true // for the next
		defer func() { // also where the loop's body panics
			s.leaveLoop(r)
			if stop() && !asking { // otherwise it may wait, or be about to be woken
				r.loops = false
				s.broker.sleepers.Put(r)
			}
		}()
		for {
			asking = true
			e := s.takeWaiting(ctx, r)
			asking = false
			if e == nil || !yield(e) {
				return
			}
		}
	}
}

// leaveLoop ends a loop. What it has not asked to follow is left to Done.
func (s *Subscription) leaveLoop(r *sleeper) {
	if r.position != 0 {
		s.broker.mu.Lock()
		s.store.pulled = append(s.store.pulled, r.position)
		r.position = 0
		s.broker.unlock()
	}
}

// takeWaiting is the next event for r, or nil at the end. It waits if it must.
func (s *Subscription) takeWaiting(ctx context.Context, r *sleeper) Event {
	if e, waits := s.takeOrJoin(ctx, r); !waits {
		return e
	}
	<-r.wake
	e := r.event
	r.event = nil
	return e
}

// takeOrJoin is the next event or nil at the end, or says that r waits for one.
func (s *Subscription) takeOrJoin(ctx context.Context, r *sleeper) (e Event, waits bool) {
	if ctx.Err() == nil {
		if e, r := s.takeOrJoinInside(r); e != nil || r != nil {
			return e, r != nil
		}
	}
	b := s.broker
	b.mu.Lock()
	defer b.unlock()
	s.shutDoor()
	if r.position != 0 {
		s.done(r.position)
		r.position = 0
	}
	if ctx.Err() != nil || s.closed {
		return nil, false
	}
	if e, ok := s.take(r); ok {
		s.openDoor()
		return e, false
	}
	s.waiting = append(s.waiting, r)
	b.admitTo(s) // a receiver that waits is room
	s.openDoor()
	return nil, true
}

// wakeWaiting ends the loop of r, also if it waits.
func (s *Subscription) wakeWaiting(r *sleeper) {
	s.broker.mu.Lock()
	defer s.broker.unlock()
	s.shutDoor()
	r.over = true
	if s.forget(r) {
		s.broker.wakeLater(r)
	}
}
