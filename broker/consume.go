package broker

import (
	"context"
	"fmt"
	"time"
)

// MaxWorkers is the most workers a subscription can have.
const MaxWorkers = 1024

// ConsumeOptions set up Consume. The zero value works: one worker, one attempt.
type ConsumeOptions struct {
	// Workers is how many events are handled at the same time: 1 to MaxWorkers, 0
	// means 1.
	Workers int
	// Attempts is how often an event is given to the handler at most, 0 means once.
	Attempts int
	// Backoff is the pause before the second attempt, 0 means 100 ms. It doubles
	// with each further one, up to MaxBackoff, 0 means 10 s or Backoff if that is more.
	Backoff    time.Duration
	MaxBackoff time.Duration
	// Jitter is the fraction of a pause that is left to chance, from 0 to 1: a
	// pause p lasts from p·(1−Jitter) to p.
	Jitter float64
	// DeadLetters, if any, takes the events that no attempt could handle, each as a
	// *DeadLetter, in the stream DeadLetters(the subscription's name).
	DeadLetters Repository
	// OrderBy, if any, tells the key of an event. Those of one key are handled one after
	// another, retries included, in the order in which they were published, and those of
	// different keys in parallel. Events without a key, "", are in no order. As many as
	// the buffer holds may wait behind others of their key, beside those in the buffer.
	// It is called inside the broker's critical section, so it may not call the broker.
	OrderBy func(Event) string
	// Values lets a handler's context have the values of the publisher's too, before its
	// own. Those of an event that was in a repository are lost. Handle does so by itself.
	Values bool
	// Waits says that handlers mostly wait, for a network perhaps, instead of
	// computing: then each begins at once, on a goroutine of its own if it must.
	// Otherwise those that wait may keep the next from beginning while a worker is
	// free: about every 100 µs the broker looks whether they do, and then has twice
	// as many begin. Since a timer of an idle program may be a millisecond late, 32
	// that wait may take up to 10 ms to begin.
	Waits bool
}

// DeadLetters is the stream of a repository that the dead letters of that
// subscription are in. It is not the one that the subscription spills to.
func DeadLetters(subscription string) string { return subscription + deadSuffix }

const deadSuffix = ".dead"

func (o ConsumeOptions) withDefaults() (ConsumeOptions, error) {
	for _, d := range []struct {
		field *int
		zero  int
	}{{&o.Workers, 1}, {&o.Attempts, 1}} {
		if *d.field == 0 {
			*d.field = d.zero
		}
	}
	if o.Backoff == 0 {
		o.Backoff = 100 * time.Millisecond
	}
	if o.MaxBackoff == 0 {
		o.MaxBackoff = max(10*time.Second, o.Backoff)
	}
	switch {
	case o.Workers < 1 || o.Workers > MaxWorkers:
		return o, fmt.Errorf("workers %d are out of range: 1 to %d", o.Workers, MaxWorkers)
	case o.Attempts < 1:
		return o, fmt.Errorf("attempts %d are out of range: 1 or more", o.Attempts)
	case o.Backoff < 0 || o.MaxBackoff < 0:
		return o, fmt.Errorf("backoff %v up to %v is out of range: neither is negative", o.Backoff, o.MaxBackoff)
	case !(o.Jitter >= 0 && o.Jitter <= 1):
		return o, fmt.Errorf("jitter %v is out of range: 0 to 1", o.Jitter)
	}
	return o, nil
}

// Pause is how long the pause after an attempt is, but for its jitter.
func (o ConsumeOptions) Pause(attempt int) time.Duration {
	o, err := o.withDefaults()
	if err != nil {
		return 0
	}
	p := o.Backoff
	for range attempt - 1 {
		if p > o.MaxBackoff/2 { // more would be too much, or overflow
			p = o.MaxBackoff
			break
		}
		p *= 2
	}
	return min(p, o.MaxBackoff)
}

// Consume gives every event of the subscription to the handler, until ctx is
// done or the subscription is closed; then it waits for the handlers at work and
// returns the context's cause, or nil. An event whose handler returns an error after ctx
// is done was interrupted: it waits again, for another Consume or for Shutdown, which
// calls the handler too. One whose handler fails is tried again as the options say;
// while it waits for that it keeps its worker. With one worker events are handled one
// after another, in order; with more they are begun in order, and may end in any.
//
// A handler may publish, subscribe, configure and close. A subscription has one
// Consume at a time, and then no other receivers.
func (s *Subscription) Consume(ctx context.Context, handler Handler, o ConsumeOptions) error {
	c, err := newConsumption(ctx, handler, o)
	if err == nil {
		err = c.start(s)
	}
	if err != nil {
		return consumeError(s.name, err)
	}
	return c.wait()
}

func consumeError(name string, cause error) error {
	return fmt.Errorf("broker: consume %q: %w", name, cause)
}
