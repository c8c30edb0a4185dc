package broker

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Immediate is a Repository that answers at once, as one in memory does, and calls nothing
// of the broker. It is called inside the broker's critical section, which costs less.
type Immediate interface {
	Repository
	Immediate()
}

// appending is an event on its way to the repository, as the last step before it is
// offered. The lock is free meanwhile. The subscriptions that spill take no other event
// before this one; the others keep room for it.
type appending struct {
	event   Event
	to      []*Subscription
	held    []*Subscription // of those: which take no other event
	kept    []*Subscription // and which keep room
	streams []string        // of those that spill
	late    []*Subscription // that opened one of the streams meanwhile, and are held too
	told    bool            // the trace knows that its publisher waits
}

// Error makes it what a publisher is told that has waited, and now has to append.
func (a *appending) Error() string { return "the event is to be appended" }

// beginAppend is what follows once everybody could take the event, if somebody spills it.
func (b *Broker) beginAppend(e Event, to []*Subscription) *appending {
	a := &appending{event: e, to: slices.Clone(to), streams: slices.Clone(b.streams)}
	for _, s := range to {
		s.expected++
		switch {
		case s.store.open:
			s.held++
			a.held = append(a.held, s)
		case s.overflow.lossless():
			s.kept++
			a.kept = append(a.kept, s)
		}
	}
	b.appendings = append(b.appendings, a)
	return a
}

// append appends the event, and offers it if that was done.
func (b *Broker) append(ctx context.Context, a *appending) (err error) {
	err = errAppendGoexit
	defer func() { err = b.endAppend(a, err) }()
	return appendTo(ctx, b.repository, a.event, a.streams)
}

// errAppendGoexit is the error of a repository that ended its publisher's goroutine.
var errAppendGoexit = errors.New("the repository called runtime.Goexit")

// endAppend is the rest of append, and answers the publisher.
func (b *Broker) endAppend(a *appending, err error) error {
	b.mu.Lock()
	defer b.unlock()
	b.appendings = slices.DeleteFunc(b.appendings, func(o *appending) bool { return o == a })
	for _, s := range a.kept {
		s.kept--
	}
	if err != nil {
		err = b.notSpilled(err, a.streams, a.to)
	} else {
		b.offerAppended(a)
	}
	for _, s := range a.late {
		s.recountOrHold(firstRetry)
	}
	for _, s := range a.held { // not before everybody is offered it
		s.held--
	}
	concerned := append(a.to, a.late...)
	for _, s := range concerned {
		s.expected--
	}
	if a.told {
		b.trace.unblocked(a.event, whyOf(err))
	}
	for _, s := range concerned {
		if !s.closed {
			s.closeIfDone()
		}
	}
	b.admitWaiting() // others have waited for their turn
	return err
}

// appendTo calls the repository, whose panic is an error.
func appendTo(ctx context.Context, r Repository, e Event, streams []string) (err error) {
	defer recoverRepository(&err)
	return r.Append(ctx, bare(e), streams...)
}

// recoverRepository makes an error of a repository's panic.
func recoverRepository(err *error) {
	if v := recover(); v != nil {
		*err = fmt.Errorf("the repository panicked: %v", v)
	}
}

// ask calls the repository while the lock is held: for a second at most, if that ends with
// its context.
func (b *Broker) ask(call func(context.Context, Repository) error) (err error) {
	defer recoverRepository(&err)
	ctx := context.Background()
	if !b.immediate {
		limited, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		ctx = limited
	}
	return call(ctx, b.repository)
}

// patience is how long others may have to wait for a repository that hangs.
const patience = time.Second

// offerAppended offers the event to everybody who is still there.
func (b *Broker) offerAppended(a *appending) {
	for _, s := range a.to {
		s.shutDoor()
		switch {
		case s.closed: // what it has spilled is in its stream
		case slices.Contains(a.streams, s.name) && s.store.open:
			s.store.count++
			s.store.admitted = true
			s.offerBehindBacklog(a.event)
			s.refill() // there may have come to be room meanwhile
			s.feed()
		case s.overflow.lossless() && !s.receives() && (s.full() || s.store.count > 0): // it was made smaller meanwhile
			s.push(a.event)
			b.trace.buffered(s, a.event)
		default:
			s.offer(a.event)
		}
	}
}

// awaitAppending holds a subscription that has opened its stream while an event of an
// earlier one is on its way there: nobody knows yet whether that was counted. Nor may
// later events be spilled before one that it is itself still to be offered.
func (s *Subscription) awaitAppending() {
	for _, a := range s.broker.appendings {
		if slices.Contains(a.streams, s.name) || slices.Contains(a.to, s) {
			s.held++
			s.expected++
			a.held, a.late = append(a.held, s), append(a.late, s)
		}
	}
}

// recountOrHold finds out what is in the stream by now, and holds the subscription until
// the repository has told: what comes next would take the place of what was not counted.
func (s *Subscription) recountOrHold(retry time.Duration) {
	if s.recount() {
		return
	}
	s.held++
	s.expected++
	time.AfterFunc(retry, func() {
		b := s.broker
		b.mu.Lock()
		defer b.unlockAlone(s.consumption)
		s.held--
		s.expected--
		s.recountOrHold(min(2*retry, lastRetry))
		if !s.closed {
			s.closeIfDone()
		}
		b.admitWaiting()
	})
}

// recount says whether the repository has told what is in the stream.
func (s *Subscription) recount() bool {
	if s.closed || !s.store.open {
		return true
	}
	count, err := s.broker.count(s.name, s.store.read)
	switch count -= min(count, uint64(len(s.store.skip))); {
	case err != nil:
		s.broker.trace.repositoryFailed(s, err)
		return false
	case count != s.store.count:
		s.store.count = count
		s.broker.trace.recovered(s, count)
		s.refill()
		s.feed()
	}
	return true
}
