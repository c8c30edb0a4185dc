// Package sim runs a scenario on virtual time: one goroutine, an agenda, and
// the real broker. The same scenario gives the same journal, byte for byte, on
// every machine.
package sim

import (
	"fmt"
	"math"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/record"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// Never is later than any run.
const Never = time.Duration(math.MaxInt64)

// Sim is one run of a scenario. It is not safe for concurrent use.
type Sim struct {
	planned  scenario.Scenario // as it was given, with what was added
	scenario scenario.Scenario // with the settings of now
	start    time.Time
	chance   *scenario.Chance
	recorder record.Recorder

	now    time.Duration
	agenda agenda
	done   bool
	next   int // the next intervention
	last   int // the actor whose turn it was last
	ties   uint64

	broker    broker.Driver
	store     store
	producers []producerState
	consumers []consumerState
	workers   []workerState // MaxWorkers for each consumer
	events    *record.Pool

	pieces
}

// New prepares a run; sink is given everything that happens, in order. The record it
// is given is the next one's afterwards.
func New(s scenario.Scenario, sink func(*journal.Record)) (*Sim, error) {
	if err := s.Validate(); err != nil {
		return nil, fmt.Errorf("sim: %w", err)
	}
	n := len(s.Producers) + len(s.Consumers)*scenario.MaxWorkers
	sim := &Sim{
		planned:   s.Clone(),
		scenario:  s.Clone(),
		start:     s.Start.Time(),
		chance:    s.Chance(),
		agenda:    newAgenda(n),
		last:      -1,
		pieces:    pieces{pace: pace},
		producers: make([]producerState, len(s.Producers)),
		events:    record.NewPool(s.Start.Time()),
		consumers: make([]consumerState, len(s.Consumers)),
		workers:   make([]workerState, len(s.Consumers)*scenario.MaxWorkers),
	}
	sim.recorder.Sink, sim.recorder.Pool = sink, sim.events
	sim.recorder.Room, sim.recorder.MakeRoom = unasked, sim.leaveOff
	sim.openStore()
	if err := sim.openBroker(); err != nil {
		return nil, fmt.Errorf("sim: %w", err)
	}
	for i := range s.Consumers {
		if s.Consumers[i].Start > 0 {
			sim.agenda.set(appointment{at: time.Duration(s.Consumers[i].Start), actor: sim.worker(i, 0)})
		} else {
			sim.join(i)
		}
	}
	for i := range s.Producers {
		sim.producers[i].last = time.Duration(s.Producers[i].Start)
		sim.schedule(i)
	}
	return sim, nil
}

// Now is the time since the start of the run: of what happened last, or the end
// of the last Advance. See Reached.
func (s *Sim) Now() time.Duration { return s.now }

// Done says that the run has ended; nothing more will happen.
func (s *Sim) Done() bool { return s.done }

// Ties is how often two actors were due at the same moment, so that the seed
// decided who was first.
func (s *Sim) Ties() uint64 { return s.ties }

// Next is when the next thing will happen, or Never.
func (s *Sim) Next() time.Duration {
	if s.resume != nil { // what is under way
		return s.now
	}
	return s.due()
}

// due is when the next step comes.
func (s *Sim) due() time.Duration {
	if s.done {
		return Never
	}
	at := s.fixed()
	if p := s.agenda.next(); p != nil {
		at = min(at, p.at)
	}
	return at
}

// fixed is when the next thing happens that no seed decides: an intervention or
// the end.
func (s *Sim) fixed() time.Duration {
	if s.next < len(s.scenario.Interventions) {
		return time.Duration(s.scenario.Interventions[s.next].At)
	}
	return time.Duration(s.scenario.Duration)
}

// Step lets the next thing happen, and says whether there was one.
func (s *Sim) Step() bool {
	if s.resume != nil {
		s.StepWhile(nil)
		return true
	}
	return s.step()
}

func (s *Sim) step() bool {
	if s.done {
		return false
	}
	fixed := s.fixed()
	if p := s.agenda.next(); p != nil && p.at < fixed {
		if p.at == s.now && p.actor != s.last {
			s.ties++
		}
		s.pass(p.at, p.actor)
		if p.actor < len(s.producers) {
			s.beat(p.actor)
		} else {
			s.work(p.actor)
		}
		return true
	}
	if fixed == s.now && s.last >= 0 {
		s.ties++
	}
	s.pass(fixed, len(s.producers)+len(s.workers))
	switch {
	case fixed == time.Duration(s.scenario.Duration) && !s.interruptNow():
		s.quit()
	default:
		s.intervene()
	}
	return true
}

// pass goes on to a moment at which an actor does something; -1: nobody does.
func (s *Sim) pass(now time.Duration, actor int) { s.now, s.recorder.Now, s.last = now, now, actor }

// interruptNow says whether what comes next is a Ctrl-C in the last moment.
func (s *Sim) interruptNow() bool {
	return s.next < len(s.scenario.Interventions) && s.scenario.Interventions[s.next].Do == scenario.Interrupt
}

// Advance lets everything happen up to and including t.
func (s *Sim) Advance(t time.Duration) {
	if s.resume != nil {
		s.StepWhile(nil)
	}
	for s.due() <= t && s.step() {
	}
	s.to = t
	s.settle()
}

// Run goes on to the end of the run.
func (s *Sim) Run() {
	for s.Step() {
	}
}

// Stop ends the run now, as the signal of that number would, and leaves undone what
// AdvanceWhile has left off in the middle of.
func (s *Sim) Stop(signal uint64) {
	if !s.done {
		s.Close()
		s.interrupt(signal)
	}
}

func (s *Sim) interrupt(signal uint64) {
	s.recorder.Interrupted(signal)
	s.quit()
}

func (s *Sim) quit() {
	s.recorder.Quit()
	s.done = true
}

// must panics on an error that Validate rules out.
func must(err error) {
	if err != nil {
		panic("sim: " + err.Error())
	}
}
