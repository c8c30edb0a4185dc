package logbook

import (
	"slices"
	"strings"

	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// Index is where the lines stand that the log shows: the positions of their
// records in the journal, in order. A journal can have a million records, and
// more of them every frame, so it is made piece by piece: first what precedes the
// moment that is shown, so that there is something to read at once, then what
// came later, then the rest of the past.
type Index struct {
	version int // another for each beginning
	journal *journal.Journal
	words   wording
	*Sieve

	from, to uint64   // the records that have been looked at: [from, to)
	below    []uint32 // lines before start, the latest first
	above    []uint32 // lines from start on
	start    uint64
}

const (
	// logAhead is how many lines are looked for before the moment that is shown
	// until those after it have their turn.
	logAhead = 200
	// logLag is how many records the index may be behind a reader who follows:
	// then it begins anew where the run is.
	logLag = 1 << 17
	// logBatch is how many records are looked at between two looks at the clock.
	logBatch = 1024
)

// begin begins anew for what m shows, if that is something else now.
func (x *Index) begin(m *play.Moment, view *play.LogView) {
	words, at := wordingOf(m.Scenario), m.State.Position
	if x.journal == m.Journal() && x.words == words && x.show.Same(*view) {
		near := at <= x.to+logLag && at+logLag >= x.from
		if x.to+1 >= m.Journal().First() && (near || view.Hold) {
			return
		}
	} else {
		x.Sieve = NewSieve(*m.Scenario, *m.Roster, *view)
	}
	x.version++
	x.journal, x.words = m.Journal(), words
	x.start = max(at, m.Journal().First())
	x.from, x.to = x.start, x.start
	x.below, x.above = x.below[:0], nil
}

// wording is what the words of a run hang on that can change.
type wording struct {
	names string
	start scenario.Start
}

func wordingOf(s *scenario.Scenario) wording {
	var b strings.Builder
	for i := range s.Producers {
		b.WriteString(s.Producers[i].Name)
		b.WriteByte(0)
	}
	for i := range s.Consumers {
		b.WriteString(s.Consumers[i].Name)
		b.WriteByte(0)
	}
	return wording{b.String(), s.Start}
}

// follow brings the index nearer to the journal, for as long as more says so. It
// looks at something in any case.
func (x *Index) follow(m *play.Moment, view *play.LogView, more func() bool) {
	x.begin(m, view)
	x.search.retell(*m.Scenario)
	j := m.Journal()
	x.forget(j.First())
	for again := true; again; again = more() {
		switch first := j.First(); {
		case x.from > first && len(x.below) < logAhead:
			x.down(j, first)
		case x.to < m.Records: // what the run is ahead is not yet told
			x.up(j, m.Records)
		case x.from > first:
			x.down(j, first)
		default:
			return
		}
	}
}

func (x *Index) up(j *journal.Journal, end uint64) {
	end = min(x.to+logBatch, end)
	for p := x.to; p < end; p++ {
		if r := j.At(p); x.Shows(&r) {
			x.above = append(x.above, uint32(p))
		}
	}
	x.to = end
}

func (x *Index) down(j *journal.Journal, first uint64) {
	end := max(x.from, first+logBatch) - logBatch
	for p := x.from; p > end; p-- {
		if r := j.At(p - 1); x.Shows(&r) {
			x.below = append(x.below, uint32(p-1))
		}
	}
	x.from = end
}

// forget lets go of the records before first.
func (x *Index) forget(first uint64) {
	if x.from >= first {
		return
	}
	x.from, x.to = first, max(x.to, first)
	n := len(x.below)
	for n > 0 && x.position(x.below[n-1]) < first {
		n--
	}
	if x.below = x.below[:n]; n > 0 {
		return
	}
	n, _ = slices.BinarySearchFunc(x.above, first, func(p uint32, first uint64) int { return int(int64(x.position(p) - first)) })
	x.above = x.above[n:]
}

// position is where a line stands. The index keeps half of it, which tells all:
// a journal does not keep 2³² records.
func (x *Index) position(low uint32) uint64 {
	return x.to - uint64(uint32(x.to)-low)
}

// Count is how many lines there are.
func (x *Index) Count() int { return len(x.below) + len(x.above) }

// at is the position of the n-th line.
func (x *Index) at(n int) uint64 {
	if n < len(x.below) {
		return x.position(x.below[len(x.below)-1-n])
	}
	return x.position(x.above[n-len(x.below)])
}

// before is how many lines stand before a position.
func (x *Index) before(position uint64) int {
	low, high := 0, x.Count()
	for low < high {
		if mid := (low + high) / 2; x.at(mid) < position {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low
}

// behind is how many records have not been looked at.
func (x *Index) behind(m *play.Moment) uint64 {
	return x.from - min(x.from, m.Journal().First()) + m.Records - min(x.to, m.Records)
}
