package play

import (
	"slices"
	"time"

	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// Model is everything the page knows. It changes in Update and nowhere else, and
// whatever is shown is read from it.
type Model struct {
	Player // of the run that is edited

	Origin // of its scenario

	Notice    Notice
	Charts    []Chart // that there are
	Chart     Chart   // the one that is enlarged
	Dialog    Dialog
	Bookmarks []time.Duration // the user's marks, in order
	Log       LogView

	clock      time.Duration // on the screen, since the page began
	undo, redo []edition     // the latest last
	slide      slide
	known      known // the actors
	loads      int   // how many scenarios have been opened

	// What comes of the message of now: see Update.
	effects []Effect
	refused error
}

// Notice is something the user should read. The zero value is none.
type Notice struct {
	Text      string
	Error     bool
	Retry     bool // what was switched off can be tried again
	Expensive bool // what it tells the cost of waits for an answer
}

// NewModel is the page before anything happened: the classic, playing.
// It has those charts.
func NewModel(charts ...Chart) *Model {
	m := &Model{Charts: charts, Player: Player{Speed: 1, Auto: true}}
	Update(m, LoadPreset{ID: scenario.Presets()[0].ID})
	m.undo = nil
	return m
}

// Settings are the scenario of a new run with the settings of the moment that is
// shown, of those who take part then.
func (m *Model) Settings() scenario.Scenario {
	s, _ := m.next()
	return s
}

// next is the scenario of a new run with the settings of the moment that is shown, and
// who takes part in it: all who have not gone, unless that is nobody.
func (m *Model) next() (scenario.Scenario, Roster) {
	s := m.soFar().Settled(m.Duration())
	var r Roster
	for _, role := range []scenario.Role{scenario.OfProducer, scenario.OfConsumer} {
		all, members := *m.Roster.of(role), r.of(role)
		for place, who := range all {
			if !m.Gone(role, place) {
				*members = append(*members, who)
			}
		}
		if *members == nil {
			*members = slices.Clone(all)
		}
		for place := range *members {
			if who := &(*members)[place]; who.joined {
				who.joined = false
				*startOf(&s, role, place) = 0
			}
		}
	}
	return s, r
}

// Link is the fragment that brings back what is shown. While it plays the
// playhead is left out: the link would be old before it was read.
func (m *Model) Link() string {
	if m.Playing {
		return scenario.Link(m.Scenario, 0) + m.viewLink()
	}
	return scenario.Link(m.Scenario, m.at) + m.viewLink()
}
