package record

import (
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// Trace are the hooks for the broker of a new process, in which nobody has subscribed.
func (r *Recorder) Trace() broker.Trace {
	r.joined = 0
	r.crews = make([]crew, scenario.MaxConsumers)
	clear(r.peaks[:])
	return broker.Trace{
		Buffered: func(s *broker.Subscription, e broker.Event, depth int) {
			r.enters(journal.Buffered, s, e.(*Event), depth)
		},
		Refilled: func(s *broker.Subscription, e broker.Event, depth int) {
			r.yield()
			r.enters(journal.Refilled, s, e.(*Event), depth)
		},
		Dropped: func(s *broker.Subscription, e broker.Event, why broker.DropReason, depth int) {
			r.leaves(journal.Dropped, s, e.(*Event), depth, uint8(why))
		},
		Returned: func(s *broker.Subscription, e broker.Event, backlog uint64) {
			r.leaves(journal.Returned, s, e.(*Event), int(backlog), 0)
		},

		Delivered: func(s *broker.Subscription, e broker.Event, depth int) { r.begins(s, e.(*Event), depth) },
		Failed: func(s *broker.Subscription, e broker.Event, attempt int, _ error, _ time.Duration) {
			r.works(journal.Failed, s, e.(*Event), attempt)
		},
		Retried: func(s *broker.Subscription, e broker.Event, attempt int) {
			r.works(journal.Retried, s, e.(*Event), attempt)
		},
		Handled: func(s *broker.Subscription, e broker.Event, attempt int) {
			r.ends(journal.Handled, s, e.(*Event), attempt)
		},
		Interrupted: func(s *broker.Subscription, e broker.Event, _ error, depth int) { r.putBack(s, e.(*Event), depth) },
		DeadLettered: func(s *broker.Subscription, e broker.Event, _ error) {
			r.ends(journal.DeadLettered, s, e.(*Event), 0)
		},

		Rejected: func(s *broker.Subscription, e broker.Event) {
			r.tell(journal.Rejected, r.of(s), e.(*Event), 0, uint8(journal.FullBuffer))
		},
		Blocked:   func(s *broker.Subscription, e broker.Event) { r.tell(journal.Blocked, r.of(s), e.(*Event), 0, 0) },
		Unblocked: func(e broker.Event, _ error) { r.tell(journal.Unblocked, 0, e.(*Event), 0, 0) },
		Spilled: func(s *broker.Subscription, e broker.Event, backlog uint64) {
			r.tell(journal.Spilled, r.of(s), e.(*Event), int(backlog), 0)
		},
		Recovered: func(s *broker.Subscription, backlog uint64) {
			r.note(journal.Record{Kind: journal.Recovered, Consumer: r.of(s), Depth: uint32(backlog)})
		},
		RepositoryFailed: func(s *broker.Subscription, _ error) { r.failed.Store(uint32(r.of(s))) },
	}
}

// tell records what changes nothing about who has the event.
func (r *Recorder) tell(kind journal.Kind, consumer uint8, e *Event, depth int, cause uint8) {
	if !r.shut(kind) {
		r.Sink(r.about(kind, consumer, e, depth, cause))
	}
}

// enters records that the event comes into the buffer.
func (r *Recorder) enters(kind journal.Kind, s *broker.Subscription, e *Event, depth int) {
	if r.shut(kind) {
		return
	}
	c := r.of(s)
	e.held = e.held&^read | waitsFor(c)
	r.peaks[c] = max(r.peaks[c], depth)
	r.Sink(r.about(kind, c, e, depth, 0))
}

// leaves records that the consumer does not get the event: it goes out of the buffer,
// or does not come in.
func (r *Recorder) leaves(kind journal.Kind, s *broker.Subscription, e *Event, depth int, cause uint8) {
	r.yield()
	if r.shut(kind) {
		return
	}
	c := r.of(s)
	rec := r.about(kind, c, e, depth, cause)
	r.release(e, waitsFor(c))
	r.Sink(rec)
}

// begins records that a worker begins the event.
func (r *Recorder) begins(s *broker.Subscription, e *Event, depth int) {
	if r.shut(journal.Delivered) {
		return
	}
	c := r.of(s)
	e.held = e.held&^waitsFor(c) | worksFor(c)
	r.Sink(r.about(journal.Delivered, c, e, depth, r.crews[c].begin(e)))
}

// putBack records that the event of a worker is in the buffer again.
func (r *Recorder) putBack(s *broker.Subscription, e *Event, depth int) {
	if r.shut(journal.PutBack) {
		return
	}
	c := r.of(s)
	worker := r.crews[c].worker(e)
	r.crews[c].end(worker)
	e.held = e.held&^worksFor(c) | waitsFor(c)
	r.Sink(r.about(journal.PutBack, c, e, depth, worker))
}

// works records what a worker does with its event.
func (r *Recorder) works(kind journal.Kind, s *broker.Subscription, e *Event, attempt int) {
	if r.shut(kind) {
		return
	}
	c := r.of(s)
	r.Sink(r.about(kind, c, e, int(r.crews[c].worker(e)), uint8(attempt)))
}

// ends records that a worker is done with its event.
func (r *Recorder) ends(kind journal.Kind, s *broker.Subscription, e *Event, attempt int) {
	if r.shut(kind) {
		return
	}
	c := r.of(s)
	worker := r.crews[c].worker(e)
	r.crews[c].end(worker)
	rec := r.about(kind, c, e, int(worker), uint8(attempt))
	r.release(e, worksFor(c))
	r.Sink(rec)
}
