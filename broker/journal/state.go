package journal

import "time"

// State is what the records up to some position add up to.
type State struct {
	Position uint64        // how many records it has seen
	At       time.Duration // when the last of them happened

	Published uint64
	Buffered  uint64 // events that waited, or wait, for some consumer
	Dropped   uint64
	Delivered uint64
	Handled   uint64

	Changes     int // interventions that have taken effect
	Interrupted bool
	Quit        bool

	Producers []ProducerState
	Consumers []ConsumerState
}

// ProducerState is one producer's part of a State.
type ProducerState struct {
	Published uint64
}

// ConsumerState is one consumer's part of a State.
type ConsumerState struct {
	Delivered uint64
	Handled   uint64
	Dropped   uint64
	Depth     int // events that wait

	Busy     bool          // handling Handling since Since
	Handling Event         // of the last delivery
	Since    time.Duration // of the last delivery
	Worked   time.Duration // spent on events that are handled

	entered uint64 // events that have come into the buffer
	left    uint64 // no event that came in before this one waits any more
}

func newState(producers, consumers int) State {
	return State{
		Producers: make([]ProducerState, producers),
		Consumers: make([]ConsumerState, consumers),
	}
}

// Offered is how many deliveries were asked for: each event once a consumer.
func (s *State) Offered() uint64 { return s.Published * uint64(len(s.Consumers)) }

// Loss is the fraction of the offered deliveries that were dropped.
func (s *State) Loss() float64 {
	if s.Published == 0 {
		return 0
	}
	return float64(s.Dropped) / float64(s.Offered())
}

// Utilisation is the fraction of the time up to t that the consumer was at work.
func (c *ConsumerState) Utilisation(t time.Duration) float64 {
	if t <= 0 {
		return 0
	}
	worked := c.Worked
	if c.Busy {
		worked += t - c.Since
	}
	return float64(worked) / float64(t)
}

func (s *State) clone() State {
	var c State
	c.set(s)
	return c
}

// set makes s equal to o, in the memory s already has.
func (s *State) set(o *State) {
	producers, consumers := s.Producers[:0], s.Consumers[:0]
	*s = *o
	s.Producers = append(producers, o.Producers...)
	s.Consumers = append(consumers, o.Consumers...)
}

// apply adds one record.
func (s *State) apply(r *Record) {
	s.Position++
	s.At = r.At
	switch r.Kind {
	case Produced:
		s.Published++
		s.Producers[r.Producer].Published++
	case Buffered:
		s.Buffered++
		c := &s.Consumers[r.Consumer]
		c.entered++
		c.Depth = int(r.Depth)
	case Dropped:
		s.Dropped++
		c := &s.Consumers[r.Consumer]
		c.Dropped++
		c.Depth = int(r.Depth)
	case Delivered:
		s.Delivered++
		c := &s.Consumers[r.Consumer]
		c.Delivered++
		c.Depth = int(r.Depth)
		c.Busy, c.Handling, c.Since = true, r.Event(), r.At
	case Handled:
		s.Handled++
		c := &s.Consumers[r.Consumer]
		c.Handled++
		c.Busy = false
		c.Worked += r.At - c.Since
	case Changed:
		s.Changes++
	case Interrupted:
		s.Interrupted = true
	case Quit:
		s.Quit = true
	}
}
