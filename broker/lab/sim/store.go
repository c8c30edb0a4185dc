package sim

import (
	"context"
	"errors"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// store is the event repository of a run: a broker.Counter that survives a
// crash. It keeps what names an event, not the event, which is recycled.
type store struct {
	streams []stream              // by consumer
	revive  func(e stored) *event // an event that was stored
	index   func(name string) int // the consumer of a stream
}

// stored is what is kept of an event.
type stored struct {
	journal.Event
	about string
}

type stream struct {
	events []stored // those from first on, of which head are done with
	head   int
	first  uint64 // the position of events[head]
}

var errFull = errors.New("the repository is full")

// Append implements broker.Repository.
func (s *store) Append(_ context.Context, name string, e broker.Event) (uint64, error) {
	t := &s.streams[s.index(name)]
	if len(t.events)-t.head >= scenario.MaxBacklog {
		return 0, errFull
	}
	p := e.(*event)
	t.events = append(t.events, stored{journal.Event{Number: p.Number, Born: p.Age, Producer: uint8(p.Producer)}, p.About})
	return t.last(), nil
}

func (t *stream) last() uint64 { return t.first + uint64(len(t.events)-t.head) - 1 }

// Read implements broker.Repository.
func (s *store) Read(_ context.Context, name string, after uint64, into []broker.Stored) (int, error) {
	t := &s.streams[s.index(name)]
	n := 0
	for p := max(after+1, t.first); p <= t.last() && n < len(into); p++ {
		into[n] = broker.Stored{Position: p, Event: s.revive(t.events[t.head+int(p-t.first)])}
		n++
	}
	return n, nil
}

// Count implements broker.Counter: to read a million events would be to make them.
func (s *store) Count(_ context.Context, name string, after uint64) (n, newest uint64, err error) {
	t := &s.streams[s.index(name)]
	if newest = t.last(); newest < max(after+1, t.first) {
		return 0, 0, nil
	}
	return newest + 1 - max(after+1, t.first), newest, nil
}

// Commit implements broker.Repository.
func (s *store) Commit(_ context.Context, name string, upTo uint64) error {
	t := &s.streams[s.index(name)]
	if upTo = min(upTo, t.last()); upTo >= t.first {
		t.head += int(upTo + 1 - t.first)
		t.first = upTo + 1
	}
	if t.head > 1024 && t.head > len(t.events)/2 { // moving the rest costs less than what has gone
		t.events = append(t.events[:0], t.events[t.head:]...)
		t.head = 0
	}
	return nil
}

// graveyard is where dead letters go, which the journal tells of: it keeps none.
type graveyard struct{ broker.Repository }

// Append implements broker.Repository.
func (graveyard) Append(context.Context, string, broker.Event) (uint64, error) { return 1, nil }
