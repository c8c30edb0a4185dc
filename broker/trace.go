package broker

import (
	"context"
	"fmt"
	"time"
)

// Trace is a set of hooks that tell everything that happens to events, in the
// manner of net/http/httptrace. A nil hook is not called.
//
// The hooks run inside the broker's critical section. That is what makes their
// order the broker's own total order, and it asks two things of them: be quick,
// and never call the broker or a subscription from inside one, apart from Name
// and Index. Publishing and Handling are called outside of it.
type Trace struct {
	// Panicked: a hook or a Key has panicked. What the broker was about is done all the
	// same; the Key counts as empty. Without this hook the caller of the broker gets the
	// panic afterwards, or Consume returns it. A value with a method GiveUpBroker is not
	// contained: it is for a program that leaves the broker as it is, in the middle.
	Panicked func(err *PanicError)

	// Publishing: the event is about to be published. The context that is returned is
	// that of the publisher from here on, and ended is told what Publish answers. For
	// TryPublish the context is context.Background().
	Publishing func(ctx context.Context, e Event) (of context.Context, ended func(error))
	// Handling: a handler is about to be called for that attempt, with the context that
	// is returned, which comes from ctx. That has the values of the publisher's. ended is
	// told what the handler returns.
	Handling func(ctx context.Context, s *Subscription, e Event, attempt int) (of context.Context, ended func(error))

	// Buffered: the event waits; depth events now wait, this one included.
	Buffered func(s *Subscription, e Event, depth int)
	// Delivered: a receiver has taken the event; depth events still wait.
	Delivered func(s *Subscription, e Event, depth int)
	// Dropped: the subscription will never deliver the event; depth events wait.
	Dropped func(s *Subscription, e Event, why DropReason, depth int)

	// Unrouted: the event was published, and no subscription selected it.
	Unrouted func(e Event)

	// Rejected: the subscription refused the event, so nobody got it.
	Rejected func(s *Subscription, e Event)
	// Blocked: the event's publisher waits for room in the subscription.
	Blocked func(s *Subscription, e Event)
	// Unblocked: a publisher that waited goes on. A nil error says that the event
	// is offered now, any other that it never will be.
	Unblocked func(e Event, err error)

	// Spilled: the event went to the repository, where backlog events now wait.
	Spilled func(s *Subscription, e Event, backlog uint64)
	// Refilled: the event is back from the repository and waits in the buffer.
	Refilled func(s *Subscription, e Event, depth int)
	// Returned: the event that was read back is in the repository again, as the
	// subscription ends; backlog events now wait there.
	Returned func(s *Subscription, e Event, backlog uint64)
	// Recovered: the subscription found backlog events of its stream in the repository.
	Recovered func(s *Subscription, backlog uint64)
	// RepositoryFailed: the repository answered with an error.
	RepositoryFailed func(s *Subscription, err error)

	// Handled: a handler is done with the event, at that attempt, counted from 1.
	Handled func(s *Subscription, e Event, attempt int)
	// Failed: a handler returned an error, or panicked: then it is a *PanicError.
	// The next attempt follows after retryIn; less than zero: there is none.
	Failed func(s *Subscription, e Event, attempt int, err error, retryIn time.Duration)
	// Retried: the next attempt at the event begins, counted from 2.
	Retried func(s *Subscription, e Event, attempt int)
	// Interrupted: the event was delivered, and its handler could not finish it before the
	// context of Consume ended; err is what the handler returned, nil if it was not called.
	// It waits in the buffer again, before all others; depth events wait.
	Interrupted func(s *Subscription, e Event, err error, depth int)
	// DeadLettered: the event that no attempt could handle is in the repository.
	DeadLettered func(s *Subscription, e Event, err error)
	// Abandoned: the event that no attempt could handle is nowhere.
	Abandoned func(s *Subscription, e Event, err error)
}

// tracer is the Trace of a broker.
type tracer struct {
	Trace
	panicked *PanicError // what a hook or Key has panicked with, before somebody is told
}

// DropReason says why an event was dropped.
type DropReason uint8

const (
	// Full: the buffer was full when the event was offered (DropNewest).
	Full DropReason = iota + 1
	// Displaced: a newer event took its place (DropOldest).
	Displaced
	// Shrunk: the buffer was made smaller and no longer held it.
	Shrunk
	// Closed: the subscription was closed while the event waited.
	Closed
	// Replaced: a newer event of its key took its place (KeepLatest).
	Replaced

	dropReasons
)

var dropReasonNames = []string{Full: "full", Displaced: "displaced", Shrunk: "shrunk", Closed: "closed", Replaced: "replaced"}

func (r DropReason) String() string {
	if r != 0 && r < dropReasons {
		return dropReasonNames[r]
	}
	return fmt.Sprintf("DropReason(%d)", uint8(r))
}

func (t *tracer) buffered(s *Subscription, e Event) {
	if t.Buffered != nil { // split so that it inlines
		t.tellBuffered(s, e)
	}
}

func (t *tracer) tellBuffered(s *Subscription, e Event) {
	returned := false
	defer func() {
		if !returned {
			t.caught(recover())
		}
	}()
	t.Buffered(s, bare(e), s.queue.count)
	returned = true
}

func (t *tracer) delivered(s *Subscription, e Event) {
	if t.Delivered != nil { // split so that it inlines
		t.tellDelivered(s, e)
	}
}

func (t *tracer) tellDelivered(s *Subscription, e Event) {
	returned := false
	defer func() {
		if !returned {
			t.caught(recover())
		}
	}()
	t.Delivered(s, bare(e), s.queue.count)
	returned = true
}

func (t *tracer) dropped(s *Subscription, e Event, why DropReason) {
	if t.Dropped != nil { // split so that it inlines
		t.tellDropped(s, e, why)
	}
}

func (t *tracer) tellDropped(s *Subscription, e Event, why DropReason) {
	returned := false
	defer func() {
		if !returned {
			t.caught(recover())
		}
	}()
	t.Dropped(s, bare(e), why, s.queue.count)
	returned = true
}

func (t *tracer) unrouted(e Event) {
	if t.Unrouted != nil {
		defer t.contain()
		t.Unrouted(bare(e))
	}
}

func (t *tracer) rejected(s *Subscription, e Event) {
	if t.Rejected != nil {
		defer t.contain()
		t.Rejected(s, bare(e))
	}
}

func (t *tracer) blocked(s *Subscription, e Event) {
	if t.Blocked != nil {
		defer t.contain()
		t.Blocked(s, bare(e))
	}
}

func (t *tracer) unblocked(e Event, err error) {
	if t.Unblocked != nil {
		defer t.contain()
		t.Unblocked(bare(e), err)
	}
}

func (t *tracer) spilled(s *Subscription, e Event) {
	if t.Spilled != nil {
		defer t.contain()
		t.Spilled(s, bare(e), s.backlog())
	}
}

func (t *tracer) refilled(s *Subscription, e Event) {
	if t.Refilled != nil {
		defer t.contain()
		t.Refilled(s, bare(e), s.queue.count)
	}
}

func (t *tracer) returned(s *Subscription, e Event, backlog uint64) {
	if t.Returned != nil {
		defer t.contain()
		t.Returned(s, bare(e), backlog)
	}
}

func (t *tracer) recovered(s *Subscription, backlog uint64) {
	if t.Recovered != nil {
		defer t.contain()
		t.Recovered(s, backlog)
	}
}

func (t *tracer) repositoryFailed(s *Subscription, err error) {
	if t.RepositoryFailed != nil {
		defer t.contain()
		t.RepositoryFailed(s, err)
	}
}

func (t *tracer) handled(s *Subscription, e Event, attempt int) {
	if t.Handled != nil { // split so that it inlines
		t.tellHandled(s, e, attempt)
	}
}

func (t *tracer) tellHandled(s *Subscription, e Event, attempt int) {
	returned := false
	defer func() {
		if !returned {
			t.caught(recover())
		}
	}()
	t.Handled(s, bare(e), attempt)
	returned = true
}

func (t *tracer) failed(s *Subscription, e Event, attempt int, err error, retryIn time.Duration) {
	if t.Failed != nil {
		defer t.contain()
		t.Failed(s, bare(e), attempt, err, retryIn)
	}
}

func (t *tracer) retried(s *Subscription, e Event, attempt int) {
	if t.Retried != nil {
		defer t.contain()
		t.Retried(s, bare(e), attempt)
	}
}

func (t *tracer) interrupted(s *Subscription, e Event, err error) {
	if t.Interrupted != nil {
		defer t.contain()
		t.Interrupted(s, bare(e), err, s.queue.count)
	}
}

func (t *tracer) abandoned(s *Subscription, e Event, err error) {
	if t.Abandoned != nil {
		defer t.contain()
		t.Abandoned(s, bare(e), err)
	}
}

func (t *tracer) deadLettered(s *Subscription, e Event, err error) {
	if t.DeadLettered != nil {
		defer t.contain()
		t.DeadLettered(s, bare(e), err)
	}
}
