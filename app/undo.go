package app

import (
	"time"

	"github.com/spillway-go/spillway/broker/lab/scenario"
)

type (
	// Undo takes the last edit back, as if it had never been made.
	Undo struct{}
	// Redo makes it again.
	Redo struct{}
)

// edition is what an edit changes, as it was before.
type edition struct {
	scenario        scenario.Scenario
	preset, caption string
	at              time.Duration
	added           map[string]bool
	fresh           bool // the edit began another run
	loaded          bool // which has another subject, and so none of the user's marks
	marks           []time.Duration
	last            scenario.Intervention
	clock           time.Duration // on the screen
}

// maxUndo is how many edits can be taken back.
const maxUndo = 100

// together is how soon, on the screen, two changes of one setting count as one
// edit, as those of a slider that is dragged.
const together = time.Second

func (m *Model) edition(fresh bool) edition {
	added := make(map[string]bool, len(m.added))
	for name := range m.added { // a set: its order is nobody's business
		added[name] = true
	}
	return edition{scenario: m.Scenario, preset: m.Preset, caption: m.Caption, at: m.at, added: added, fresh: fresh, marks: m.Bookmarks, clock: m.clock}
}

// remember keeps what an edit is about to change.
func (m *Model) remember(fresh bool) {
	if m.run == nil {
		return // there is nothing yet
	}
	m.undo = append(m.undo, m.edition(fresh))
	if len(m.undo) > maxUndo {
		m.undo = m.undo[1:]
	}
	m.redo = nil
}

// rememberChange is remember for the change of a setting.
func (m *Model) rememberChange(i scenario.Intervention, fresh bool) {
	if n := len(m.undo); n > 0 && m.redo == nil && !fresh {
		if last := &m.undo[n-1]; last.last.Same(i) && m.clock-last.clock < together {
			last.clock = m.clock
			return
		}
	}
	m.remember(fresh)
	m.undo[len(m.undo)-1].last = i
}

// CanUndo and CanRedo say whether there is something to take back, or to make again.
func (m *Model) CanUndo() bool { return len(m.undo) > 0 }
func (m *Model) CanRedo() bool { return len(m.redo) > 0 }

func (Undo) update(m *Model) { m.exchange(&m.undo, &m.redo) }
func (Redo) update(m *Model) { m.exchange(&m.redo, &m.undo) }

// exchange goes back to the last edition of one list, and keeps the present one
// in the other.
func (m *Model) exchange(from, to *[]edition) {
	n := len(*from)
	if n == 0 {
		return
	}
	e := (*from)[n-1]
	*from = (*from)[:n-1]
	there := m.edition(e.fresh)
	there.loaded = e.loaded
	*to = append(*to, there)
	at := m.at
	if e.fresh || (at-e.at).Abs() <= 1 { // an edit while the time stands still takes effect a nanosecond later
		at = e.at
	}
	if !e.fresh {
		m.renameLog(e.scenario)
	}
	playing := m.Playing
	if !m.load(e.scenario) {
		return
	}
	m.Preset, m.Caption, m.added = e.preset, e.caption, e.added
	if e.loaded {
		m.Bookmarks = e.marks
	}
	m.Playing = playing
	m.send(at)
}

// renameLog lets who is not listened to in the log be so under the names of s, in
// which those of the run have the same places.
func (m *Model) renameLog(s scenario.Scenario) {
	for _, role := range []scenario.Role{scenario.OfProducer, scenario.OfConsumer} {
		old, now := namesOf(m.Scenario, role), namesOf(s, role)
		for i := range min(len(old), len(now)) {
			if old[i] != now[i] {
				m.Log.rename(Speaker{role, old[i]}, now[i])
			}
		}
	}
}
