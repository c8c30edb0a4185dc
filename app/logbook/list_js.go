//go:build js

package logbook

import (
	"syscall/js"
	"time"

	"github.com/spillway-go/spillway/app/dom"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/broker/lab/journal"
)

// List puts lines into the list of the log, and listens to who reads them. The
// element is go-app's, what is in it is not: rows stay as they are while their
// lines are in the list, so a text that is selected stays so.
type List struct {
	send func(play.Msg)
	book *Book

	box     js.Value // which scrolls
	list    js.Value // in it, whose children are the lines
	release func()   // stops listening to the box; nil while there is none
	rows    []row    // in the list, by place
	first   int      // the place of the first among all lines
	version int      // of the index whose lines these are
	words   *journal.Log

	shown listMoment
	drawn time.Time
	swept bool // all lines in it were others than before
	Dirty bool
	// The reader has scrolled since then, to the lower end of the list.
	scrolled, bottom bool
	pads             [2]float64
	each             float64 // how high a line is, on average
	top              float64 // where the list was scrolled to
	height           float64
	cursor           uint64 // whose line was moved to last
	hasMove          bool
}

// listMoment is what decides whether two states of the list differ.
type listMoment struct {
	version, count, first, interventions int
	position                             uint64
	hold, hasCursor                      bool
	cursor                               uint64
	selection                            play.Selection
}

const (
	// nearly is how near to its end, in pixels, a list counts as scrolled there.
	nearly = 24
	// unreadable is how often a list is brought up to date whose lines are all
	// others each time.
	unreadable = 300 * time.Millisecond
)

func NewList(of *Book, send func(play.Msg)) *List {
	return &List{book: of, send: send, each: lineHeight}
}

// Release stops listening.
func (l *List) Release() {
	if l.release != nil {
		l.release()
		l.release = nil
	}
}

func (l *List) on(e js.Value) {
	switch e.Get("type").String() {
	case "scroll":
		l.onScroll()
	case "click":
		l.onClick(e)
	case "keydown":
		l.onKey(e)
	}
}

// find looks for the element, which go-app may have replaced.
func (l *List) find() bool {
	if l.box.Truthy() && l.box.Get("isConnected").Bool() {
		return true
	}
	l.Release()
	box, there := dom.Element(LogID)
	list, filled := dom.Element(logRowsID)
	if !there || !filled {
		l.box = js.Null()
		return false
	}
	l.box, l.list = box, list
	l.list.Set("textContent", "")
	l.rows, l.version, l.Dirty, l.pads = nil, 0, true, [2]float64{}
	l.release = dom.Listen(dom.TheLines, box, l.on, "scroll", "click", "keydown")
	return true
}

// Frame looks for lines, for a moment, and brings the list up to date where the
// reader can't wait for the next tick.
func (l *List) Frame(more func() bool) {
	if l.book.Behind() > 0 {
		l.book.Follow(more)
	}
	if l.Dirty {
		l.Tick()
	}
}

// Tick brings the list up to date.
func (l *List) Tick() {
	if !l.find() {
		return
	}
	m := l.book.Read()
	x := m.index
	now := listMoment{
		x.version, x.Count(), 0, len(m.Scenario.Interventions),
		m.State.Position, m.Log.Hold, m.Log.HasCursor, m.Log.Cursor, m.Selection,
	}
	if now.count > 0 {
		now.first = int(x.at(0))
	}
	height := l.box.Get("clientHeight").Float()
	if now == l.shown && !l.Dirty && height == l.height {
		return
	}
	if height == 0 {
		return // nobody sees it
	}
	if l.swept && !l.Dirty && m.Playing && time.Since(l.drawn) < unreadable {
		return
	}
	l.drawn, l.swept = time.Now(), false
	words := now.version != l.shown.version || now.interventions != l.shown.interventions || l.words == nil
	l.shown, l.Dirty, l.height = now, false, height
	if words {
		l.words = journal.NewLog(*m.Scenario, len(m.Scenario.Consumers), time.Time{})
	}
	if now.version != l.version {
		l.version = now.version
		l.replace(m, lineSpan{})
	}
	l.trim(x)
	l.hold(m, x)
	l.mark(m, x)
	l.top = l.box.Get("scrollTop").Float()
	if l.scrolled && m.Log.Hold && (l.atEnd(m) || l.bottom && m.line() == x.Count()-1) {
		l.send(play.HoldLog{Hold: false})
	}
	l.scrolled = false
}

// onClick goes to the line, unless somebody marks a text.
func (l *List) onClick(e js.Value) {
	if s := js.Global().Call("getSelection"); s.Truthy() && s.Get("type").String() == "Range" {
		return
	}
	li := e.Get("target").Call("closest", "li")
	if !li.Truthy() {
		return
	}
	if position, ok := lineAt(li.Get("id").String()); ok {
		l.send(play.PickRecord{Position: position})
	}
}

// onKey moves in the list.
func (l *List) onKey(e js.Value) {
	if e.Get("ctrlKey").Bool() || e.Get("metaKey").Bool() || e.Get("altKey").Bool() {
		return
	}
	if msg := l.book.Read().press(e.Get("key").String(), max(1, int(l.height/l.each)-1)); msg != nil {
		e.Call("preventDefault")
		l.send(msg)
	}
}
