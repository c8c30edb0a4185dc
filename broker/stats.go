package broker

import "time"

// Stats count what has happened to one subscription since it began.
type Stats struct {
	Offered     uint64 // events offered, an earlier backlog included
	Delivered   uint64 // events taken by a receiver
	Dropped     uint64 // events lost, for any reason
	DroppedBy   Drops  // the same by DropReason
	Spilled     uint64 // events that went to the repository
	Handled     uint64 // events a handler of Consume was done with
	Failed      uint64 // attempts of handlers that failed
	Interrupted uint64 // events that were delivered and wait, or waited, again
	Redelivered uint64 // deliveries of events that may have been delivered before
	Dead        uint64 // events no attempt could handle that are in the dead letters
	Abandoned   uint64 // events no attempt could handle that are nowhere

	Depth     int           // events that wait in the buffer now
	Backlog   uint64        // events that wait in the repository now
	InFlight  int           // events with a handler now, or before its next attempt
	HighWater int           // the most that ever waited in the buffer
	Oldest    time.Duration // since the event that waits longest happened; 0 if none waits
}

// Drops counts dropped events by DropReason.
type Drops struct{ Full, Displaced, Shrunk, Closed, Replaced uint64 }

// counts are what Stats are made of. What follows from them is not counted.
type counts struct {
	delivered   uint64
	handled     uint64
	droppedBy   [dropReasons]uint64
	spilled     uint64
	failed      uint64
	interrupted uint64
	redelivered uint64
	dead        uint64
	abandoned   uint64
	left        uint64 // events in the repository when the subscription was closed
	highWater   int
}

// Stats are the counts up to now.
func (s *Subscription) Stats() Stats {
	s.broker.mu.Lock()
	defer s.broker.unlock()
	return s.statsNow()
}

func (s *Subscription) statsNow() Stats {
	s.shutDoor()
	st := Stats{
		Delivered: s.delivered,
		DroppedBy: Drops{
			Full: s.droppedBy[Full], Displaced: s.droppedBy[Displaced], Shrunk: s.droppedBy[Shrunk],
			Closed: s.droppedBy[Closed], Replaced: s.droppedBy[Replaced],
		},
		Spilled:     s.spilled,
		Handled:     s.handled,
		Failed:      s.failed,
		Interrupted: s.interrupted,
		Redelivered: s.redelivered,
		Dead:        s.dead,
		Abandoned:   s.abandoned,
		Depth:       s.queue.len(),
		Backlog:     s.backlog(),
		InFlight:    s.active,
		HighWater:   s.highWater,
	}
	for _, n := range s.droppedBy {
		st.Dropped += n
	}
	// Whatever was offered is somewhere: that is conservation.
	st.Offered = st.Delivered - st.Interrupted + st.Dropped + uint64(st.Depth) + st.Backlog + s.left
	if st.Depth > 0 {
		st.Oldest = s.broker.now().Sub(s.queue.oldest().HappenedOn())
	}
	return st
}
