package stage

import (
	"github.com/spillway-go/spillway/app/draw"
	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/journal"
)

// line draws the events that wait for a consumer: those that stand, or those that
// move up after one has left, or come in.
func (f *flight) line(c int, standing bool) {
	l := &f.scene.Layout.Lanes[c]
	switch {
	case f.flowing:
		return
	case len(l.Slots) == 0:
		if !standing {
			f.entering(c)
		}
		return // the gauge tells how many
	}
	up := f.movedUp(c)
	f.waiting = f.journal.Waiting(f.waiting[:0], f.state, c, len(l.Slots))
	for i, e := range f.waiting {
		place := l.place(i)
		at, there := place, true
		if up < 1 {
			at = draw.Between(l.place(i+1), place, draw.Ease(up))
		}
		if j := f.entry(c, e); j >= 0 {
			at, there = f.comingIn(j, at)
		}
		if there && (at == place) == standing {
			f.dot(at, e, draw.InkFlow, 1)
		}
	}
}

// entering draws the events on their way into a buffer that has no places.
func (f *flight) entering(c int) {
	l := &f.scene.Layout.Lanes[c]
	for _, j := range f.entries[c] {
		r := &f.recent[j]
		// Those that have already left are drawn on their way out.
		if f.shown.ReducedMotion || f.leaves(int(j)) {
			continue
		}
		door := draw.Point{X: l.X + f.scene.Layout.dot(), Y: l.Middle().Y}
		if at, ok := f.comingIn(int(j), door); ok && draw.Distance(at, door) > 1 {
			f.dot(at, r.Event(), draw.InkFlow, 1)
		}
	}
}

// leaves says whether the event of an entry is delivered or dropped by now.
func (f *flight) leaves(entry int) bool {
	r := &f.recent[entry]
	for j := entry - 1; j >= 0; j-- {
		o := &f.recent[j]
		if (o.Kind == journal.Delivered || o.Kind == journal.Dropped || o.Kind == journal.Returned) && o.Consumer == r.Consumer && o.Event() == r.Event() {
			return true
		}
	}
	return false
}

// entry is the recent record with which an event came into a buffer, or -1.
func (f *flight) entry(c int, e journal.Event) int {
	for _, j := range f.entries[c] {
		if f.recent[j].Event() == e {
			return int(j)
		}
	}
	return -1
}

// comingIn is where an event is that a recent record put into a place; false while
// it is not yet in the broker.
func (f *flight) comingIn(i int, place draw.Point) (draw.Point, bool) {
	r, l := &f.recent[i], &f.scene.Layout
	p, c := int(r.Producer), int(r.Consumer)
	in := f.inTime(p)
	var from draw.Point
	var t float64
	switch {
	case r.Kind == journal.Refilled && r.At-f.born(r.Event()) >= 2*in: // else it turns round on its way there
		w := l.refill(c, place)
		if t = f.flown(r.At+f.lags[i], f.outTime(c), f.outTime(c)); t < 1 {
			return w.at(draw.Ease(t)), true
		}
		return place, true
	case f.stood(r):
		from, t = l.door(p, 0), f.flown(r.At+f.lags[i], in/2+1, in)+1
	default:
		from, t = l.brokerIn(p), f.flown(f.born(r.Event()), in, in/2+1)
	}
	switch {
	case t < 1:
		return draw.Point{}, false
	case t < 2:
		return draw.Between(from, place, draw.Ease(t-1)), true
	default:
		return place, true
	}
}

// movedUp is how far the line has moved up since its first event left, from 0 to
// where it stands, 1.
func (f *flight) movedUp(c int) float64 {
	for i := range f.recent {
		r := &f.recent[i]
		if int(r.Consumer) != c {
			continue
		}
		switch out := f.outTime(c); {
		case r.Kind == journal.Delivered && f.fromLine(i):
			return 2 * f.flown(r.At, out, out)
		case r.Kind == journal.Dropped && broker.DropReason(r.Cause) == broker.Displaced:
			return 2 * (f.flown(r.At+f.lags[i], f.inTime(int(r.Producer)), out) - 1)
		}
	}
	return 1
}

// fromLine says whether an event was seen to wait before it was delivered.
func (f *flight) fromLine(i int) bool {
	r := &f.recent[i]
	k := f.before(i)
	return k != journal.Unblocked && !f.early(r.At, r.Event())
}

// meanLine draws how full a buffer was lately, on average, where single events
// come and go too fast.
func (f *flight) meanLine(c int) {
	l := &f.scene.Layout.Lanes[c]
	for i := range l.Slots {
		if level := min(f.meanDepth(c)-float64(i), 1); level > 0.02 {
			at := l.place(i)
			f.scene.add(draw.Shape{Form: draw.FormCircle, Rect: draw.Rect{X: at.X, Y: at.Y}, R: f.scene.Layout.dot(), Fill: draw.InkFlow, Alpha: level})
		}
	}
}

// meanDepth is how full a buffer was lately, on average.
func (f *flight) meanDepth(c int) float64 {
	const newest = 512
	sum, n := 0.0, 0.0
	for p, k := f.state.Position, 0; p > f.journal.First() && k < newest; p, k = p-1, k+1 {
		r := f.journal.At(p - 1)
		if int(r.Consumer) == c && (r.Kind == journal.Buffered || r.Kind == journal.Delivered || r.Kind == journal.Dropped) {
			sum += float64(r.Depth)
			n++
		}
	}
	if n == 0 {
		return float64(f.state.Consumers[c].Depth)
	}
	return sum / n
}
