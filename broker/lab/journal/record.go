// Package journal holds what happened in a run, in order, and reads it back:
// the state at any moment, the log, the statistics. Whatever is shown of a run
// is a projection of its journal.
package journal

import (
	"fmt"
	"time"

	"github.com/spillway-go/spillway/broker"
)

// Kind says what a record tells.
type Kind uint8

const (
	// Produced: a producer made the event and offers it to the broker; Cause is
	// ByHand if the user asked for it.
	Produced Kind = iota + 1
	// Buffered: the event waits for the consumer; Depth counts it.
	Buffered
	// Dropped: the consumer will never get the event; Cause is a broker.DropReason.
	Dropped
	// Rejected: the event was refused, so nobody got it; Cause is a Refusal, and
	// Consumer is whose buffer or repository it was.
	Rejected
	// Blocked: the producer waits for room in the consumer's buffer.
	Blocked
	// Unblocked: the producer that waited goes on.
	Unblocked
	// Spilled: the event waits for the consumer in the repository, where Depth
	// events now do.
	Spilled
	// Refilled: the event is back from the repository and waits in the buffer,
	// with Depth counting it.
	Refilled
	// Returned: the event that was back from the repository is there again, since
	// the consumer leaves; Depth events now are.
	Returned
	// Delivered: a worker of the consumer begins to handle the event.
	Delivered
	// Handled: the worker is done with the event; Cause is the attempt, from 1.
	Handled
	// Failed: an attempt at the event failed; Cause is the attempt. If there is
	// another, the worker keeps the event until then.
	Failed
	// Retried: the next attempt begins; Cause is the attempt, from 2.
	Retried
	// DeadLettered: no attempt could handle the event; it is in the repository.
	DeadLettered
	// Changed: the user changed something; Number is the index of the intervention.
	Changed
	// Paused: the user holds the consumer back; Number is the index of the intervention.
	Paused
	// Resumed: the user lets the consumer go on; Number is the index of the intervention.
	Resumed
	// Crashed: the process died and has started again: what was in memory is
	// lost, what is in the repository is not. Number is the index of the
	// intervention.
	Crashed
	// Recovered: the consumer found Depth events in the repository.
	Recovered
	// Interrupted: a signal asks the run to end; Number is the signal's number.
	Interrupted
	// Quit: the run has ended.
	Quit
)

// ByHand is the cause of an event that the user published.
const ByHand = 1

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

var kindNames = []string{
	"", "produced", "buffered", "dropped", "rejected", "blocked", "unblocked", "spilled", "refilled", "returned",
	"delivered", "handled", "failed", "retried", "dead-lettered",
	"changed", "paused", "resumed", "crashed", "recovered", "interrupted", "quit",
}

// Kinds are all of them, in the order in which an event can meet them.
func Kinds() []Kind {
	kinds := make([]Kind, 0, Quit)
	for k := Produced; k <= Quit; k++ {
		kinds = append(kinds, k)
	}
	return kinds
}

// OfEvent says whether a record of the kind is about an event.
func (k Kind) OfEvent() bool { return k <= DeadLettered }

// OfConsumer says whether a record of the kind concerns a consumer.
func (k Kind) OfConsumer() bool {
	return k > Produced && k <= DeadLettered && k != Unblocked || k == Paused || k == Resumed || k == Recovered
}

// What else a record of the kind says.

func (k Kind) hasDepth() bool {
	return k == Buffered || k == Dropped || k == Refilled || k == Delivered
}

func (k Kind) hasBacklog() bool { return k == Spilled || k == Returned || k == Recovered }

func (k Kind) hasAttempt() bool { return k == Failed || k == Retried }

func (k Kind) hasChange() bool { return k >= Changed && k <= Crashed }

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

// CauseText says why, where the kind has a reason.
func (r Record) CauseText() string {
	switch {
	case r.Kind == Dropped:
		return broker.DropReason(r.Cause).String()
	case r.Kind == Rejected:
		return Refusal(r.Cause).String()
	case r.Kind == Produced && r.Cause == ByHand:
		return "by-hand"
	default:
		return ""
	}
}
