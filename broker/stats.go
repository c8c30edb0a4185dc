package broker

import "time"

// Stats count what has happened to one subscription since it began.
type Stats struct {
	Offered   uint64              // events offered
	Delivered uint64              // events taken by a receiver
	Dropped   uint64              // events lost, for any reason
	DroppedBy [dropReasons]uint64 // the same by DropReason
	Spilled   uint64              // events that went to the repository
	Handled   uint64              // events a handler of Consume was done with
	Failed    uint64              // attempts of handlers that failed
	Dead      uint64              // events no attempt could handle that are in the dead letters
	Abandoned uint64              // events no attempt could handle that are nowhere

	Depth     int           // events that wait in the buffer now
	Backlog   uint64        // events that wait in the repository now
	InFlight  int           // events with a handler now, or before its next attempt
	HighWater int           // the most that ever waited in the buffer
	Oldest    time.Duration // since the event that waits longest happened; 0 if none waits
}

func (s *Stats) drop(why DropReason) {
	s.Dropped++
	s.DroppedBy[why]++
}

// Stats are the counts up to now.
func (s *Subscription) Stats() Stats {
	s.broker.mu.Lock()
	defer s.broker.mu.Unlock()
	return s.statsNow()
}

func (s *Subscription) statsNow() Stats {
	st := s.stats
	st.Depth, st.Backlog = s.queue.len(), s.backlog()
	if s.consumption != nil {
		st.InFlight = s.consumption.active
	}
	if st.Depth > 0 {
		st.Oldest = s.broker.now().Sub(s.queue.oldest().HappenedOn())
	}
	return st
}
