package live

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/example/producer"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// recorder brings what many goroutines tell into one order. The clock is read
// under its lock, so the times of the records never go back.
type recorder struct {
	record func(journal.Record)
	start  time.Time
	end    time.Duration // nothing happens at or after it: the end comes first

	mu    sync.Mutex
	ended bool // nothing is recorded after the end
}

// add records what r says, now, or answers that the run is over.
func (r *recorder) add(rec journal.Record) bool {
	at := time.Since(r.start)
	if r.ended || at >= r.end {
		return false
	}
	r.append(at, rec)
	return true
}

func (r *recorder) append(at time.Duration, rec journal.Record) {
	rec.At = at
	r.record(rec)
}

func (r *recorder) changed(index int, v scenario.Intervention) {
	kind, consumer := journal.Changed, 0
	switch v.Do {
	case scenario.Pause:
		kind, consumer = journal.Paused, v.Actor
	case scenario.Resume:
		kind, consumer = journal.Resumed, v.Actor
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.add(journal.Record{Kind: kind, Number: uint64(index), Consumer: uint8(consumer)})
}

func (r *recorder) crashed(index int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.add(journal.Record{Kind: journal.Crashed, Number: uint64(index)})
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

// tracer records what one process tells.
type tracer struct {
	*recorder
	ctx    context.Context // of the process
	muted  bool
	subs   []int // by index of the subscription: whose it is
	failed int   // the consumer whose repository failed last
}

func (r *recorder) trace(ctx context.Context) *tracer {
	return &tracer{recorder: r, ctx: ctx}
}

// expect says whose the next subscription is.
func (t *tracer) expect(consumer int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.subs = append(t.subs, consumer)
}

func (t *tracer) mute() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.muted = true
}

// tell records what concerns an event, and a consumer if s is not nil.
func (t *tracer) tell(kind journal.Kind, s *broker.Subscription, e broker.Event, depth int, cause uint8) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.tellLocked(kind, s, e, depth, cause)
}

func (t *tracer) tellLocked(kind journal.Kind, s *broker.Subscription, e broker.Event, depth int, cause uint8) {
	if t.muted {
		return
	}
	p := e.(*producer.ProducedSomethingEvent)
	r := journal.Record{Kind: kind, Born: p.Age, Number: p.Number, Depth: uint32(depth), Producer: uint8(p.Producer), Cause: cause}
	if s != nil {
		r.Consumer = uint8(t.subs[s.Index()])
	}
	t.add(r)
}

// unlessOver is tell for what also happens because the process ends.
func (t *tracer) unlessOver(kind journal.Kind, s *broker.Subscription, e broker.Event, cause uint8) {
	if t.ctx.Err() == nil {
		t.tell(kind, s, e, 0, cause)
	}
}

// produced stamps the event with the moment it is recorded, or says that the
// process is over.
func (t *tracer) produced(e *producer.ProducedSomethingEvent, byHand bool) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	at := time.Since(t.start)
	if t.muted || t.ended || at >= t.end {
		return false
	}
	e.Age = at
	r := journal.Record{Kind: journal.Produced, Born: at, Number: e.Number, Producer: uint8(e.Producer)}
	if byHand {
		r.Cause = journal.ByHand
	}
	t.append(at, r)
	return true
}

// refused is for an event that the repository did not take.
func (t *tracer) refused(e *producer.ProducedSomethingEvent) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.muted {
		t.add(journal.Record{
			Kind: journal.Rejected, Born: e.Age, Number: e.Number, Producer: uint8(e.Producer),
			Consumer: uint8(t.failed), Cause: uint8(journal.FullRepository),
		})
	}
}

// hooks turn what the broker tells into records.
func (t *tracer) hooks() broker.Trace {
	return broker.Trace{
		Buffered: func(s *broker.Subscription, e broker.Event, depth int) { t.tell(journal.Buffered, s, e, depth, 0) },
		Delivered: func(s *broker.Subscription, e broker.Event, depth int) {
			t.tell(journal.Delivered, s, e, depth, 0)
		},
		Dropped: func(s *broker.Subscription, e broker.Event, why broker.DropReason, depth int) {
			t.tell(journal.Dropped, s, e, depth, uint8(why))
		},
		Rejected: func(s *broker.Subscription, e broker.Event) {
			t.tell(journal.Rejected, s, e, 0, uint8(journal.FullBuffer))
		},
		Blocked:   func(s *broker.Subscription, e broker.Event) { t.tell(journal.Blocked, s, e, 0, 0) },
		Unblocked: func(e broker.Event, err error) { t.tell(journal.Unblocked, nil, e, 0, 0) },
		Spilled: func(s *broker.Subscription, e broker.Event, backlog uint64) {
			t.tell(journal.Spilled, s, e, int(backlog), 0)
		},
		Refilled: func(s *broker.Subscription, e broker.Event, depth int) { t.tell(journal.Refilled, s, e, depth, 0) },
		Returned: func(s *broker.Subscription, e broker.Event, backlog uint64) {
			t.tell(journal.Returned, s, e, int(backlog), 0)
		},
		Recovered: func(s *broker.Subscription, backlog uint64) {
			t.mu.Lock()
			defer t.mu.Unlock()
			if !t.muted {
				t.add(journal.Record{Kind: journal.Recovered, Depth: uint32(backlog), Consumer: uint8(t.subs[s.Index()])})
			}
		},
		RepositoryFailed: func(s *broker.Subscription, err error) {
			t.mu.Lock()
			defer t.mu.Unlock()
			t.failed = t.subs[s.Index()]
		},
		Handled: func(s *broker.Subscription, e broker.Event, attempt int) {
			t.tell(journal.Handled, s, e, 0, uint8(attempt))
		},
		Failed: func(s *broker.Subscription, e broker.Event, attempt int, err error, retryIn time.Duration) {
			t.unlessOver(journal.Failed, s, e, uint8(attempt))
		},
		Retried: func(s *broker.Subscription, e broker.Event, attempt int) {
			t.unlessOver(journal.Retried, s, e, uint8(attempt))
		},
		DeadLettered: func(s *broker.Subscription, e broker.Event, err error) {
			t.unlessOver(journal.DeadLettered, s, e, 0)
		},
	}
}
