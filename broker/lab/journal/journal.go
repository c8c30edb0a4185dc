package journal

import (
	"math/bits"
	"time"

	"github.com/spillway-go/spillway/broker"
)

// stride is how many records lie between two checkpoints: so many are applied,
// at the most, to reach any position.
const stride = 1024

// Journal keeps the newest records of a run, and the state at any position
// among them. Positions count records from the start of the run; the state at
// position p has seen the records 0 to p-1.
//
// It is not safe for concurrent use.
type Journal struct {
	size    int      // how many records it keeps, a power of two
	records []Record // grows to size, then is a ring: record p lies at p mod size
	head    State    // after the newest record
	lines   []line   // by consumer
	series  series   // of the whole run

	checkpoints []State // the state at every multiple of stride in the window, a ring too
	working     int     // events with a worker in a checkpoint, at most
}

// New makes a journal that keeps at least the newest size records of a run with that
// cast of so many producers and consumers. Memory is taken as it fills: 32 bytes a
// record, beside what the series need.
func New(size int, cast Cast, producers, consumers int) *Journal {
	size = 1 << bits.Len(uint(max(size, 2*stride)-1))
	j := &Journal{
		size:        size,
		head:        newState(cast, producers, consumers),
		lines:       make([]line, consumers),
		series:      newSeries(producers, consumers),
		checkpoints: make([]State, 0, size/stride),
	}
	for i := range j.lines {
		j.lines[i] = newLine()
	}
	j.checkpoint()
	return j
}

// Append adds what happened next: a copy of r.
func (j *Journal) Append(r *Record) {
	p := j.head.Position
	if i := int(p) & (j.size - 1); i < len(j.records) {
		j.records[i].set(r)
	} else {
		j.records = append(j.records, *r)
	}
	if r.At >= j.series.end {
		j.series.rollOver(r.At, &j.head)
	}
	j.head.see(r)
	switch r.Kind { // of what nearly every record is, what its row says needs no calls from here
	case Produced:
		j.head.produced(r)
	case Handled:
		j.head.handled(r)
	case Buffered:
		j.head.buffered(r)
		j.series.watchDepth(r)
		j.lines[r.Consumer].enter(r.event())
	case Delivered:
		j.head.delivered(r)
		j.series.watchDepth(r)
		if l, c := &j.lines[r.Consumer], &j.head.Consumers[r.Consumer]; !l.empty() {
			l.leave(r.event(), p, c, false)
		}
	case Dropped:
		j.head.dropped(r)
		j.series.watchDepth(r)
		if why := broker.DropReason(r.Cause); why != broker.Full { // else it never waited, however long the line is
			j.lines[r.Consumer].leave(r.event(), p, &j.head.Consumers[r.Consumer], why == broker.Replaced)
		}
	default:
		j.follow(j.at(p), p) // a pointer to the copy: r need not be on the heap for the sake of the table
	}
	if j.head.Position%stride == 0 {
		j.checkpoint()
	}
}

// follow does what the table says of the record at position p, for the kinds that a
// simple run has few of. For the others Append does the same.
func (j *Journal) follow(r *Record, p uint64) {
	k := r.Kind.of()
	if k.apply != nil {
		k.apply(&j.head, r)
	}
	switch k.queue {
	case enters:
		j.lines[r.Consumer].enter(r.event())
	case leaves:
		replaced := r.Kind == Dropped && broker.DropReason(r.Cause) == broker.Replaced
		j.lines[r.Consumer].leave(r.event(), p, &j.head.Consumers[r.Consumer], replaced)
	case empties:
		for i := range j.lines {
			j.lines[i].clear(p, &j.head.Consumers[i])
			j.series.watch(i, &j.head.Consumers[i], r.At)
		}
		return
	}
	j.series.watch(int(r.Consumer), &j.head.Consumers[r.Consumer], r.At)
}

// checkpoint keeps the head. When the ring is full it takes the place of the
// oldest, whose memory it uses again.
func (j *Journal) checkpoint() {
	j.working = max(j.working, j.head.working())
	i := j.slot(j.head.Position)
	if i == len(j.checkpoints) {
		j.checkpoints = append(j.checkpoints, j.head.Clone())
		return
	}
	j.checkpoints[i].set(&j.head)
	oldest := &j.checkpoints[j.slot(j.First())]
	for c := range j.lines {
		j.lines[c].forget(oldest.Position, uint64(j.size))
	}
}

func (j *Journal) slot(position uint64) int { return int(position/stride) % (j.size / stride) }

// First is the first position that can still be read.
func (j *Journal) First() uint64 {
	// The oldest checkpoint goes when a new one takes its slot, and its records
	// are overwritten after that.
	newest := j.head.Position / stride * stride
	if window := uint64(j.size - stride); newest > window {
		return newest - window
	}
	return 0
}

// Next is the position after the newest record: the number of records of the run so far.
func (j *Journal) Next() uint64 { return j.head.Position }

// At is the record at a position from First up to, not including, Next.
func (j *Journal) At(position uint64) Record { return *j.at(position) }

func (j *Journal) at(position uint64) *Record { return &j.records[int(position)&(j.size-1)] }

// Head is the state after the newest record. It is valid until the next Append.
func (j *Journal) Head() *State { return &j.head }

// Search is the position after the last record that happened at or before t, but
// not before First.
func (j *Journal) Search(t time.Duration) uint64 {
	low, high := j.First(), j.Next()
	for low < high {
		if mid := (low + high) / 2; j.at(mid).At <= t {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low
}

// Seek moves s, a state of this journal or a zero State, to the position, which
// is put into the window first. It goes on from where s is if that is the
// shorter way, so following a run costs nothing but its new records.
func (j *Journal) Seek(s *State, position uint64) {
	position = min(max(position, j.First()), j.Next())
	near := position / stride * stride
	if s.Consumers == nil || s.Position > position || s.Position < near {
		s.set(&j.checkpoints[j.slot(near)])
	}
	for s.Position < position {
		p := s.Position
		r := j.at(p)
		s.apply(r)
		switch r.Kind.of().queue {
		case leaves:
			j.lines[r.Consumer].follow(s.Position, &s.Consumers[r.Consumer])
		case empties:
			for i := range j.lines {
				j.lines[i].follow(s.Position, &s.Consumers[i])
			}
		}
	}
}

// Waiting appends the events that wait for a consumer in state s, the oldest
// first and at most limit of them.
func (j *Journal) Waiting(dst []Event, s *State, consumer, limit int) []Event {
	return j.lines[consumer].waiting(dst, s.Position, &s.Consumers[consumer], limit)
}
