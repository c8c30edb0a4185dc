package broker

import "fmt"

// Configure changes the settings from now on. Where a smaller buffer no longer
// holds what waits, the surplus goes the way the new policy would have sent it:
// under DropNewest and Reject the newest are dropped, under DropOldest and
// KeepLatest the oldest, each told to the trace as Shrunk. Under Block and Spill
// nothing may be lost: the surplus stays until it is taken, and nothing comes in
// before. A backlog in the repository is delivered before anything new, whatever
// the new policy is; it counts as part of a full buffer until then, except under
// Block and Reject, which only ask for room in the buffer.
func (s *Subscription) Configure(c Settings) error {
	s.broker.mu.Lock()
	defer s.broker.unlock()
	set, err := s.broker.defaults.with(c)
	if err == nil && s.closed {
		err = ErrClosed
	}
	if err == nil {
		err = s.set(set)
	}
	if err != nil {
		return fmt.Errorf("broker: configure %q: %w", s.name, err)
	}
	for s.queue.len() > s.buffer && s.overflow != Block && s.overflow != Spill {
		if s.overflow == DropOldest || s.overflow == KeepLatest {
			s.drop(s.pop(), Shrunk)
		} else {
			s.store.poppedNewest()
			s.drop(s.queue.popNewest(), Shrunk)
		}
	}
	s.store.sortSkip()
	s.roomMade()
	return nil
}

// Select changes the topics from now on, as SubscribeOptions has them.
func (s *Subscription) Select(topics ...string) error {
	patterns, err := parsePatterns(topics)
	if err != nil {
		return fmt.Errorf("broker: select %q: %w", s.name, err)
	}
	b := s.broker
	b.mu.Lock()
	defer b.unlock()
	if s.closed {
		return fmt.Errorf("broker: select %q: %w", s.name, ErrClosed)
	}
	if len(s.topics) > 0 {
		b.topical--
	}
	if s.topics = patterns; len(s.topics) > 0 {
		b.topical++
	}
	b.routes.forget()
	b.admitBlocked() // who waits may not wait for this one any more
	return nil
}

// set changes the settings and what has to be kept for them.
func (s *Subscription) set(to settings) error {
	if to.overflow == Spill && s.overflow != Spill {
		if err := s.openStore(); err != nil {
			return err
		}
	}
	s.settings = to
	if careful := to.overflow.lossless() || s.store.open; careful != s.careful {
		s.careful = careful
		if careful {
			s.broker.careful++
		} else {
			s.broker.careful--
		}
	}
	s.latest = nil
	if to.overflow == KeepLatest {
		s.latest = make(map[string]uint64)
		for i := range s.queue.len() { // of two with one key the newer counts
			if s.store.position(i) == 0 { // what was read back stays as it is
				s.latest[s.key(s.queue.at(i))] = s.queue.gone + uint64(i)
			}
		}
	}
	return nil
}

// Close ends the subscription: it is offered nothing more, every receiver gets
// ErrClosed, and what still waited is dropped and told to the trace; what is in
// the repository stays there, also what was read back to the buffer. Closing again
// does nothing.
func (s *Subscription) Close() {
	s.broker.mu.Lock()
	defer s.broker.unlock()
	c := s.consumption
	s.close()
	s.broker.admitBlocked()
	s.broker.checkDrained()
	if c != nil {
		c.closed()
	}
}

func (s *Subscription) close() {
	if s.closed {
		return
	}
	s.closed = true
	s.broker.leave(s)
	s.closeStore()
	for s.queue.len() > 0 {
		s.drop(s.pop(), Closed)
	}
	for _, r := range s.waiting {
		s.broker.wakeLater(r)
	}
	s.waiting = nil
	s.idle = 0
	if s.consumption != nil {
		s.consumption.stop()
	}
}
