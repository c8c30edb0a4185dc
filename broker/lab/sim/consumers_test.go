package sim_test

import (
	"slices"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/journal"
)

// consumerBook is what a ledger knows of a consumer.
type consumerBook struct {
	ledger *ledger
	index  int

	joined, left, paused bool
	open                 bool // it reads a stream of the repository

	waiting []place
	backlog []journal.Event
	stream  []journal.Event // all that was ever spilled
	working map[journal.Event]*attempt

	offered                                       uint64
	handled, dead, dropped, spills, failed, taken uint64
	lost, again                                   uint64
	back                                          int             // of the backlog, that was in the buffer when it left
	inDoubt                                       []journal.Event // waited in memory and in the repository when it crashed

	// What the next record of it has to be about.
	replaced  *place // the event that a newer one takes the place of
	displaced bool   // the oldest made room for a new one
	surplus   bool   // the oldest has to make room for one that was spilled
	burial    *journal.Event

	// For Little's law.
	area   int64 // ∫ of how many are in the system, by the journal, in event·ns
	since  map[journal.Event]time.Duration
	stayed time.Duration // all of them together
	worked time.Duration
}

// place is an event that waits in the buffer.
type place struct {
	journal.Event
	stored bool // it is in the repository too
	at     int
}

func (c *consumerBook) want(ok bool, format string, args ...any) { c.ledger.want(ok, format, args...) }

func (c *consumerBook) policy() broker.Overflow { return c.ledger.settings.Settings(c.index).Overflow }

func (c *consumerBook) room() int { return c.ledger.settings.Room(c.index) }

func (c *consumerBook) workers() int { return max(1, c.ledger.settings.Consumers[c.index].Workers) }

// idle says whether a worker waits for an event.
func (c *consumerBook) idle() bool { return !c.paused && len(c.working) < c.workers() }

func (c *consumerBook) full() bool { return len(c.waiting) >= c.room() && !c.idle() }

// behind is how many wait in the repository, that it reads.
func (c *consumerBook) behind() int {
	if !c.open {
		return 0
	}
	return len(c.backlog)
}

// here says whether it has joined, and not left. Of one that is just about to join
// no record tells.
func (c *consumerBook) here() bool {
	if !c.joined && c.ledger.at > time.Duration(c.ledger.plan.Consumers[c.index].Start) {
		c.join()
	}
	return c.joined && !c.left
}

func (c *consumerBook) join() {
	if !c.joined && !c.left {
		c.joined = true
		c.open = c.policy() == broker.Spill
	}
}

func (c *consumerBook) topic(e journal.Event) string { return c.ledger.topics[e] }

func (c *consumerBook) buffered(r journal.Record) {
	e := r.Event()
	c.ledger.offer(c, e)
	c.want(!c.idle(), "a worker is free")
	c.want(c.behind() == 0, "it passes a backlog of %d", c.behind())
	if c.replaced != nil {
		c.want(c.topic(e) == c.topic(c.replaced.Event), "it replaces one of another topic")
		c.waiting[c.replaced.at] = place{Event: e}
		c.replaced = nil
	} else {
		c.want(!c.displaced || len(c.waiting) == c.room()-1, "there was room already")
		c.want(len(c.waiting) < c.room(), "there is no room")
		for _, w := range c.waiting {
			c.want(c.policy() != broker.KeepLatest || c.ledger.section.Kind == journal.Changed || w.stored || c.topic(w.Event) != c.topic(e), "one of its topic waits")
		}
		c.waiting = append(c.waiting, place{Event: e})
	}
	c.displaced = false
	c.want(int(r.Depth) == len(c.waiting), "%d wait", len(c.waiting))
	c.since[e] = c.ledger.at
}

func (c *consumerBook) drop(r journal.Record) {
	e, policy := r.Event(), c.policy()
	lossy := policy == broker.DropNewest || policy == broker.DropOldest || policy == broker.KeepLatest
	i := slices.IndexFunc(c.waiting, func(w place) bool { return w.Event == e })
	last := len(c.waiting) - 1
	change := c.ledger.section.Kind == journal.Changed
	switch why := broker.DropReason(r.Cause); why {
	case broker.Full:
		c.ledger.offer(c, e)
		c.want(lossy && (policy == broker.DropNewest || c.room() == 0), "that is not the policy %v", policy)
		c.want(len(c.waiting)+c.behind() >= c.room() && !c.idle(), "there is room")
		c.dropped++
		c.want(int(r.Depth) == len(c.waiting), "%d wait", len(c.waiting))
		return
	case broker.Displaced:
		c.want(i == 0, "it is not the oldest")
		if c.surplus {
			c.want(len(c.waiting)+c.behind() > c.room(), "there is room")
		} else {
			c.want((policy == broker.DropOldest || policy == broker.KeepLatest) && c.full(), "that is not the policy %v", policy)
			c.displaced = true
		}
		c.surplus = false
	case broker.Replaced:
		c.want(policy == broker.KeepLatest, "that is not the policy %v", policy)
		c.want(i >= 0 && !c.waiting[i].stored, "it does not wait, or in the repository too")
		c.replaced = &place{Event: e, at: i}
	case broker.Shrunk:
		c.want(change && len(c.waiting) > c.room(), "the buffer was not made too small")
		oldest := policy == broker.DropOldest || policy == broker.KeepLatest
		c.want(oldest && i == 0 || !oldest && i == last, "others have to go first")
		c.want(lossy || policy == broker.Reject, "that is not the policy %v", policy)
	case broker.Closed:
		c.want(c.left && i == 0, "it has not left, or others have to go first")
	}
	if i < 0 {
		c.want(false, "it does not wait")
		return
	}
	if c.replaced == nil { // else its place is taken
		c.waiting = slices.Delete(c.waiting, i, i+1)
	}
	c.dropped++
	c.out(e)
	c.want(int(r.Depth) == len(c.waiting), "%d wait", len(c.waiting))
}

func (c *consumerBook) spilled(r journal.Record) {
	e, policy := r.Event(), c.policy()
	c.ledger.offer(c, e)
	c.want(c.open, "it has no stream")
	if c.behind() == 0 {
		c.want(policy == broker.Spill && c.full(), "it has the policy %v, and room", policy)
	}
	c.want(policy != broker.DropNewest || len(c.waiting)+c.behind() < c.room(), "buffer and backlog are full")
	c.want(policy != broker.Reject && policy != broker.Block || !c.full(), "the buffer is full")
	c.backlog = append(c.backlog, e)
	c.stream = append(c.stream, e)
	c.spills++
	c.want(int(r.Depth) == len(c.backlog), "%d are in the repository", len(c.backlog))
	c.surplus = policy < broker.Reject && len(c.waiting) > 0 && len(c.waiting)+len(c.backlog) > c.room()
	c.since[e] = c.ledger.at
}

func (c *consumerBook) refilled(r journal.Record) {
	c.want(c.behind() > 0 && c.backlog[0] == r.Event(), "it is not the next in the repository")
	c.want(len(c.waiting) < max(1, c.room()), "there is no room")
	if len(c.backlog) > 0 {
		c.backlog = c.backlog[1:]
	}
	c.waiting = append(c.waiting, place{Event: r.Event(), stored: true})
	c.want(int(r.Depth) == len(c.waiting), "%d wait", len(c.waiting))
}

// recovered checks that so many were found in the repository: what waited there,
// and before it what was read back last.
func (c *consumerBook) recovered(n int) {
	c.want(n >= len(c.backlog) && n <= len(c.stream), "%d were there, of %d", len(c.backlog), len(c.stream))
	n = min(n, len(c.stream))
	back := c.stream[len(c.stream)-n : len(c.stream)-min(n, len(c.backlog))]
	for _, e := range c.inDoubt {
		c.want(slices.Contains(back, e), "%+v is lost, though it was in the repository", e)
	}
	for _, e := range back {
		c.since[e] = c.ledger.at
	}
	c.inDoubt, c.open = nil, true
	c.again += uint64(len(back))
	c.backlog = slices.Clone(c.stream[len(c.stream)-n:])
}

func (c *consumerBook) delivered(r journal.Record) {
	e := r.Event()
	c.want(!c.paused, "it is paused")
	c.want(len(c.working) < c.workers(), "all %d workers are busy", c.workers())
	if i := slices.IndexFunc(c.waiting, func(w place) bool { return w.Event == e }); i >= 0 {
		c.want(i == 0, "%d have waited for longer", i)
		c.waiting = slices.Delete(c.waiting, i, i+1)
	} else {
		c.ledger.offer(c, e)
		c.want(len(c.waiting)+c.behind() == 0, "%d have waited for longer", len(c.waiting)+c.behind())
		c.since[e] = c.ledger.at
	}
	c.taken++
	c.want(int(r.Depth) == len(c.waiting), "%d wait", len(c.waiting))
	c.want(c.working[e] == nil, "it is being worked on")
	c.working[e] = &attempt{number: 1}
	c.begin(e, c.working[e])
}

func (c *consumerBook) leave() {
	c.here()
	c.left = true
}

// returned is for what waited in the buffer, and stays in the repository.
func (c *consumerBook) returned(r journal.Record) {
	c.want(c.left && (c.ledger.section.Kind == journal.Changed || c.ledger.section.Kind == journal.Failed), "it does not leave")
	i := slices.IndexFunc(c.waiting, func(w place) bool { return w.stored })
	if i < 0 || c.waiting[i].Event != r.Event() {
		c.want(false, "it is not the next that is in the repository")
		return
	}
	c.waiting = slices.Delete(c.waiting, i, i+1)
	c.backlog = slices.Insert(c.backlog, c.back, r.Event())
	c.back++
	c.want(int(r.Depth) == len(c.backlog), "%d are in the repository", len(c.backlog))
}

// out notes that an event has left the system.
func (c *consumerBook) out(e journal.Event) {
	c.stayed += c.ledger.at - c.since[e]
	delete(c.since, e)
}

func (c *consumerBook) crash() {
	c.inDoubt = nil
	for _, w := range c.waiting {
		if w.stored {
			c.inDoubt = append(c.inDoubt, w.Event)
		}
		c.out(w.Event)
	}
	for e, a := range c.working {
		if !a.resting {
			c.worked += c.ledger.at - a.since
		}
		c.out(e)
	}
	c.lost += uint64(len(c.waiting) + len(c.working))
	c.waiting = nil
	clear(c.working)
	c.paused = false
	c.replaced, c.displaced, c.surplus, c.burial = nil, false, false, nil
	c.open = c.here() && c.policy() == broker.Spill
}

// settle checks what has to be so between two critical sections.
func (c *consumerBook) settle() {
	c.want(c.replaced == nil && !c.displaced && !c.surplus && c.burial == nil, "consumer %d is not done with the last event", c.index)
	if c.left {
		c.want(len(c.waiting) == 0, "consumer %d has left, and %d wait", c.index, len(c.waiting))
		for e, a := range c.working {
			c.want(!a.resting, "consumer %d has left, and %+v rests", c.index, e)
		}
	}
	if c.here() {
		c.want(!c.idle() || len(c.waiting)+c.behind() == 0, "consumer %d has an idle worker, and %d wait", c.index, len(c.waiting)+c.behind())
		c.want(c.behind() == 0 || len(c.waiting) > c.room()/2, "consumer %d has room for what is in the repository", c.index)
		c.want(!c.open || len(c.inDoubt) == 0, "consumer %d does not find what was in the repository: %v", c.index, c.inDoubt)
	}
	total := c.handled + c.dead + c.dropped + uint64(len(c.waiting)+len(c.backlog)+len(c.working)) + c.lost - c.again
	c.want(c.offered == total, "consumer %d: the books don't balance: offered %d, accounted for %d: %+v", c.index, c.offered, total, *c)
}
