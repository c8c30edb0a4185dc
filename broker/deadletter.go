package broker

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime/debug"
	"time"
)

// A DeadLetter is how an event that no attempt could handle lies in the repository of
// dead letters. It is an Event, with the ID, the moment and the topic of that event.
type DeadLetter struct {
	Event
	Subscription string
	Cause        string // of the last attempt
	Attempts     int
	First, Last  time.Time // when the first attempt failed, and the last
}

// Topic implements Topical.
func (d *DeadLetter) Topic() string { return topicOf(d.Event) }

// ListDeadLetters ranges over the dead letters of the subscription in the repository,
// oldest first, up to the first error of the repository.
func ListDeadLetters(ctx context.Context, r Repository, subscription string) iter.Seq2[*DeadLetter, error] {
	return func(yield func(*DeadLetter, error) bool) {
		for stored, err := range storedIn(ctx, r, DeadLetters(subscription)) {
			if err != nil {
				yield(nil, fmt.Errorf("broker: dead letters of %q: %w", subscription, err))
				return
			}
			if !yield(letterIn(stored.Event, subscription), nil) {
				return
			}
		}
	}
}

// ReplayDeadLetters gives the events of the dead letters that the subscription has in
// the repository to the handler once more, oldest first; b.Publish is one that publishes
// them again. What it handles leaves the repository. What fails again becomes the newest
// dead letter, with one attempt more. It tells how many were handled, and ends when ctx
// does. Two replays of the same dead letters, or a crash, may handle an event twice.
func ReplayDeadLetters(ctx context.Context, r Repository, subscription string, handler Handler) (handled int, err error) {
	fail := func(err error) (int, error) {
		return handled, fmt.Errorf("broker: replay the dead letters of %q: %w", subscription, err)
	}
	stream := DeadLetters(subscription)
	var all []Stored
	for stored, err := range storedIn(ctx, r, stream) { // what fails again comes after these
		if err != nil {
			return fail(err)
		}
		all = append(all, stored)
	}
	for _, stored := range all {
		if ctx.Err() != nil {
			return fail(endOf(ctx))
		}
		letter := letterIn(stored.Event, subscription)
		failed := handleOnce(ctx, handler, letter.Event)
		if failed != nil {
			if ctx.Err() != nil { // interrupted
				return fail(endOf(ctx))
			}
			again := *letter
			again.Cause, again.Last = failed.Error(), time.Now()
			again.Attempts++
			if err := r.Append(ctx, &again, stream); err != nil {
				return fail(err)
			}
		}
		if err := r.Commit(context.WithoutCancel(ctx), stream, stored.Position); err != nil {
			return fail(err)
		}
		if failed == nil {
			handled++
		}
	}
	return handled, nil
}

// handleOnce calls the handler, whose panic is an error.
func handleOnce(ctx context.Context, handler Handler, e Event) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &PanicError{Value: v, Stack: debug.Stack()}
		}
	}()
	return handler(ctx, e)
}

// letterIn is the dead letter that a repository has stored. One that was written by
// something else than this package is just an event.
func letterIn(e Event, subscription string) *DeadLetter {
	if d, is := e.(*DeadLetter); is {
		return d
	}
	return &DeadLetter{Event: e, Subscription: subscription}
}

// storedIn ranges over what is in a stream.
func storedIn(ctx context.Context, r Repository, stream string) iter.Seq2[Stored, error] {
	return func(yield func(Stored, error) bool) {
		if r == nil {
			yield(Stored{}, errors.New("the repository is nil"))
			return
		}
		into := make([]Stored, readAtMost)
		for after := uint64(0); ; {
			n, err := r.Read(ctx, stream, after, into)
			if err == nil {
				err = checkRead(into, n)
			}
			if err != nil {
				yield(Stored{}, err)
				return
			}
			if n == 0 {
				return
			}
			for _, stored := range into[:n] {
				if stored.Position <= after {
					yield(Stored{}, fmt.Errorf("stream %q goes from position %d to %d", stream, after, stored.Position))
					return
				}
				after = stored.Position
				if !yield(stored, nil) {
					return
				}
			}
		}
	}
}
