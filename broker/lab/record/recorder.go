// Package record turns what the broker of a run tells, and what its driver does, into
// the records of a journal.
package record

import (
	"errors"
	"sync/atomic"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// Recorder records what happens in one process of a run: to a broker of its own, whose
// events are all of type *Event. Without Enter it is not safe for concurrent use.
type Recorder struct {
	// Sink is given every record, which is the next one's afterwards.
	Sink func(*journal.Record)
	// Now is when what is recorded next happens, unless Enter tells.
	Now time.Duration
	// Room is how many records are left until MakeRoom is called, if it is not nil: not
	// at once, but where the broker may be about to tell very many.
	Room     int
	MakeRoom func()
	// Enter, where many goroutines record, brings them into one order: it says when what
	// a record of that kind tells happens, and lets nobody else pass until the Sink has
	// got the record; or it says that nothing is recorded.
	Enter func(journal.Kind) (at time.Duration, open bool)
	// Pool, if there is one, gets each event that nobody has any more: it is offered to
	// nobody, waits in no buffer, and no worker has it.
	Pool *Pool

	scratch   journal.Record // what the Sink is given, each time anew
	joined    int
	consumers [scenario.MaxConsumers]uint8 // by index of the subscription: whose it is
	crews     []crew                       // by consumer
	peaks     [scenario.MaxConsumers]int   // by consumer: the most that waited in its buffer
	failed    atomic.Uint32                // the consumer whose repository failed last
}

// Joins says whose the next subscription will be.
func (r *Recorder) Joins(consumer int) {
	r.consumers[r.joined] = uint8(consumer)
	r.joined++
}

func (r *Recorder) of(s *broker.Subscription) uint8 {
	return r.consumers[uint(s.Index())%scenario.MaxConsumers]
}

// Produced records that the event is made and offered now, or says that nothing is
// recorded any more. Offered is to be called once it has been.
func (r *Recorder) Produced(e *Event) bool {
	cause := uint8(0)
	if e.ByHand {
		cause = journal.ByHand
	}
	if r.shut(journal.Produced) {
		return false
	}
	e.Age, e.held = r.Now, offered
	r.Sink(r.about(journal.Produced, 0, e, 0, cause))
	return true
}

// Offered says that the event has been offered, or never will be.
func (r *Recorder) Offered(e *Event) { r.release(e, offered) }

// Read says that the event comes from the repository, and waits to be refilled.
func (r *Recorder) Read(e *Event) { e.held = read }

// Unread says that the event will not be refilled, if it has not been.
func (r *Recorder) Unread(e *Event) {
	if e.held&read != 0 {
		r.release(e, read)
	}
}

// Peak is the most events that waited in the consumer's buffer since the process began.
func (r *Recorder) Peak(consumer int) int { return r.peaks[consumer] }

// Refused records that the event could not be offered, unless a full buffer is the
// reason, of which the trace tells: then the repository took no more.
func (r *Recorder) Refused(e *Event, err error) {
	if !errors.Is(err, broker.ErrFull) {
		r.tell(journal.Rejected, uint8(r.failed.Load()), e, 0, uint8(journal.FullRepository))
	}
}

// Intervened records that the intervention of that index takes effect now.
func (r *Recorder) Intervened(index int, v scenario.Intervention) {
	rec := journal.Record{Kind: journal.Changed, Number: uint64(index)}
	switch v.Do {
	case scenario.Publish: // of which its event tells
		return
	case scenario.Pause:
		rec.Kind, rec.Consumer = journal.Paused, uint8(v.Actor)
	case scenario.Resume:
		rec.Kind, rec.Consumer = journal.Resumed, uint8(v.Actor)
	case scenario.Crash:
		rec.Kind = journal.Crashed
	case scenario.SetWorkers:
		rec.Cause, rec.Consumer, rec.Depth = journal.Staffed, uint8(v.Actor), uint32(v.Value)
	case scenario.Leave:
		rec.Cause, rec.Consumer = journal.Staffed, uint8(v.Actor)
	}
	r.note(rec)
}

// Interrupted records that a signal asks the run to end.
func (r *Recorder) Interrupted(signal uint64) {
	r.note(journal.Record{Kind: journal.Interrupted, Number: signal})
}

// Quit records that the run has ended.
func (r *Recorder) Quit() { r.note(journal.Record{Kind: journal.Quit}) }

// note records what is about no event.
func (r *Recorder) note(rec journal.Record) {
	if r.shut(rec.Kind) {
		return
	}
	r.Room--
	rec.At = r.Now
	r.scratch = rec
	r.Sink(&r.scratch)
}

// shut says that a record is not to be made. It is asked before anything is noted for
// the record, and where it is not shut the Sink has to get it.
func (r *Recorder) shut(kind journal.Kind) bool { return r.Enter != nil && !r.enter(kind) }

//go:noinline // so that shut is inlined
func (r *Recorder) enter(kind journal.Kind) (open bool) {
	now, open := r.Enter(kind)
	if open {
		r.Now = now
	}
	return open
}

// yield is called where the broker goes through a buffer or a repository, which takes the
// longer the more it holds. It comes before anything is noted, because MakeRoom may let
// other code run.
func (r *Recorder) yield() {
	if r.MakeRoom != nil && r.Room <= 0 {
		r.MakeRoom()
	}
}

// about is the record of what happens to an event now.
func (r *Recorder) about(kind journal.Kind, consumer uint8, e *Event, depth int, cause uint8) *journal.Record {
	r.Room--
	rec := &r.scratch
	rec.At, rec.Born, rec.Number = r.Now, e.Age, e.Number
	rec.Depth, rec.Kind, rec.Cause = uint32(depth), kind, cause
	rec.Producer, rec.Consumer = uint8(e.Producer), consumer
	return rec
}

// release notes that a holder is done with the event.
func (r *Recorder) release(e *Event, holder uint64) {
	if p := r.Pool; p != nil {
		if e.held &^= holder; e.held == 0 {
			p.idle = append(p.idle, e)
		}
	}
}
