package app

import (
	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/journal"
)

// dots draws the events.
func (f *flight) dots() {
	for c := range f.state.Consumers {
		if f.flowing {
			f.meanLine(c)
		} else {
			f.line(c)
		}
	}
	if f.flowing {
		return
	}
	for i := len(f.recent) - 1; i >= 0; i-- {
		f.moving(&f.recent[i])
	}
}

// line draws the events that wait for a consumer, and lets them move up after
// one has left.
func (f *flight) line(c int) {
	l := &f.scene.Layout.Lanes[c]
	places := max(len(l.Slots), 1)
	if len(l.Slots) == 0 {
		return // the gauge tells how many
	}
	up := f.movedUp(c)
	f.waiting = f.journal.Waiting(f.waiting[:0], f.state, c, places)
	for i, e := range f.waiting {
		in := f.inTime(int(e.Producer))
		at := between(l.place(i+1), l.place(i), ease(up))
		switch flown := f.flown(e.Born, in, in/2+1); {
		case flown < 1: // still on the way to the broker
			continue
		case flown < 2:
			at = between(f.scene.Layout.brokerIn(int(e.Producer)), at, ease(flown-1))
		}
		f.dot(at, e.Number, InkFlow, 1)
	}
}

// movedUp is how far the line has moved up since its first event left, from 0 to
// where it stands, 1.
func (f *flight) movedUp(c int) float64 {
	for _, r := range f.recent {
		if int(r.Consumer) != c {
			continue
		}
		switch out := f.outTime(c); {
		case r.Kind == journal.Delivered && !f.early(r.At, r.Event()):
			return 2 * f.flown(r.At, out, out)
		case r.Kind == journal.Dropped && broker.DropReason(r.Cause) == broker.Displaced:
			return 2 * (f.flown(r.At, f.inTime(int(r.Producer)), out) - 1)
		}
	}
	return 1
}

// meanLine draws how full a buffer was lately, on average, where single events
// come and go too fast.
func (f *flight) meanLine(c int) {
	l := &f.scene.Layout.Lanes[c]
	sum, n := 0.0, 0.0
	for _, r := range f.recent {
		if int(r.Consumer) == c && (r.Kind == journal.Buffered || r.Kind == journal.Delivered || r.Kind == journal.Dropped) {
			sum += float64(r.Depth)
			n++
		}
	}
	if n == 0 {
		sum, n = float64(f.state.Consumers[c].Depth), 1
	}
	for i := range l.Slots {
		if level := min(sum/n-float64(i), 1); level > 0.02 {
			at := l.place(i)
			f.scene.add(Shape{Form: FormCircle, Rect: Rect{X: at.X, Y: at.Y}, R: f.radius(), Fill: InkFlow, Alpha: level})
		}
	}
}

// moving draws the event of a record for as long as it moves because of it.
func (f *flight) moving(r *journal.Record) {
	l := &f.scene.Layout
	p, c := int(r.Producer), int(r.Consumer)
	switch r.Kind {
	case journal.Produced:
		if t := f.flown(r.At, f.inTime(p), 1); t < 1 {
			f.dot(between(l.producerOut(p), l.brokerIn(p), t), r.Number, InkFlow, 1)
		} else if f.undecided(r) {
			f.dot(l.brokerIn(p), r.Number, InkFlow, 1)
		}
	case journal.Delivered:
		from := l.Lanes[c].place(0)
		t := f.flown(r.At, f.outTime(c), f.outTime(c))
		if f.early(r.At, r.Event()) { // handed on as it comes in
			from = l.brokerIn(p)
			t = f.flown(r.Born, f.inTime(p), f.outTime(c)) - 1
		}
		if t >= 0 && t < 1 {
			f.dot(between(from, l.consumerIn(c), ease(t)), r.Number, InkFlow, 1)
		}
	case journal.Dropped:
		f.falling(r)
	case journal.Handled:
		if t := f.flown(r.At, f.outTime(c), 1); t < 1 {
			at, radius := l.ring(c)
			f.scene.add(Shape{Form: FormCircle, Rect: Rect{X: at.X, Y: at.Y}, R: radius * (1 + 0.7*t), Stroke: InkOK, Line: f.scene.px(2), Alpha: 1 - t})
		}
	}
}

// undecided says whether a step stopped between an event's publication and what
// the broker does with it: then it stands at the door.
func (f *flight) undecided(r *journal.Record) bool {
	newest := &f.recent[0]
	return f.model.stepped && newest.Kind == journal.Produced && newest.Event() == r.Event()
}

// falling draws a dropped event on its way into the tray.
func (f *flight) falling(r *journal.Record) {
	l := &f.scene.Layout
	p, c := int(r.Producer), int(r.Consumer)
	in := f.inTime(p)
	from := l.spout()
	t := f.flown(r.At, in, in*3/2)
	if arrives(*r) {
		t-- // what pushes it out has to come in first
	}
	if broker.DropReason(r.Cause) != broker.Full {
		place := l.Lanes[c].place(0)
		if t < 0 && !f.early(f.now, r.Event()) {
			f.dot(place, r.Number, InkFlow, 1) // it stands there until it is pushed out
		}
		if len(l.Lanes) == 1 {
			from = place // with more than one it would fall through the others
		}
	}
	if t < 0 || t >= 1.3 {
		return
	}
	if broker.DropReason(r.Cause) == broker.Full && t < 0.25 { // from the door to the spout
		f.dot(between(l.brokerIn(p), from, t/0.25), r.Number, InkDrop, 1)
		return
	}
	f.dot(l.fall(from, ease((t-0.25)/0.75)), r.Number, InkDrop, min(1, (1.3-t)/0.3))
}

func (f *flight) radius() float64 {
	if f.scene.Layout.Compact {
		return f.scene.px(8)
	}
	return f.scene.px(10)
}

func (f *flight) dot(at Point, number uint64, ink Ink, alpha float64) {
	s := f.scene
	s.add(Shape{Form: FormCircle, Rect: Rect{X: at.X, Y: at.Y}, R: f.radius(), Fill: ink, Alpha: alpha})
	s.number(at, number, InkOnAccent, 10.5, alpha)
}
