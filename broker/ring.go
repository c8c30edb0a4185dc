package broker

// ring is a FIFO queue that grows by doubling when it must: a buffer of a million
// costs nothing until it is used, and a ring that has seen its peak never allocates
// again. It knows no bound: a subscription asks it only for room that its buffer has.
type ring[T any] struct {
	slots []T // their number is zero or a power of two
	head  int // index of the oldest
	count int
	gone  uint64 // how many were popped and not put back: the ordinal of the oldest
}

func (r *ring[T]) len() int { return r.count }

func (r *ring[T]) push(v T) {
	if r.count == len(r.slots) {
		r.grow()
	}
	r.slots[(r.head+r.count)&(len(r.slots)-1)] = v
	r.count++
}

// pop takes the oldest, which must exist.
func (r *ring[T]) pop() T {
	var none T
	v := r.slots[r.head]
	r.slots[r.head] = none // let it be collected
	r.head = (r.head + 1) & (len(r.slots) - 1)
	r.count--
	r.gone++
	return v
}

// pushFront puts v before the oldest.
func (r *ring[T]) pushFront(v T) {
	if r.count == len(r.slots) {
		r.grow()
	}
	r.head = (r.head - 1) & (len(r.slots) - 1)
	r.slots[r.head] = v
	r.count++
	r.gone--
}

// oldest is what pop would take.
func (r *ring[T]) oldest() T { return r.slots[r.head] }

// at is the i-th, the oldest being the 0th.
func (r *ring[T]) at(i int) T { return r.slots[(r.head+i)&(len(r.slots)-1)] }

// replace puts v in the place of what has that ordinal, which must be in the ring,
// and returns that.
func (r *ring[T]) replace(ordinal uint64, v T) T {
	i := (r.head + int(ordinal-r.gone)) & (len(r.slots) - 1)
	old := r.slots[i]
	r.slots[i] = v
	return old
}

// popNewest takes the newest, which must exist.
func (r *ring[T]) popNewest() T {
	var none T
	r.count--
	i := (r.head + r.count) & (len(r.slots) - 1)
	v := r.slots[i]
	r.slots[i] = none
	return v
}

func (r *ring[T]) grow() {
	slots := make([]T, max(4, 2*len(r.slots)))
	n := copy(slots, r.slots[r.head:])
	copy(slots[n:], r.slots[:r.head])
	r.slots, r.head = slots, 0
}
