package broker

// queue is a FIFO ring of events. It knows no bound, no lock and no policy: a
// subscription asks it only for room its buffer has. The ring grows by doubling
// when it must, so a buffer of a million costs nothing until it is used, and a
// queue that has seen its peak never allocates again.
type queue struct {
	ring  []Event // its length is zero or a power of two
	head  int     // index of the oldest event
	count int
	gone  uint64 // events that have left at the front: the ordinal of the oldest
}

func (q *queue) len() int { return q.count }

func (q *queue) push(e Event) {
	if q.count == len(q.ring) {
		q.grow()
	}
	q.ring[(q.head+q.count)&(len(q.ring)-1)] = e
	q.count++
}

// pop takes the oldest event. The queue must not be empty.
func (q *queue) pop() Event {
	e := q.ring[q.head]
	q.ring[q.head] = nil // let the event be collected
	q.head = (q.head + 1) & (len(q.ring) - 1)
	q.count--
	q.gone++
	return e
}

// oldest is the event that pop would take.
func (q *queue) oldest() Event { return q.ring[q.head] }

// at is the i-th event, the oldest being the 0th.
func (q *queue) at(i int) Event { return q.ring[(q.head+i)&(len(q.ring)-1)] }

// replace puts e in the place of the event with that ordinal, which must be in
// the queue, and returns that one.
func (q *queue) replace(ordinal uint64, e Event) Event {
	i := (q.head + int(ordinal-q.gone)) & (len(q.ring) - 1)
	old := q.ring[i]
	q.ring[i] = e
	return old
}

// popNewest takes the newest event. The queue must not be empty.
func (q *queue) popNewest() Event {
	q.count--
	i := (q.head + q.count) & (len(q.ring) - 1)
	e := q.ring[i]
	q.ring[i] = nil
	return e
}

func (q *queue) grow() {
	ring := make([]Event, max(4, 2*len(q.ring)))
	n := copy(ring, q.ring[q.head:])
	copy(ring[n:], q.ring[:q.head])
	q.ring, q.head = ring, 0
}
