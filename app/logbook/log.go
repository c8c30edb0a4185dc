package logbook

import (
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"github.com/spillway-go/spillway/app/dom"
	"github.com/spillway-go/spillway/app/format"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/broker/lab/journal"
)

// The elements of the log.
const (
	LogSearchID = "log-search"
	LogID       = "log-lines"
	logRowsID   = "log-rows"
	logTopicsID = "log-topics"
)

// lineCount is how many lines the records of a state have.
func lineCount(st *journal.State) uint64 {
	return st.Position - st.Buffered - st.Delivered
}

// Head is what the log shows around its lines.
type Head struct {
	Query    string
	Speakers []Chip
	Topics   []Chip
	Filters  bool // some lines may not be shown
	Hold     bool

	Total  uint64 // lines that have happened
	Lines  int    // of these, in the list
	Later  int    // in the list, and not yet happened
	Behind int    // of a hundred records, how many have not been looked at
	Some   bool   // not all have been looked at
}

// Chip shows or hides lines.
type Chip struct {
	Name string
	Off  bool
	Msg  play.Msg // and with Others
	Only play.Msg
}

// Head is what the log shows around the lines of the moment.
func (r Reading) Head() Head {
	x := r.index
	h := Head{
		Query: r.Log.Query, Hold: r.Log.Hold, Filters: r.Log.Filters(*r.Roster),
		Total: lineCount(r.State), Lines: r.line() + 1,
	}
	h.Later = x.Count() - h.Lines
	if behind, all := x.behind(r.Moment), r.Records-min(r.Records, r.Journal().First()); behind > 0 {
		h.Some, h.Behind = true, int(100*behind/max(1, all))
	}
	for _, a := range r.Roster.Speakers() {
		h.Speakers = append(h.Speakers, Chip{speakerName(r.Scenario, r.Roster, a), r.Log.Mute[a], play.MuteLog{Actor: a}, play.MuteLog{Actor: a, Others: true}})
	}
	for _, t := range journal.Topics() {
		h.Topics = append(h.Topics, Chip{t.String(), r.Log.Skip[t], play.SkipLog{LogTopic: t}, play.SkipLog{LogTopic: t, Others: true}})
	}
	return h
}

// note says how many lines there are, and what of them is shown.
func (h Head) note() string {
	var words []string
	switch {
	case h.Filters:
		words = append(words, format.Count(uint64(h.Lines))+" of "+format.Plural(h.Total, "line"))
	case !h.Some && uint64(h.Lines) < h.Total:
		words = append(words, format.Plural(h.Total, "line"), "the last "+format.Count(uint64(h.Lines))+" kept")
	default:
		words = append(words, format.Plural(h.Total, "line"))
	}
	if h.Later > 0 {
		words = append(words, format.Count(uint64(h.Later))+" later")
	}
	if h.Some && h.Filters {
		words = append(words, "searching… "+format.Count(uint64(100-h.Behind))+" %")
	}
	return strings.Join(words, ", ")
}

// empty says why there is no line, if there is none.
func (h Head) empty() string {
	switch {
	case h.Lines+h.Later > 0:
		return ""
	case h.Filters && h.Some:
		return "Searching…"
	case h.Filters && h.Total > 0:
		return "None of the lines so far is shown: no line matches."
	default:
		return "Nothing has happened yet."
	}
}

// ShownLines is the ID of the file of the lines that are shown.
const ShownLines = "shown"

// Keeper takes the messages of the log, and copies its lines. The page is one.
type Keeper interface {
	dom.Sender[play.Msg]
	// CopyLog copies the lines up to the moment that is shown.
	CopyLog(ctx app.Context)
}

// Log is the console, in the words of the example. Its lines are put into the
// list by the loop: there are too many of them for go-app.
type Log struct {
	app.Compo

	To   Keeper
	Head Head

	topics bool // the chips of the topics are shown
}

func (l *Log) Render() app.UI { return dom.Contained(dom.TheLog, "log", l.render) }

func (l *Log) render() app.UI {
	h := l.Head
	skipping := 0
	for _, c := range h.Topics {
		if c.Off {
			skipping++
		}
	}
	kinds := "All kinds"
	if skipping > 0 {
		kinds = format.Count(uint64(len(h.Topics)-skipping)) + " of " + format.Count(uint64(len(h.Topics))) + " kinds"
	}
	return app.Elem("section").Class("log").Aria("label", "Event log").Body(
		dom.El("div", "bar",
			dom.Text("h2", "", "Log"),
			l.chips("Lines of", h.Speakers),
		),
		dom.El("div", "find",
			app.Elem("input").ID(LogSearchID).Attr("type", "search").Class("btn").Aria("label", "Search the log").
				Attr("placeholder", "Search (/)").Attr("value", h.Query).Attr("autocomplete", "off").Spellcheck(false).OnInput(l.search).OnKeyDown(l.onSearchKey),
			dom.Button().Class("btn small").Aria("expanded", l.topics).Aria("controls", logTopicsID).
				Title("Choose what lines are about").Text(kinds).OnClick(l.toggleTopics),
			app.Elem("div").ID(logTopicsID).Class("topics").Hidden(!l.topics).Body(l.chips("Lines about", h.Topics)),
		),
		dom.El("div", "lines",
			app.Elem("div").ID(LogID).Class("scroll").TabIndex(0).Role("listbox").Aria("label", "Log lines").Aria("describedby", "log-note").Body(
				app.Elem("ol").ID(logRowsID).Role("presentation"),
			),
			dom.When(h.empty() != "", dom.Text("p", "empty", h.empty())),
			dom.When(h.Hold, dom.Button().Class("btn small follow").Title("Keep the moment that is shown in view").
				Text("↓ Follow").OnClick(l.send(play.HoldLog{Hold: false}))),
		),
		dom.El("div", "foot",
			app.Elem("span").ID("log-note").Class("num").Text(h.note()),
			dom.When(h.Filters, dom.Button().Class("btn small").Text("Show all").OnClick(l.send(play.WholeLog{}))),
			app.Elem("span").Class("spacer"),
			dom.Button().Class("btn small").Aria("label", "Copy the log").Title("Copy the lines up to the moment that is shown").Text("Copy").OnClick(l.copy),
			dom.Button().Class("btn small").Aria("label", "Download the log").Title("Save the lines up to the moment that is shown").Text("Download").OnClick(l.download),
		),
	)
}

func (l *Log) chips(label string, chips []Chip) app.UI {
	return app.Elem("div").Class("chips").Role("group").Aria("label", label).Body(
		dom.RangeOf(len(chips), func(i int) app.UI {
			c := chips[i]
			return dom.Button().Class("chip").Aria("pressed", !c.Off).Aria("label", label+" "+c.Name).
				Title("Show or hide; with Alt, only these").Text(c.Name).OnClick(l.choose(c), c.Msg)
		}),
	)
}

func (l *Log) choose(c Chip) app.EventHandler {
	return func(ctx app.Context, e app.Event) {
		msg := c.Msg
		if e.Get("altKey").Bool() {
			msg = c.Only
		}
		l.To.Send(ctx, msg)
	}
}

func (l *Log) search(ctx app.Context, e app.Event) {
	l.To.Send(ctx, play.SearchLog{Query: ctx.JSSrc().Get("value").String()})
}

// onSearchKey leaves the search.
func (l *Log) onSearchKey(ctx app.Context, e app.Event) {
	if msg := searched(e.Get("key").String()); msg != nil {
		e.PreventDefault()
		l.To.Send(ctx, msg)
	}
}

func (l *Log) toggleTopics(ctx app.Context, e app.Event) { l.topics = !l.topics }

func (l *Log) send(msg play.Msg) app.EventHandler {
	return func(ctx app.Context, e app.Event) { l.To.Send(ctx, msg) }
}

func (l *Log) copy(ctx app.Context, e app.Event) { l.To.CopyLog(ctx) }
func (l *Log) download(ctx app.Context, e app.Event) {
	l.To.Send(ctx, play.Save{File: ShownLines, Records: true})
}
