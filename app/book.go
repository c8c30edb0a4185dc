package app

import (
	"math"
	"slices"

	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// book is the log as it is read: the lines of a run that the user wants to see, as far
// as they have been looked for.
type book struct {
	of    func() (*play.Moment, *play.LogView) // what is shown, and how the user reads it
	index logIndex
}

// read is the book at the moment that is shown.
func (b *book) read() logReading {
	m, view := b.of()
	b.index.begin(m, view)
	return logReading{m, view, &b.index}
}

// shown is what was read last, to show it: to render is to read.
func (b *book) shown() logReading {
	m, view := b.of()
	return logReading{m, view, &b.index}
}

// follow looks for lines, for as long as more says so.
func (b *book) follow(more func() bool) {
	m, view := b.of()
	b.index.follow(m, view, more)
}

// behind is how many records have not been looked at.
func (b *book) behind() uint64 {
	r := b.read()
	return r.index.behind(r.Journal())
}

// logReading is the log at a moment.
type logReading struct {
	*play.Moment
	Log   *play.LogView
	index *logIndex
}

// line is the place, among the lines of the log, of the last one that has happened at
// the moment; -1 if there is none.
func (r logReading) line() int { return r.index.before(r.State.Position) - 1 }

// cursor is the place of the cursor, or of the line that keys would move from.
func (r logReading) cursor() int {
	if r.Log.HasCursor {
		return min(r.index.before(r.Log.Cursor), r.index.count()-1)
	}
	return r.line()
}

// move is the message that moves the cursor so many lines; nil if there is no line.
func (r logReading) move(by int) play.Msg {
	n := r.index.count()
	if n == 0 {
		return nil
	}
	return play.SetLogCursor{Position: r.index.at(min(max(r.cursor()+by, 0), n-1))}
}

// pick is the message that goes to the line of the cursor.
func (r logReading) pick() play.Msg {
	if at := r.cursor(); at >= 0 {
		return play.PickRecord{Position: r.index.at(at)}
	}
	return nil
}

// text are the lines up to the moment, or the last limit of them.
func (r logReading) text(limit int) (text string, lines int, left bool) {
	words := newLogWords(*r.Scenario, nil)
	last := r.line() + 1
	first := max(0, last-limit)
	var b []byte
	for n := first; n < last; n++ {
		record := r.Journal().At(r.index.at(n))
		b = append(words.append(b, &record), '\n')
	}
	return string(b), last - first, first > 0
}

// logKey is a key that works in the search or the lines of the log.
type logKey struct {
	keys  []string // as the browser names them
	label string   // as it is printed on the key
	says  string

	message   play.Msg // it is for, or else:
	by, pages int      // it moves the cursor so many lines and pages
	pick      bool
}

var (
	searchKeys = []logKey{
		{keys: []string{"ArrowDown", "Enter"}, label: "↓", says: "In the search: to the lines", message: play.Focus{ID: logID}},
		{keys: []string{"Escape"}, label: "Esc", says: "In the search: all lines again", message: play.SearchLog{}},
	}
	lineKeys = []logKey{
		{keys: []string{"ArrowUp"}, label: "↑", says: "A line up", by: -1},
		{keys: []string{"ArrowDown"}, label: "↓", says: "A line down", by: 1},
		{keys: []string{"PageUp"}, label: "Page ↑", says: "A page up", pages: -1},
		{keys: []string{"PageDown"}, label: "Page ↓", says: "A page down", pages: 1},
		{keys: []string{"Home"}, label: "Home", says: "To the first line", by: math.MinInt32},
		{keys: []string{"End"}, label: "End", says: "To the last line", by: math.MaxInt32},
		{keys: []string{"Enter"}, label: "Enter", says: "To the moment of the line, and select what it is about", pick: true},
	}
)

// press is the message of a key in the lines, of which a page has so many; nil if it has
// none.
func (r logReading) press(key string, page int) play.Msg {
	i := slices.IndexFunc(lineKeys, func(k logKey) bool { return slices.Contains(k.keys, key) })
	switch {
	case i < 0:
		return nil
	case lineKeys[i].pick:
		return r.pick()
	default:
		return r.move(lineKeys[i].by + lineKeys[i].pages*page)
	}
}

// searched is the message of a key in the search, or nil.
func searched(key string) play.Msg {
	for _, k := range searchKeys {
		if slices.Contains(k.keys, key) {
			return k.message
		}
	}
	return nil
}

// speakerName is what one who speaks in a run of s is called.
func speakerName(s *scenario.Scenario, of *play.Roster, a play.Actor) string {
	switch place, _ := of.Place(a); a.Role {
	case scenario.OfBroker:
		return "broker"
	case scenario.OfRun:
		return "playground"
	default:
		return *play.NameOf(s, a.Role, place)
	}
}
