package play

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spillway-go/spillway/app/format"
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
	before := m.edition(true)
	s, r := m.next()
	leaves := !s.Equal(m.Scenario)
	if m.refused = m.load(s, r); m.refused != nil {
		return
	}
	if leaves {
		m.remember(before)
	}
	m.play()
}

func (l LoadPreset) update(m *Model) {
	p, err := scenario.FindPreset(l.ID)
	if err != nil {
		m.refused = err
		return
	}
	m.Auto = true
	m.open(p.Scenario, presetOrigin(p))
}

func (l LoadScenario) update(m *Model) {
	m.open(l.Scenario, Origin{caption: l.Caption, opened: l.Scenario})
}

func (l LoadLink) update(m *Model) {
	if l.First {
		defer func() { m.undo = nil }()
	}
	link, more, _ := strings.Cut(l.Link, "&")
	s, playhead, err := scenario.ParseLink(link)
	var left []string // what the link says beside the scenario, and can't be followed
	if text, _, found := strings.Cut(link, "@"); found && err != nil {
		if whole, _, wrong := scenario.ParseLink(text); wrong == nil {
			s, left, err = whole, []string{whyNot(err)}, nil
		}
	}
	if err != nil {
		LoadPreset{ID: scenario.Presets()[0].ID}.update(m)
		m.Notice = Notice{Text: fmt.Sprintf("The link %q can't be opened, so here is the classic: %s.", format.Clip(l.Link, 40), whyNot(err)), Error: true}
		return
	}
	looks, wrong := parseViewLink(more, s, m.Charts)
	for _, err := range wrong {
		left = append(left, whyNot(err))
	}
	o := Origin{caption: "A scenario from a link.", opened: s}
	for _, p := range scenario.Presets() {
		if sameBut(p.Scenario, s) {
			o = presetOrigin(p)
		}
	}
	m.open(s, o)
	m.Selected, m.Chart, m.Bookmarks = m.Roster.Subject(looks.selection), looks.chart, looks.bookmarks
	if playhead > 0 {
		m.Playing = false
		m.send(playhead)
	}
	if left != nil {
		m.Notice = Notice{Text: "The link opens without a part that does not fit: " + strings.Join(left, "; ") + ".", Error: true}
	}
}

// whyNot is an error about a link, in the middle of a sentence.
func whyNot(err error) string { return format.Clip(strings.TrimPrefix(err.Error(), "link: "), 160) }

// sameBut says whether two scenarios differ at the most in what the user did.
func sameBut(a, b scenario.Scenario) bool {
	a.Interventions, b.Interventions = nil, nil
	return a.Equal(b)
}

// open leaves the scenario for another one, to which nothing of the user's belongs, and
// plays that.
func (m *Model) open(s scenario.Scenario, o Origin) {
	before, first := m.edition(true), m.run == nil
	before.loaded = true
	m.known.note(&m.Scenario, m.Roster)
	if m.refused = m.load(s, m.known.roster(&s)); m.refused != nil {
		return
	}
	if !first {
		m.remember(before)
	}
	m.loads++
	o.Load = m.loads
	m.Origin, m.Bookmarks, m.Notice = o, nil, Notice{}
	m.play()
}

// load makes the run of a scenario, at its start. An invalid one changes nothing.
func (m *Model) load(s scenario.Scenario, r Roster) error {
	run, err := newRun(s, m.Window)
	if err != nil {
		return err
	}
	if m.run != nil {
		m.run.sim.Close()
	}
	m.Scenario, m.Roster, m.run, m.slide = s, r, run, slide{}
	m.Bookmarks = slices.DeleteFunc(slices.Clone(m.Bookmarks), func(t time.Duration) bool { return t > m.Duration() })
	m.view.Consumers = nil // it was a state of another journal
	m.send(0)
	m.fit()
	return nil
}

// play plays a run that begins, though not to who wants no motion.
func (m *Model) play() {
	m.Playing = !m.ReducedMotion
	m.assumeSpeed()
}

// restart begins a new run of s, an edit of the scenario of now.
func (m *Model) restart(s scenario.Scenario, r Roster) error {
	before := m.edition(true)
	if err := m.load(s, r); err != nil {
		return explain(err, &s)
	}
	m.remember(before)
	m.play()
	return nil
}

// fork goes on with s, in whose run the same has happened up to the moment that is
// shown, and shows another moment of it.
func (m *Model) fork(s scenario.Scenario, r Roster, at time.Duration) error {
	before := m.edition(false)
	if err := m.load(s, r); err != nil {
		return explain(err, &s)
	}
	m.remember(before)
	m.send(at)
	m.fit()
	return nil
}

// ClassicLink is the link of what an address without one shows.
var ClassicLink = scenario.Link(scenario.Classic(), 0)
