package live

import (
	"errors"
	"sync"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/journal"
	"github.com/spillway-go/spillway/broker/producer"
)

// recorder brings what many goroutines tell into one order. The clock is read
// under its lock, so the times of the records never go back.
type recorder struct {
	record func(journal.Record)
	start  time.Time
	end    time.Duration // nothing happens at or after it: the end comes first

	mu    sync.Mutex
	depth []int // events that wait, by consumer
	ended bool  // nothing is recorded after the end
}

// add completes a record with the time and hands it on, or says that the run is
// over.
func (r *recorder) add(fill func(at time.Duration) journal.Record) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	at := time.Since(r.start)
	if r.ended || at >= r.end {
		return false
	}
	r.append(at, fill(at))
	return true
}

func (r *recorder) append(at time.Duration, rec journal.Record) {
	rec.At = at
	r.record(rec)
}

// produced stamps the event with the moment it is recorded, or says that the run
// is over.
func (r *recorder) produced(e *producer.ProducedSomethingEvent) bool {
	return r.add(func(at time.Duration) journal.Record {
		e.Start, e.Age = r.start, at
		return about(journal.Produced, e)
	})
}

func (r *recorder) handled(consumer int, e broker.Event) {
	r.add(func(time.Duration) journal.Record {
		rec := about(journal.Handled, e)
		rec.Consumer, rec.Depth = uint8(consumer), uint32(r.depth[consumer])
		return rec
	})
}

func (r *recorder) changed(intervention int) {
	r.add(func(time.Duration) journal.Record {
		return journal.Record{Kind: journal.Changed, Number: uint64(intervention)}
	})
}

func (r *recorder) interrupted(cause error) {
	signal := Signal(journal.SignalInterrupt)
	errors.As(cause, &signal)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.append(time.Since(r.start), journal.Record{Kind: journal.Interrupted, Number: uint64(signal)})
}

func (r *recorder) quit() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.append(time.Since(r.start), journal.Record{Kind: journal.Quit})
	r.ended = true
}

// trace turns what the broker tells into records.
func (r *recorder) trace() broker.Trace {
	move := func(kind journal.Kind, s *broker.Subscription, e broker.Event, depth int, why broker.DropReason) {
		r.add(func(time.Duration) journal.Record {
			r.depth[s.Index()] = depth
			rec := about(kind, e)
			rec.Consumer, rec.Depth, rec.Cause = uint8(s.Index()), uint32(depth), uint8(why)
			return rec
		})
	}
	return broker.Trace{
		Buffered: func(s *broker.Subscription, e broker.Event, depth int) { move(journal.Buffered, s, e, depth, 0) },
		Delivered: func(s *broker.Subscription, e broker.Event, depth int) {
			move(journal.Delivered, s, e, depth, 0)
		},
		Dropped: func(s *broker.Subscription, e broker.Event, why broker.DropReason, depth int) {
			move(journal.Dropped, s, e, depth, why)
		},
	}
}

// about begins a record of an event.
func about(kind journal.Kind, e broker.Event) journal.Record {
	p := e.(*producer.ProducedSomethingEvent)
	return journal.Record{Kind: kind, Born: p.Age, Number: p.Number, Producer: uint8(p.Producer)}
}
