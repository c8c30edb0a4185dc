package broker

import "fmt"

// Trace is a set of hooks that tell everything that happens to events, in the
// manner of net/http/httptrace. A nil hook is not called.
//
// The hooks run inside the broker's critical section. That is what makes their
// order the broker's own total order, and it asks two things of them: be quick,
// and never call the broker or a subscription from inside one, apart from Name
// and Index.
type Trace struct {
	// Buffered: the event waits; depth events now wait, this one included.
	Buffered func(s *Subscription, e Event, depth int)
	// Delivered: a receiver has taken the event; depth events still wait.
	Delivered func(s *Subscription, e Event, depth int)
	// Dropped: the subscription will never deliver the event; depth events wait.
	Dropped func(s *Subscription, e Event, why DropReason, depth int)
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
)

var dropReasonNames = []string{Full: "full", Displaced: "displaced", Shrunk: "shrunk", Closed: "closed"}

func (r DropReason) String() string {
	if r != 0 && int(r) < len(dropReasonNames) {
		return dropReasonNames[r]
	}
	return fmt.Sprintf("DropReason(%d)", uint8(r))
}

func (t *Trace) buffered(s *Subscription, e Event) {
	if t.Buffered != nil {
		t.Buffered(s, e, s.queue.len())
	}
}

func (t *Trace) delivered(s *Subscription, e Event) {
	if t.Delivered != nil {
		t.Delivered(s, e, s.queue.len())
	}
}

func (t *Trace) dropped(s *Subscription, e Event, why DropReason) {
	if t.Dropped != nil {
		t.Dropped(s, e, why, s.queue.len())
	}
}
