package app

import (
	"time"

	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// Model is everything the page knows. It changes in Update and nowhere else, and
// whatever is shown is read from it.
type Model struct {
	Player // of the run that is edited

	Preset  string // the ID of the preset it came from, or empty
	Caption string // what to watch

	Notice    Notice
	Chart     Chart // the one that is enlarged
	Dialog    Dialog
	Bookmarks []time.Duration // the user's marks, in order
	Log       LogView

	lines logIndex // of the log

	clock      time.Duration   // on the screen, since the page began
	undo, redo []edition       // the latest last
	added      map[string]bool // the names of those who were added in the run
}

// Notice is something the user should read. The zero value is none.
type Notice struct {
	Text  string
	Error bool
}

// NewModel is the page before anything happened: the classic, playing.
func NewModel() *Model {
	m := &Model{Player: Player{Speed: 1}, added: map[string]bool{}}
	Update(m, LoadPreset{ID: scenario.Presets()[0].ID})
	m.undo = nil
	return m
}

// Settings are the scenario of a new run with the settings of the moment that is
// shown, of those who take part then.
func (m *Model) Settings() scenario.Scenario {
	s := m.Scenario.Clone()
	s.Interventions = s.Interventions[:m.view.Changes]
	return m.unadd(s.Settled(m.Duration()))
}

// Link is the fragment that brings back what is shown. While it plays the
// playhead is left out: the link would be old before it was read.
func (m *Model) Link() string {
	if m.Playing {
		return scenario.Link(m.Scenario, 0) + m.viewLink()
	}
	return scenario.Link(m.Scenario, m.at) + m.viewLink()
}
