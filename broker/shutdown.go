package broker

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// Shutdown refuses new events and waits until every buffer and backlog is empty
// and every handler has returned, or until ctx is done, whichever is first; then
// it closes every subscription. What was left in the buffers is dropped and told
// to the trace; a backlog stays in its repository; both are listed in a
// *LeftError. Further calls wait for the handlers that still run.
//
// From inside a handler it waits for that handler too, so give it a context that
// ends.
func (b *Broker) Shutdown(ctx context.Context) error {
	b.mu.Lock()
	b.closing = true
	for _, s := range slices.Clone(b.subs) {
		s.closeIfDone() // its receivers need not wait for the others
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
	left := &LeftError{Cause: context.Cause(ctx)}
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
	}
	if left.Left == nil {
		return nil
	}
	return left
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
