package journal

import "time"

// ConsumerState is one consumer's part of a State. At every moment each event
// that it was offered is delivered, dropped, waiting, in the backlog or lost; each
// that was delivered is handled, dead-lettered, with a worker or lost.
type ConsumerState struct {
	Delivered    uint64 // events that a worker began
	Handled      uint64
	Dropped      uint64
	Spilled      uint64 // events that went to the repository
	Failed       uint64 // attempts
	DeadLettered uint64
	PutBack      uint64 // events that a worker could not finish, and that wait, or waited, again
	Lost         uint64 // events in memory when the process crashed
	Again        uint64 // of the lost and the handled, those that were still in the repository

	Depth   int    // events that wait in the buffer
	Backlog int    // events that wait in the repository
	Paused  bool   // the user holds it back
	Working []Work // events with a worker, by slot

	Worked  time.Duration // spent on attempts that have ended, by all workers
	Workers int           // that it has, also before it joins; 0: it has left

	staffed time.Duration // how long its workers were there, all together, until since
	since   time.Duration // when it came to have so many workers, or joins

	entered uint64 // events that have come into the buffer
	left    uint64 // no event that came in before this one waits any more
}

// Work is an event with a worker.
type Work struct {
	Event
	Since   time.Duration // when the attempt began or, while it rests, failed
	Slot    uint8         // which worker, from 0
	Attempt uint8         // from 1
	Resting bool          // the attempt has failed and there will be another
}

// Offered is how many events the consumer was to get.
func (c *ConsumerState) Offered() uint64 {
	return c.Delivered - c.PutBack + c.Dropped + uint64(c.Depth+c.Backlog) + c.lostWaiting() - c.Again
}

// lostWaiting is how many of the lost were not yet delivered.
func (c *ConsumerState) lostWaiting() uint64 {
	return c.Lost + c.Handled + c.DeadLettered + c.PutBack + uint64(len(c.Working)) - c.Delivered
}

// Loss is the fraction of the offered events that were dropped.
func (c *ConsumerState) Loss() float64 { return fraction(c.Dropped, c.Offered()) }

// Busy is how many workers are at work, the resting ones not counted.
func (c *ConsumerState) Busy() int {
	n := 0
	for i := range c.Working {
		if !c.Working[i].Resting {
			n++
		}
	}
	return n
}

// MeanBusy is how many workers were at work, on average up to t.
func (c *ConsumerState) MeanBusy(t time.Duration) float64 {
	if t <= 0 {
		return 0
	}
	return float64(c.worked(t)) / float64(t)
}

// worked is what the workers have spent on attempts up to t.
func (c *ConsumerState) worked(t time.Duration) time.Duration {
	worked := c.Worked
	for i := range c.Working {
		if w := &c.Working[i]; !w.Resting {
			worked += t - w.Since
		}
	}
	return worked
}

// Staffed is how long the workers of the consumer were there until t, all together: as
// many as it had, from when it joins until it leaves. While it is paused they are there
// too.
func (c *ConsumerState) Staffed(t time.Duration) time.Duration {
	return c.staffed + time.Duration(c.Workers)*max(0, t-c.since)
}

// Utilisation is the time up to t that the workers were at work over the time that they
// were there. It is 1 at most, even if some had still to finish what they were at after
// they were to go.
func (c *ConsumerState) Utilisation(t time.Duration) float64 {
	return min(1, fraction(c.worked(t), c.Staffed(t)))
}

// staff notes how many workers there are from now on.
func (c *ConsumerState) staff(workers int, at time.Duration) {
	c.staffed, c.since = c.Staffed(at), max(c.since, at)
	if c.Workers > 0 { // who has left has none any more
		c.Workers = workers
	}
}

// begin gives an event to the worker that the record names.
func (c *ConsumerState) begin(r *Record) {
	c.Delivered++
	c.Depth = int(r.Depth)
	slot := r.worker()
	i := len(c.Working)
	for i > 0 && c.Working[i-1].Slot > slot {
		i--
	}
	c.Working = append(c.Working, Work{})
	if i < len(c.Working)-1 {
		copy(c.Working[i+1:], c.Working[i:])
	}
	w := &c.Working[i]
	w.Number, w.Born, w.Producer = r.Number, r.Born, r.Producer
	w.Since, w.Slot, w.Attempt, w.Resting = r.At, slot, 1, false
}

// place is where the worker is that the record names; -1: it has no event.
func (c *ConsumerState) place(r *Record) int {
	slot := r.worker()
	for i := range c.Working {
		if c.Working[i].Slot == slot {
			return i
		}
	}
	return -1
}

// fail notes that an attempt has failed: the worker rests until the next.
func (c *ConsumerState) fail(r *Record) {
	if i := c.place(r); i >= 0 {
		w := &c.Working[i]
		c.Worked += r.At - w.Since
		w.Since, w.Resting = r.At, true
	}
}

// retry notes that the next attempt begins.
func (c *ConsumerState) retry(r *Record) {
	if i := c.place(r); i >= 0 {
		w := &c.Working[i]
		w.Since, w.Resting, w.Attempt = r.At, false, r.Cause
	}
}

// end takes an event from its worker.
func (c *ConsumerState) end(r *Record) {
	i := c.place(r)
	if i < 0 {
		return
	}
	if w := &c.Working[i]; !w.Resting {
		c.Worked += r.At - w.Since
	}
	if i < len(c.Working)-1 {
		copy(c.Working[i:], c.Working[i+1:])
	}
	c.Working = c.Working[:len(c.Working)-1]
}
