package journal

import "time"

// State is what the records up to some position add up to.
type State struct {
	Position uint64        // how many records it has seen
	At       time.Duration // when the last of them happened

	Published    uint64 // events the producers made
	Rejected     uint64 // of these, refused: nobody got them
	Buffered     uint64 // from here on by consumer, all together: see ConsumerState
	Dropped      uint64
	Spilled      uint64
	Delivered    uint64
	Handled      uint64
	Failed       uint64
	DeadLettered uint64
	Lost         uint64

	Changes     int // interventions that have taken effect, but for an interrupt
	Crashes     int
	Interrupted bool
	Quit        bool

	Producers []ProducerState
	Consumers []ConsumerState
}

// ProducerState is one producer's part of a State.
type ProducerState struct {
	Published uint64
	Rejected  uint64
	Lost      uint64 // events that waited for room when the process crashed
	Waiting   int    // events that wait for room now: the producer is blocked

	Since  time.Duration // when it last began to wait
	Waited time.Duration // for room, all together, until it last went on
	newest uint64        // number and one of the newest event that had to wait
}

// FirstWaiting is the number of the first of its events that wait for room; the others
// follow it. One that has just been published, and may have to wait, is not among them.
func (p *ProducerState) FirstWaiting() uint64 { return p.newest - uint64(p.Waiting) }

// Blocked is how long the producer has waited for room, up to t.
func (p *ProducerState) Blocked(t time.Duration) time.Duration {
	if p.Waiting > 0 {
		return p.Waited + t - p.Since
	}
	return p.Waited
}

func newState(cast Cast, producers, consumers int) State {
	s := State{
		Producers: make([]ProducerState, producers),
		Consumers: make([]ConsumerState, consumers),
	}
	for i := range s.Consumers {
		c := &s.Consumers[i]
		c.Workers, c.since = cast.Crew(i)
	}
	return s
}

// Loss is the fraction of the offered deliveries that were dropped.
func (s *State) Loss() float64 {
	var offered uint64
	for i := range s.Consumers {
		offered += s.Consumers[i].Offered()
	}
	return fraction(s.Dropped, offered)
}

func fraction[T uint64 | time.Duration](part, whole T) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// Clone is a copy that shares nothing with s.
func (s *State) Clone() State {
	var c State
	c.set(s)
	return c
}

// set makes s equal to o, in the memory s already has.
func (s *State) set(o *State) {
	producers, consumers := s.Producers[:0], s.Consumers
	*s = *o
	s.Producers = append(producers, o.Producers...)
	if len(consumers) != len(o.Consumers) {
		consumers = make([]ConsumerState, len(o.Consumers))
	}
	for i := range consumers {
		working := consumers[i].Working[:0]
		consumers[i] = o.Consumers[i]
		consumers[i].Working = append(working, o.Consumers[i].Working...)
	}
	s.Consumers = consumers
}

// working counts the events with a worker.
func (s *State) working() (n int) {
	for i := range s.Consumers {
		n += len(s.Consumers[i].Working)
	}
	return n
}
