package broker

import (
	"errors"
	"fmt"
)

// Configure changes what the options name from now on, all of it or, where one is out
// of bounds, nothing: buffer, overflow policy, topics, workers, attempts and backoff.
//
// Where a smaller buffer no longer holds what waits, the surplus goes the way the new
// policy would have sent it: under DropNewest and Reject the newest are dropped, under
// DropOldest and KeepLatest the oldest, each told to the trace as Shrunk. Under Block
// and Spill nothing may be lost: the surplus stays until it is taken, and nothing comes
// in before. A backlog in the repository is delivered before anything new, whatever the
// new policy is; it counts as part of a full buffer until then, except under Block and
// Reject, which only ask for room in the buffer.
//
// With more workers what waits is begun at once, with fewer those that are busy finish
// first.
func (s *Subscription) Configure(options ...Option) error {
	s.broker.mu.Lock()
	defer s.broker.unlock()
	s.shutDoor()
	if err := s.configure(options); err != nil {
		return fmt.Errorf("broker: configure %q: %w", s.name, err)
	}
	return nil
}

func (s *Subscription) configure(options []Option) error {
	c := s.consumption
	to := setup{subscribe: SubscribeOptions{Buffer: s.buffer, Overflow: s.overflow}}
	if s.buffer == 0 {
		to.subscribe.Buffer = Unbuffered
	}
	if c != nil {
		to.consume = c.options
	}
	err := to.with(options)
	if err != nil {
		return err
	}
	set, err := s.broker.defaults.with(Settings{to.subscribe.Buffer, to.subscribe.Overflow})
	if err != nil {
		return err
	}
	topics, err := parsePatterns(to.subscribe.Topics)
	if err != nil {
		return err
	}
	handling, err := to.consume.withDefaults()
	if err == nil {
		err = s.changeable(to.changes)
	}
	if err != nil {
		return err
	}
	if to.changes&itsSettings != 0 { // first, since it may fail where the repository does
		if err := s.resettle(set); err != nil {
			return err
		}
	}
	if to.changes&itsTopics != 0 {
		s.reselect(topics)
	}
	if to.changes&itsHandling != 0 {
		c.adjust(handling)
	}
	return nil
}

// changeable says why those parts can't be changed, if they can't.
func (s *Subscription) changeable(what parts) error {
	c := s.consumption
	switch {
	case what&itsBeginning != 0:
		return errors.New("an option is of the beginning: key, order, dead letters and waiting can't be changed later")
	case s.closed:
		return ErrClosed
	case what&itsHandling != 0 && (c == nil || c.stopping):
		return errors.New("nobody consumes it")
	}
	return nil
}

// resettle changes the settings, and what waits with them.
func (s *Subscription) resettle(set settings) error {
	if err := s.set(set); err != nil {
		return err
	}
	for s.queue.len() > s.buffer && s.overflow != Block && s.overflow != Spill {
		if s.overflow == DropOldest || s.overflow == KeepLatest {
			s.dropOldest(Shrunk)
		} else {
			s.store.popNewest()
			s.drop(s.queue.popNewest(), Shrunk)
			s.again = min(s.again, s.queue.len())
		}
	}
	s.store.sortSkip()
	s.refill()
	s.feed()
	s.broker.admitWaiting() // under another policy who waits may wait for this one too, or not any more
	s.closeIfDone()
	return nil
}

// reselect changes the topics.
func (s *Subscription) reselect(topics []Pattern) {
	b := s.broker
	b.countSelective(s, -1)
	s.topics = topics
	b.countSelective(s, +1)
	b.routes.forget()
	b.admitWaiting() // who waits may not wait for this one any more
}

// adjust changes how events are handled.
func (c *consumption) adjust(o ConsumeOptions) {
	s := c.sub
	o.Waits, o.Values, o.DeadLetters, o.OrderBy = c.options.Waits, c.options.Values, c.options.DeadLetters, c.options.OrderBy
	c.options = o
	c.staff()
	s.idle = max(0, o.Workers-c.engaged())
	s.roomMade()
}
