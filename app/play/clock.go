package play

import (
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/journal"
)

// The visual clock says when each record is seen. What happens at one instant is seen one after another, in the
// order of the journal: the clock of the run stands still meanwhile, and makes up for it before the next
// instant. A record counts from when it is seen: whatever moves because of it has arrived then.

const (
	// FlightTime is how long an event is seen to move from one thing to the next, at the most.
	FlightTime = 450 * time.Millisecond
	// Horizon is how far the run is ahead of what is shown, so that what moves can arrive at its moment.
	Horizon = 2 * FlightTime
	// instantShare is how much of the time up to the next instant an instant is seen to last, at the most.
	instantShare = 0.6
	// longestInstant is how many records of one instant are seen one after another. More are seen at once.
	longestInstant = 4096
)

// How long what a record tells is seen to take before it counts, and how far apart alike things are seen that
// happen at one instant.
const (
	EntryTime   = FlightTime * 35 / 100 // from the broker's door into a place
	FallTime    = FlightTime * 60 / 100 // into one of the tanks, or out of one
	CrashTime   = FlightTime * 120 / 100
	staggerTime = FlightTime * 15 / 100
)

// Travel is how long what a record tells is seen to take before it counts, if there is time for it.
func Travel(k journal.Kind) time.Duration {
	switch k {
	case journal.Buffered:
		return EntryTime
	case journal.Dropped, journal.Rejected, journal.Spilled, journal.Refilled, journal.Returned, journal.DeadLettered:
		return FallTime
	case journal.Crashed:
		return CrashTime
	default:
		return 0
	}
}

// apart is how long after the record before it, at the same instant, a record is seen. One step leads to the next
// with all the time that takes; else what is alike overlaps.
type apart struct {
	stepped bool
	known   uint32 // the kinds of which there was one, by bit
	replace bool   // the next takes the place of the one that was dropped
}

func (a *apart) next(r journal.Record) time.Duration {
	k := r.Kind
	again := a.known>>k&1 != 0
	a.known |= 1 << k
	if a.replace && k == journal.Buffered {
		a.replace = false
		return 0
	}
	a.replace = k == journal.Dropped && broker.DropReason(r.Cause) == broker.Replaced
	if k == journal.Delivered { // the line moves up before anybody comes in
		a.known &^= 1 << journal.Buffered
	}
	switch travel := Travel(k); {
	case again && (k == journal.Produced || k == journal.Delivered):
		return staggerTime
	case again && !a.stepped:
		return min(travel, staggerTime)
	default:
		return travel
	}
}

// Instant is when the records of one instant of a run are seen.
type Instant struct {
	At    time.Duration
	First uint64          // the position of its first record
	Seen  []time.Duration // by record: how long after At
	next  uint64          // the position after its last record
	gap   time.Duration   // until the next instant
}

// read makes it the instant of the record at a position, in the memory it has.
func (i *Instant) read(j *journal.Journal, position uint64, stepped bool) {
	i.At = j.At(position).At
	i.First = j.Search(i.At - 1)
	i.next = j.Search(i.At)
	i.Seen, i.gap = i.Seen[:0], Horizon
	if i.next < j.Next() {
		i.gap = min(i.gap, j.At(i.next).At-i.At)
	}
	all := time.Duration(0)
	if i.next-i.First <= longestInstant {
		a := apart{stepped: stepped}
		for p := i.First; p < i.next; p++ {
			all += a.next(j.At(p))
			i.Seen = append(i.Seen, all)
		}
	}
	if most := time.Duration(instantShare * float64(i.gap)); all > most && !stepped {
		for k := range i.Seen {
			i.Seen[k] = time.Duration(float64(i.Seen[k]) * (float64(most) / float64(all)))
		}
	}
}

// after is when the record at a position is seen, after the instant.
func (i *Instant) after(position uint64) time.Duration {
	if k := position - i.First; k < uint64(len(i.Seen)) {
		return i.Seen[k]
	}
	return 0
}

// lasts is how long the instant is seen to last.
func (i *Instant) lasts() time.Duration {
	if len(i.Seen) == 0 {
		return 0
	}
	return i.Seen[len(i.Seen)-1]
}

// clock is what the run's clock says when the visual clock shows a time from the instant on, up to the next.
func (i *Instant) clock(seen time.Duration) time.Duration {
	since, lasts := seen-i.At, i.lasts()
	switch {
	case since >= i.gap:
		return seen
	case since <= lasts:
		return i.At
	default:
		return min(seen, i.At+time.Duration(float64(since-lasts)*float64(i.gap)/float64(i.gap-lasts)))
	}
}

// visual is what the visual clock shows at a time of the run, after all records of the instant.
func (i *Instant) visual(at time.Duration) time.Duration {
	since, lasts := at-i.At, i.lasts()
	if since >= i.gap {
		return at
	}
	return max(at, i.At+lasts+time.Duration(float64(since)*float64(i.gap-lasts)/float64(i.gap)))
}

// A Sighting is a record, and when it is seen on the visual clock.
type Sighting struct {
	journal.Record
	Position uint64
	Seen     time.Duration
}

// Sightings appends the records around what is shown that happened up to so long ago or will happen up to so
// much later, at most so many of each: whole instants, in order.
func (m *Moment) Sightings(dst []Sighting, ago, ahead time.Duration, most uint64) []Sighting {
	j, i := m.Journal(), &m.run.instant
	from, to := m.State.Position, min(m.State.Position+most, j.Next())
	for low := max(from, most) - most; from > max(j.First(), low) && j.At(from-1).At >= m.At-ago; from-- {
	}
	for p := from; p < to && j.At(p).At <= m.At+ahead; {
		i.read(j, p, m.Stepped && j.At(p).At == m.StepAt)
		if p == from {
			p = max(i.First, j.First())
		}
		for end := min(i.next, to); p < end; p++ {
			dst = append(dst, Sighting{j.At(p), p, i.At + i.after(p)})
		}
	}
	return dst
}
