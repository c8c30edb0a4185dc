package journal

import "time"

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
		c.Worked = c.worked(at)
		lost := uint64(c.Depth + len(c.Working))
		c.Lost += lost
		s.Lost += lost
		c.Depth, c.Working, c.Paused = 0, c.Working[:0], false
	}
}
