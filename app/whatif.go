package app

import (
	"slices"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/scenario"
	"github.com/spillway-go/spillway/broker/lab/sim"
)

// question asks what would have kept an event for a consumer that did not get it.
type question struct {
	scenario scenario.Scenario
	event    Selection
	consumer int
	buffer   int               // the consumer's, when it happened
	policy   broker.Overflow   // and its policy
	policies []broker.Overflow // to try if no buffer is tried or none is large enough
	buffers  bool              // a larger buffer may help
}

// ask makes the question of a record that tells of a loss; false if there is
// nothing to find out.
func ask(of scenario.Scenario, at scenario.Scenario, r journal.Record) (question, bool) {
	c := int(r.Consumer)
	set := at.Settings(c)
	q := question{
		scenario: of, event: eventSelection(r.Event()), consumer: c,
		buffer: at.Room(c), policy: set.Overflow, buffers: true,
		policies: []broker.Overflow{broker.Spill, broker.Block},
	}
	switch {
	case r.Kind == journal.Rejected:
		return q, journal.Refusal(r.Cause) == journal.FullBuffer
	case broker.DropReason(r.Cause) == broker.Replaced:
		q.buffers = false
		q.policies = []broker.Overflow{broker.DropNewest, broker.DropOldest, broker.Spill, broker.Block}
		return q, true
	default:
		why := broker.DropReason(r.Cause)
		return q, why == broker.Full || why == broker.Displaced
	}
}

// inquiry looks for the least change that would have kept the event, by running
// the scenario with it: with the same seed, so that everything else is left to the
// same chance. Larger buffers are tried before other policies.
type inquiry struct {
	question
	low, high int // the largest buffer that did not keep it, the smallest that did or 0
	trying    int
	tried     int // policies

	trial *trial
	steps int // of all trials
	done  bool
	found string // what would have kept it, or empty
	cut   bool   // it was given up
}

// mostSteps bounds an inquiry: about a second of work in a browser.
const mostSteps = 3_000_000

func newInquiry(q question) *inquiry { return &inquiry{question: q, low: q.buffer} }

// advance goes on for so many steps of the simulation, or until it is done.
func (q *inquiry) advance(steps int) {
	for ; steps > 0 && !q.done; steps-- {
		if q.trial == nil && !q.begin() {
			continue
		}
		if q.steps++; q.steps > mostSteps {
			q.finish(true)
			return
		}
		if kept, decided := q.trial.step(); decided {
			q.trial = nil
			q.learn(kept)
		}
	}
}

// begin begins the next trial; false if it could not be or there is none.
func (q *inquiry) begin() bool {
	s := q.scenario.Clone()
	of := &s.Consumers[q.consumer]
	own := scenario.SetOwnBuffer
	switch {
	case q.buffers:
		q.trying = q.next()
		of.Buffer = scenario.OwnBuffer(q.trying)
	case q.tried < len(q.policies):
		of.Overflow, own = q.policies[q.tried], scenario.SetOwnOverflow
		if of.Overflow == broker.Spill && q.buffer == 0 {
			of.Buffer = scenario.OwnBuffer(1)
		}
	default:
		q.finish(false)
		return false
	}
	s.Interventions = slices.DeleteFunc(s.Interventions, func(i scenario.Intervention) bool {
		return i.Do == own && i.Actor == q.consumer
	})
	t, err := newTrial(s, q.event, q.consumer)
	if err != nil {
		q.learn(false)
		return false
	}
	q.trial = t
	return true
}

// next is the buffer to try next: one more, later twice as much more, and
// between the two that are known once there is one that is large enough.
func (q *inquiry) next() int {
	if q.high > 0 {
		return (q.low + q.high) / 2
	}
	return min(q.low+max(1, (q.low-q.buffer)/2), broker.MaxBuffer)
}

// learn takes the outcome of a trial.
func (q *inquiry) learn(kept bool) {
	if !q.buffers {
		if q.tried++; kept {
			q.found = "the policy “" + words(q.policies[q.tried-1].String()) + "”"
			q.finish(false)
		}
		return
	}
	if kept {
		q.high = q.trying
	} else {
		q.low = q.trying
	}
	switch {
	case q.high > 0 && q.high-q.low <= 1:
		q.found = "a buffer of " + Count(uint64(q.high))
		q.finish(false)
	case q.high == 0 && q.low >= broker.MaxBuffer:
		q.buffers = false
	}
}

func (q *inquiry) finish(cut bool) {
	q.done, q.trial = true, nil
	if cut && q.high > 0 {
		q.found = "a buffer of " + Count(uint64(q.high))
	}
	q.cut = cut && q.found == ""
}

// answer is what is known by now, as a sentence.
func (q *inquiry) answer() string {
	switch {
	case q.found != "":
		return q.found + " would have kept it"
	case !q.done && q.buffers:
		return "trying a buffer of " + Count(uint64(max(q.trying, q.buffer+1))) + "…"
	case !q.done:
		return "trying other policies…"
	case q.cut:
		return "what would have kept it can't be told: the run is too long to try"
	default:
		return "no larger buffer and no other policy would have kept it"
	}
}

// trial is a run that is watched for the fate of one event.
type trial struct {
	sim           *sim.Sim
	event         Selection
	consumer      int
	waits         bool
	kept, decided bool
}

func newTrial(s scenario.Scenario, event Selection, consumer int) (*trial, error) {
	t := &trial{event: event, consumer: consumer}
	var err error
	t.sim, err = sim.New(s, t.watch)
	return t, err
}

func (t *trial) step() (kept, decided bool) {
	if !t.sim.Step() {
		return t.kept, true
	}
	return t.kept, t.decided
}

func (t *trial) watch(r *journal.Record) {
	switch r.Kind {
	case journal.Crashed:
		t.waits = false // in memory; if it is in the repository, it may still be delivered
		return
	case journal.Quit:
		t.decide(t.waits)
		return
	}
	if r.Number != t.event.Event || int(r.Producer) != t.event.Actor || !r.Kind.OfEvent() {
		return
	}
	switch mine := int(r.Consumer) == t.consumer; {
	case r.Kind == journal.Rejected, r.Kind == journal.Dropped && mine:
		t.decide(false)
	case r.Kind == journal.Delivered && mine:
		t.decide(true)
	case (r.Kind == journal.Buffered || r.Kind == journal.Spilled || r.Kind == journal.Blocked) && mine:
		t.waits = true
	}
}

func (t *trial) decide(kept bool) {
	if !t.decided {
		t.kept, t.decided = kept, true
	}
}
