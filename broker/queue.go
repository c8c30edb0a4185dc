package broker

// queue is a FIFO ring of events. It knows no bound, no lock and no policy: a
// subscription asks it only for room its buffer has. The ring grows by doubling
// when it must, so a buffer of a million costs nothing until it is used, and a
// queue that has seen its peak never allocates again.
type queue struct {
	ring  []Event // its length is zero or a power of two
	head  int     // index of the oldest event
	count int
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
	return e
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
