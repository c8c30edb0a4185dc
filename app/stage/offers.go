package stage

import (
	"time"

	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/broker/lab/journal"
)

// What the records of one instant tell of an event, from when it is offered until a worker has it.

// offers are the records that tell what becomes of an event as it is offered.
type offers struct {
	any         bool
	first, last time.Duration // when the first of them begins to be seen, and the last
	pending     bool          // not all of them count yet
}

// offered are those of an event among the records of one instant, from one of them on: up to the next event that is
// published, unless it is one that has waited for room.
func (f *flight) offered(e journal.Event, from int, waited bool) (o offers) {
	var by play.Members
	for i := from; i < len(f.around) && f.around[i].At == f.around[from].At; i++ {
		r := &f.around[i]
		switch {
		case r.Kind == journal.Produced && !waited:
			return o
		case r.Number != e.Number || r.Producer != e.Producer || !r.Kind.OfEvent() || !r.Kind.OfConsumer() || by.Has(int(r.Consumer)),
			r.Kind == journal.Blocked && waited:
			continue
		}
		by.Add(int(r.Consumer))
		if !o.any {
			o.first, o.last = f.begins[i], f.begins[i]
		}
		o.any, o.first, o.last, o.pending = true, min(o.first, f.begins[i]), max(o.last, f.begins[i]), o.pending || i >= f.counts
		if r.Kind == journal.Blocked { // from then on it waits
			o.pending = i >= f.counts
			return o
		}
	}
	return o
}

// waited is until when an event has waited for room before it came into a buffer; less than 0 if it did not.
func (f *flight) waited(i int) time.Duration {
	r := &f.around[i]
	if r.Born < r.At {
		return r.At
	}
	for k := i - 1; k >= 0 && f.around[k].At == r.At; k-- {
		switch o := &f.around[k]; {
		case o.Number != r.Number || o.Producer != r.Producer:
		case o.Kind == journal.Produced:
			return -1
		case o.Kind == journal.Blocked:
			return o.Seen
		}
	}
	return -1
}

// fromLine says whether an event waited before it was delivered, at least for as long as it took to come in.
func (f *flight) fromLine(i int) bool {
	r := &f.around[i]
	for k := i - 1; k >= 0 && f.around[k].At == r.At; k-- {
		switch o := &f.around[k]; {
		case o.Event() != r.Event():
		case o.Kind == journal.Produced:
			return false
		case o.Consumer == r.Consumer && (o.Kind == journal.Buffered || o.Kind == journal.Refilled):
			return true
		}
	}
	// The record of an event that goes on comes after those of its consumers.
	for k := i + 1; k < len(f.around) && f.around[k].At == r.At; k++ {
		if o := &f.around[k]; o.Kind == journal.Unblocked && o.Event() == r.Event() {
			return false
		}
	}
	return true
}

// delivered is which of those around is the record that has given a worker its event, or -1.
func (f *flight) delivered(c int, w *journal.Work) int {
	if w.Attempt > 1 || w.Resting {
		return -1
	}
	for i := f.counts - 1; i >= 0 && f.around[i].At >= w.Since; i-- {
		if r := &f.around[i]; r.Kind == journal.Delivered && int(r.Consumer) == c && r.Event() == w.Event {
			return i
		}
	}
	return -1
}
