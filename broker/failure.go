package broker

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// PublishError says why an event was not published, and nobody got it. What it wraps is
// ErrFull, ErrClosed, ErrWouldBlock, ErrWouldDeadlock, the end of the publisher's context
// or an error of the repository.
type PublishError struct {
	Subscription string // which one could not take the event, if it was one of them
	Err          error
}

func (e *PublishError) Error() string {
	if e.Subscription == "" {
		return fmt.Sprintf("broker: publish: %v", e.Err)
	}
	return fmt.Sprintf("broker: publish: %q: %v", e.Subscription, e.Err)
}

func (e *PublishError) Unwrap() error { return e.Err }

// publishError is the *PublishError of that cause, or nil.
func publishError(cause error) error {
	if cause == nil {
		return nil
	}
	if _, is := cause.(*PublishError); is {
		return cause
	}
	return &PublishError{Err: cause}
}

// whyOf is what a publishing error says behind those words.
func whyOf(err error) error {
	e, is := err.(*PublishError)
	switch {
	case !is:
		return err
	case e.Subscription == "":
		return e.Err
	}
	return fmt.Errorf("%q: %w", e.Subscription, e.Err)
}

// endOf is why a context has ended: its cause, which errors.Is also finds to be
// context.Canceled or context.DeadlineExceeded.
func endOf(ctx context.Context) error {
	cause, err := context.Cause(ctx), ctx.Err()
	if errors.Is(cause, err) {
		return cause
	}
	return &ended{cause, err}
}

type ended struct{ cause, err error }

func (e *ended) Error() string   { return e.cause.Error() }
func (e *ended) Unwrap() []error { return []error{e.cause, e.err} }

// Permanent is what a handler returns for an event that no further attempt could
// handle: it goes to the dead letters at once. Permanent(nil) is nil.
func Permanent(err error) error {
	if err == nil {
		return nil
	}
	return &advice{err, never}
}

// RetryAfter is what a handler returns for an event that it should be given again after
// that pause, instead of the Backoff. It counts as an attempt. A nil err says nothing
// more than that.
func RetryAfter(pause time.Duration, err error) error {
	if err == nil {
		err = fmt.Errorf("to be tried again after %v", pause)
	}
	return &advice{err, max(0, pause)}
}

// advice is an error that says what should follow.
type advice struct {
	err   error
	pause time.Duration // before the next attempt
}

// never is the pause before an attempt that does not come.
const never time.Duration = -1

func (a *advice) Error() string { return a.err.Error() }
func (a *advice) Unwrap() error { return a.err }

// adviceIn is the pause that an error asks for, if it does. Most errors wrap nothing, and
// to see that costs nothing.
func adviceIn(err error) (pause time.Duration, given bool) {
	switch err.(type) {
	case interface{ Unwrap() error }, interface{ Unwrap() []error }:
		var a *advice
		if errors.As(err, &a) {
			return a.pause, true
		}
	}
	return 0, false
}
