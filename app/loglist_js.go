//go:build js

package app

import (
	"math"
	"strings"
	"syscall/js"
	"time"

	"github.com/spillway-go/spillway/broker/journal"
)

// logList puts lines into the list of the log, and listens to who reads them. The
// element is go-app's, what is in it is not: rows stay as they are while their
// lines are in the list, so a text that is selected stays so.
type logList struct {
	send func(Msg)
	m    func() *Model

	box     js.Value // which scrolls
	list    js.Value // in it, whose children are the lines
	listen  js.Func
	rows    []row // in the list, by place
	first   int   // the place of the first among all lines
	version int   // of the index whose lines these are
	words   *journal.Log

	shown listMoment
	drawn time.Time
	swept bool // all lines in it were others than before
	dirty bool
	// The reader has scrolled since then, to the lower end of the list.
	scrolled, bottom bool
	pads             [2]float64
	each             float64 // how high a line is, on average
	top              float64 // where the list was scrolled to
	height           float64
	cursor           uint64 // whose line was moved to last
	hasMove          bool
}

// row is a line in the list.
type row struct {
	position uint64
	record   journal.Record
	state    lineState
}

// listMoment is what decides whether two states of the list differ.
type listMoment struct {
	version, count, first, interventions int
	position                             uint64
	hold, hasCursor                      bool
	cursor                               uint64
	selection                            Selection
}

const (
	// indexBudget is how much of a frame may go into looking for lines.
	indexBudget = time.Millisecond
	// nearly is how near to its end, in pixels, a list counts as scrolled there.
	nearly = 24
	// unreadable is how often a list is brought up to date whose lines are all
	// others each time.
	unreadable = 300 * time.Millisecond
)

var listEvents = []string{"scroll", "click", "keydown"}

func newLogList(m func() *Model, send func(Msg)) *logList {
	l := &logList{m: m, send: send, each: lineHeight}
	l.listen = js.FuncOf(func(_ js.Value, args []js.Value) any {
		switch e := args[0]; e.Get("type").String() {
		case "scroll":
			l.onScroll()
		case "click":
			l.onClick(e)
		case "keydown":
			l.onKey(e)
		}
		return nil
	})
	return l
}

func (l *logList) release() {
	l.hear("removeEventListener")
	l.listen.Release()
}

func (l *logList) hear(how string) {
	if l.box.Truthy() {
		for _, name := range listEvents {
			l.box.Call(how, name, l.listen)
		}
	}
}

// find looks for the element, which go-app may have replaced.
func (l *logList) find() bool {
	if l.box.Truthy() && l.box.Get("isConnected").Bool() {
		return true
	}
	document := js.Global().Get("document")
	l.box, l.list = document.Call("getElementById", logID), document.Call("getElementById", logRowsID)
	if !l.box.Truthy() || !l.list.Truthy() {
		l.box = js.Null()
		return false
	}
	l.list.Set("textContent", "")
	l.rows, l.version, l.dirty, l.pads = nil, 0, true, [2]float64{}
	l.hear("addEventListener")
	return true
}

// frame looks for lines, for a moment, and brings the list up to date where the
// reader can't wait for the next tick.
func (l *logList) frame() {
	m := l.m()
	if m.index().behind(m.Journal()) > 0 {
		began := time.Now()
		m.lines.follow(m, func() bool { return time.Since(began) < indexBudget })
	}
	if l.dirty {
		l.tick()
	}
}

// tick brings the list up to date.
func (l *logList) tick() {
	if !l.find() {
		return
	}
	m := l.m()
	x := m.index()
	now := listMoment{
		x.version, x.count(), 0, len(m.Scenario.Interventions),
		m.view.Position, m.Log.Hold, m.Log.HasCursor, m.Log.Cursor, m.Selection,
	}
	if now.count > 0 {
		now.first = int(x.at(0))
	}
	height := l.box.Get("clientHeight").Float()
	if now == l.shown && !l.dirty && height == l.height {
		return
	}
	if height == 0 {
		return // nobody sees it
	}
	if l.swept && !l.dirty && m.Playing && time.Since(l.drawn) < unreadable {
		return
	}
	l.drawn, l.swept = time.Now(), false
	words := now.version != l.shown.version || now.interventions != l.shown.interventions || l.words == nil
	l.shown, l.dirty, l.height = now, false, height
	if words {
		l.words = journal.NewLog(m.Scenario, len(m.Scenario.Consumers), time.Time{})
	}
	if now.version != l.version {
		l.version = now.version
		l.replace(m, lineSpan{})
	}
	l.trim(x)
	l.hold(m, x)
	l.mark(m, x)
	l.top = l.box.Get("scrollTop").Float()
	if l.scrolled && m.Log.Hold && (l.atEnd(m) || l.bottom && m.LogLine() == x.count()-1) {
		l.send(HoldLog{false})
	}
	l.scrolled = false
}

// trim takes out the lines that were forgotten, and finds the place of the others.
func (l *logList) trim(x *logIndex) {
	n := 0
	for n < len(l.rows) && (x.count() == 0 || l.rows[n].position < x.at(0)) {
		l.list.Get("firstElementChild").Call("remove")
		n++
	}
	if l.rows = l.rows[n:]; len(l.rows) > 0 {
		l.first = x.before(l.rows[0].position)
	}
}

// hold brings lines into the list: those around the moment that is shown, or
// around where the reader has scrolled or moved to.
func (l *logList) hold(m *Model, x *logIndex) {
	count, now := x.count(), m.LogLine()
	moved := m.Log.HasCursor && (!l.hasMove || l.cursor != m.Log.Cursor)
	l.hasMove, l.cursor = m.Log.HasCursor, m.Log.Cursor
	if count == 0 {
		l.change(m, lineSpan{})
		l.pad(listPadding, listPadding)
		return
	}
	for fit := int(1.2*l.height/l.each) + 2; ; fit *= 2 {
		switch {
		case moved:
			at := m.logCursor()
			l.show(m, at, fit, 0)
		case !m.Log.Hold && now >= count-1:
			l.change(m, plan(l.span(), lineSpan{count - fit, count}, count))
			l.pad(listPadding+space(l.first, count, l.each), listPadding)
			l.box.Set("scrollTop", listHeight*2)
			l.measure()
		case !m.Log.Hold:
			at := max(0, now)
			l.show(m, at, fit, min(3, count-1-at))
		default:
			l.keep(m, fit, count)
		}
		if fit > count || !l.hole(count) {
			return
		}
	}
}

// hole says whether the list is too short for what is in view: its lines are not
// as high as it was thought.
func (l *logList) hole(count int) bool {
	s, scroll := l.span(), l.box.Get("scrollTop").Float()
	top, _ := l.edges(s.first)
	_, bottom := l.edges(s.last - 1)
	return s.first > 0 && top > scroll || s.last < count && bottom < scroll+l.height
}

// measure finds out how high a line is.
func (l *logList) measure() {
	s := l.span()
	top, _ := l.edges(s.first)
	_, bottom := l.edges(s.last - 1)
	l.each = max(lineHeight/2, (bottom-top)/float64(len(l.rows)))
}

func (l *logList) span() lineSpan { return lineSpan{l.first, l.first + len(l.rows)} }

// show brings a line into view, with as many after it, if it isn't there.
func (l *logList) show(m *Model, at, fit, after int) {
	need := lineSpan{at - fit/3 - 1, at + fit}
	if s := l.span(); at >= s.first && at < s.last {
		if seen := l.seen(l.under(l.box.Get("scrollTop").Float()), fit); seen.first >= 0 {
			need = lineSpan{min(seen.first, at), max(seen.last, at+after+1)}
		}
	}
	l.stay(m, need, at)
	top, bottom := l.edges(at)
	_, end := l.edges(min(at+after, l.first+len(l.rows)-1))
	scroll := l.box.Get("scrollTop").Float()
	switch {
	case top < scroll+listPadding:
		l.box.Set("scrollTop", top-l.height/3)
	case bottom > scroll+l.height:
		l.box.Set("scrollTop", min(end+listPadding-l.height, top-listPadding))
	}
}

// keep keeps what the reader sees where it is, and brings the lines around it.
func (l *logList) keep(m *Model, fit, count int) {
	scroll := l.box.Get("scrollTop").Float()
	at := l.under(scroll)
	if at < 0 { // scrolled to where no lines are: which would be there?
		room := l.box.Get("scrollHeight").Float() - l.height
		part := min(1, scroll/max(1, room))
		at = int(math.Round(part * float64(count-1)))
		l.change(m, plan(l.span(), lineSpan{at - fit, at + fit}, count))
		l.move(m, at, part*(l.height-l.each))
		return
	}
	l.stay(m, l.seen(at, fit), at)
}

// seen are about the lines in view, of which at is the first; -1 if none is.
func (l *logList) seen(at, fit int) lineSpan {
	if at < 0 {
		return lineSpan{-1, -1}
	}
	above := 2
	if top, _ := l.edges(at); top > l.box.Get("scrollTop").Float() { // what is before it is in view too
		above = fit
	}
	return lineSpan{max(0, at-above), at + fit}
}

// stay changes what is in the list, and leaves a line where it is on the screen.
func (l *logList) stay(m *Model, need lineSpan, at int) {
	before, next := l.span(), plan(l.span(), need, m.index().count())
	if next == before {
		l.pad(l.pads[0], listPadding+space(m.index().count()-next.last, m.index().count(), l.each))
		return
	}
	away, was := 0.0, at >= before.first && at < before.last
	if was {
		top, _ := l.edges(at)
		away = top - l.box.Get("scrollTop").Float()
	}
	l.change(m, next)
	if !was {
		away = l.height / 3
	}
	l.move(m, at, away)
}

// move puts a line of the list so many pixels below the upper edge of what is in
// view: by the space above the list, or by scrolling.
func (l *logList) move(m *Model, at int, away float64) {
	count, s := m.index().count(), l.span()
	l.measure()
	top, _ := l.edges(at)
	scroll := l.box.Get("scrollTop").Float()
	above := l.pads[0] + scroll + away - top
	want := listPadding + space(s.first, count, l.each)
	if s.first == 0 || above < listPadding+float64(s.first) || math.Abs(above-want) > listHeight/2 {
		above = want
	}
	below := listPadding + space(count-s.last, count, l.each)
	moved := above - l.pads[0]
	l.pad(above, below)
	if to := top + moved - away; math.Abs(to-scroll) > 0.5 {
		l.box.Set("scrollTop", to)
	}
}

// edges are where a line begins and ends, in pixels from the start of the list.
func (l *logList) edges(at int) (top, bottom float64) {
	e := l.list.Get("children").Index(at - l.first)
	if !e.Truthy() {
		return 0, 0
	}
	top = e.Get("offsetTop").Float()
	return top, top + e.Get("offsetHeight").Float()
}

// under is the place of the line at a height, or -1 if none in the list is near.
func (l *logList) under(scroll float64) int {
	if len(l.rows) == 0 {
		return -1
	}
	s := l.span()
	top, _ := l.edges(s.first)
	_, bottom := l.edges(s.last - 1)
	if scroll+l.height < top || scroll > bottom {
		return -1
	}
	low, high := s.first, s.last-1
	for low < high {
		mid := (low + high) / 2
		if _, bottom := l.edges(mid); bottom <= scroll {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low
}

func (l *logList) pad(above, below float64) {
	for i, v := range [2]float64{above, below} {
		if l.pads[i] != v {
			l.pads[i] = v
			l.list.Get("style").Set([2]string{"paddingTop", "paddingBottom"}[i], js.Global().Call("String", v).String()+"px")
		}
	}
}

// change makes the list hold these lines. Rows that stay are not touched.
func (l *logList) change(m *Model, next lineSpan) {
	has := l.span()
	if next.first >= has.last || has.first >= next.last {
		l.replace(m, next)
		return
	}
	for ; has.first < next.first; has.first++ {
		l.list.Get("firstElementChild").Call("remove")
		l.rows = l.rows[1:]
	}
	for ; has.last > next.last; has.last-- {
		l.list.Get("lastElementChild").Call("remove")
		l.rows = l.rows[:len(l.rows)-1]
	}
	if next.first < has.first {
		text, rows := l.lines(m, lineSpan{next.first, has.first})
		l.list.Call("insertAdjacentHTML", "afterbegin", text)
		l.rows = append(rows, l.rows...)
	}
	if next.last > has.last {
		text, rows := l.lines(m, lineSpan{has.last, next.last})
		l.list.Call("insertAdjacentHTML", "beforeend", text)
		l.rows = append(l.rows, rows...)
	}
	l.first = next.first
}

func (l *logList) replace(m *Model, next lineSpan) {
	text, rows := l.lines(m, next)
	l.list.Set("innerHTML", text)
	l.rows, l.first, l.swept = rows, next.first, len(rows) > 0
}

func (l *logList) lines(m *Model, s lineSpan) (string, []row) {
	var b strings.Builder
	x, j := m.index(), m.Journal()
	rows := make([]row, 0, s.last-s.first)
	for at := s.first; at < s.last; at++ {
		r := row{position: x.at(at)}
		r.record = j.At(r.position)
		appendRow(&b, r.position, l.words.Line(r.record), r.record.Kind, 0, m.Log.Query)
		rows = append(rows, r)
	}
	return b.String(), rows
}

// mark sets the lines apart that are apart at the moment that is shown.
func (l *logList) mark(m *Model, x *logIndex) {
	const none = math.MaxUint64
	now, cursor := uint64(none), uint64(none)
	if at := m.LogLine(); at >= 0 {
		now = x.at(at)
	}
	at := m.logCursor()
	if at >= 0 {
		cursor = x.at(at)
	}
	active := ""
	children := l.list.Get("children")
	for i := range l.rows {
		r := &l.rows[i]
		s := m.stateOf(r.position, &r.record, now, cursor)
		if s&lineCursor != 0 {
			active = lineID(r.position)
		}
		if s == r.state {
			continue
		}
		e := children.Index(i)
		e.Set("className", s.class(r.record.Kind))
		if (s^r.state)&lineNow != 0 {
			e.Call("setAttribute", "aria-selected", s&lineNow != 0)
		}
		if s&lineCursor != 0 {
			e.Call("setAttribute", "aria-posinset", at+1)
			e.Call("setAttribute", "aria-setsize", x.count())
		}
		r.state = s
	}
	if active == "" {
		l.box.Call("removeAttribute", "aria-activedescendant")
	} else if l.box.Call("getAttribute", "aria-activedescendant").String() != active {
		l.box.Call("setAttribute", "aria-activedescendant", active)
	}
}

// onScroll finds out whether the reader has scrolled: away from the moment that
// is shown, to read, or back to it, to follow.
func (l *logList) onScroll() {
	top, height := l.box.Get("scrollTop").Float(), l.box.Get("clientHeight").Float()
	if math.Abs(top-l.top) < 1.5 || height != l.height {
		return // the list itself has
	}
	l.top, l.dirty, l.scrolled = top, true, true
	// Lines that come into the list now may be higher than they were taken for.
	l.bottom = l.box.Get("scrollHeight").Float()-top-height < nearly
	if m := l.m(); !m.Log.Hold && !l.atEnd(m) {
		l.send(HoldLog{true})
	}
}

// atEnd says whether the last line is in view, and has happened.
func (l *logList) atEnd(m *Model) bool {
	count := m.index().count()
	return l.first+len(l.rows) == count && m.LogLine() == count-1 &&
		l.box.Get("scrollHeight").Float()-l.box.Get("scrollTop").Float()-l.height < nearly
}

// onClick goes to the line, unless somebody marks a text.
func (l *logList) onClick(e js.Value) {
	if s := js.Global().Call("getSelection"); s.Truthy() && s.Get("type").String() == "Range" {
		return
	}
	li := e.Get("target").Call("closest", "li")
	if !li.Truthy() {
		return
	}
	if position, ok := lineAt(li.Get("id").String()); ok {
		l.send(PickRecord{position})
	}
}

// onKey moves in the list.
func (l *logList) onKey(e js.Value) {
	if e.Get("ctrlKey").Bool() || e.Get("metaKey").Bool() || e.Get("altKey").Bool() {
		return
	}
	page := max(1, int(l.height/l.each)-1)
	m := l.m()
	var msg Msg
	switch e.Get("key").String() {
	case "ArrowUp":
		msg = MoveInLog{-1}
	case "ArrowDown":
		msg = MoveInLog{1}
	case "PageUp":
		msg = MoveInLog{-page}
	case "PageDown":
		msg = MoveInLog{page}
	case "Home":
		msg = MoveInLog{math.MinInt32}
	case "End":
		msg = MoveInLog{math.MaxInt32}
	case "Enter":
		if at := m.logCursor(); at >= 0 {
			msg = PickRecord{m.index().at(at)}
		}
	}
	if msg != nil {
		e.Call("preventDefault")
		l.send(msg)
	}
}
