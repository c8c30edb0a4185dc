package logbook

import (
	"math"
	"slices"

	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// Book is the log as it is read: the lines of a run that the user wants to see, as far
// as they have been looked for.
type Book struct {
	Of    func() (*play.Moment, *play.LogView) // what is shown, and how the user reads it
	Index Index
}

// Read is the book at the moment that is shown.
func (b *Book) Read() Reading {
	m, view := b.Of()
	b.Index.begin(m, view)
	return Reading{m, view, &b.Index}
}

// Shown is what was read last, to show it: to render is to read.
func (b *Book) Shown() Reading {
	m, view := b.Of()
	return Reading{m, view, &b.Index}
}

// Follow looks for lines, for as long as more says so.
func (b *Book) Follow(more func() bool) {
	m, view := b.Of()
	b.Index.follow(m, view, more)
}

// Behind is how many records have not been looked at.
func (b *Book) Behind() uint64 {
	r := b.Read()
	return r.index.behind(r.Moment)
}

// Reading is the log at a moment.
type Reading struct {
	*play.Moment
	Log   *play.LogView
	index *Index
}

// line is the place, among the lines of the log, of the last one that has happened at
// the moment; -1 if there is none.
func (r Reading) line() int { return r.index.before(r.State.Position) - 1 }

// cursor is the place of the cursor, or of the line that keys would move from.
func (r Reading) cursor() int {
	if r.Log.HasCursor {
		return min(r.index.before(r.Log.Cursor), r.index.Count()-1)
	}
	return r.line()
}

// move is the message that moves the cursor so many lines; nil if there is no line.
func (r Reading) move(by int) play.Msg {
	n := r.index.Count()
	if n == 0 {
		return nil
	}
	return play.SetLogCursor{Position: r.index.at(min(max(r.cursor()+by, 0), n-1))}
}

// pick is the message that goes to the line of the cursor.
func (r Reading) pick() play.Msg {
	if at := r.cursor(); at >= 0 {
		return play.PickRecord{Position: r.index.at(at)}
	}
	return nil
}

// Text are the lines up to the moment, or the last limit of them.
func (r Reading) Text(limit int) (text string, lines int, left bool) {
	words := NewWords(*r.Scenario, nil)
	last := r.line() + 1
	first := max(0, last-limit)
	var b []byte
	for n := first; n < last; n++ {
		record := r.Journal().At(r.index.at(n))
		b = append(words.Append(b, &record), '\n')
	}
	return string(b), last - first, first > 0
}

// Key is a key that works in the search or the lines of the log.
type Key struct {
	Keys  []string // as the browser names them
	Label string   // as it is printed on the key
	Says  string

	message   play.Msg // it is for, or else:
	by, pages int      // it moves the cursor so many lines and pages
	pick      bool
}

var (
	SearchKeys = []Key{
		{Keys: []string{"ArrowDown", "Enter"}, Label: "↓", Says: "In the search: to the lines", message: play.Focus{ID: LogID}},
		{Keys: []string{"Escape"}, Label: "Esc", Says: "In the search: all lines again", message: play.SearchLog{}},
	}
	LineKeys = []Key{
		{Keys: []string{"ArrowUp"}, Label: "↑", Says: "A line up", by: -1},
		{Keys: []string{"ArrowDown"}, Label: "↓", Says: "A line down", by: 1},
		{Keys: []string{"PageUp"}, Label: "Page ↑", Says: "A page up", pages: -1},
		{Keys: []string{"PageDown"}, Label: "Page ↓", Says: "A page down", pages: 1},
		{Keys: []string{"Home"}, Label: "Home", Says: "To the first line", by: math.MinInt32},
		{Keys: []string{"End"}, Label: "End", Says: "To the last line", by: math.MaxInt32},
		{Keys: []string{"Enter"}, Label: "Enter", Says: "To the moment of the line, and select what it is about", pick: true},
	}
)

// press is the message of a key in the lines, of which a page has so many; nil if it has
// none.
func (r Reading) press(key string, page int) play.Msg {
	i := slices.IndexFunc(LineKeys, func(k Key) bool { return slices.Contains(k.Keys, key) })
	switch {
	case i < 0:
		return nil
	case LineKeys[i].pick:
		return r.pick()
	default:
		return r.move(LineKeys[i].by + LineKeys[i].pages*page)
	}
}

// searched is the message of a key in the search, or nil.
func searched(key string) play.Msg {
	for _, k := range SearchKeys {
		if slices.Contains(k.Keys, key) {
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
