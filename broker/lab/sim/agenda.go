package sim

import "time"

// appointment is something that will happen. An actor has at most one.
type appointment struct {
	at    time.Duration
	tie   uint64 // who is first of those at the same moment: drawn from the seed
	actor int    // producers first, then workers; decides what even the tie can't
}

func (a appointment) before(b *appointment) bool {
	switch {
	case a.at != b.at:
		return a.at < b.at
	case a.tie != b.tie:
		return a.tie < b.tie
	default:
		return a.actor < b.actor
	}
}

// agenda is a binary heap of appointments, the next one first, that also knows
// where each actor's is. container/heap would put every appointment into an
// interface, which is an allocation for each event.
type agenda struct {
	heap  []appointment
	where []int // by actor: its index in the heap, or -1
}

func newAgenda(actors int) agenda {
	a := agenda{heap: make([]appointment, 0, actors), where: make([]int, actors)}
	for i := range a.where {
		a.where[i] = -1
	}
	return a
}

// next is the appointment that is due first, or nil.
func (a *agenda) next() *appointment {
	if len(a.heap) == 0 {
		return nil
	}
	return &a.heap[0]
}

// set makes or moves the actor's appointment.
func (a *agenda) set(p appointment) {
	a.settle(a.where[p.actor], p)
}

// clear takes the actor's appointment off, if it has one.
func (a *agenda) clear(actor int) {
	i := a.where[actor]
	if i < 0 {
		return
	}
	last := len(a.heap) - 1
	p := a.heap[last]
	a.heap = a.heap[:last]
	a.where[actor] = -1
	if i != last {
		a.settle(i, p)
	}
}

// settle puts an appointment in the place of the one at i, or at the end if that is
// -1, and from there to where it belongs.
func (a *agenda) settle(i int, p appointment) {
	if i < 0 {
		i = len(a.heap)
		a.heap = append(a.heap, p)
	}
	heap, where := a.heap, a.where
	for i > 0 {
		up := (i - 1) / 2
		if !p.before(&heap[up]) {
			break
		}
		heap[i] = heap[up]
		where[heap[i].actor] = i
		i = up
	}
	for {
		down := 2*i + 1
		if down >= len(heap) {
			break
		}
		if down+1 < len(heap) && heap[down+1].before(&heap[down]) {
			down++
		}
		if !heap[down].before(&p) {
			break
		}
		heap[i] = heap[down]
		where[heap[i].actor] = i
		i = down
	}
	heap[i] = p
	where[p.actor] = i
}
