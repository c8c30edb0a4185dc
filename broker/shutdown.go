package broker

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// Shutdown refuses new events and waits until every buffer and backlog is empty
// and every handler has returned, or until ctx is done, whichever is first; then
// it closes every subscription. Where the context of Consume has ended, as when one
// signal ends both, Shutdown has the handler of that Consume handle what waits, with a
// context that has the same values and ends with ctx. What was left in the buffers is dropped and told
// to the trace; a backlog stays in its repository; both are listed in a
// *LeftError. Further calls wait for the handlers that still run.
//
// From inside a handler it waits for that handler too, so give it a context that
// ends.
func (b *Broker) Shutdown(ctx context.Context) error {
	b.mu.Lock()
	if !b.closing {
		b.closing, b.draining = true, ctx
	}
	for _, s := range slices.Clone(b.subs) {
		s.closeIfDone() // its receivers need not wait for the others
		s.drain()
	}
	b.admitWaiting() // which refuses them
	b.checkDrained()
	b.unlock()

	select {
	case <-b.drained:
	case <-ctx.Done():
	}

	b.mu.Lock()
	defer b.unlock()
	left := &LeftError{Cause: endOf(ctx)}
	var given []*consumption
	for _, s := range append(slices.Clone(b.unfinished), b.subs...) {
		st := s.statsNow()
		if st.Depth > 0 || st.Backlog > 0 || st.InFlight > 0 {
			left.Left = append(left.Left, Left{s.name, st.Depth, st.Backlog, st.InFlight})
		}
		if s.consumption != nil {
			given = append(given, s.consumption)
		}
		s.close()
	}
	b.checkDrained()
	for _, c := range given {
		c.closed()
		if c.cancel != nil {
			c.cancel(context.Cause(ctx))
		}
	}
	if left.Left == nil {
		return nil
	}
	return left
}

// stoppedBy notes whose context has ended.
func (s *Subscription) stoppedBy(c *consumption) {
	s.shutDoor()
	if !s.closed {
		s.stopped, s.stoppedAt = c, s.delivered
	}
	if s.broker.closing {
		s.drain()
	}
}

// drain has what waits handled as Consume would, if the context of that has ended and
// nobody has received anything since.
func (s *Subscription) drain() {
	last, until := s.stopped, s.broker.draining
	if last == nil || s.closed || s.consumption != nil || len(s.waiting) > 0 || s.stoppedAt != s.delivered {
		return
	}
	ctx, cancel := context.WithCancelCause(context.WithoutCancel(last.ctx))
	stop := context.AfterFunc(until, func() { cancel(context.Cause(until)) })
	c, err := newConsumption(ctx, last.handler, last.options)
	if err != nil || until.Err() != nil {
		cancel(nil)
		return
	}
	c.attach(s)
	s.roomMade()
	go func() {
		_ = c.wait() // which tells only why it has ended
		stop()
		cancel(nil)
	}()
}

// finish notes that a subscription has no busy worker any more.
func (b *Broker) finish(s *Subscription) {
	if i := slices.Index(b.unfinished, s); i >= 0 {
		b.unfinished = slices.Delete(b.unfinished, i, i+1)
		b.checkDrained()
	}
}

// checkDrained wakes Shutdown when no subscription has anything left to do.
func (b *Broker) checkDrained() {
	if !b.closing || len(b.subs) > 0 || len(b.unfinished) > 0 {
		return
	}
	select {
	case <-b.drained: // closed before
	default:
		close(b.drained)
	}
}

// Left counts what a subscription was not done with when the broker ended.
type Left struct {
	Subscription string
	Events       int    // in the buffer: dropped
	Backlog      uint64 // in the repository: still there
	InFlight     int    // with a handler
}

// LeftError says what Shutdown could not drain in time.
type LeftError struct {
	Left  []Left
	Cause error // why the wait ended
}

func (e *LeftError) Error() string {
	var s strings.Builder
	s.WriteString("broker: shutdown: events left undelivered:")
	for i, l := range e.Left {
		if i > 0 {
			s.WriteByte(',')
		}
		fmt.Fprintf(&s, " %d of %q", l.Events, l.Subscription)
		if l.Backlog > 0 {
			fmt.Fprintf(&s, " and %d in the repository", l.Backlog)
		}
		if l.InFlight > 0 {
			fmt.Fprintf(&s, " and %d in handlers", l.InFlight)
		}
	}
	fmt.Fprintf(&s, ": %v", e.Cause)
	return s.String()
}

func (e *LeftError) Unwrap() error { return e.Cause }
