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

// Blocked is how long the producer has waited for room, up to t.
func (p *ProducerState) Blocked(t time.Duration) time.Duration {
	if p.Waiting > 0 {
		return p.Waited + t - p.Since
	}
	return p.Waited
}

// ConsumerState is one consumer's part of a State. At every moment each event
// that it was offered is delivered, dropped, waiting, in the backlog or lost; each
// that was delivered is handled, dead-lettered, with a worker or lost.
type ConsumerState struct {
	Delivered    uint64 // events that a worker began
	Handled      uint64
	Dropped      uint64
	Spilled      uint64 // events that went to the repository
	Failed       uint64 // attempts
	DeadLettered uint64
	Lost         uint64 // events in memory when the process crashed
	Again        uint64 // of the lost and the handled, those that were still in the repository

	Depth   int    // events that wait in the buffer
	Backlog int    // events that wait in the repository
	Paused  bool   // the user holds it back
	Working []Work // events with a worker, by slot

	Worked time.Duration // spent on attempts that have ended, by all workers

	entered uint64 // events that have come into the buffer
	left    uint64 // no event that came in before this one waits any more
}

// Work is an event with a worker.
type Work struct {
	Event
	Since   time.Duration // when the attempt began or, while it rests, failed
	Slot    uint8         // which worker, from 0
	Attempt uint8         // from 1
	Resting bool          // the attempt has failed and there will be another
}

func newState(producers, consumers int) State {
	return State{
		Producers: make([]ProducerState, producers),
		Consumers: make([]ConsumerState, consumers),
	}
}

// Offered is how many events the consumer was to get.
func (c *ConsumerState) Offered() uint64 {
	return c.Delivered + c.Dropped + uint64(c.Depth+c.Backlog) + c.lostWaiting() - c.Again
}

// lostWaiting is how many of the lost were not yet delivered.
func (c *ConsumerState) lostWaiting() uint64 {
	return c.Lost + c.Handled + c.DeadLettered + uint64(len(c.Working)) - c.Delivered
}

// Loss is the fraction of the offered events that were dropped.
func (c *ConsumerState) Loss() float64 { return fraction(c.Dropped, c.Offered()) }

// Loss is the fraction of the offered deliveries that were dropped.
func (s *State) Loss() float64 {
	var offered uint64
	for i := range s.Consumers {
		offered += s.Consumers[i].Offered()
	}
	return fraction(s.Dropped, offered)
}

func fraction(part, whole uint64) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// Busy is how many workers are at work, the resting ones not counted.
func (c *ConsumerState) Busy() int {
	n := 0
	for i := range c.Working {
		if !c.Working[i].Resting {
			n++
		}
	}
	return n
}

// MeanBusy is how many workers were at work, on average up to t.
func (c *ConsumerState) MeanBusy(t time.Duration) float64 {
	if t <= 0 {
		return 0
	}
	worked := c.Worked
	for i := range c.Working {
		if w := &c.Working[i]; !w.Resting {
			worked += t - w.Since
		}
	}
	return float64(worked) / float64(t)
}

// begin gives an event to the free worker that comes first.
func (c *ConsumerState) begin(r *Record) {
	c.Delivered++
	c.Depth = int(r.Depth)
	i := 0
	for i < len(c.Working) && int(c.Working[i].Slot) == i {
		i++
	}
	c.Working = append(c.Working, Work{})
	if i < len(c.Working)-1 {
		copy(c.Working[i+1:], c.Working[i:])
	}
	w := &c.Working[i]
	w.Number, w.Born, w.Producer = r.Number, r.Born, r.Producer
	w.Since, w.Slot, w.Attempt, w.Resting = r.At, uint8(i), 1, false
}

// work is the worker that has the event of the record, or nil.
func (c *ConsumerState) work(r *Record) *Work {
	for i := range c.Working {
		if w := &c.Working[i]; w.Number == r.Number && w.Producer == r.Producer {
			return w
		}
	}
	return nil
}

// end takes an event from its worker.
func (c *ConsumerState) end(r *Record) {
	for i := range c.Working {
		w := &c.Working[i]
		if w.Number != r.Number || w.Producer != r.Producer {
			continue
		}
		if !w.Resting {
			c.Worked += r.At - w.Since
		}
		if i < len(c.Working)-1 {
			copy(c.Working[i:], c.Working[i+1:])
		}
		c.Working = c.Working[:len(c.Working)-1]
		return
	}
}

func (s *State) clone() State {
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

// apply adds one record.
func (s *State) apply(r *Record) {
	s.see(r)
	switch r.Kind {
	case Produced:
		s.produced(r)
	case Buffered:
		s.buffered(r)
	case Dropped:
		s.dropped(r)
	case Delivered:
		s.delivered(r)
	case Handled:
		s.handled(r)
	default:
		s.applyRare(r)
	}
}

// see counts a record, of which one of the following then adds what it tells.
func (s *State) see(r *Record) {
	s.Position++
	s.At = r.At
}

func (s *State) produced(r *Record) {
	s.Published++
	s.Producers[r.Producer].Published++
	if r.Cause == ByHand {
		s.Changes++
	}
}

func (s *State) buffered(r *Record) {
	s.Buffered++
	c := &s.Consumers[r.Consumer]
	c.entered++
	c.Depth = int(r.Depth)
}

func (s *State) dropped(r *Record) {
	s.Dropped++
	c := &s.Consumers[r.Consumer]
	c.Dropped++
	c.Depth = int(r.Depth)
}

func (s *State) delivered(r *Record) {
	s.Delivered++
	s.Consumers[r.Consumer].begin(r)
}

func (s *State) handled(r *Record) {
	s.Handled++
	c := &s.Consumers[r.Consumer]
	c.Handled++
	c.end(r)
}

// applyRare is apply for the kinds that a simple run has few of.
func (s *State) applyRare(r *Record) {
	p, c := &s.Producers[r.Producer], &s.Consumers[r.Consumer]
	switch r.Kind {
	case Rejected:
		s.Rejected++
		p.Rejected++
	case Blocked:
		if p.newest != r.Number+1 { // once, however many buffers are full
			p.newest = r.Number + 1
			if p.Waiting++; p.Waiting == 1 {
				p.Since = r.At
			}
		}
	case Unblocked:
		if p.Waiting--; p.Waiting == 0 {
			p.Waited += r.At - p.Since
		}
	case Spilled:
		s.Spilled++
		c.Spilled++
		c.Backlog = int(r.Depth)
	case Refilled:
		c.entered++
		c.Backlog--
		c.Depth = int(r.Depth)
	case Returned:
		c.Backlog = int(r.Depth)
		c.Depth--
	case Failed:
		s.Failed++
		c.Failed++
		if w := c.work(r); w != nil {
			c.Worked += r.At - w.Since
			w.Since, w.Resting = r.At, true
		}
	case Retried:
		if w := c.work(r); w != nil {
			w.Since, w.Resting, w.Attempt = r.At, false, r.Cause
		}
	case DeadLettered:
		s.DeadLettered++
		c.DeadLettered++
		c.end(r)
	case Changed:
		s.Changes++
	case Paused:
		s.Changes++
		c.Paused = true
	case Resumed:
		s.Changes++
		c.Paused = false
	case Crashed:
		s.Changes++
		s.Crashes++
		s.crash(r.At)
	case Recovered:
		c.Again += uint64(int(r.Depth) - c.Backlog)
		c.Backlog = int(r.Depth)
	case Interrupted:
		s.Interrupted = true
	case Quit:
		s.Quit = true
	}
}

// crash empties what was in memory.
func (s *State) crash(at time.Duration) {
	for i := range s.Producers {
		p := &s.Producers[i]
		p.Waited = p.Blocked(at)
		p.Lost += uint64(p.Waiting)
		p.Waiting = 0
	}
	for i := range s.Consumers {
		c := &s.Consumers[i]
		for j := range c.Working {
			if w := &c.Working[j]; !w.Resting {
				c.Worked += at - w.Since
			}
		}
		lost := uint64(c.Depth + len(c.Working))
		c.Lost += lost
		s.Lost += lost
		c.Depth, c.Working, c.Paused = 0, c.Working[:0], false
	}
}
