package app

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// The messages that begin another run.
type (
	// Restart begins a new run with the settings of now.
	Restart struct{}
	// LoadPreset loads and plays a preset.
	LoadPreset struct{ ID string }
	// LoadLink opens the fragment of an address: paused where the link says, or
	// playing from the start if it doesn't. First says that the page begins with
	// it, so that there is nothing to go back to.
	LoadLink struct {
		Link  string
		First bool
	}
	// LoadScenario loads and plays a scenario, of a file or of the user's own.
	LoadScenario struct {
		Caption string
		scenario.Scenario
	}
)

func (Restart) update(m *Model) {
	s := m.Settings()
	if !s.Equal(m.Scenario) { // then it leaves something behind
		m.remember(true)
	}
	clear(m.added)
	m.begin(s)
}

// begin starts a new run and plays it, though not to who asked for no motion.
func (m *Model) begin(s scenario.Scenario) {
	if m.load(s) {
		m.Playing = !m.ReducedMotion
		m.assumeSpeed()
	}
}

// load makes the run of a scenario, at its start. An invalid one changes nothing.
func (m *Model) load(s scenario.Scenario) bool {
	r, err := newRun(s)
	if err != nil {
		m.fail(err)
		return false
	}
	m.Selection, m.Hover = m.Selection.moved(m.Scenario, s), m.Hover.moved(m.Scenario, s)
	if m.run != nil {
		m.run.sim.Close()
	}
	m.Scenario, m.run = s, r
	m.Bookmarks = slices.DeleteFunc(slices.Clone(m.Bookmarks), func(t time.Duration) bool { return t > m.Duration() })
	m.view.Consumers = nil // it was a state of another journal
	m.send(0)
	return true
}

func (l LoadPreset) update(m *Model) {
	p, err := scenario.FindPreset(l.ID)
	if err != nil {
		m.fail(err)
		return
	}
	m.remember(true)
	m.leave()
	m.Preset, m.Caption, m.Notice = p.ID, p.Caption, Notice{}
	m.begin(p.Scenario)
}

func (l LoadLink) update(m *Model) {
	if l.First {
		defer func() { m.undo = nil }()
	}
	link, more, _ := strings.Cut(l.Link, "&")
	s, playhead, err := scenario.ParseLink(link)
	var looks view
	if err == nil {
		looks, err = parseViewLink(more, s)
	}
	if err != nil {
		Update(m, LoadPreset{ID: scenario.Presets()[0].ID})
		why := strings.TrimPrefix(err.Error(), "link: ")
		m.Notice = Notice{Text: fmt.Sprintf("The link %q can't be opened, so here is the classic: %s.", clip(l.Link, 40), clip(why, 160)), Error: true}
		return
	}
	m.remember(true)
	m.leave()
	m.Preset, m.Caption, m.Notice = "", "A scenario from a link.", Notice{}
	for _, p := range scenario.Presets() {
		if sameBut(p.Scenario, s) {
			m.Preset, m.Caption = p.ID, p.Caption
		}
	}
	m.begin(s)
	m.Selection, m.Chart, m.Bookmarks = looks.selection, looks.chart, looks.bookmarks
	if playhead > 0 {
		m.Playing = false
		m.send(playhead)
	}
}

// leave leaves the scenario for another one, to which nothing of the user's belongs.
func (m *Model) leave() {
	clear(m.added)
	m.Bookmarks = nil
	if n := len(m.undo); n > 0 {
		m.undo[n-1].loaded = true
	}
}

// sameBut says whether two scenarios differ at the most in what the user did.
func sameBut(a, b scenario.Scenario) bool {
	a.Interventions, b.Interventions = nil, nil
	return a.Equal(b)
}

func (l LoadScenario) update(m *Model) {
	if err := l.Validate(); err != nil {
		m.fail(err)
		return
	}
	m.remember(true)
	m.leave()
	m.Preset, m.Caption, m.Notice = "", l.Caption, Notice{}
	m.begin(l.Scenario)
}
