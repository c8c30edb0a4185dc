package stage

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spillway-go/spillway/app/format"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// What is on the stage, in words.

// SpeedNote says how fast it runs where that is not what was asked for, or
// nobody asked for a number.
func SpeedNote(m *play.Moment) string {
	switch {
	case m.CatchingUp():
		return "catching up to " + format.Clock(m.Goal) + "…"
	case !m.Playing || m.Speed != play.Max && m.Actual > 0.9*float64(m.Speed):
		return ""
	case m.Speed == play.Max:
		return "runs at " + speedText(m.Actual)
	default:
		return "this device reaches " + speedText(m.Actual)
	}
}

func speedText(times float64) string {
	if times < 1000 {
		return format.Number(times, 2) + "×"
	}
	return format.Count(uint64(times)) + "×"
}

// Describe tells a moment in a few sentences.
func Describe(m *play.Moment) string {
	st := m.State
	var b strings.Builder
	fmt.Fprintf(&b, "At %s: %s published, %d delivered, %d dropped", format.Instant(m.At.Truncate(time.Millisecond)), format.Plural(st.Published, "event"), st.Delivered, st.Dropped)
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
	also(Lost(st), "lost in a crash")
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
func sayConsumer(m *play.Moment, i int) string {
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

// SpotName tells what a thing is and how it is.
func SpotName(m *play.Moment, s play.Selection) string {
	st, now, i := m.State, m.Now, s.Actor
	switch {
	case s.Part == play.Buffer:
		name := "buffer of " + now.Consumers[i].Name + ": " + sayBuffer(st.Consumers[i].Depth, now.Room(i))
		if d := st.Consumers[i].Dropped; d > 0 {
			name += fmt.Sprintf(", %d dropped", d)
		}
		return name
	case s.Part != play.Whole:
		t := tankOf(s.Part, st)
		if !t.holds {
			t.text = "nothing yet"
		}
		return t.title + ": " + t.text
	case s.Role == scenario.OfProducer:
		name := now.Producers[i].Name + ": " + format.Count(st.Producers[i].Published) + " published"
		if st.Producers[i].Waiting > 0 {
			name += ", waiting for room"
		}
		return name
	case s.Role == scenario.OfConsumer:
		return sayConsumer(m, i)
	default:
		return fmt.Sprintf("broker: %d published, %d delivered, %d dropped", st.Published, st.Delivered, st.Dropped)
	}
}
