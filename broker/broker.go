package broker

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
)

const (
	// DefaultBuffer is how many events a subscription holds when nothing else is said.
	DefaultBuffer = 3
	// MaxBuffer is the largest buffer a subscription can have.
	MaxBuffer = 1_000_000
	// Unbuffered asks for no buffer at all: an event is taken by a receiver
	// that already waits, or it overflows.
	Unbuffered = -1
)

// ErrClosed is what a broker or subscription answers once it is closed.
var ErrClosed = errors.New("closed")

// Options set up a Broker. The zero value works.
type Options struct {
	// Buffer is how many events a subscription holds unless it says otherwise:
	// 0 means DefaultBuffer, Unbuffered none, MaxBuffer is the most.
	Buffer int
	// Overflow is what a full buffer does unless its subscription says otherwise.
	Overflow Overflow
	// Trace is told everything that happens.
	Trace Trace
}

// A Broker offers every published event to every subscription. All its methods
// may be called from any goroutine; it starts none of its own.
type Broker struct {
	trace Trace

	mu       sync.Mutex
	defaults settings
	subs     []*Subscription // in order of subscription: the order of delivery
	next     int             // the index of the next subscription
	closing  bool            // no more publishing: Shutdown has begun
	drained  chan struct{}   // closed when closing and nothing waits any more
}

// New makes a broker, or says which option is out of bounds.
func New(o Options) (*Broker, error) {
	defaults, err := settings{buffer: DefaultBuffer, overflow: DropNewest}.with(Settings{o.Buffer, o.Overflow})
	if err != nil {
		return nil, fmt.Errorf("broker: new: %w", err)
	}
	return &Broker{trace: o.Trace, defaults: defaults, drained: make(chan struct{})}, nil
}

// Publish offers the event to every subscription in one critical section, in
// order of subscription. It fails with ErrClosed after Shutdown and with the
// context's cause when ctx is done before the event was offered; then no
// subscription has it. A drop is not an error of the publisher.
func (b *Broker) Publish(ctx context.Context, e Event) error {
	if ctx.Err() != nil {
		return fmt.Errorf("broker: publish: %w", context.Cause(ctx))
	}
	return b.TryPublish(e)
}

// TryPublish is Publish for a caller that has no context and can't wait.
func (b *Broker) TryPublish(e Event) error {
	if e == nil {
		return errors.New("broker: publish: the event is nil")
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closing {
		return fmt.Errorf("broker: publish: %w", ErrClosed)
	}
	for _, s := range b.subs {
		s.offer(e)
	}
	return nil
}

// Subscribe adds a subscription that is offered every event published from now on.
func (b *Broker) Subscribe(o SubscribeOptions) (*Subscription, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closing {
		return nil, fmt.Errorf("broker: subscribe %q: %w", o.Name, ErrClosed)
	}
	set, err := b.defaults.with(o.Settings)
	if err != nil {
		return nil, fmt.Errorf("broker: subscribe %q: %w", o.Name, err)
	}
	s := &Subscription{broker: b, name: o.Name, index: b.next, settings: set}
	b.next++
	b.subs = append(b.subs, s)
	return s, nil
}

// Shutdown refuses new events and waits until every buffer is empty or ctx is
// done, whichever is first; then it closes every subscription. What was left in
// the buffers is dropped, told to the trace, and listed in a *LeftError.
// Further calls do the same and find nothing left.
func (b *Broker) Shutdown(ctx context.Context) error {
	b.mu.Lock()
	b.closing = true
	for _, s := range slices.Clone(b.subs) {
		if s.queue.len() == 0 {
			s.close() // its receivers need not wait for the others
		}
	}
	b.checkDrained()
	b.mu.Unlock()

	select {
	case <-b.drained:
	case <-ctx.Done():
	}

	b.mu.Lock()
	defer b.mu.Unlock()
	left := &LeftError{Cause: context.Cause(ctx)}
	for _, s := range slices.Clone(b.subs) {
		if n := s.queue.len(); n > 0 {
			left.Left = append(left.Left, Left{Subscription: s.name, Events: n})
		}
		s.close()
	}
	b.checkDrained()
	if left.Left == nil {
		return nil
	}
	return left
}

// checkDrained wakes Shutdown when the last waiting event is gone.
func (b *Broker) checkDrained() {
	if !b.closing || slices.ContainsFunc(b.subs, func(s *Subscription) bool { return s.queue.len() > 0 }) {
		return
	}
	select {
	case <-b.drained: // closed before
	default:
		close(b.drained)
	}
}

// Left counts the events a subscription had not delivered when the broker ended.
type Left struct {
	Subscription string
	Events       int
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
	}
	fmt.Fprintf(&s, ": %v", e.Cause)
	return s.String()
}

func (e *LeftError) Unwrap() error { return e.Cause }
