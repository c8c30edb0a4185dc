package play

import (
	"time"

	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// Slide says whether a Set is a move of a slider. All moves of a drag are one change,
// however long it takes: an intervention at the moment it began. Each move gives that
// another value and runs the scenario again up to the moment that is shown, so what is
// shown is at any time the run of the scenario that the link has.
type Slide uint8

const (
	NoSlide     Slide = iota
	SlideBegins       // the first move of a drag, or a key
	SlideGoesOn       // another move of the same drag
)

// mergeWindow is how soon after another, on the screen, a slider's drags still are the
// same change: as those of a key that is held.
const mergeWindow = time.Second

// ReplayLimit is how many records a run may have to be run again on every move of a
// slider. In a longer one, the change comes when the slider is let go.
const ReplayLimit = 100_000

// slide is the last change of a slider, until there is another edit.
type slide struct {
	actor   Actor
	field   Field
	at      time.Duration // of the intervention
	changes int           // of the scenario, with this one; 0: the run began with it
	moved   time.Duration // on the screen
}

// slides says whether a Set is one more move of the last change.
func (m *Model) slides(e Set) bool {
	l := &m.slide
	return e.Slide != NoSlide && l.actor == e.Actor && l.field == e.Field && m.goal >= l.at &&
		(e.Slide == SlideGoesOn || m.clock-l.moved < mergeWindow)
}

// correct gives the last change another value.
func (m *Model) correct(e Set, place int) error {
	s, l := m.Scenario.Clone(), m.slide
	i := e.Field.intervention(place, e.Value, e.Text)
	i.At = scenario.Duration(l.at)
	if s.Interventions = s.Interventions[:l.changes]; l.changes == 0 {
		s.Apply(i)
	} else {
		s.Interventions[l.changes-1] = i
	}
	at := m.goal
	if err := m.load(s, m.Roster); err != nil {
		return explain(err, &s)
	}
	m.send(at)
	l.moved = m.clock
	m.slide = l
	return nil
}

// slid remembers the change that a slider has made.
func (m *Model) slid(e Set) {
	l := slide{actor: e.Actor, field: e.Field, changes: len(m.Scenario.Interventions), moved: m.clock}
	if l.changes > 0 {
		l.at = time.Duration(m.Scenario.Interventions[l.changes-1].At)
	}
	m.slide = l
}
