package broker

import (
	"context"
	"errors"
	"runtime"
)

// Publish offers the event to every subscription that selects it, in one
// critical section and in order of subscription. Nobody is offered it unless
// everybody is. It fails with a *PublishError, which wraps ErrFull where a full
// subscription rejects it, the repository's error where it can't be spilled, ErrClosed
// after Shutdown, and the context's cause and error when ctx is done first. It waits
// while a subscription that blocks is full; from inside a handler, with that handler's
// context, it fails with ErrWouldDeadlock where that wait could never end. A drop is not
// an error of the publisher.
//
// Publishers that wait for the same subscription are served in the order they came.
func (b *Broker) Publish(ctx context.Context, e Event) error {
	if b.trace.Publishing != nil && e != nil {
		return b.publishTraced(ctx, e, b.publish)
	}
	return b.publish(ctx, e)
}

func (b *Broker) publish(ctx context.Context, e Event) error {
	e = b.carry(ctx, e)
	if ctx.Err() != nil {
		return publishError(endOf(ctx))
	}
	p, yields, err := b.publishOrWait(ctx, e, false)
	if yields {
		runtime.Gosched()
	}
	if p == nil {
		return b.appended(ctx, err)
	}
	return b.waited(ctx, p)
}

// appended appends an event where that is what is left to do.
func (b *Broker) appended(ctx context.Context, err error) error {
	if a, is := err.(*appending); is {
		err = b.append(ctx, a)
	}
	return err
}

// waited waits until a publisher need not wait any more.
func (b *Broker) waited(ctx context.Context, p *publisher) (err error) {
	select {
	case err = <-p.ended:
	case <-ctx.Done():
		err = endOf(ctx)
		if !b.stopWaiting(p, err) {
			err = <-p.ended // too late to leave
		}
	}
	return publishError(b.appended(ctx, err))
}

// TryPublish is Publish for a caller that can't wait: where Publish would wait for room,
// it fails with ErrWouldBlock. What has to be spilled takes as long as the repository does.
func (b *Broker) TryPublish(e Event) error {
	if b.trace.Publishing != nil && e != nil {
		return b.publishTraced(context.Background(), e, b.tryPublishNow)
	}
	return b.tryPublishNow(context.Background(), e)
}

// tryPublishNow is TryPublish with a context for its values.
func (b *Broker) tryPublishNow(ctx context.Context, e Event) error {
	p, yields, err := b.publishOrWait(ctx, b.carry(ctx, e), true)
	if yields {
		runtime.Gosched()
	}
	if p != nil { // for its turn at the repository
		return b.waited(context.WithoutCancel(ctx), p)
	}
	return b.appended(ctx, err)
}

// errWouldBlock is made once: it is an answer rather than a failure.
var errWouldBlock = publishError(ErrWouldBlock)

// Answers of tryPublish that are none of a publisher's.
var (
	errMustAppend = errors.New("the event has to be appended")
	errHeld       = errors.New("another event is being appended")
)

func (b *Broker) tryPublish(e Event) error {
	switch {
	case e == nil:
		return publishError(errors.New("the event is nil"))
	case b.closing:
		return publishError(ErrClosed)
	}
	to := b.route(e)
	if b.guarded > 0 {
		if err := b.admit(to, e); err == errMustAppend {
			return b.beginAppend(e, to)
		} else if err != nil {
			return err
		}
	}
	if len(to) == 0 {
		b.unrouted++
		b.trace.unrouted(e)
	}
	silent := b.trace.Dropped == nil
	for _, s := range to {
		switch door := s.door.state.Load(); {
		case silent && (door == brimful || door == shut && s.stalled()):
			s.droppedBy[Full]++ // as offer would do it, at less cost: there may be hundreds
			b.turns.lossy = true
		case door == shut:
			s.offer(e)
		default:
			s.offerAtDoor(e)
		}
	}
	return nil
}

// admit finds out whether everybody can take the event. What has to be spilled
// is in the repository afterwards.
func (b *Broker) admit(to []*Subscription, e Event) error {
	wait, held := false, false
	for _, s := range to {
		switch {
		case s.overflow == Reject && s.isFull():
			b.turns.lossy = true
			b.trace.rejected(s, e)
			return s.refuse
		case s.overflow == Block && (s.awaited() > 0 || s.isFull() && s.staysFull()):
			wait = true
		}
		held = held || s.held > 0
	}
	switch {
	case wait:
		return errWouldBlock
	case held:
		return errHeld
	}
	return b.spill(e, to)
}
