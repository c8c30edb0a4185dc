package journal

// What a record of each kind does to a State follows, in the order of the table.

// apply adds one record.
func (s *State) apply(r *Record) {
	s.see(r)
	if apply := r.Kind.of().apply; apply != nil {
		apply(s, r)
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

func (s *State) rejected(r *Record) {
	s.Rejected++
	s.Producers[r.Producer].Rejected++
}

func (s *State) blocked(r *Record) {
	p := &s.Producers[r.Producer]
	if p.newest == r.Number+1 { // it counts once, however many buffers are full
		return
	}
	p.newest = r.Number + 1
	if p.Waiting++; p.Waiting == 1 {
		p.Since = r.At
	}
}

func (s *State) unblocked(r *Record) {
	p := &s.Producers[r.Producer]
	if p.Waiting--; p.Waiting == 0 {
		p.Waited += r.At - p.Since
	}
}

func (s *State) spilled(r *Record) {
	s.Spilled++
	c := &s.Consumers[r.Consumer]
	c.Spilled++
	c.Backlog = int(r.Depth)
}

func (s *State) refilled(r *Record) {
	c := &s.Consumers[r.Consumer]
	c.entered++
	c.Backlog--
	c.Depth = int(r.Depth)
}

func (s *State) returned(r *Record) {
	c := &s.Consumers[r.Consumer]
	c.Backlog = int(r.Depth)
	c.Depth--
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

func (s *State) failed(r *Record) {
	s.Failed++
	c := &s.Consumers[r.Consumer]
	c.Failed++
	c.fail(r)
}

func (s *State) retried(r *Record) { s.Consumers[r.Consumer].retry(r) }

func (s *State) deadLettered(r *Record) {
	s.DeadLettered++
	c := &s.Consumers[r.Consumer]
	c.DeadLettered++
	c.end(r)
}

func (s *State) putBack(r *Record) {
	c := &s.Consumers[r.Consumer]
	c.PutBack++
	c.entered++
	c.Depth = int(r.Depth)
	c.end(r)
}

func (s *State) changed(r *Record) {
	s.Changes++
	if r.Cause == Staffed {
		s.Consumers[r.Consumer].staff(int(r.Depth), r.At)
	}
}

func (s *State) paused(r *Record) {
	s.Changes++
	s.Consumers[r.Consumer].Paused = true
}

func (s *State) resumed(r *Record) {
	s.Changes++
	s.Consumers[r.Consumer].Paused = false
}

// crashed empties what was in memory.
func (s *State) crashed(r *Record) {
	s.Changes++
	s.Crashes++
	for i := range s.Producers {
		p := &s.Producers[i]
		p.Waited = p.Blocked(r.At)
		p.Lost += uint64(p.Waiting)
		p.Waiting = 0
	}
	for i := range s.Consumers {
		c := &s.Consumers[i]
		c.Worked = c.worked(r.At)
		lost := uint64(c.Depth + len(c.Working))
		c.Lost += lost
		s.Lost += lost
		c.Depth, c.Working, c.Paused = 0, c.Working[:0], false
	}
}

func (s *State) recovered(r *Record) {
	c := &s.Consumers[r.Consumer]
	c.Again += uint64(int(r.Depth) - c.Backlog)
	c.Backlog = int(r.Depth)
}

func (s *State) interrupted(*Record) { s.Interrupted = true }

func (s *State) quit(*Record) { s.Quit = true }
