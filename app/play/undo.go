package play

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
	scenario scenario.Scenario
	roster   Roster
	origin   Origin
	at       time.Duration
	fresh    bool // the edit began another run
	loaded   bool // which has another subject, and so none of the user's marks
	marks    []time.Duration
}

// maxUndo is how many edits can be taken back.
const maxUndo = 100

// edition is that of now.
func (m *Model) edition(fresh bool) edition {
	return edition{scenario: m.Scenario, roster: m.Roster, origin: m.Origin, at: m.at, fresh: fresh, marks: m.Bookmarks}
}

// remember keeps what an edit has changed.
func (m *Model) remember(before edition) {
	m.undo = append(m.undo, before)
	if len(m.undo) > maxUndo {
		m.undo = m.undo[1:]
	}
	m.redo, m.slide = nil, slide{}
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
	there := m.edition(e.fresh)
	there.loaded = e.loaded
	at := m.at
	if e.fresh || (at-e.at).Abs() <= 1 { // an edit while the time stands still takes effect a nanosecond later
		at = e.at
	}
	if m.refused = m.load(e.scenario, e.roster); m.refused != nil {
		return
	}
	*from, *to = (*from)[:n-1], append(*to, there)
	m.Origin = e.origin
	if e.loaded {
		m.Bookmarks = e.marks
	}
	m.send(at)
}
