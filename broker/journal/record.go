// Package journal holds what happened in a run, in order, and reads it back:
// the state at any moment, the log, the statistics. Whatever is shown of a run
// is a projection of its journal.
package journal

import (
	"fmt"
	"time"
)

// Kind says what a record tells.
type Kind uint8

const (
	// Produced: a producer made the event and offers it to the broker.
	Produced Kind = iota + 1
	// Buffered: the event waits for the consumer; Depth counts it.
	Buffered
	// Dropped: the consumer will never get the event; Cause says why.
	Dropped
	// Delivered: the consumer begins to handle the event.
	Delivered
	// Handled: the consumer is done with the event.
	Handled
	// Changed: the user changed a setting; Number is the index of the intervention.
	Changed
	// Interrupted: a signal asks the run to end; Number is the signal's number.
	Interrupted
	// Quit: the run has ended.
	Quit
)

var kindNames = []string{"", "produced", "buffered", "dropped", "delivered", "handled", "changed", "interrupted", "quit"}

func (k Kind) String() string {
	if k != 0 && int(k) < len(kindNames) {
		return kindNames[k]
	}
	return fmt.Sprintf("Kind(%d)", uint8(k))
}

// Event names an event: the Number-th of a producer, both from 0, and when it
// happened, since the start of the run.
type Event struct {
	Number   uint64
	Born     time.Duration
	Producer uint8
}

// Record is one thing that happened. It has a fixed size and no pointer, so a
// million of them are 32 MB and no work for the garbage collector.
type Record struct {
	At     time.Duration // since the start of the run
	Born   time.Duration // when the event happened
	Number uint64        // the producer's own count of the event, from 0
	Depth  uint32        // events that wait for the consumer afterwards
	Kind   Kind

	Producer uint8 // index in the scenario
	Consumer uint8 // index in the scenario, where the kind concerns one
	Cause    uint8 // of a drop: a broker.DropReason
}

// Event is the event the record is about.
func (r Record) Event() Event { return Event{r.Number, r.Born, r.Producer} }
