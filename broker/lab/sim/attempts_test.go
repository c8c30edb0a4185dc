package sim_test

import (
	"slices"
	"time"

	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// attempt is an event with a worker.
type attempt struct {
	number  int
	since   time.Duration
	due     time.Duration // when the attempt, or the pause after it, ends
	fails   bool
	resting bool
}

// begin says when an attempt ends, and how.
func (c *consumerBook) begin(e journal.Event, a *attempt) {
	of, chance := &c.ledger.settings.Consumers[c.index], c.ledger.chance
	n := scenario.Attempt(int(e.Producer), e.Number, a.number)
	a.resting, a.since = false, c.ledger.at
	a.due = c.ledger.at + chance.Service(of, c.index, n)
	a.fails = chance.Fails(of, c.index, n)
}

func (c *consumerBook) work(r journal.Record) {
	e := r.Event()
	a := c.working[e]
	if a == nil {
		c.want(false, "no worker has it")
		return
	}
	of := &c.ledger.settings.Consumers[c.index]
	if r.Kind != journal.DeadLettered && r.Kind != journal.PutBack {
		c.want(r.At == a.due, "it was due at %v", a.due)
		c.want(a.resting == (r.Kind == journal.Retried), "it rests: %v", a.resting)
	}
	switch r.Kind {
	case journal.Handled:
		c.want(!a.fails, "it was to fail")
		c.handled++
	case journal.Failed:
		c.want(a.fails, "it was not to fail")
		c.failed++
		c.worked += r.At - a.since
		a.resting = true
		if last := a.number >= max(1, of.Attempts) || c.left; last {
			c.burial = &e
		} else {
			a.due = r.At + pause(of, a.number)
		}
		c.want(int(r.Cause) == a.number, "it is attempt %d", a.number)
		return
	case journal.Retried:
		c.want(!c.left, "it has left")
		a.number++
		c.begin(e, a)
		c.want(int(r.Cause) == a.number, "it is attempt %d", a.number)
		return
	case journal.PutBack:
		c.want(a.resting && c.left && slices.Contains(c.stream, e), "it is not one from the repository that rests")
		c.burial = nil
		delete(c.working, e)
		c.waiting = append(c.waiting, place{Event: e, stored: true})
		return
	case journal.DeadLettered:
		c.want(a.resting && (c.left || c.burial != nil && *c.burial == e), "it has not failed for good")
		c.burial = nil
		c.dead++
		delete(c.working, e)
		c.out(e)
		return
	}
	c.want(int(r.Cause) == a.number, "it is attempt %d", a.number)
	c.worked += r.At - a.since
	delete(c.working, e)
	c.out(e)
}

// pause is how long a consumer rests after a failure.
func pause(of *scenario.Consumer, attempt int) time.Duration {
	backoff := time.Duration(of.Backoff)
	if backoff == 0 {
		backoff = 100 * time.Millisecond
	}
	most := max(backoff, 10*time.Second)
	return min(most, backoff<<min(attempt-1, 24))
}
