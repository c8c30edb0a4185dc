package journal

import (
	"cmp"
	"math"
	"slices"
)

// line is a consumer's waiting line through the whole window of the journal.
// Every event that comes in gets the next ordinal and keeps it; where it went
// out is noted on it. So the line at any earlier position is read from the same
// entries, and a checkpoint needs only two ordinals instead of a copy.
type line struct {
	entries []entry
	first   uint64 // the ordinal of entries[0]
	end     uint64 // no event from this ordinal on waits any more

	// Of an event that takes the place of another.
	replaces, shuffled bool
	place              uint64
}

type entry struct {
	Event
	left  uint64 // from this position on it no longer waits
	place uint64 // its rank in the line: its ordinal, or that of the entry it replaced
}

const stillWaits = math.MaxUint64

func (l *line) enter(e Event) {
	place := l.first + uint64(len(l.entries))
	l.end = place + 1
	if l.replaces {
		place, l.replaces = l.place, false
	}
	l.entries = append(l.entries, entry{e, stillWaits, place})
}

// clear notes that everything went out with the record at position.
func (l *line) clear(position uint64, c *ConsumerState) {
	for ; c.left < c.entered; c.left++ {
		if o := l.at(c.left); o.left == stillWaits {
			o.left = position + 1
		}
	}
	l.end = c.entered
	l.replaces = false
}

// follow moves a state that has come to a position past the events that are gone.
func (l *line) follow(position uint64, c *ConsumerState) {
	for c.left < c.entered && l.at(c.left).left <= position {
		c.left++
	}
}

// replace notes that the next event to come in takes the place of this one.
func (l *line) replace(o *entry) { l.place, l.replaces, l.shuffled = o.place, true, true }

// leave notes that the event went out with the record at position, and moves
// both ends of the line past the events that are gone. An event that never
// waited changes nothing.
func (l *line) leave(e Event, position uint64, c *ConsumerState, replaced bool) {
	for low, high := c.left, l.end; low < high; low++ { // nearly always the oldest
		if o := l.at(low); o.left == stillWaits && o.Event == e {
			o.left = position + 1
			if replaced {
				l.replace(o)
			}
			break
		}
		if high--; l.at(high).left == stillWaits && l.at(high).Event == e { // or the newest
			l.at(high).left = position + 1
			if replaced {
				l.replace(l.at(high))
			}
			break
		}
	}
	for c.left < c.entered && l.at(c.left).left != stillWaits {
		c.left++
	}
	for l.end > c.left && l.at(l.end-1).left != stillWaits {
		l.end--
	}
}

func (l *line) at(ordinal uint64) *entry { return &l.entries[ordinal-l.first] }

// forget drops the entries before the ordinal, once they are half of it: moving
// the rest then costs less than what has come in since.
func (l *line) forget(ordinal uint64) {
	if n := ordinal - l.first; n > 1024 && n > uint64(len(l.entries))/2 {
		l.entries = append(l.entries[:0], l.entries[n:]...)
		l.first = ordinal
	}
}

// inPlace is who waits at a position where some have taken the place of others.
func (l *line) inPlace(position uint64, c *ConsumerState, limit int) []Event {
	var waiting []entry
	for o := c.left; o < c.entered; o++ {
		if e := l.at(o); e.left > position {
			waiting = append(waiting, *e)
		}
	}
	slices.SortFunc(waiting, func(a, b entry) int { return cmp.Compare(a.place, b.place) })
	events := make([]Event, min(limit, len(waiting)))
	for i := range events {
		events[i] = waiting[i].Event
	}
	return events
}
