package broker

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
)

// Stored is an event in a repository.
type Stored struct {
	Position    uint64 // in its stream, from 1, growing
	Event       Event
	Redelivered bool // an earlier Read has returned it, so it may have been delivered before
}

// Repository keeps events outside of buffers, in streams. A spilling
// subscription has a stream of its name; dead letters, each a *DeadLetter, have that of
// DeadLetters.
// Package brokertest checks an implementation.
//
// Append is called outside of the broker's critical section, with the context of the
// publisher, and may call the broker; see Immediate.
type Repository interface {
	// Append adds an event at the end of each of the streams or, after an error, of none:
	// what is refused to a publisher may never come back. A *StreamError says which
	// stream it could not be.
	Append(ctx context.Context, e Event, streams ...string) error
	// Read reads the events after a position that are not committed, in order and
	// as many as fit, and tells how many it has read. 0 reads from the first.
	Read(ctx context.Context, stream string, after uint64, into []Stored) (n int, err error)
	// Commit says that the events up to and including the position are done with
	// and may be forgotten. Committing again, or less than before, does nothing.
	Commit(ctx context.Context, stream string, upTo uint64) error
	// Count counts the events after a position that are not committed.
	Count(ctx context.Context, stream string, after uint64) (n uint64, err error)
}

// ErrRepositoryFull is what Memory answers where a stream has reached its limit.
var ErrRepositoryFull = errors.New("the repository is full")

// StreamError says which of several streams an Append has failed for.
type StreamError struct {
	Stream string
	Err    error
}

func (e *StreamError) Error() string { return fmt.Sprintf("stream %q: %v", e.Stream, e.Err) }

func (e *StreamError) Unwrap() error { return e.Err }

// streamOf is which stream an Append has failed for, empty if that is unknown, and why.
func streamOf(err error) (stream string, cause error) {
	if of := (*StreamError)(nil); errors.As(err, &of) {
		return of.Stream, of.Err
	}
	return "", err
}

// MaxMemory is how many events a stream of a Memory has at most when nothing else is said.
const MaxMemory = 1_000_000

// Memory is a Repository in memory. Its zero value is empty and ready.
type Memory struct {
	// Limit is how many events that are not committed a stream has at most, 0 means
	// MaxMemory. Then Append fails with ErrRepositoryFull.
	Limit int

	mu      sync.Mutex
	streams map[string]*memoryStream
}

type memoryStream struct {
	events    []Stored // not committed
	last      uint64   // the newest position
	read      uint64   // the newest position that was read
	committed uint64
}

// Immediate implements Immediate.
func (m *Memory) Immediate() {}

func (m *Memory) stream(name string) *memoryStream {
	if m.streams == nil {
		m.streams = make(map[string]*memoryStream)
	}
	s := m.streams[name]
	if s == nil {
		s = &memoryStream{}
		m.streams[name] = s
	}
	return s
}

// Append implements Repository.
func (m *Memory) Append(ctx context.Context, e Event, streams ...string) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	limit := cmp.Or(m.Limit, MaxMemory)
	for _, stream := range streams {
		if len(m.stream(stream).events) >= limit {
			return &StreamError{stream, fmt.Errorf("%w: %d events are not committed", ErrRepositoryFull, limit)}
		}
	}
	for _, stream := range streams {
		s := m.stream(stream)
		s.last++
		s.events = append(s.events, Stored{Position: s.last, Event: e})
	}
	return nil
}

// Read implements Repository.
func (m *Memory) Read(ctx context.Context, stream string, after uint64, into []Stored) (int, error) {
	if ctx.Err() != nil {
		return 0, context.Cause(ctx)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.stream(stream)
	n := copy(into, s.events[s.upTo(after):])
	for i := range into[:n] {
		into[i].Redelivered = into[i].Position <= s.read
	}
	if n > 0 {
		s.read = max(s.read, into[n-1].Position)
	}
	return n, nil
}

// Commit implements Repository.
func (m *Memory) Commit(ctx context.Context, stream string, upTo uint64) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.stream(stream)
	if upTo = min(upTo, s.last); upTo > s.committed {
		n := s.upTo(upTo)
		clear(s.events[:n]) // let the events be collected
		s.events = s.events[n:]
		s.committed = upTo
	}
	return nil
}

// Count implements Repository.
func (m *Memory) Count(ctx context.Context, stream string, after uint64) (uint64, error) {
	if ctx.Err() != nil {
		return 0, context.Cause(ctx)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.stream(stream)
	return uint64(len(s.events) - s.upTo(after)), nil
}

// upTo is how many of the events lie at or before the position.
func (s *memoryStream) upTo(position uint64) int {
	n, found := slices.BinarySearchFunc(s.events, position, func(e Stored, p uint64) int {
		switch {
		case e.Position < p:
			return -1
		case e.Position > p:
			return 1
		}
		return 0
	})
	if found {
		n++
	}
	return n
}
