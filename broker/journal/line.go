package journal

import "math"

// line is a consumer's waiting line through the whole window of the journal.
// Every event that comes in gets the next ordinal and keeps it; where it went
// out is noted on it. So the line at any earlier position is read from the same
// entries, and a checkpoint needs only two ordinals instead of a copy.
type line struct {
	entries []entry
	first   uint64 // the ordinal of entries[0]
	end     uint64 // no event from this ordinal on waits any more
}

type entry struct {
	Event
	left uint64 // from this position on it no longer waits
}

const stillWaits = math.MaxUint64

func (l *line) enter(e Event) {
	l.entries = append(l.entries, entry{e, stillWaits})
	l.end = l.first + uint64(len(l.entries))
}

// leave notes that the event went out with the record at position, and moves
// both ends of the line past the events that are gone. An event that never
// waited changes nothing.
func (l *line) leave(e Event, position uint64, c *ConsumerState) {
	for low, high := c.left, l.end; low < high; low++ { // nearly always the oldest
		if o := l.at(low); o.left == stillWaits && o.Event == e {
			o.left = position + 1
			break
		}
		if high--; l.at(high).left == stillWaits && l.at(high).Event == e { // or the newest
			l.at(high).left = position + 1
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
