package app

import (
	"time"

	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/scenario"
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

	Selection Selection
	Hover     Selection // what the pointer or the focus is on
	Chart     Chart     // the one that is enlarged
	Dialog    Dialog
	Bookmarks []time.Duration // the user's marks, in order
	Log       LogView

	run  *run
	at   time.Duration // the playhead: the moment that is shown
	goal time.Duration // where the playhead was sent; ahead of at until the run has come so far
	view journal.State // of the moment that is shown

	// After a step the time stands still, but the stage glides for a moment to
	// show where the step led: for so long by now, in real time.
	stepped bool
	glide   time.Duration

	lines   logIndex // of the log
	closeup closeup  // of what is looked at

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
	m := &Model{Speed: 1, added: map[string]bool{}}
	Update(m, LoadPreset{ID: scenario.Presets()[0].ID})
	m.undo = nil
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
	lines    int    // of the log, as far as they have been looked for
	behind   uint64 // records that have not been looked at
}

func (m *Model) moment() moment {
	return moment{m.run, m.at, m.view.Position, m.Playing, m.lines.count(), m.lines.behind(m.run.journal)}
}

// Now is the scenario with the settings of the moment that is shown, and with all
// its actors, also those who are gone.
func (m *Model) Now() scenario.Scenario {
	s := m.Scenario
	s.Interventions = nil
	s = s.Clone()
	for _, i := range m.Scenario.Interventions[:m.view.Changes] {
		s.Apply(i)
	}
	return s
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

// settingsAt are the settings of a moment of the run.
func (m *Model) settingsAt(t time.Duration) scenario.Scenario { return m.Scenario.At(t) }

// lasts is how long an attempt takes, or the pause before the next: what the
// consumer is at lasts so long, from its Since on.
func (m *Model) lasts(consumer int, w *journal.Work) time.Duration {
	s := m.settingsAt(w.Since)
	c := &s.Consumers[consumer]
	if w.Resting {
		return c.Handling().Pause(int(w.Attempt))
	}
	return m.run.chance.Service(c, consumer, scenario.Attempt(int(w.Producer), w.Number, int(w.Attempt)))
}
