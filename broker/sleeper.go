package broker

// sleeper is a goroutine that waits for the broker: a caller of Next, or one of the
// pool.
type sleeper struct {
	wake     chan struct{} // has room for one
	event    Event         // what a caller of Next is woken with; nil: it is closed
	loops    bool          // it is a loop over All
	over     bool          // the context of that has ended
	position uint64        // in the repository, of what the loop has; 0: it has nothing from there
	next     *sleeper      // in the list of those to wake
}

func newSleeper() any { return &sleeper{wake: make(chan struct{}, 1)} }

// has notes what a receiver has from the repository: all that call Next are one, nil.
func (r *sleeper) has(s *Subscription, position uint64) {
	if r != nil && r.loops {
		r.position = position
	} else {
		s.store.pulled = append(s.store.pulled, position)
	}
}

// wakeLater wakes a sleeper once the lock is free. Woken at once it would only wait
// for the lock, and a hundred of them would wait for each other too.
func (b *Broker) wakeLater(s *sleeper) {
	b.turns.woken = true
	if b.toWake == nil {
		b.toWake = s
	} else {
		b.lastToWake.next = s
	}
	b.lastToWake = s
}

// unlock ends a critical section and wakes who is to be woken.
func (b *Broker) unlock() {
	if b.trace.panicked != nil {
		b.unlockPanicked()
		return
	}
	s := b.toWake
	if s == nil { // so it is mostly, and to look costs less than to store a pointer
		b.mu.Unlock()
		return
	}
	b.toWake = nil
	b.mu.Unlock()
	wake(s)
}

func wake(s *sleeper) {
	for s != nil {
		next := s.next
		s.next = nil // before it is awake: then it may be in another list
		s.wake <- struct{}{}
		s = next
	}
}
