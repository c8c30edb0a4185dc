package stage

import (
	"time"

	"github.com/spillway-go/spillway/app/draw"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/broker/lab/journal"
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
			f.dot(draw.Between(l.producerOut(p), l.brokerIn(p), t), r.Event(), draw.InkFlow, 1)
		case f.undecided(r):
			f.dot(l.brokerIn(p), r.Event(), draw.InkFlow, 1)
		case !f.scene.cast.heard[p] && t < 2: // nobody wants it
			f.dot(l.brokerIn(p), r.Event(), draw.InkFlow, 2-t)
		}
	case journal.Delivered:
		if from, t := f.delivery(i); t >= 0 && t < 1 {
			f.dot(draw.Between(from, l.consumerIn(c), draw.Ease(t)), r.Event(), draw.InkFlow, 1)
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
			f.dot(w.at(draw.Ease(t)), r.Event(), draw.InkRepo, 1)
		}
	case journal.Returned:
		if t := f.flown(since, play.FlightTime, play.FlightTime); t < 1 && l.Tanks[play.Repository].W > 0 {
			back := l.refill(c, l.Lanes[c].place(0))
			f.dot(back.at(1-draw.Ease(t)), r.Event(), draw.InkRepo, 1)
		}
	case journal.Handled, journal.Failed, journal.DeadLettered:
		f.ending(i)
	}
}

// undecided says whether a step stopped between an event's publication and what
// the broker does with it: then it stands at the door.
func (f *flight) undecided(r *journal.Record) bool {
	newest := &f.recent[0]
	return f.shown.Stepped && newest.Kind == journal.Produced && newest.Event() == r.Event()
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
		f.scene.add(draw.Shape{Form: draw.FormCircle, Rect: draw.Rect{X: at.X, Y: at.Y}, R: l.dot() + f.scene.px(3), Stroke: draw.InkWarn, Line: f.scene.px(1.4), Dashed: true})
		f.dot(at, e, draw.InkFlow, 1)
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

func (f *flight) dot(at draw.Point, e journal.Event, ink draw.Ink, alpha float64) {
	s := f.scene
	radius := s.Layout.dot()
	s.add(draw.Shape{Form: draw.FormCircle, Rect: draw.Rect{X: at.X, Y: at.Y}, R: radius, Fill: ink, Alpha: alpha})
	s.number(at, e.Number, draw.InkOnAccent, 10.5, alpha)
	s.seen(at, radius, e)
}
