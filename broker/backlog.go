package broker

import (
	"slices"
	"sort"
	"time"
)

// backlog is what a spilling subscription has in the repository.
type backlog struct {
	open     bool
	count    uint64   // events there that are not yet read back
	read     uint64   // the position of the newest that was read back
	again    uint64   // the same of those that may have been delivered before
	skip     []uint64 // positions, growing, of events that were dropped before older ones were done with
	admitted bool     // the event that is being published is there already

	// Which events of the buffer are from the repository: the first ahead are
	// not, then behind tells the position of each, 0 for none.
	ahead  int
	behind ring[uint64]
	popped uint64   // the position of the event that has left the buffer last, 0 if it has none
	taken  []uint64 // positions, growing, of events that receivers have and are not done with
	pulled []uint64 // those of them that callers of Next have

	committed uint64
	into      []Stored    // to read to
	retry     *time.Timer // after the repository failed
	delay     time.Duration
}

// settled is the position up to which everything is done with.
func (b *backlog) settled() uint64 {
	first := b.read + 1
	if len(b.taken) > 0 {
		first = b.taken[0]
	}
	for i := range b.behind.len() {
		if position := b.behind.at(i); position != 0 {
			first = min(first, position)
			break
		}
	}
	return first - 1
}

// take notes that a receiver has the event of that position.
func (b *backlog) take(position uint64) {
	i := len(b.taken)
	for i > 0 && b.taken[i-1] > position { // it was taken before, and put back
		i--
	}
	b.taken = slices.Insert(b.taken, i, position)
}

// settle notes that a receiver has the event no more.
func (b *backlog) settle(position uint64) {
	if i, taken := slices.BinarySearch(b.taken, position); taken {
		b.taken = slices.Delete(b.taken, i, i+1)
	}
}

// prune forgets what was skipped and is done with, once that is half of it: to move
// the rest each time would cost as much as there is.
func (b *backlog) prune(settled uint64) {
	done, _ := slices.BinarySearch(b.skip, settled+1)
	if done >= len(b.skip)/2 {
		b.skip = slices.Delete(b.skip, 0, done)
	}
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

// putBack notes where an event comes from that is before all others again.
func (b *backlog) putBack(position uint64) {
	switch {
	case !b.open:
	case position == 0:
		b.ahead++
	default:
		b.settle(position)
		for ; b.ahead > 0; b.ahead-- {
			b.behind.pushFront(0)
		}
		b.behind.pushFront(position)
	}
}

// pop notes that the oldest event has left the buffer.
func (b *backlog) pop() {
	switch {
	case !b.open:
	case b.ahead > 0:
		b.ahead--
		b.popped = 0
	default:
		b.popped = b.behind.pop()
	}
}

// skipPopped notes that the event that has left the buffer last is dropped.
func (b *backlog) skipPopped() {
	if b.popped != 0 && len(b.taken) > 0 {
		i, _ := slices.BinarySearch(b.skip, b.popped)
		b.skip = slices.Insert(b.skip, i, b.popped)
	}
}

// popNewest notes that the newest has left, which is dropped. Who calls it calls
// sortSkip afterwards.
func (b *backlog) popNewest() {
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

// sortSkip brings what popNewest has skipped in order, all at once.
func (b *backlog) sortSkip() {
	sort.Slice(b.skip, func(i, j int) bool { return b.skip[i] < b.skip[j] })
}
