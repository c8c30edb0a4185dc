package sim

import (
	"context"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/record"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// store is the event repository of a run, which survives a crash. It keeps what names an event, not the event, which is recycled.
type store struct {
	streams []stream                     // by consumer
	revive  func(e stored) *record.Event // an event that was stored
	unread  func(e *record.Event)        // one that was revived, and that nobody took
	spend   func()                       // for each event that is moved
	index   func(name string) int        // the consumer of a stream
	topics  []string
	revived []*record.Event // by the last Read
}

// stored is what is kept of an event: there can be sixteen million.
type stored struct {
	number   uint64
	born     time.Duration
	topic    uint32 // index of topics
	producer uint8
}

type stream struct {
	events []stored // those from first on, of which head are done with
	head   int
	first  uint64 // the position of events[head]
	read   uint64 // the newest position that was read
	room   int    // so many there have been, and so have memory
}

// topic is the index of a topic, of which a run has at most some thousand: those of its
// producers, and those it was changed to.
func (s *store) topic(name string) uint32 {
	for i := len(s.topics) - 1; i >= 0; i-- { // the latest is the likeliest
		if s.topics[i] == name {
			return uint32(i)
		}
	}
	s.topics = append(s.topics, name)
	return uint32(len(s.topics) - 1)
}

// openStore makes the repository.
func (s *Sim) openStore() {
	s.store = store{
		streams: make([]stream, len(s.consumers)),
		revive:  s.revive,
		unread:  s.recorder.Unread,
		spend:   s.spend,
		index: func(name string) int {
			i := 0
			for s.scenario.Consumers[i].Name != name {
				i++
			}
			return i
		},
	}
	for i := range s.store.streams {
		s.store.streams[i].first = 1
	}
}

// Immediate implements broker.Immediate.
func (s *store) Immediate() {}

// Append implements broker.Repository.
func (s *store) Append(_ context.Context, e broker.Event, names ...string) error {
	for _, name := range names {
		if t := &s.streams[s.index(name)]; len(t.events)-t.head >= scenario.MaxBacklog {
			return &broker.StreamError{Stream: name, Err: broker.ErrRepositoryFull}
		}
	}
	p := e.(*record.Event)
	for _, name := range names {
		t := &s.streams[s.index(name)]
		s.spend()
		t.events = append(t.events, stored{p.Number, p.Age, s.topic(p.About), uint8(p.Producer)})
	}
	return nil
}

func (t *stream) last() uint64 { return t.first + uint64(len(t.events)-t.head) - 1 }

// Read implements broker.Repository.
func (s *store) Read(_ context.Context, name string, after uint64, into []broker.Stored) (int, error) {
	t := &s.streams[s.index(name)]
	for _, e := range s.revived {
		s.unread(e)
	}
	s.revived = s.revived[:0]
	n := 0
	for p := max(after+1, t.first); p <= t.last() && n < len(into); p++ {
		s.spend()
		e := s.revive(t.events[t.head+int(p-t.first)])
		into[n] = broker.Stored{Position: p, Event: e, Redelivered: p <= t.read}
		s.revived = append(s.revived, e)
		n++
		t.read = max(t.read, p)
	}
	return n, nil
}

// Count implements broker.Repository.
func (s *store) Count(_ context.Context, name string, after uint64) (uint64, error) {
	t := &s.streams[s.index(name)]
	return t.last() + 1 - min(t.last()+1, max(after+1, t.first)), nil
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
