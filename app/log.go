package app

import (
	"slices"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"github.com/spillway-go/spillway/broker/journal"
)

const (
	logID = "log-lines"
	// The log shows the newest lines, from a multiple of logChunk on: so most
	// renderings only append, and one in logChunk lines moves them all.
	logLines = 100
	logChunk = 50
)

// logLine is one line of the log. Class is how it is set apart: p for producers,
// c for consumers, d for drops, u for what the user did.
type logLine struct {
	Class string
	journal.Line
}

// lineCount is how many lines the records of a state have.
func lineCount(st *journal.State) uint64 {
	n := st.Published + st.Handled + st.Dropped + uint64(st.Changes)
	for _, said := range []bool{st.Interrupted, st.Quit} {
		if said {
			n++
		}
	}
	return n
}

// linesOf are the lines the log shows, the oldest first.
func linesOf(m *Model) []logLine {
	total := lineCount(m.View())
	first := uint64(0)
	if total > logLines {
		first = (total - logLines + logChunk - 1) / logChunk * logChunk
	}
	lines := make([]logLine, 0, total-first)
	words := journal.NewLog(m.Scenario, len(m.Scenario.Consumers), time.Time{})
	j := m.Journal()
	for p := m.View().Position; p > j.First() && uint64(len(lines)) < total-first; p-- {
		if r := j.At(p - 1); journal.HasLine(r.Kind) {
			lines = append(lines, logLine{lineClass(r.Kind), words.Line(r)})
		}
	}
	slices.Reverse(lines)
	return lines
}

func lineClass(k journal.Kind) string {
	switch k {
	case journal.Produced:
		return "p"
	case journal.Handled:
		return "c"
	case journal.Dropped:
		return "d"
	default:
		return "u"
	}
}

// log is the console, in the words of the example.
type log struct {
	app.Compo

	Lines []logLine
	Total uint64

	box      app.Value
	scrolled app.Func
	follow   bool
}

// OnMount listens to the reader's scrolling: who scrolls away from the newest line
// wants to read, and who scrolls back to it wants to follow.
func (l *log) OnMount(ctx app.Context) {
	box := app.Window().GetElementByID(logID)
	if !box.Truthy() {
		return
	}
	l.box, l.follow = box, true
	// A plain listener: go-app's would render the page on every pixel scrolled.
	l.scrolled = app.FuncOf(func(app.Value, []app.Value) any {
		const nearly = 24 // pixels
		l.follow = box.Get("scrollHeight").Float()-box.Get("scrollTop").Float()-box.Get("clientHeight").Float() < nearly
		return nil
	})
	box.Call("addEventListener", "scroll", l.scrolled)
}

// OnDismount lets go of the listener.
func (l *log) OnDismount() {
	if l.scrolled != nil {
		l.box.Call("removeEventListener", "scroll", l.scrolled)
		l.scrolled.Release()
	}
}

// OnUpdate keeps the newest line in view for a reader who follows.
func (l *log) OnUpdate(ctx app.Context) {
	if l.follow {
		ctx.Defer(func(app.Context) { l.box.Set("scrollTop", l.box.Get("scrollHeight")) })
	}
}

func (l *log) Render() app.UI {
	return app.Section().Class("log").Aria("label", "Event log").Body(
		app.Div().Class("bar").Body(app.H2().Text("Log")),
		app.Ol().ID(logID).TabIndex(0).Aria("label", "Log lines").Body(
			app.Range(l.Lines).Slice(func(i int) app.UI {
				line := l.Lines[i]
				return app.Li().Class(line.Class).Body(
					app.Time().Text(line.Time),
					app.B().Text(line.Who),
					app.Span().Text(line.Text),
				)
			}),
		),
		app.Div().Class("foot").Body(app.Span().Class("num").Text(logNote(len(l.Lines), l.Total))),
	)
}

// logNote says how many lines there are, and how many of them are shown.
func logNote(shown int, total uint64) string {
	if uint64(shown) < total {
		return plural(total, "line") + ", the last " + Count(uint64(shown)) + " here"
	}
	return plural(total, "line")
}
