package app

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// Change is what the user does to the run: an intervention, its time aside.
type Change struct{ scenario.Intervention }

func (c Change) update(m *Model) {
	at := m.at + 1 // after everything that has been shown
	i := c.Intervention
	if m.idle(i) {
		return
	}
	if m.Ended() {
		if _, setting := scenario.SettingOf(i.Do); !setting {
			return // it has ended already
		}
		if role := i.Do.Role(); role == scenario.OfProducer || role == scenario.OfConsumer {
			place, ok := m.here(role, i.Actor)
			if !ok {
				return
			}
			i.Actor = place
		}
		s := m.Settings()
		s.Apply(i)
		if err := s.Validate(); err != nil {
			m.fail(err)
			return
		}
		m.rememberChange(i, true)
		clear(m.added)
		m.begin(s)
		return
	}
	s := m.present()
	forks := !m.atHead() || len(s.Interventions) < len(m.Scenario.Interventions)
	if m.repeats(s, i) {
		forks, at = true, m.at
		s.Interventions = s.Interventions[:len(s.Interventions)-1]
	}
	i.At = scenario.Duration(at)
	s.Interventions = append(s.Interventions, i)
	if len(s.Interventions) > scenario.MaxInterventions {
		m.Notice = Notice{Text: "A run can hold " + Count(scenario.MaxInterventions) + " changes, and this one does. Restart it to make more.", Error: true}
		return
	}
	if err := s.Validate(); err != nil {
		m.fail(err)
		return
	}
	m.rememberChange(i, false)
	if forks {
		if m.load(s) {
			m.send(at)
		}
		return
	}
	if err := m.run.sim.Intervene(i); err != nil {
		m.fail(err)
		return
	}
	m.Scenario = s
	m.send(at)
}

// idle says whether somebody is asked for what they do already, or can't do any more
// because they are not there.
func (m *Model) idle(i scenario.Intervention) bool {
	if role := i.Do.Role(); (role == scenario.OfProducer || role == scenario.OfConsumer) && i.Actor >= len(namesOf(m.Scenario, role)) {
		return true // it was drawn in the run before
	}
	switch i.Do {
	case scenario.Publish:
		return m.Gone(scenario.OfProducer, i.Actor)
	case scenario.Pause:
		return m.view.Consumers[i.Actor].Paused || m.Gone(scenario.OfConsumer, i.Actor)
	case scenario.Resume:
		return !m.view.Consumers[i.Actor].Paused
	default:
		return false
	}
}

// cheap is how many records a run may have for it to be run again on every move
// of a slider.
const cheap = 100_000

// repeats says whether i only corrects the last change of s, made in this very
// moment, as a slider that is dragged while the time stands still does.
func (m *Model) repeats(s scenario.Scenario, i scenario.Intervention) bool {
	n := len(s.Interventions)
	if n == 0 || m.run.journal.Next() > cheap {
		return false
	}
	last := s.Interventions[n-1]
	return last.Same(i) && time.Duration(last.At) == m.at
}

// CheckChange says what is wrong with a change.
func (m *Model) CheckChange(i scenario.Intervention) error {
	s := m.Now()
	if role := i.Do.Role(); m.Ended() && (role == scenario.OfProducer || role == scenario.OfConsumer) {
		here, ok := m.here(role, i.Actor)
		if !ok {
			return nil
		}
		s, i.Actor = m.Settings(), here
	}
	s.Apply(i)
	err := s.Validate()
	if err == nil {
		return nil
	}
	text := err.Error()
	for i, c := range s.Consumers {
		text = strings.Replace(text, fmt.Sprintf("consumers[%d]", i), "“"+c.Name+"”", 1)
	}
	return errors.New(text)
}
