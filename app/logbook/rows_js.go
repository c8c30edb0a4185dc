//go:build js

package logbook

import (
	"math"
	"strings"
	"syscall/js"

	"github.com/spillway-go/spillway/broker/lab/journal"
)

// row is a line in the list.
type row struct {
	position uint64
	record   journal.Record
	state    lineState
}

// trim takes out the lines that were forgotten, and finds the place of the others.
func (l *List) trim(x *Index) {
	n := 0
	for n < len(l.rows) && (x.Count() == 0 || l.rows[n].position < x.at(0)) {
		l.list.Get("firstElementChild").Call("remove")
		n++
	}
	if l.rows = l.rows[n:]; len(l.rows) > 0 {
		l.first = x.before(l.rows[0].position)
	}
}

// change makes the list hold these lines. Rows that stay are not touched.
func (l *List) change(m Reading, next lineSpan) {
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

func (l *List) replace(m Reading, next lineSpan) {
	text, rows := l.lines(m, next)
	l.list.Set("innerHTML", text)
	l.rows, l.first, l.swept = rows, next.first, len(rows) > 0
}

func (l *List) lines(m Reading, s lineSpan) (string, []row) {
	var b strings.Builder
	x, j := m.index, m.Journal()
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
func (l *List) mark(m Reading, x *Index) {
	const none = math.MaxUint64
	now, cursor := uint64(none), uint64(none)
	if at := m.line(); at >= 0 {
		now = x.at(at)
	}
	at := m.cursor()
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
			e.Call("setAttribute", "aria-setsize", x.Count())
		}
		r.state = s
	}
	if active == "" {
		l.box.Call("removeAttribute", "aria-activedescendant")
	} else if l.box.Call("getAttribute", "aria-activedescendant").String() != active {
		l.box.Call("setAttribute", "aria-activedescendant", active)
	}
}

func (l *List) pad(above, below float64) {
	for i, v := range [2]float64{above, below} {
		if l.pads[i] != v {
			l.pads[i] = v
			l.list.Get("style").Set([2]string{"paddingTop", "paddingBottom"}[i], js.Global().Call("String", v).String()+"px")
		}
	}
}
