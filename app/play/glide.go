package play

import (
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/journal"
)

// After a step the playhead stands still while the stage shows where the step led.
const (
	// FlightTime is how long an event is seen to move from one thing to the next, at
	// the most.
	FlightTime = 450 * time.Millisecond
	// MaxFlights is how many flights after its record an event may still be seen moving.
	MaxFlights = 3
)

// headStart is how much of a glide is over when a step shows a record, if the
// record before it was of the same moment: an event that was just published has
// flown to the broker before the broker can drop it.
func headStart(r journal.Record) time.Duration {
	switch {
	case r.Kind == journal.Buffered && r.Born == r.At,
		r.Kind == journal.Spilled && r.Born == r.At,
		r.Kind == journal.Rejected && r.Born == r.At,
		r.Kind == journal.Dropped && Arrives(r),
		r.Kind == journal.Delivered && r.Born == r.At:
		return FlightTime
	default:
		return 0
	}
}

// Arrives says whether a drop happens because an event comes in, which then has
// to be seen coming first.
func Arrives(r journal.Record) bool {
	why := broker.DropReason(r.Cause)
	return why == broker.Full || why == broker.Displaced || why == broker.Replaced
}
