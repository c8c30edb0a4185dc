package broker

// sleeper is a goroutine that waits for the broker: a caller of Next, or a worker
// of the crew.
type sleeper struct {
	wake  chan struct{} // has room for one
	event Event         // what a caller of Next is woken with; nil: it is closed
	next  *sleeper      // in the list of those to wake
}

func newSleeper() any { return &sleeper{wake: make(chan struct{}, 1)} }

// rouse wakes a sleeper once the lock is free. Woken at once it would only wait
// for the lock, and a hundred of them would wait for each other too.
func (b *Broker) rouse(s *sleeper) {
	if b.roused == nil {
		b.roused = s
	} else {
		b.lastRoused.next = s
	}
	b.lastRoused = s
}

// unlock ends a critical section and wakes whom it roused.
func (b *Broker) unlock() {
	s := b.roused
	if s == nil { // which most often is so, and storing a pointer costs more than to look
		b.mu.Unlock()
		return
	}
	b.roused = nil
	b.mu.Unlock()
	wake(s)
}

func wake(s *sleeper) {
	for s != nil {
		next := s.next
		s.next = nil // before it is awake, for then it is its own
		s.wake <- struct{}{}
		s = next
	}
}
