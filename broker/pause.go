package broker

// Pause holds everything back: from now on nothing is delivered, though events
// are offered as ever, until Resume. What a handler has begun goes on, retries
// included. Pausing again does nothing. A Shutdown meanwhile waits for Resume, or
// for the end of its context.
func (s *Subscription) Pause() {
	s.broker.mu.Lock()
	defer s.broker.unlock()
	s.paused = true
}

// Resume ends a Pause: receivers that wait are given what waits for them.
func (s *Subscription) Resume() {
	s.broker.mu.Lock()
	defer s.broker.unlock()
	if s.paused {
		s.paused = false
		s.roomMade()
	}
}
