package whatif

import (
	"slices"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// MaxSteps is how many steps of the simulation a Search takes at the most, in all
// its runs together: about a second of work in a browser.
const MaxSteps = 3_000_000

// Search answers a Question by running the scenario with one change after the
// other. The seed is the same, so all else is left to the same chance. Larger
// buffers are tried before other policies.
type Search struct {
	question  Question
	low, high int // the largest buffer that did not keep the event, the smallest that did or 0
	buffers   bool
	tried     int // policies

	change Change // that is tried
	trial  *trial
	steps  int // of all trials
	answer Answer
}

// Change is what is changed of the consumer: its overflow policy or, where that is
// broker.Inherit, its buffer.
type Change struct {
	Buffer   int
	Overflow broker.Overflow
}

// Answer is what a Search knows.
type Answer struct {
	Change Change // that would have kept the event or, while that is not known, that is tried next
	Kept   bool   // it would have
	Done   bool   // the search has ended
	GaveUp bool   // it took MaxSteps, and found nothing
}

// NewSearch begins a search. Advance goes on with it.
func NewSearch(q Question) *Search {
	s := &Search{question: q, low: q.buffer, buffers: q.buffers}
	s.choose()
	return s
}

// Answer is what is known so far.
func (s *Search) Answer() Answer { return s.answer }

// Advance goes on for so many steps of the simulation, or until the search has
// ended.
func (s *Search) Advance(steps int) {
	for ; steps > 0 && !s.answer.Done; steps-- {
		if s.trial == nil && !s.begin() {
			continue
		}
		if s.steps++; s.steps > MaxSteps {
			s.giveUp()
			return
		}
		if kept, decided := s.trial.step(); decided {
			s.trial = nil
			s.learn(kept)
		}
	}
}

// begin begins the trial of the change; false if a scenario can't have it.
func (s *Search) begin() bool {
	t, err := newTrial(s.changed(), s.question.event, s.question.consumer)
	if err != nil {
		s.learn(false)
		return false
	}
	s.trial = t
	return true
}

// changed is the scenario with the change, from the start to the end of the run.
func (s *Search) changed() scenario.Scenario {
	changed := s.question.scenario.Clone()
	of := &changed.Consumers[s.question.consumer]
	undone := scenario.SetOwnBuffer
	if s.change.Overflow == broker.Inherit {
		of.Buffer = scenario.OwnBuffer(s.change.Buffer)
	} else {
		of.Overflow, undone = s.change.Overflow, scenario.SetOwnOverflow
		if of.Overflow == broker.Spill && s.question.buffer == 0 {
			of.Buffer = scenario.OwnBuffer(1) // Spill takes a buffer
		}
	}
	changed.Interventions = slices.DeleteFunc(changed.Interventions, func(i scenario.Intervention) bool {
		return i.Do == undone && i.Actor == s.question.consumer
	})
	return changed
}

// learn takes the outcome of a trial.
func (s *Search) learn(kept bool) {
	switch {
	case s.change.Overflow != broker.Inherit:
		s.tried++
		if kept {
			s.found(s.change)
			return
		}
	case kept:
		s.high = s.change.Buffer
	default:
		s.low = s.change.Buffer
	}
	s.choose()
}

// choose decides on the next trial: of one place more in the buffer, which grows by
// half of what was added until one is large enough; then halfway between that and
// the largest that is not; and where no buffer is large enough, of the policies.
func (s *Search) choose() {
	switch q := &s.question; {
	case s.high > 0 && s.high-s.low <= 1:
		s.found(Change{Buffer: s.high})
		return
	case s.high > 0:
		s.change = Change{Buffer: (s.low + s.high) / 2}
	case s.buffers && s.low < broker.MaxBuffer:
		s.change = Change{Buffer: min(s.low+max(1, (s.low-q.buffer)/2), broker.MaxBuffer)}
	case s.tried < len(q.policies):
		s.change = Change{Overflow: q.policies[s.tried]}
	default:
		s.answer = Answer{Done: true}
		return
	}
	s.answer = Answer{Change: s.change}
}

func (s *Search) found(c Change) { s.answer = Answer{Change: c, Kept: true, Done: true} }

// giveUp ends the search with the smallest buffer that is known to be large
// enough, if there is one.
func (s *Search) giveUp() {
	s.trial = nil
	if s.answer = (Answer{Done: true, GaveUp: true}); s.high > 0 {
		s.found(Change{Buffer: s.high})
	}
}
