package broker

import (
	"context"
	"slices"
	"sync"
)

// Stored is an event in a repository.
type Stored struct {
	Position uint64 // in its stream, from 1, growing
	Event    Event
}

// Repository keeps events outside of buffers, in streams. A spilling
// subscription has a stream of its name; dead letters, each a *DeadLetter, have that of
// DeadLetters.
// Package brokertest checks an implementation.
//
// A spilling broker calls it inside its critical section, which is what keeps the
// order: an implementation over something slow should buffer.
type Repository interface {
	// Append adds an event at the end of a stream and tells its position. After
	// an error the event is not in the stream.
	Append(ctx context.Context, stream string, e Event) (position uint64, err error)
	// Read reads the events after a position that are not committed, in order and
	// as many as fit, and tells how many it has read. 0 reads from the first.
	Read(ctx context.Context, stream string, after uint64, into []Stored) (n int, err error)
	// Commit says that the events up to and including the position are done with
	// and may be forgotten. Committing again, or less than before, does nothing.
	Commit(ctx context.Context, stream string, upTo uint64) error
}

// Counter is a Repository that can count the events of a stream without reading
// them. A subscription asks it how long the backlog is that it finds.
type Counter interface {
	Repository
	// Count counts the events after a position that are not committed, and tells
	// the position of the newest, 0 if there is none.
	Count(ctx context.Context, stream string, after uint64) (n, newest uint64, err error)
}

// Memory is a Repository in memory. Its zero value is empty and ready.
type Memory struct {
	mu      sync.Mutex
	streams map[string]*memoryStream
}

type memoryStream struct {
	events    []Stored // not committed
	last      uint64   // the newest position
	committed uint64
}

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
func (m *Memory) Append(ctx context.Context, stream string, e Event) (uint64, error) {
	if ctx.Err() != nil {
		return 0, context.Cause(ctx)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.stream(stream)
	s.last++
	s.events = append(s.events, Stored{s.last, e})
	return s.last, nil
}

// Read implements Repository.
func (m *Memory) Read(ctx context.Context, stream string, after uint64, into []Stored) (int, error) {
	if ctx.Err() != nil {
		return 0, context.Cause(ctx)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.stream(stream)
	return copy(into, s.events[s.upTo(after):]), nil
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
