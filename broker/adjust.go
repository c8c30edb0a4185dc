package broker

import (
	"errors"
	"fmt"
)

// Adjust changes the options of the workers, from now on: with
// more workers what waits is begun at once, with fewer those at work finish first.
// It changes neither Waits nor DeadLetters.
func (s *Subscription) Adjust(o ConsumeOptions) error {
	fail := func(err error) error { return fmt.Errorf("broker: adjust %q: %w", s.name, err) }
	o, err := o.withDefaults()
	if err != nil {
		return fail(err)
	}
	b := s.broker
	b.mu.Lock()
	defer b.unlock()
	c := s.consumption
	if c == nil || c.stopping {
		return fail(errors.New("nobody consumes it"))
	}
	o.Waits, o.DeadLetters = c.options.Waits, c.options.DeadLetters
	c.options = o
	c.staff()
	s.idle = max(0, o.Workers-s.active)
	s.roomMade()
	return nil
}

// staff sees to it that the crew can have as many at work for this Consume as it
// has workers, or events that are with one. Those of others can't be meant.
func (c *consumption) staff() {
	if c.begun == nil {
		places := max(c.options.Workers, c.sub.active)
		c.sub.broker.crew.resize(places - c.places)
		c.places = places
	}
}
