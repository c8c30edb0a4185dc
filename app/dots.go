package app

import (
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/journal"
)

// drawDots draws the events.
func (f *flight) drawDots() {
	for c := range f.state.Consumers {
		if f.flowing {
			f.meanLine(c)
		} else {
			f.line(c, false)
		}
	}
	if f.flowing {
		return
	}
	for i := len(f.recent) - 1; i >= 0; i-- {
		f.moving(i)
	}
	for p := range f.state.Producers {
		f.blocked(p)
	}
}

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
			at = between(l.place(i+1), place, ease(up))
		}
		if j := f.entry(c, e); j >= 0 {
			at, there = f.comingIn(j, at)
		}
		if there && (at == place) == standing {
			f.dot(at, e, InkFlow, 1)
		}
	}
}

// entering draws the events on their way into a buffer that has no places.
func (f *flight) entering(c int) {
	l := &f.scene.Layout.Lanes[c]
	for _, j := range f.entries[c] {
		r := &f.recent[j]
		// Those that have already left are drawn on their way out.
		if f.model.Still || f.leaves(int(j)) {
			continue
		}
		door := Point{l.X + f.scene.Layout.dot(), l.middle().Y}
		if at, ok := f.comingIn(int(j), door); ok && distance(at, door) > 1 {
			f.dot(at, r.Event(), InkFlow, 1)
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
func (f *flight) comingIn(i int, place Point) (Point, bool) {
	r, l := &f.recent[i], &f.scene.Layout
	p, c := int(r.Producer), int(r.Consumer)
	in := f.inTime(p)
	var from Point
	var t float64
	switch {
	case r.Kind == journal.Refilled && r.At-f.born(r.Event()) >= 2*in: // else it turns round on its way there
		w := l.refill(c, place)
		if t = f.flown(r.At+f.lags[i], f.outTime(c), f.outTime(c)); t < 1 {
			return w.at(ease(t)), true
		}
		return place, true
	case f.stood(r):
		from, t = l.door(p, 0), f.flown(r.At+f.lags[i], in/2+1, in)+1
	default:
		from, t = l.brokerIn(p), f.flown(f.born(r.Event()), in, in/2+1)
	}
	switch {
	case t < 1:
		return Point{}, false
	case t < 2:
		return between(from, place, ease(t-1)), true
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
			f.scene.add(Shape{Form: FormCircle, Rect: Rect{X: at.X, Y: at.Y}, R: f.scene.Layout.dot(), Fill: InkFlow, Alpha: level})
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

// moving draws the event of a record for as long as it moves because of it.
func (f *flight) moving(i int) {
	r, l := &f.recent[i], &f.scene.Layout
	p, c := int(r.Producer), int(r.Consumer)
	since := r.At + f.lags[i]
	switch r.Kind {
	case journal.Produced:
		in := f.inTime(p)
		switch t := f.flown(since, in, in); {
		case t < 0:
		case t < 1:
			f.dot(between(l.producerOut(p), l.brokerIn(p), t), r.Event(), InkFlow, 1)
		case f.undecided(r):
			f.dot(l.brokerIn(p), r.Event(), InkFlow, 1)
		case !f.scene.cast.heard[p] && t < 2: // nobody wants it
			f.dot(l.brokerIn(p), r.Event(), InkFlow, 2-t)
		}
	case journal.Delivered:
		if from, t := f.delivery(i); t >= 0 && t < 1 {
			f.dot(between(from, l.consumerIn(c), ease(t)), r.Event(), InkFlow, 1)
		}
	case journal.Dropped:
		f.falling(i)
	case journal.Rejected:
		f.turningBack(i)
	case journal.Spilled:
		in := f.inTime(p)
		t := f.flown(f.born(r.Event()), in, in) - 1
		if f.stood(r) {
			t = f.flown(since, in, in)
		}
		if t >= 0 && t < 1 && f.entry(c, r.Event()) < 0 {
			w := l.spill(p)
			f.dot(w.at(ease(t)), r.Event(), InkRepo, 1)
		}
	case journal.Returned:
		if t := f.flown(since, flightTime, flightTime); t < 1 && l.Tanks[Repository].W > 0 {
			back := l.refill(c, l.Lanes[c].place(0))
			f.dot(back.at(1-ease(t)), r.Event(), InkRepo, 1)
		}
	case journal.Handled, journal.Failed, journal.DeadLettered:
		f.ending(i)
	}
}

// ending draws how an attempt ends: a ring that spreads, a flash, or a dead letter
// that is carried away.
func (f *flight) ending(i int) {
	r, l, s := &f.recent[i], &f.scene.Layout, f.scene
	c := int(r.Consumer)
	out := f.outTime(c)
	t := f.flown(r.At, out, out)
	at, radius := l.ring(c, f.slot(i))
	switch {
	case t >= 1 || t < 0:
	case l.rings(c) == 0 && r.Kind == journal.Handled: // the gauge tells
	case r.Kind == journal.Handled:
		s.add(Shape{Form: FormCircle, Rect: Rect{X: at.X, Y: at.Y}, R: radius * (1 + 0.7*t), Stroke: InkOK, Line: s.px(2), Alpha: 1 - t})
	case r.Kind == journal.Failed:
		s.add(Shape{Form: FormCircle, Rect: Rect{X: at.X, Y: at.Y}, R: radius * (1 + 0.7*t), Stroke: InkDrop, Line: s.px(3), Alpha: 1 - t})
		s.add(Shape{
			Form: FormText, Rect: Rect{X: at.X - radius*1.6, Y: at.Y - radius*(0.4+0.6*t)}, Text: "✕", Fill: InkDrop,
			Face: FaceStrong, Size: s.px(13), Align: AlignCenter, Alpha: 1 - t,
		})
	default:
		if bury := l.bury(c); l.Tanks[DeadLetters].W == 0 {
		} else if t < 0.25 {
			f.dot(between(at, bury.from, t/0.25), r.Event(), InkRepo, 1)
		} else {
			f.dot(bury.at(ease((t-0.25)/0.75)), r.Event(), InkRepo, 1)
		}
	}
}

// slot is which of a consumer's workers the record of an ending is about, as far
// as that is known: who had it, has the next event now or is free.
func (f *flight) slot(i int) int {
	n := f.scene.Layout.rings(int(f.recent[i].Consumer))
	if n <= 1 {
		return 0
	}
	r := &f.recent[i]
	working := f.state.Consumers[r.Consumer].Working
	next := r.Event()
	for j := i - 1; j >= 0 && f.recent[j].At == r.At; j-- {
		if o := &f.recent[j]; o.Kind == journal.Delivered && o.Consumer == r.Consumer {
			next = o.Event()
			break
		}
	}
	free := 0
	for w := range working {
		if working[w].Event == next || working[w].Event == r.Event() {
			return min(int(working[w].Slot), n-1)
		}
		if int(working[w].Slot) == free {
			free++
		}
	}
	return min(free, n-1)
}

// undecided says whether a step stopped between an event's publication and what
// the broker does with it: then it stands at the door.
func (f *flight) undecided(r *journal.Record) bool {
	newest := &f.recent[0]
	return f.model.stepped && newest.Kind == journal.Produced && newest.Event() == r.Event()
}

// blocked draws the events of a producer that wait for room: they stand at the
// broker's door.
func (f *flight) blocked(p int) {
	st, l := &f.state.Producers[p], &f.scene.Layout
	const most = 4
	for i := range min(st.Waiting, most) {
		n := st.Published - uint64(st.Waiting) + uint64(i)
		e := journal.Event{Number: n, Born: f.published(p, n), Producer: uint8(p)}
		if in := f.inTime(p); f.flown(e.Born, in, in) < 1 {
			continue // still on its way
		}
		at := l.door(p, i)
		f.scene.add(Shape{Form: FormCircle, Rect: Rect{X: at.X, Y: at.Y}, R: l.dot() + f.scene.px(3), Stroke: InkWarn, Line: f.scene.px(1.4), Dashed: true})
		f.dot(at, e, InkFlow, 1)
	}
}

// published is when a producer's event was seen to leave it, or long ago.
func (f *flight) published(p int, number uint64) time.Duration {
	for i := range f.recent {
		if r := &f.recent[i]; r.Kind == journal.Produced && int(r.Producer) == p && r.Number == number {
			return r.At + f.lags[i]
		}
	}
	return -1 << 50
}

// falling draws a dropped event on its way into the tank.
func (f *flight) falling(i int) {
	r, l := &f.recent[i], &f.scene.Layout
	p, c := int(r.Producer), int(r.Consumer)
	if l.Tanks[Dropped].W == 0 {
		return
	}
	in := f.inTime(p)
	from, door := l.spout(Dropped), l.brokerIn(p)
	t := f.flown(r.At+f.lags[i], in, in*3/2)
	why := broker.DropReason(r.Cause)
	switch {
	case why == broker.Full && f.stood(r):
		door = l.door(p, 0)
	case arrives(*r):
		t-- // what pushes it out has to come in first
	}
	if why != broker.Full {
		place := l.Lanes[c].place(0)
		if why == broker.Replaced {
			place = f.replaced(i)
		}
		if t < 0 && !f.early(f.now, r.Event()) && len(l.Lanes[c].Slots) > 0 {
			f.dot(place, r.Event(), InkFlow, 1) // it stands there until it is pushed out
		}
		if len(l.Lanes) == 1 {
			from = place // with more than one it would fall through the others
		}
	}
	if t < 0 || t >= 1.3 {
		return
	}
	if why == broker.Full && t < 0.25 { // from the door to the spout
		f.dot(between(door, from, t/0.25), r.Event(), InkDrop, 1)
		return
	}
	way := l.fall(from)
	f.dot(way.at(ease((t-0.25)/0.75)), r.Event(), InkDrop, min(1, (1.3-t)/0.3))
}

// replaced is the place of an event that another of its topic has taken.
func (f *flight) replaced(i int) Point {
	r := &f.recent[i]
	l := &f.scene.Layout.Lanes[r.Consumer]
	for j := i - 1; j >= 0 && f.recent[j].At == r.At; j-- {
		o := &f.recent[j]
		if o.Kind != journal.Buffered || o.Consumer != r.Consumer {
			continue
		}
		f.waiting = f.journal.Waiting(f.waiting[:0], f.state, int(r.Consumer), max(len(l.Slots), 1))
		for place, e := range f.waiting {
			if e == o.Event() {
				return l.place(place)
			}
		}
		break
	}
	return l.place(0)
}

// turningBack draws a rejected event: it comes to the door, and turns back.
func (f *flight) turningBack(i int) {
	r, l := &f.recent[i], &f.scene.Layout
	if l.Tanks[Rejected].W == 0 {
		return
	}
	p := int(r.Producer)
	in := f.inTime(p)
	t := f.flown(r.At+f.lags[i], in, in*3/2) - 1
	if t < 0 || t >= 1.3 {
		return
	}
	if turn := l.turn(p); t < 0.3 {
		f.dot(between(l.brokerIn(p), turn.from, ease(t/0.3)), r.Event(), InkDrop, 1)
	} else {
		f.dot(turn.at(ease((t-0.3)/0.7)), r.Event(), InkDrop, min(1, (1.3-t)/0.3))
	}
}

func (f *flight) dot(at Point, e journal.Event, ink Ink, alpha float64) {
	s := f.scene
	radius := s.Layout.dot()
	s.add(Shape{Form: FormCircle, Rect: Rect{X: at.X, Y: at.Y}, R: radius, Fill: ink, Alpha: alpha})
	s.number(at, e.Number, InkOnAccent, 10.5, alpha)
	s.seen(at, radius, e)
}
