package app

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// stageName is what the canvas of a stage is called.
const stageName = "stage"

// stage holds the canvas, and what lies over it: something to focus for each thing
// that is drawn, and the card of the one that is looked at. It says in words what
// it shows.
type stage struct {
	app.Compo

	To      Sender
	IDs     ids
	Caption string
	Speed   string
	Summary string
	Rows    int
	Spots   []Spot
	Looked  Selection
	Card    Card
	HasCard bool
}

func (s *stage) Render() app.UI { return contained(theStage, "stage", s.render) }

func (s *stage) render() app.UI {
	return app.Elem("section").Class("stage").Style("--rows", strconv.Itoa(s.Rows)).Aria("label", "Stage").Body(
		app.Elem("canvas").ID(s.IDs.of(stageName)).Role("img").Aria("label", "Producers, the broker with its buffers, and consumers"),
		text("p", "caption", s.Caption),
		text("p", "live num", s.Speed),
		&spots{To: s.To, IDs: s.IDs, Spots: s.Spots, Looked: s.Looked},
		when(s.HasCard, &cardView{To: s.To, IDs: s.IDs, Card: s.Card}),
		app.Elem("p").Class("sr").Role("status").Aria("live", "polite").Text(s.Summary),
	)
}

// speedNote says how fast it runs where that is not what was asked for, or
// nobody asked for a number.
func speedNote(m *Moment) string {
	switch {
	case m.CatchingUp():
		return "catching up to " + Clock(m.Goal) + "…"
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
func (s *summary) update(m *Moment, now time.Time) bool {
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

// describe tells a moment in a few sentences.
func describe(m *Moment) string {
	st := m.State
	var b strings.Builder
	fmt.Fprintf(&b, "At %s: %s published, %d delivered, %d dropped", Instant(m.At.Truncate(time.Millisecond)), plural(st.Published, "event"), st.Delivered, st.Dropped)
	also := func(n uint64, what string) {
		if n > 0 {
			fmt.Fprintf(&b, ", %d %s", n, what)
		}
	}
	deadLetters := "dead letters"
	if st.DeadLettered == 1 {
		deadLetters = "dead letter"
	}
	also(st.Rejected, "rejected")
	also(uint64(backlog(st)), "in the repository")
	also(st.DeadLettered, deadLetters)
	also(lost(st), "lost in a crash")
	b.WriteByte('.')
	for i := range st.Producers {
		if st.Producers[i].Waiting > 0 {
			fmt.Fprintf(&b, " %s: waiting for room.", m.Scenario.Producers[i].Name)
		}
	}
	for i := range st.Consumers {
		b.WriteString(" " + sayConsumer(m, i) + ".")
	}
	if st.Quit {
		b.WriteString(" The run has ended.")
	}
	return b.String()
}

// sayBuffer tells how full a buffer is.
func sayBuffer(depth, room int) string {
	if depth == 0 && room == 0 {
		return "no buffer"
	}
	return fmt.Sprintf("%d of %d waiting", depth, room)
}

// sayConsumer tells in a few words how a consumer is.
func sayConsumer(m *Moment, i int) string {
	c, now := &m.State.Consumers[i], m.Now
	var b strings.Builder
	b.WriteString(m.Scenario.Consumers[i].Name + ": " + sayBuffer(c.Depth, now.Room(i)))
	if c.Backlog > 0 {
		fmt.Fprintf(&b, ", %d more in the repository", c.Backlog)
	}
	switch resting := len(c.Working) - c.Busy(); {
	case len(c.Working) == 1 && resting == 1:
		fmt.Fprintf(&b, ", pausing before it tries event %d again", c.Working[0].Number)
	case len(c.Working) == 1:
		b.WriteString(", busy with event " + strconv.FormatUint(c.Working[0].Number, 10))
	case len(c.Working) > 1:
		fmt.Fprintf(&b, ", %d of %d workers busy", c.Busy(), now.Workers(i))
	}
	switch {
	case m.Gone(scenario.OfConsumer, i):
		b.WriteString(", has left")
	case m.At < time.Duration(now.Consumers[i].Start):
		b.WriteString(", has not joined")
	case c.Paused:
		b.WriteString(", paused")
	}
	return b.String()
}
