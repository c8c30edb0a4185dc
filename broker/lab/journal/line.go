package journal

import (
	"math"
	"sort"
	"time"
)

// line is a consumer's waiting line through the whole window of the journal.
// Every event that comes in gets the next ordinal and keeps it; where it went
// out is noted on it. So the line at any earlier position is read from the same
// entries, and a checkpoint needs only two ordinals instead of a copy. What went out
// before the window is forgotten, so there are no more entries than events that
// wait, or have gone out within the window, and as many that are about to be forgotten.
type line struct {
	entries        []entry // by ordinal, which have gaps where some are forgotten
	entered        uint64  // the next ordinal
	oldest, newest int32   // the ends of the list of those that still wait, or nobody
	next           int32   // who came after the last that went out, or nobody
	limit          int     // so many entries are worth a look at what can be forgotten
	looked         uint64  // where the window began when that was done last
	room           int     // so many there have been, and so have memory

	ahead    uint64 // the next that comes in takes the place of another: so many places ahead of the end
	shuffled bool   // some took the place of another
}

type entry struct {
	id      uint64 // of the event: its number and its producer
	born    time.Duration
	ordinal uint64
	left    uint64 // from this position on it no longer waits
	place   uint64 // its rank in the line: its ordinal, or that of the entry it replaced

	before, after int32 // in the list of those that still wait
}

const (
	stillWaits = math.MaxUint64
	nobody     = -1
	fewEntries = 2048
)

func newLine() line { return line{oldest: nobody, newest: nobody, next: nobody, limit: fewEntries} }

func idOf(e Event) uint64 { return e.Number<<8 | uint64(e.Producer) }

func (e *entry) event() Event { return Event{e.id >> 8, e.born, uint8(e.id)} }

// empty says whether nobody waits any more.
func (l *line) empty() bool { return l.oldest == nobody }

func (l *line) enter(e Event) {
	i := int32(len(l.entries))
	l.entries = append(l.entries, entry{idOf(e), e.Born, l.entered, stillWaits, l.entered - l.ahead, l.newest, nobody})
	l.entered++
	l.ahead = 0
	if l.newest == nobody {
		l.oldest = i
	} else {
		l.entries[l.newest].after = i
	}
	l.newest = i
}

// leave notes that the event went out with the record at position. An event that
// never waited changes nothing.
func (l *line) leave(e Event, position uint64, c *ConsumerState, replaced bool) {
	i := l.find(idOf(e), e.Born)
	if i == nobody {
		return
	}
	o := &l.entries[i]
	o.left = position + 1
	if o.before == nobody {
		l.oldest = o.after
	} else {
		l.entries[o.before].after = o.after
	}
	if o.after == nobody {
		l.newest = o.before
	} else {
		l.entries[o.after].before = o.before
	}
	l.next = o.after
	if replaced { // by the next that comes in
		l.ahead, l.shuffled = l.entered-o.place, true
	}
	c.left = l.entered
	if !l.empty() {
		c.left = l.entries[l.oldest].ordinal
	}
}

// find looks for an event among those that still wait.
func (l *line) find(id uint64, born time.Duration) int32 {
	is := func(i int32) bool { return l.entries[i].id == id && l.entries[i].born == born }
	if l.next != nobody && is(l.next) { // those from the repository leave from the middle, one after another
		return l.next
	}
	for low, high := l.oldest, l.newest; low != nobody && low <= high; {
		if is(low) { // nearly always
			return low
		}
		if is(high) {
			return high
		}
		low, high = l.entries[low].after, l.entries[high].before
	}
	return nobody
}

// clear notes that everything went out with the record at position.
func (l *line) clear(position uint64, c *ConsumerState) {
	for i := l.oldest; i != nobody; i = l.entries[i].after {
		l.entries[i].left = position + 1
	}
	l.oldest, l.newest, l.next = nobody, nobody, nobody
	c.left = l.entered
	l.ahead = 0
}

// index is where the entry with that ordinal is, or else the next.
func (l *line) index(ordinal uint64) int {
	if len(l.entries) == 0 || ordinal <= l.entries[0].ordinal {
		return 0
	}
	n := len(l.entries)
	if i := ordinal - l.entries[0].ordinal; i < uint64(n) {
		if l.entries[i].ordinal == ordinal {
			return int(i)
		}
		n = int(i)
	}
	return sort.Search(n, func(i int) bool { return l.entries[i].ordinal >= ordinal })
}

// of are the entries among which those are that wait in a state.
func (l *line) of(c *ConsumerState) []entry {
	return l.entries[l.index(c.left):l.index(c.entered)]
}

// follow moves a state that has come to a position past the events that are gone.
func (l *line) follow(position uint64, c *ConsumerState) {
	for i := l.index(c.left); ; i++ {
		if i == len(l.entries) || l.entries[i].ordinal >= c.entered {
			c.left = c.entered
			return
		}
		if l.entries[i].left > position {
			c.left = l.entries[i].ordinal
			return
		}
	}
}

// forget drops the entries of those that no longer wait at a position, where the
// window of so many records begins. It goes through all of them, so it does when there
// are twice as many as the last time, or another window has gone by.
func (l *line) forget(position, window uint64) {
	if len(l.entries) < l.limit && position < l.looked+window {
		return
	}
	l.looked = position
	l.room = max(l.room, len(l.entries))
	n, last, next := int32(0), int32(nobody), int32(nobody)
	l.oldest = nobody
	for i := range l.entries {
		e := &l.entries[i]
		if e.left <= position {
			continue
		}
		if e.left == stillWaits {
			if int32(i) == l.next {
				next = n
			}
			if e.before, e.after = last, nobody; last == nobody {
				l.oldest = n
			} else {
				l.entries[last].after = n
			}
			last = n
		}
		l.entries[n] = *e
		n++
	}
	l.newest, l.next = last, next
	l.entries = l.entries[:n]
	l.limit = max(fewEntries, 2*int(n))
	if l.room > 2*l.limit { // it was longer once
		l.entries = append(make([]entry, 0, l.limit), l.entries...)
		l.room = l.limit
	}
}

// waiting appends who waits in a state, the first of them and at most limit.
func (l *line) waiting(dst []Event, position uint64, c *ConsumerState, limit int) []Event {
	all := l.of(c)
	var moved []entry // who waits in the place of another
	if l.shuffled {
		for i := range all {
			if e := &all[i]; e.place != e.ordinal && e.left > position {
				moved = append(moved, *e)
			}
		}
		sort.Slice(moved, func(i, j int) bool { return moved[i].place < moved[j].place })
	}
	for i := 0; limit > 0; limit-- {
		for i < len(all) && (all[i].left <= position || all[i].place != all[i].ordinal) {
			i++
		}
		switch {
		case len(moved) > 0 && (i == len(all) || moved[0].place < all[i].place):
			dst = append(dst, moved[0].event())
			moved = moved[1:]
		case i < len(all):
			dst = append(dst, all[i].event())
			i++
		default:
			return dst
		}
	}
	return dst
}
