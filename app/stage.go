package app

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

const stageID = "stage"

// stage holds the canvas, and says in words what it shows.
type stage struct {
	app.Compo

	Caption string
	Speed   string
	Summary string
}

func (s *stage) Render() app.UI {
	return app.Section().Class("stage").Aria("label", "Stage").Body(
		app.Canvas().ID(stageID).Role("img").Aria("label", "Producers, the broker with its buffers, and consumers"),
		app.P().Class("caption").Text(s.Caption),
		app.P().Class("live num").Text(s.Speed),
		app.P().Class("sr").Role("status").Aria("live", "polite").Text(s.Summary),
	)
}

// speedNote says how fast it runs where that is not what was asked for, or
// nobody asked for a number.
func speedNote(m *Model) string {
	switch {
	case m.CatchingUp():
		return "catching up to " + Clock(m.goal) + "…"
	case !m.Playing || m.Speed != Max && m.Actual > 0.9*float64(m.Speed):
		return ""
	case m.Speed == Max:
		return "runs at " + speedText(m.Actual)
	default:
		return "this device reaches " + speedText(m.Actual)
	}
}

func speedText(times float64) string {
	if times < 1000 {
		return number(times, 2) + "×"
	}
	return Count(uint64(times)) + "×"
}

// summary is the stage in words, for those who hear it. It is renewed when the
// time stands still, and now and then while it passes.
type summary struct {
	text    string
	renewed time.Time
}

const summaryPause = 5 * time.Second

// update says whether the text is another now.
func (s *summary) update(m *Model, now time.Time) bool {
	if m.Playing && now.Sub(s.renewed) < summaryPause {
		return false
	}
	text := describe(m)
	if text == s.text {
		return false
	}
	s.text, s.renewed = text, now
	return true
}

// describe tells the moment a model shows in a few sentences.
func describe(m *Model) string {
	st, buffer := m.View(), m.Settings().Broker.Buffer
	var b strings.Builder
	fmt.Fprintf(&b, "At %s: %s published, %d delivered, %d dropped.", Moment(m.At().Truncate(time.Millisecond)), plural(st.Published, "event"), st.Delivered, st.Dropped)
	for i, c := range st.Consumers {
		fmt.Fprintf(&b, " %s: %d of %d waiting", m.Scenario.Consumers[i].Name, c.Depth, buffer)
		if c.Busy {
			b.WriteString(", busy with event " + strconv.FormatUint(c.Handling.Number, 10))
		}
		b.WriteByte('.')
	}
	if st.Quit {
		b.WriteString(" The run has ended.")
	}
	return b.String()
}
