package play

import (
	"errors"
	"time"

	"github.com/spillway-go/spillway/app/format"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// What the user does in a run, beside giving settings another value.
type (
	// Do lets an actor, or the run, do something: publish, crash, interrupt.
	Do struct {
		Actor
		Action scenario.Action
	}
	// Hold pauses a consumer, or lets it go on.
	Hold struct{ Actor }
)

func (d Do) update(m *Model) {
	if place, ok := m.present(d.Actor); ok && !m.Ended() {
		m.refused = m.intervene(scenario.Intervention{Do: d.Action, Actor: place})
	}
}

func (h Hold) update(m *Model) {
	place, ok := m.present(h.Actor)
	if !ok {
		return
	}
	do := scenario.Pause
	if m.view.Consumers[place].Paused {
		do = scenario.Resume
	}
	Do{h.Actor, do}.update(m)
}

var errFull = errors.New("a run can hold " + format.Count(scenario.MaxInterventions) + " changes, and this one does. Restart it to make more")

// intervene adds an intervention to the run, after everything that has been shown. A
// second change of a setting at one moment takes the place of the first.
func (m *Model) intervene(i scenario.Intervention) error {
	s := m.soFar()
	i.At = scenario.Duration(m.at + 1)
	past := len(s.Interventions) < len(m.Scenario.Interventions) || !m.atHead()
	if n := len(s.Interventions); n > 0 && s.Interventions[n-1].Same(i) && time.Duration(s.Interventions[n-1].At) == m.at {
		i.At, past = scenario.Duration(m.at), true
		s.Interventions = s.Interventions[:n-1]
	}
	s.Interventions = append(s.Interventions, i)
	switch {
	case len(s.Interventions) > scenario.MaxInterventions:
		return errFull
	case past:
		return m.fork(s, m.Roster, time.Duration(i.At))
	}
	if err := m.run.sim.Intervene(i); err != nil {
		return explain(err, &s)
	}
	m.remember(m.edition(false))
	m.Scenario = s
	m.send(time.Duration(i.At))
	m.fit()
	return nil
}

// soFar is the scenario up to the moment that is shown: what came later is left behind.
func (m *Model) soFar() scenario.Scenario {
	s := m.Scenario.Clone()
	s.Interventions = s.Interventions[:m.view.Changes]
	return s
}
