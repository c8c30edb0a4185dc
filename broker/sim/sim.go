// Package sim runs a scenario on virtual time: one goroutine, an agenda, and
// the real broker. The same scenario gives the same journal, byte for byte, on
// every machine.
package sim

import (
	"fmt"
	"math"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/journal"
	"github.com/spillway-go/spillway/broker/producer"
	"github.com/spillway-go/spillway/broker/scenario"
)

// Never is later than any run.
const Never = time.Duration(math.MaxInt64)

// Sim is one run of a scenario. It is not safe for concurrent use.
type Sim struct {
	scenario scenario.Scenario // with the settings of now
	start    time.Time
	record   func(journal.Record)

	now    time.Duration
	agenda agenda
	done   bool
	next   int // the next intervention

	broker    *broker.Broker
	producers []producerState
	consumers []consumerState
	events    pool
}

type producerState struct {
	ids, ties scenario.Source
	published uint64
	last      time.Duration // of its newest event
}

type consumerState struct {
	ties     scenario.Source
	events   *broker.Subscription
	handling *event // nil while idle
	depth    int    // events that wait
}

// New prepares a run; record is given everything that happens, in order.
func New(s scenario.Scenario, record func(journal.Record)) (*Sim, error) {
	if err := s.Validate(); err != nil {
		return nil, fmt.Errorf("sim: %w", err)
	}
	sim := &Sim{
		scenario:  s.Clone(),
		start:     s.Start.Time(),
		record:    record,
		agenda:    newAgenda(len(s.Producers) + len(s.Consumers)),
		producers: make([]producerState, len(s.Producers)),
		consumers: make([]consumerState, len(s.Consumers)),
	}
	settings := s.Broker.Settings()
	b, err := broker.New(broker.Options{Buffer: settings.Buffer, Overflow: settings.Overflow, Trace: sim.trace()})
	if err != nil {
		return nil, fmt.Errorf("sim: %w", err)
	}
	sim.broker = b
	for i, c := range s.Consumers {
		sub, err := b.Subscribe(broker.SubscribeOptions{Name: c.Name})
		if err != nil {
			return nil, fmt.Errorf("sim: %w", err)
		}
		sub.Expect()
		sim.consumers[i] = consumerState{
			events: sub,
			ties:   scenario.NewSource(s.Seed, scenario.Completions, i),
		}
	}
	for i := range s.Producers {
		sim.producers[i] = producerState{
			ids:  scenario.NewSource(s.Seed, scenario.Identities, i),
			ties: scenario.NewSource(s.Seed, scenario.Arrivals, i),
		}
		sim.schedule(i)
	}
	return sim, nil
}

// Now is the time since the start of the run: of what happened last, or the end
// of the last Advance.
func (s *Sim) Now() time.Duration { return s.now }

// Done says that the run has ended; nothing more will happen.
func (s *Sim) Done() bool { return s.done }

// Next is when the next thing will happen, or Never.
func (s *Sim) Next() time.Duration {
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
	if s.done {
		return false
	}
	fixed := s.fixed()
	if p := s.agenda.next(); p != nil && p.at < fixed {
		s.now = p.at
		if p.actor < len(s.producers) {
			s.publish(p.actor)
		} else {
			s.complete(p.actor - len(s.producers))
		}
		return true
	}
	s.now = fixed
	switch {
	case fixed == time.Duration(s.scenario.Duration) && !s.interruptNow():
		s.quit()
	default:
		s.intervene()
	}
	return true
}

// interruptNow says whether what comes next is a Ctrl-C in the last moment.
func (s *Sim) interruptNow() bool {
	return s.next < len(s.scenario.Interventions) && s.scenario.Interventions[s.next].Do == scenario.Interrupt
}

// Advance lets everything happen up to and including t.
func (s *Sim) Advance(t time.Duration) {
	for s.Next() <= t {
		s.Step()
	}
	if !s.done && t > s.now {
		s.now = t
	}
}

// Run goes on to the end of the run.
func (s *Sim) Run() {
	for s.Step() {
	}
}

// Intervene adds something the user does, now or later, after what was added
// before. It is as if it had been in the scenario from the start.
func (s *Sim) Intervene(i scenario.Intervention) error {
	at := time.Duration(i.At)
	if s.done || at <= s.now && s.now > 0 {
		return fmt.Errorf("sim: an intervention at %v is too late: the run is at %v", at, s.now)
	}
	longer := s.scenario.Clone()
	longer.Interventions = append(longer.Interventions, i)
	if err := longer.Validate(); err != nil {
		return fmt.Errorf("sim: %w", err)
	}
	s.scenario.Interventions = longer.Interventions
	return nil
}

// Stop ends the run now, as the signal of that number would.
func (s *Sim) Stop(signal uint64) {
	if !s.done {
		s.record(journal.Record{Kind: journal.Interrupted, At: s.now, Number: signal})
		s.quit()
	}
}

// schedule makes the appointment for a producer's next event: one interval after
// the last, but not before now.
func (s *Sim) schedule(i int) {
	p := &s.producers[i]
	s.agenda.set(appointment{
		at:    max(s.now, p.last+time.Duration(s.scenario.Producers[i].Interval)),
		tie:   p.ties.Draw(p.published),
		actor: i,
	})
}

// publish lets a producer publish its next event, and idle consumers take it.
func (s *Sim) publish(i int) {
	p := &s.producers[i]
	e := s.events.get()
	e.ProducedSomethingEvent = producer.ProducedSomethingEvent{
		Producer: i,
		Number:   p.published,
		Identity: p.ids.Identity(p.published),
		Start:    s.start,
		Age:      s.now,
	}
	p.published++
	p.last = s.now
	s.schedule(i)

	s.record(journal.Record{Kind: journal.Produced, At: s.now, Born: s.now, Number: e.Number, Producer: uint8(i)})
	e.holders = len(s.consumers)
	if err := s.broker.TryPublish(e); err != nil {
		panic("sim: " + err.Error()) // only an ended run closes its broker
	}
	for c := range s.consumers {
		if s.consumers[c].handling == nil {
			s.take(c)
		}
	}
}

// complete ends a consumer's handling, and lets it take the next event.
func (s *Sim) complete(i int) {
	c := &s.consumers[i]
	e := c.handling
	c.handling = nil
	s.agenda.clear(len(s.producers) + i)
	s.recordOf(journal.Handled, i, e, c.depth, 0)
	s.events.release(e)
	if !s.take(i) {
		c.events.Expect()
	}
}

// take lets an idle consumer begin the next event, if there is one.
func (s *Sim) take(i int) bool {
	c := &s.consumers[i]
	taken, ok := c.events.TryNext()
	if !ok {
		return false
	}
	e := taken.(*event)
	c.handling = e
	s.agenda.set(appointment{
		at:    s.now + time.Duration(s.scenario.Consumers[i].Service),
		tie:   c.ties.Draw(uint64(e.Producer)<<56 ^ e.Number),
		actor: len(s.producers) + i,
	})
	return true
}

// intervene lets the next intervention take effect.
func (s *Sim) intervene() {
	i := s.scenario.Interventions[s.next]
	if i.Do == scenario.Interrupt {
		s.Stop(journal.SignalInterrupt)
		return
	}
	s.record(journal.Record{Kind: journal.Changed, At: s.now, Number: uint64(s.next)})
	s.next++
	s.scenario.Apply(i)
	switch i.Do {
	case scenario.SetInterval:
		s.schedule(i.Actor)
	case scenario.SetBuffer, scenario.SetOverflow:
		for _, c := range s.consumers {
			if err := c.events.Configure(s.scenario.Broker.Settings()); err != nil {
				panic("sim: " + err.Error()) // Validate has checked the settings
			}
		}
	}
}

func (s *Sim) quit() {
	s.record(journal.Record{Kind: journal.Quit, At: s.now})
	s.done = true
}

// trace turns what the broker tells into records.
func (s *Sim) trace() broker.Trace {
	return broker.Trace{
		Buffered: func(sub *broker.Subscription, e broker.Event, depth int) {
			s.recordOf(journal.Buffered, sub.Index(), e.(*event), depth, 0)
		},
		Delivered: func(sub *broker.Subscription, e broker.Event, depth int) {
			s.recordOf(journal.Delivered, sub.Index(), e.(*event), depth, 0)
		},
		Dropped: func(sub *broker.Subscription, e broker.Event, why broker.DropReason, depth int) {
			s.recordOf(journal.Dropped, sub.Index(), e.(*event), depth, why)
			s.events.release(e.(*event))
		},
	}
}

func (s *Sim) recordOf(kind journal.Kind, consumer int, e *event, depth int, why broker.DropReason) {
	s.consumers[consumer].depth = depth
	s.record(journal.Record{
		Kind:     kind,
		At:       s.now,
		Born:     e.Age,
		Number:   e.Number,
		Depth:    uint32(depth),
		Producer: uint8(e.Producer),
		Consumer: uint8(consumer),
		Cause:    uint8(why),
	})
}
