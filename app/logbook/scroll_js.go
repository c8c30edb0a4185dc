//go:build js

package logbook

import (
	"math"

	"github.com/spillway-go/spillway/app/play"
)

// hold brings lines into the list: those around the moment that is shown, or
// around where the reader has scrolled or moved to.
func (l *List) hold(m Reading, x *Index) {
	count, now := x.Count(), m.line()
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
			at := m.cursor()
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
func (l *List) hole(count int) bool {
	s, scroll := l.span(), l.box.Get("scrollTop").Float()
	top, _ := l.edges(s.first)
	_, bottom := l.edges(s.last - 1)
	return s.first > 0 && top > scroll || s.last < count && bottom < scroll+l.height
}

// measure finds out how high a line is.
func (l *List) measure() {
	s := l.span()
	top, _ := l.edges(s.first)
	_, bottom := l.edges(s.last - 1)
	l.each = max(lineHeight/2, (bottom-top)/float64(len(l.rows)))
}

func (l *List) span() lineSpan { return lineSpan{l.first, l.first + len(l.rows)} }

// show brings a line into view, with as many after it, if it isn't there.
func (l *List) show(m Reading, at, fit, after int) {
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
func (l *List) keep(m Reading, fit, count int) {
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
func (l *List) seen(at, fit int) lineSpan {
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
func (l *List) stay(m Reading, need lineSpan, at int) {
	before, next := l.span(), plan(l.span(), need, m.index.Count())
	if next == before {
		l.pad(l.pads[0], listPadding+space(m.index.Count()-next.last, m.index.Count(), l.each))
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
func (l *List) move(m Reading, at int, away float64) {
	count, s := m.index.Count(), l.span()
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
func (l *List) edges(at int) (top, bottom float64) {
	e := l.list.Get("children").Index(at - l.first)
	if !e.Truthy() {
		return 0, 0
	}
	top = e.Get("offsetTop").Float()
	return top, top + e.Get("offsetHeight").Float()
}

// under is the place of the line at a height, or -1 if none in the list is near.
func (l *List) under(scroll float64) int {
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

// onScroll finds out whether the reader has scrolled: away from the moment that
// is shown, to read, or back to it, to follow.
func (l *List) onScroll() {
	top, height := l.box.Get("scrollTop").Float(), l.box.Get("clientHeight").Float()
	if math.Abs(top-l.top) < 1.5 || height != l.height {
		return // the list itself has
	}
	l.top, l.Dirty, l.scrolled = top, true, true
	// Lines that come into the list now may be higher than they were taken for.
	l.bottom = l.box.Get("scrollHeight").Float()-top-height < nearly
	if m := l.book.Read(); !m.Log.Hold && !l.atEnd(m) {
		l.send(play.HoldLog{Hold: true})
	}
}

// atEnd says whether the last line is in view, and has happened.
func (l *List) atEnd(m Reading) bool {
	count := m.index.Count()
	return l.first+len(l.rows) == count && m.line() == count-1 &&
		l.box.Get("scrollHeight").Float()-l.box.Get("scrollTop").Float()-l.height < nearly
}
