package app

import (
	"time"

	"github.com/spillway-go/spillway/broker/journal"
	"github.com/spillway-go/spillway/broker/scenario"
)

// Model is everything the page knows. It changes in Update and nowhere else, and
// whatever is shown is read from it.
type Model struct {
	Scenario scenario.Scenario // of the run, with what the user did in it
	Preset   string            // the ID of the preset it came from, or empty
	Caption  string            // what to watch

	Playing bool
	Speed   Speed   // asked for
	Actual  float64 // times real time; what the device reaches while it plays
	Still   bool    // reduced motion: events jump
	Notice  Notice

	run  *run
	at   time.Duration // the playhead: the moment that is shown
	goal time.Duration // where the playhead was sent; ahead of at until the run has come so far
	view journal.State // of the moment that is shown

	// After a step the time stands still, but the stage glides for a moment to
	// show where the step led: for so long by now, in real time.
	stepped bool
	glide   time.Duration
}

// Notice is something the user should read. The zero value is none.
type Notice struct {
	Text  string
	Error bool
}

// NewModel is the page before anything happened: the classic, playing.
func NewModel() *Model {
	m := &Model{Speed: 1}
	Update(m, LoadPreset{ID: scenario.Presets()[0].ID})
	return m
}

// At is the moment that is shown, since the start of the run.
func (m *Model) At() time.Duration { return m.at }

// View is the state at that moment. It is valid until the next Update.
func (m *Model) View() *journal.State { return &m.view }

// Journal is the journal of the run.
func (m *Model) Journal() *journal.Journal { return m.run.journal }

// Marks are what the time line shows of the run so far.
func (m *Model) Marks() *Marks { return &m.run.marks }

// Duration is how long the run may last.
func (m *Model) Duration() time.Duration { return time.Duration(m.Scenario.Duration) }

// Over says that the run has ended and its end is shown.
func (m *Model) Over() bool { return m.view.Quit }

// CatchingUp says that the run has not yet come to where the playhead was sent.
func (m *Model) CatchingUp() bool { return m.at < m.goal }

// Gliding says that the stage still shows where the last step led.
func (m *Model) Gliding() bool { return m.stepped && m.glide < legs*flightTime }

// moment is what decides whether two renderings of the page differ.
type moment struct {
	run      *run
	at       time.Duration
	position uint64
	playing  bool
}

func (m *Model) moment() moment { return moment{m.run, m.at, m.view.Position, m.Playing} }

// Settings are the scenario with the settings of the moment that is shown.
func (m *Model) Settings() scenario.Scenario {
	s := m.Scenario
	s.Interventions = nil
	s = s.Clone()
	for _, i := range m.Scenario.Interventions[:m.view.Changes] {
		s.Apply(i)
	}
	return s
}

// Link is the fragment that brings back what is shown. While it plays the
// playhead is left out: the link would be old before it was read.
func (m *Model) Link() string {
	if m.Playing {
		return scenario.Link(m.Scenario, 0)
	}
	return scenario.Link(m.Scenario, m.at)
}

// serviceAt is the service time of what a consumer began at t: a later change
// doesn't touch it.
func (m *Model) serviceAt(consumer int, t time.Duration) time.Duration {
	service := m.Scenario.Consumers[consumer].Service
	for _, i := range m.Scenario.Interventions {
		if time.Duration(i.At) > t {
			break
		}
		if i.Do == scenario.SetService && i.Actor == consumer {
			service = i.Service
		}
	}
	return time.Duration(service)
}
