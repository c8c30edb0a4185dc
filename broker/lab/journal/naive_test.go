package journal_test

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/labtest"
)

// moment is all that a journal says of a position, to everyone.
type moment struct {
	At                                              time.Duration
	Published, Rejected, Buffered, Dropped, Spilled uint64
	Delivered, Handled, Failed, DeadLettered, Lost  uint64
	Changes, Crashes                                int
	Interrupted, Quit                               bool
	Producers                                       []producerMoment
	Consumers                                       []consumerMoment
}

type producerMoment struct {
	Published, Rejected, Lost uint64
	Waiting                   int
	Blocked                   time.Duration
}

type consumerMoment struct {
	Offered, Delivered, Handled, Dropped, Spilled, Failed, DeadLettered, Lost uint64
	Depth, Backlog                                                            int
	Paused                                                                    bool
	Working                                                                   []journal.Work
	Busy                                                                      int
	Worked, WorkedBy                                                          time.Duration // at the attempts that have ended, and at all
	Waiting                                                                   []journal.Event
}

// told is the moment of a state.
func told(j *journal.Journal, s *journal.State) moment {
	m := moment{
		At: s.At, Published: s.Published, Rejected: s.Rejected, Buffered: s.Buffered, Dropped: s.Dropped, Spilled: s.Spilled,
		Delivered: s.Delivered, Handled: s.Handled, Failed: s.Failed, DeadLettered: s.DeadLettered, Lost: s.Lost,
		Changes: s.Changes, Crashes: s.Crashes, Interrupted: s.Interrupted, Quit: s.Quit,
	}
	for i := range s.Producers {
		p := &s.Producers[i]
		m.Producers = append(m.Producers, producerMoment{p.Published, p.Rejected, p.Lost, p.Waiting, p.Blocked(s.At)})
	}
	for i := range s.Consumers {
		c := &s.Consumers[i]
		m.Consumers = append(m.Consumers, consumerMoment{
			Offered: c.Offered(), Delivered: c.Delivered, Handled: c.Handled, Dropped: c.Dropped, Spilled: c.Spilled,
			Failed: c.Failed, DeadLettered: c.DeadLettered, Lost: c.Lost,
			Depth: c.Depth, Backlog: c.Backlog, Paused: c.Paused,
			Working: append([]journal.Work{}, c.Working...), Busy: c.Busy(), Worked: c.Worked, WorkedBy: time.Duration(math.Round(c.MeanBusy(s.At) * float64(s.At))),
			Waiting: j.Waiting([]journal.Event{}, s, i, 1<<30),
		})
	}
	return m
}

// naive replays records one by one into plain lists. It keeps everything, and
// shares nothing with the journal.
type naive struct {
	moment
	blocked   []map[uint64]bool // by producer: the events that wait for room
	since     []time.Duration   // when the first of them came
	waited    []time.Duration
	consumers []naiveConsumer
}

type naiveConsumer struct {
	offered map[[2]uint64]bool
	waiting []journal.Event
	gap     int             // 1 + where the next event goes, if not to the end
	stored  []journal.Event // in the repository, all there ever were
	read    int             // how many of them have come back
	slots   [64]*journal.Work
}

func newNaive(producers, consumers int) *naive {
	n := &naive{
		blocked: make([]map[uint64]bool, producers), since: make([]time.Duration, producers), waited: make([]time.Duration, producers),
		consumers: make([]naiveConsumer, consumers),
	}
	n.Producers, n.Consumers = make([]producerMoment, producers), make([]consumerMoment, consumers)
	for i := range n.blocked {
		n.blocked[i] = map[uint64]bool{}
	}
	for i := range n.consumers {
		n.consumers[i].offered = map[[2]uint64]bool{}
	}
	return n
}

// naiveMoments are the moments at all positions.
func naiveMoments(t labtest.T, records []journal.Record, producers, consumers int) []moment {
	t.Helper()
	n := newNaive(producers, consumers)
	moments := []moment{n.now()}
	for i, r := range records {
		if err := n.add(r); err != nil {
			t.Fatalf("record %d, %+v, can't be: %v", i, r, err)
		}
		moments = append(moments, n.now())
	}
	return moments
}

// now is a copy of the moment.
func (n *naive) now() moment {
	m := n.moment
	m.Producers = slices.Clone(n.Producers)
	for i := range m.Producers {
		p := &m.Producers[i]
		p.Waiting, p.Blocked = len(n.blocked[i]), n.waited[i]
		if p.Waiting > 0 {
			p.Blocked += n.At - n.since[i]
		}
	}
	m.Consumers = slices.Clone(n.Consumers)
	for i := range m.Consumers {
		c, of := &m.Consumers[i], &n.consumers[i]
		c.Offered = uint64(len(of.offered))
		c.Depth, c.Backlog = len(of.waiting), len(of.stored)-of.read
		if of.gap > 0 { // the place counts as taken already
			c.Offered++
			c.Depth++
		}
		c.Waiting = append([]journal.Event{}, of.waiting...)
		c.Working, c.WorkedBy = []journal.Work{}, c.Worked
		for _, w := range of.slots {
			if w != nil {
				c.Working = append(c.Working, *w)
				if !w.Resting {
					c.Busy++
					c.WorkedBy += n.At - w.Since
				}
			}
		}
	}
	return m
}

func (n *naive) add(r journal.Record) error {
	if r.At < n.At {
		return fmt.Errorf("it is %v already", n.At)
	}
	n.At = r.At
	p, c, of := &n.Producers[r.Producer], &n.Consumers[r.Consumer], &n.consumers[r.Consumer]
	switch r.Kind {
	case journal.Produced:
		n.Published++
		p.Published++
		if r.Cause == journal.ByHand {
			n.Changes++
		}
	case journal.Rejected:
		n.Rejected++
		p.Rejected++
	case journal.Blocked:
		if len(n.blocked[r.Producer]) == 0 {
			n.since[r.Producer] = r.At
		}
		n.blocked[r.Producer][r.Number] = true
	case journal.Unblocked:
		if !n.blocked[r.Producer][r.Number] {
			return fmt.Errorf("it didn't wait")
		}
		if delete(n.blocked[r.Producer], r.Number); len(n.blocked[r.Producer]) == 0 {
			n.waited[r.Producer] += r.At - n.since[r.Producer]
		}
	case journal.Buffered, journal.Delivered, journal.Dropped, journal.Spilled, journal.Refilled, journal.Returned:
		of.offered[[2]uint64{uint64(r.Producer), r.Number}] = true
		return n.pass(r, c, of)
	case journal.Handled, journal.Failed, journal.Retried, journal.DeadLettered:
		return n.handle(r, c, of)
	case journal.PutBack:
		slot := slices.IndexFunc(of.slots[:], func(w *journal.Work) bool { return w != nil && w.Event == r.Event() })
		if slot != r.Worker() || len(of.waiting) != 0 {
			return fmt.Errorf("no worker has it, or others wait")
		}
		if w := of.slots[slot]; !w.Resting {
			c.Worked += r.At - w.Since
		}
		of.slots[slot] = nil
		of.waiting = append(of.waiting, r.Event())
	case journal.Changed:
		n.Changes++
	case journal.Paused, journal.Resumed:
		n.Changes++
		c.Paused = r.Kind == journal.Paused
	case journal.Crashed:
		n.Changes++
		n.Crashes++
		n.crash()
	case journal.Recovered:
		of.read = len(of.stored) - int(r.Depth)
	case journal.Interrupted:
		n.Interrupted = true
	case journal.Quit:
		n.Quit = true
	default:
		return fmt.Errorf("its kind is unknown")
	}
	return nil
}

// pass is for where an event waits.
func (n *naive) pass(r journal.Record, c *consumerMoment, of *naiveConsumer) error {
	place := slices.Index(of.waiting, r.Event())
	switch r.Kind {
	case journal.Returned:
		if place < 0 {
			return fmt.Errorf("it does not wait")
		}
		of.waiting = slices.Delete(of.waiting, place, place+1)
		if of.read--; len(of.stored)-of.read != int(r.Depth) {
			return fmt.Errorf("%d are in the repository", len(of.stored)-of.read)
		}
		return nil
	case journal.Refilled:
		if of.stored[of.read] != r.Event() {
			return fmt.Errorf("%+v is the oldest in the repository", of.stored[of.read])
		}
		of.read++
		of.waiting = append(of.waiting, r.Event())
	case journal.Buffered:
		n.Buffered++
		at := len(of.waiting)
		if of.gap > 0 {
			at, of.gap = of.gap-1, 0
		}
		of.waiting = slices.Insert(of.waiting, at, r.Event())
	case journal.Spilled:
		n.Spilled++
		c.Spilled++
		of.stored = append(of.stored, r.Event())
		if backlog := len(of.stored) - of.read; backlog != int(r.Depth) {
			return fmt.Errorf("%d are in the repository", backlog)
		}
		return nil
	case journal.Dropped:
		n.Dropped++
		c.Dropped++
		if why := broker.DropReason(r.Cause); (why == broker.Full) != (place < 0) {
			return fmt.Errorf("it waits at %d", place)
		} else if why == broker.Replaced {
			of.gap = place + 1
		}
	case journal.Delivered:
		n.Delivered++
		c.Delivered++
		slot := slices.Index(of.slots[:], nil)
		of.slots[slot] = &journal.Work{Event: r.Event(), Since: r.At, Slot: uint8(slot), Attempt: 1}
	}
	if (r.Kind == journal.Dropped || r.Kind == journal.Delivered) && place >= 0 {
		of.waiting = slices.Delete(of.waiting, place, place+1)
	}
	if len(of.waiting) != int(r.Depth) && of.gap == 0 {
		return fmt.Errorf("%d wait", len(of.waiting))
	}
	return nil
}

// handle is for what a worker does.
func (n *naive) handle(r journal.Record, c *consumerMoment, of *naiveConsumer) error {
	slot := slices.IndexFunc(of.slots[:], func(w *journal.Work) bool { return w != nil && w.Event == r.Event() })
	if slot < 0 {
		return fmt.Errorf("no worker has it")
	}
	w := of.slots[slot]
	if r.Kind != journal.Retried && !w.Resting {
		c.Worked += r.At - w.Since
	}
	switch r.Kind {
	case journal.Handled:
		n.Handled++
		c.Handled++
		of.slots[slot] = nil
	case journal.Failed:
		n.Failed++
		c.Failed++
		w.Since, w.Resting = r.At, true
	case journal.Retried:
		w.Since, w.Resting, w.Attempt = r.At, false, w.Attempt+1
	case journal.DeadLettered:
		n.DeadLettered++
		c.DeadLettered++
		of.slots[slot] = nil
	}
	if r.Kind != journal.DeadLettered && r.Cause != w.Attempt {
		return fmt.Errorf("it is at attempt %d", w.Attempt)
	}
	return nil
}

func (n *naive) crash() {
	for i := range n.Producers {
		if lost := len(n.blocked[i]); lost > 0 {
			n.Producers[i].Lost += uint64(lost)
			n.waited[i] += n.At - n.since[i]
			clear(n.blocked[i])
		}
	}
	for i := range n.Consumers {
		c, of := &n.Consumers[i], &n.consumers[i]
		lost := len(of.waiting)
		for slot, w := range of.slots {
			if w != nil {
				lost++
				if !w.Resting {
					c.Worked += n.At - w.Since
				}
				of.slots[slot] = nil
			}
		}
		c.Lost += uint64(lost)
		n.Lost += uint64(lost)
		c.Paused = false
		of.waiting, of.gap = nil, 0
	}
}
