package broker

import (
	"slices"
	"time"
)

// backlog is what a spilling subscription has in the repository.
type backlog struct {
	open     bool
	count    uint64   // events there that are not yet read back
	appended uint64   // the position of the newest
	read     uint64   // the position of the newest that was read back
	skip     []uint64 // positions, growing, of events that nobody gets, before they are done with
	admitted bool     // the event that is being published is there already

	// Which events of the buffer are from the repository: the first ahead are
	// not, then behind tells the position of each, 0 for none.
	ahead     int
	behind    ring[uint64]
	delivered uint64 // the newest position that is done with
	committed uint64

	into  []Stored      // to read to
	retry *time.Timer   // after the repository failed
	delay time.Duration // until then
}

// prune forgets what was skipped and is done with, once that is half of it: to move
// the rest each time would cost as much as there is.
func (b *backlog) prune() {
	if done := b.skippedBefore(); done >= len(b.skip)/2 {
		b.skip = slices.Delete(b.skip, 0, done)
	}
}

// skippedBefore is how many of the skipped positions are done with.
func (b *backlog) skippedBefore() int {
	n, _ := slices.BinarySearch(b.skip, b.delivered+1)
	return n
}

// position is where in the repository the i-th event of the buffer is; 0: nowhere.
func (b *backlog) position(i int) uint64 {
	if i -= b.ahead; i < 0 || i >= b.behind.len() {
		return 0
	}
	return b.behind.at(i)
}

// pushed notes where an event comes from that now waits in the buffer.
func (b *backlog) pushed(position uint64) {
	switch {
	case !b.open:
	case position == 0 && b.behind.len() == 0:
		b.ahead++
	default:
		b.behind.push(position)
	}
}

// putBack notes that an event is before all others again.
func (b *backlog) putBack() {
	if b.open {
		b.ahead++
	}
}

// popped notes that the oldest event has left the buffer.
func (b *backlog) popped() {
	switch {
	case !b.open:
	case b.ahead > 0:
		b.ahead--
	default:
		if position := b.behind.pop(); position != 0 {
			b.delivered = position
		}
	}
}

// poppedNewest notes that the newest has left, which is dropped. Who calls it calls
// sortSkip afterwards.
func (b *backlog) poppedNewest() {
	switch {
	case !b.open:
	case b.behind.len() == 0:
		b.ahead--
	default:
		if position := b.behind.popNewest(); position != 0 {
			b.skip = append(b.skip, position)
		}
	}
}

// sortSkip brings what poppedNewest has skipped in order, all at once.
func (b *backlog) sortSkip() { slices.Sort(b.skip) }
