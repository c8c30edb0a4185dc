package journal_test

import (
	"math/rand/v2"
	"slices"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/journal"
)

// naive is a run as a plain list of records, read from the start each time.
type naive struct {
	producers, consumers int
	records              []journal.Record
}

// counts is what a State says to everyone.
type counts struct {
	Published, Buffered, Dropped, Delivered, Handled uint64
	Changes                                          int
	At                                               time.Duration
	Producers                                        []journal.ProducerState
	Consumers                                        []consumerCounts
}

type consumerCounts struct {
	Delivered, Handled, Dropped uint64
	Depth                       int
	Busy                        bool
	Handling                    journal.Event
	Since, Worked               time.Duration
	Waiting                     []journal.Event
}

// at folds the records before the position.
func (n *naive) at(position int) counts {
	c := counts{Producers: make([]journal.ProducerState, n.producers), Consumers: make([]consumerCounts, n.consumers)}
	for _, r := range n.records[:position] {
		c.At = r.At
		of := &c.Consumers[r.Consumer]
		switch r.Kind {
		case journal.Produced:
			c.Published++
			c.Producers[r.Producer].Published++
		case journal.Buffered:
			c.Buffered++
			of.Waiting = append(of.Waiting, r.Event())
		case journal.Dropped:
			c.Dropped++
			of.Dropped++
			of.Waiting = without(of.Waiting, r.Event())
		case journal.Delivered:
			c.Delivered++
			of.Delivered++
			of.Waiting = without(of.Waiting, r.Event())
			of.Busy, of.Handling, of.Since = true, r.Event(), r.At
		case journal.Handled:
			c.Handled++
			of.Handled++
			of.Busy = false
			of.Worked += r.At - of.Since
		case journal.Changed:
			c.Changes++
		}
		of.Depth = len(of.Waiting)
	}
	return c
}

func without(events []journal.Event, e journal.Event) []journal.Event {
	rest := slices.DeleteFunc(events, func(x journal.Event) bool { return x == e })
	if len(rest) == 0 {
		return nil
	}
	return rest
}

// search is the position after the last record at or before t.
func (n *naive) search(t time.Duration) int {
	i := slices.IndexFunc(n.records, func(r journal.Record) bool { return r.At > t })
	if i < 0 {
		return len(n.records)
	}
	return i
}

// told is what the journal says of a state, in the terms of the naive one.
func told(j *journal.Journal, s *journal.State) counts {
	c := counts{
		Published: s.Published, Buffered: s.Buffered, Dropped: s.Dropped, Delivered: s.Delivered, Handled: s.Handled,
		Changes: s.Changes, At: s.At, Producers: slices.Clone(s.Producers),
	}
	for i, x := range s.Consumers {
		c.Consumers = append(c.Consumers, consumerCounts{
			Delivered: x.Delivered, Handled: x.Handled, Dropped: x.Dropped, Depth: x.Depth,
			Busy: x.Busy, Handling: x.Handling, Since: x.Since, Worked: x.Worked,
			Waiting: j.Waiting(nil, s, i, 1<<30),
		})
	}
	return c
}

// world makes records that a run could have, of consumers that do as they please.
type world struct {
	naive
	random   *rand.Rand
	now      time.Duration
	numbers  []uint64
	lines    [][]journal.Event
	handling []*journal.Event
	full     float64 // how likely an event is dropped because the buffer is full
}

func newWorld(seed uint64, producers, consumers int) *world {
	return &world{
		naive:    naive{producers: producers, consumers: consumers},
		random:   rand.New(rand.NewPCG(seed, 0)),
		numbers:  make([]uint64, producers),
		lines:    make([][]journal.Event, consumers),
		handling: make([]*journal.Event, consumers),
		full:     0.2,
	}
}

// step is one more moment of the world; the records of it are added and returned.
func (w *world) step() []journal.Record {
	from := len(w.records)
	w.now += time.Duration(w.random.IntN(3)) * time.Millisecond // often none
	switch c := w.random.IntN(w.consumers); w.random.IntN(12) {
	case 0, 1, 2, 3, 4:
		w.produce()
	case 5, 6, 7, 8:
		for range w.random.IntN(5 * w.consumers) {
			w.work(c)
		}
	case 9:
		w.records = append(w.records, journal.Record{Kind: journal.Changed, At: w.now})
	case 10: // a smaller buffer
		for range w.random.IntN(4) {
			w.drop(c, w.random.IntN(2) == 0, broker.Shrunk)
		}
	default: // a line of many
		for range 8 {
			w.produce()
		}
	}
	return w.records[from:]
}

func (w *world) add(kind journal.Kind, consumer int, e journal.Event, why broker.DropReason) {
	w.records = append(w.records, journal.Record{
		Kind: kind, At: w.now, Born: e.Born, Number: e.Number, Producer: e.Producer,
		Consumer: uint8(consumer), Depth: uint32(len(w.lines[consumer])), Cause: uint8(why),
	})
}

func (w *world) produce() {
	p := w.random.IntN(w.producers)
	e := journal.Event{Number: w.numbers[p], Born: w.now, Producer: uint8(p)}
	w.numbers[p]++
	w.records = append(w.records, journal.Record{Kind: journal.Produced, At: w.now, Born: w.now, Number: e.Number, Producer: e.Producer})
	for c := range w.lines {
		switch {
		case w.handling[c] == nil && len(w.lines[c]) == 0:
			w.handling[c] = &e
			w.add(journal.Delivered, c, e, 0)
		case w.random.Float64() < w.full:
			w.add(journal.Dropped, c, e, broker.Full)
		default:
			if w.random.IntN(4) == 0 {
				w.drop(c, true, broker.Displaced)
			}
			w.lines[c] = append(w.lines[c], e)
			w.add(journal.Buffered, c, e, 0)
		}
	}
}

func (w *world) work(c int) {
	if e := w.handling[c]; e != nil {
		w.handling[c] = nil
		w.add(journal.Handled, c, *e, 0)
	}
	if len(w.lines[c]) > 0 {
		e := w.lines[c][0]
		w.lines[c] = w.lines[c][1:]
		w.handling[c] = &e
		w.add(journal.Delivered, c, e, 0)
	}
}

// rest lets the consumers handle all there is.
func (w *world) rest() {
	for c := range w.lines {
		for w.handling[c] != nil {
			w.work(c)
		}
	}
}

func (w *world) drop(c int, oldest bool, why broker.DropReason) {
	n := len(w.lines[c])
	if n == 0 {
		return
	}
	i := n - 1
	if oldest {
		i = 0
	}
	e := w.lines[c][i]
	w.lines[c] = slices.Delete(slices.Clone(w.lines[c]), i, i+1)
	w.add(journal.Dropped, c, e, why)
}
