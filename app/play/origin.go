package play

import (
	"strings"

	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// Origin is where a scenario came from.
type Origin struct {
	Preset string // the ID of the preset, or empty
	Load   int    // the number of the scenario among all that have been opened

	title   string            // of the preset
	caption string            // what to watch
	opened  scenario.Scenario // as it was before any edit
}

// presetOrigin is that of a preset.
func presetOrigin(p scenario.Preset) Origin {
	return Origin{Preset: p.ID, title: p.Title, caption: p.Caption, opened: p.Scenario}
}

// Edited says whether the scenario is another than the one that was opened, apart from
// events that were published by hand and a Ctrl-C.
func (m *Model) Edited() bool {
	return !sameBut(m.opened, m.Scenario) || !sameDeeds(m.opened.Interventions, m.Scenario.Interventions)
}

// sameDeeds compares what changes how a run goes on.
func sameDeeds(a, b []scenario.Intervention) bool {
	aside := func(v []scenario.Intervention) []scenario.Intervention {
		for len(v) > 0 && (v[0].Do == scenario.Publish || v[0].Do == scenario.Interrupt) {
			v = v[1:]
		}
		return v
	}
	for {
		a, b = aside(a), aside(b)
		if len(a) == 0 || len(b) == 0 {
			return len(a) == len(b)
		}
		if a[0] != b[0] {
			return false
		}
		a, b = a[1:], b[1:]
	}
}

// Caption says what to watch. Of an edited scenario only its origin is known.
func (m *Model) Caption() string {
	switch {
	case !m.Edited():
		return m.caption
	case m.Preset != "":
		return "“" + m.title + "”, edited. Choose it again to go back."
	default:
		return strings.TrimSuffix(m.caption, ".") + ", edited."
	}
}

// Title is what the scenario is called in the list of presets; empty if it is one of them.
func (m *Model) Title() string {
	switch {
	case m.Preset == "":
		return "your own"
	case m.Edited():
		return m.title + " · edited"
	default:
		return ""
	}
}
