// Package journal holds what happened in a run, in order, and reads it back:
// the state at any moment, the log, the statistics. Whatever is shown of a run
// is a projection of its journal.
package journal

import (
	"fmt"
	"time"

	"github.com/spillway-go/spillway/broker"
)

// ByHand is the cause of an event that the user published.
const ByHand = 1

// Staffed is the cause of a change of how many workers a consumer has.
const Staffed = 1

// Refusal is why an event was rejected.
type Refusal uint8

const (
	// FullBuffer: a full buffer rejects events.
	FullBuffer Refusal = iota + 1
	// FullRepository: the repository took no more.
	FullRepository
)

func (r Refusal) String() string {
	switch r {
	case FullBuffer:
		return "full"
	case FullRepository:
		return "repository-full"
	default:
		return fmt.Sprintf("Refusal(%d)", uint8(r))
	}
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
	Cause    uint8 // what the kind says
}

// set makes r equal to o, one field at a time: as a whole the processor could only
// copy it when the fields, which have just been written, are in memory.
func (r *Record) set(o *Record) {
	r.At, r.Born, r.Number, r.Depth = o.At, o.Born, o.Number, o.Depth
	r.Kind, r.Producer, r.Consumer, r.Cause = o.Kind, o.Producer, o.Consumer, o.Cause
}

// Event is the event the record is about.
func (r Record) Event() Event { return r.event() }

// event is Event without a copy of the record.
func (r *Record) event() Event { return Event{r.Number, r.Born, r.Producer} }

// Worker is which worker of the consumer it was, from 0, where the record tells of one:
// of Delivered, Handled, Failed, Retried, DeadLettered and PutBack. A Record has no room for one
// field more, and none of these needs both Depth and Cause for something else.
func (r Record) Worker() int { return int(r.worker()) }

func (r *Record) worker() uint8 {
	if r.Kind == Delivered || r.Kind == PutBack {
		return r.Cause
	}
	return uint8(r.Depth)
}

// CauseText says why, where the kind has a reason.
func (r Record) CauseText() string {
	if cause := r.Kind.of().cause; cause != nil {
		return cause(r.Cause)
	}
	return ""
}

func producedCause(cause uint8) string {
	if cause == ByHand {
		return "by-hand"
	}
	return ""
}

func droppedCause(cause uint8) string  { return broker.DropReason(cause).String() }
func rejectedCause(cause uint8) string { return Refusal(cause).String() }

// ByUser says whether the record is of something that the user did.
func (r *Record) ByUser() bool {
	return r.Kind.of().change || r.Kind == Produced && r.Cause == ByHand
}
