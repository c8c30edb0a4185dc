package stage

import (
	"github.com/spillway-go/spillway/app/draw"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/journal"
)

// spot is where an event is drawn.
type spot uint8

const (
	inPipe   spot = iota // on its way to the broker
	atDoor               // of the broker
	entering             // a place in a buffer
	inLine
	falling // into a tank, from the door
	goingOut
	flying // to a worker
	inRing
	spots
)

// dot is an event that is drawn somewhere.
type dot struct {
	at       draw.Point
	producer uint8
	number   uint64
	spot     spot
	consumer uint8
}

// drawDots draws the events.
func (f *flight) drawDots() {
	for c := range f.state.Consumers {
		f.line(c, false)
	}
	for p := range f.state.Producers {
		f.blocked(p)
	}
	for c := range f.state.Consumers {
		f.toWorkers(c)
	}
	for i := range f.around {
		switch {
		case f.around[i].Kind == journal.Produced:
			f.published(i)
		case f.moves(i):
			f.moving(i)
		case i < f.counts:
			f.ending(i)
		}
	}
}

// published draws an event on its way to the broker, and at its door.
func (f *flight) published(i int) {
	r, l := &f.around[i], &f.scene.Layout
	p := int(r.Producer)
	o := f.offered(r.Event(), i+1, false)
	in, now, arrives := f.inTime(i), f.clock(i), r.Seen
	if o.any {
		arrives = min(arrives, o.first)
	}
	switch {
	case now < arrives-in:
	case now < arrives && i >= f.counts:
		f.dot(draw.Between(l.brokerIn(p), l.producerOut(p), float64(arrives-now)/float64(in)), r.Event(), draw.InkFlow, 1, inPipe, 0)
	case o.pending && now <= o.last, f.shown.Stepped && i == f.counts-1 && i == len(f.around)-1:
		f.dot(l.brokerIn(p), r.Event(), draw.InkFlow, 1, atDoor, 0)
	case !o.any && f.age(i) < play.FlightTime: // nobody wants it
		f.dot(l.brokerIn(p), r.Event(), draw.InkFlow, 1-float64(f.age(i))/float64(play.FlightTime), atDoor, 0)
	}
}

// moving draws the event of a record that is seen to come about.
func (f *flight) moving(i int) {
	r, l := &f.around[i], &f.scene.Layout
	p, c, t := int(r.Producer), int(r.Consumer), f.progress(i)
	e, u := r.Event(), draw.Ease(t)
	door := l.brokerIn(p)
	if r.Born < r.At {
		door = l.door(p, 0)
	}
	switch r.Kind {
	case journal.Buffered:
		f.dot(draw.Between(door, f.into(i), t), e, draw.InkFlow, 1, entering, c)
	case journal.Refilled:
		w := l.refill(c, f.into(i))
		f.dot(w.at(u), e, draw.InkRepo, 1, entering, c)
	case journal.Spilled:
		w := l.spill(p)
		f.dot(w.at(u), e, draw.InkRepo, 1, falling, c)
	case journal.Rejected:
		turn := l.turn(p)
		if t < 0.3 {
			f.dot(draw.Between(l.brokerIn(p), turn.from, draw.Ease(t/0.3)), e, draw.InkDrop, 1, falling, c)
		} else {
			f.dot(turn.at(draw.Ease((t-0.3)/0.7)), e, draw.InkDrop, 1, falling, c)
		}
	case journal.Dropped:
		f.drops(i, door)
	case journal.Returned:
		w := l.refill(c, f.placed(c, e))
		f.dot(w.at(1-u), e, draw.InkRepo, 1, goingOut, c)
	case journal.DeadLettered:
		way := l.deadLetterPath(c)
		at, _ := l.ring(c, min(r.Worker(), max(l.rings(c)-1, 0)))
		if t < 0.25 {
			f.dot(draw.Between(at, way.from, t/0.25), e, draw.InkRepo, 1, goingOut, c)
		} else {
			f.dot(way.at(draw.Ease((t-0.25)/0.75)), e, draw.InkRepo, 1, goingOut, c)
		}
	}
}

// drops draws a dropped event on its way into the tank: from the door or, if it waited, from its place.
func (f *flight) drops(i int, door draw.Point) {
	r, l := &f.around[i], &f.scene.Layout
	c, t := int(r.Consumer), f.progress(i)
	if l.Tanks[play.Dropped].W == 0 {
		return
	}
	from, way := door, l.fall(l.spout(play.Dropped))
	spot := falling
	if broker.DropReason(r.Cause) != broker.Full {
		spot, from = goingOut, f.placed(c, r.Event())
		if len(l.Lanes) == 1 {
			way = l.fall(from)
		} else {
			from = way.from // or it would fall through the other lanes
		}
	}
	const aside = 0.25 // of the time, to where it falls
	if t < aside {
		f.dot(draw.Between(from, way.from, t/aside), r.Event(), draw.InkDrop, 1, spot, c)
		return
	}
	f.dot(way.at(draw.Ease((t-aside)/(1-aside))), r.Event(), draw.InkDrop, 1, spot, c)
}

// blocked draws the events of a producer that wait for room: they stand at the
// broker's door.
func (f *flight) blocked(p int) {
	st, l := &f.state.Producers[p], &f.scene.Layout
	const most = 4
	for i := range min(st.Waiting, most) {
		n := st.FirstWaiting() + uint64(i)
		e := journal.Event{Number: n, Producer: uint8(p)}
		at := l.door(p, i)
		if f.flowing || f.crash >= 0 || f.letIn(&e) {
			continue
		}
		f.scene.add(draw.Shape{Form: draw.FormCircle, Rect: draw.Rect{X: at.X, Y: at.Y}, R: l.dot() + f.scene.px(3), Stroke: draw.InkWarn, Line: f.scene.px(1.4), Dashed: true})
		f.dot(at, e, draw.InkFlow, 1, atDoor, 0)
	}
}

// letIn says whether an event that has waited for room is seen on its way in: the last time, if there are several
// buffers that it goes to.
func (f *flight) letIn(e *journal.Event) bool {
	for i := f.counts; i < len(f.around); i++ {
		r := &f.around[i]
		if r.Kind != journal.Unblocked || r.Number != e.Number || r.Producer != e.Producer {
			continue
		}
		instant := i
		for ; instant > 0 && f.around[instant-1].At == r.At; instant-- {
		}
		o := f.offered(*e, instant, true)
		return o.any && (o.last < f.clock(i) || !o.pending)
	}
	return false
}

func (f *flight) dot(at draw.Point, e journal.Event, ink draw.Ink, alpha float64, spot spot, consumer int) {
	s := f.scene
	radius := s.Layout.dot()
	s.add(draw.Shape{Form: draw.FormCircle, Rect: draw.Rect{X: at.X, Y: at.Y}, R: radius, Fill: ink, Alpha: alpha})
	s.number(at, e.Producer, e.Number, draw.InkOnAccent, 10.5, alpha)
	s.seen(dot{at, e.Producer, e.Number, spot, uint8(consumer)}, radius)
}
