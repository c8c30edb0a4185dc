package app

import (
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/journal"
	"github.com/spillway-go/spillway/broker/scenario"
)

const (
	// flightTime is how long an event is seen to move from one thing to the next,
	// at the most; where things happen faster it is a fraction of their period.
	flightTime     = 450 * time.Millisecond
	flightFraction = 0.42

	// tooFast is a flight, on the screen, that the eye can't follow any more.
	tooFast = 60 * time.Millisecond

	// scan is how many records back the moving events are looked for.
	scan = 512
	// legs is how many flights after its record an event may still be seen moving.
	legs = 3
	// crowd is how many mean gaps between events count as a period.
	crowd = 4
)

// headStart is how much of a glide is over when a step shows a record, if the
// record before it was of the same moment: an event that was just published has
// flown to the broker before the broker can drop it.
func headStart(r journal.Record) time.Duration {
	switch {
	case r.Kind == journal.Buffered,
		r.Kind == journal.Dropped && arrives(r),
		r.Kind == journal.Delivered && r.Born == r.At:
		return flightTime
	default:
		return 0
	}
}

// arrives says whether a drop happens because an event comes in, which then has
// to be seen coming first.
func arrives(r journal.Record) bool {
	why := broker.DropReason(r.Cause)
	return why == broker.Full || why == broker.Displaced
}

// flight draws what moves in a scene.
type flight struct {
	scene   *Scene
	model   *Model
	journal *journal.Journal
	state   *journal.State
	now     time.Duration
	glided  float64       // flights since the last step
	wall    time.Duration // on the screen
	gap     time.Duration // the mean time between two events of any producer
	flowing bool          // too fast for single events
	recent  []journal.Record
	waiting []journal.Event
}

func newFlight(s *Scene, m *Model, wall time.Duration) *flight {
	f := &s.flight
	*f = flight{
		scene: s, model: m, journal: m.Journal(), state: m.View(), now: m.At(), wall: wall,
		recent: f.recent[:0], waiting: f.waiting[:0],
	}
	if m.stepped {
		f.glided = float64(m.glide) / float64(flightTime)
	}
	rate := 0.0
	for _, p := range s.settings.Producers {
		rate += 1 / float64(p.Interval)
	}
	f.gap = time.Duration(1 / rate)
	f.flowing = f.tooFast()
	f.look()
	return f
}

// inTime is how long an event of a producer flies to the broker: where many
// producers share the buffers, not so long that these seem empty.
func (f *flight) inTime(p int) time.Duration {
	return f.lasting(min(time.Duration(f.scene.settings.Producers[p].Interval), crowd*f.gap))
}

func (f *flight) outTime(c int) time.Duration {
	return f.lasting(time.Duration(f.scene.settings.Consumers[c].Service))
}

// lasting is how long a flight takes where something happens every period. On a
// still stage events jump.
func (f *flight) lasting(period time.Duration) time.Duration {
	if f.model.Still {
		return 1
	}
	return max(min(flightTime, time.Duration(flightFraction*float64(period))), 1)
}

// tooFast says whether the speed leaves nothing to see of the slowest flight.
func (f *flight) tooFast() bool {
	if f.model.Still || !f.model.Playing && !f.model.CatchingUp() {
		return false
	}
	slowest := time.Duration(0)
	for p := range f.scene.settings.Producers {
		slowest = max(slowest, f.inTime(p))
	}
	return float64(slowest) < float64(tooFast)*max(f.model.Actual, 0.1)
}

// look collects the newest records that may still be seen moving, newest first.
func (f *flight) look() {
	longest := time.Duration(0)
	for p := range f.scene.settings.Producers {
		longest = max(longest, f.inTime(p))
	}
	for c := range f.scene.settings.Consumers {
		longest = max(longest, f.outTime(c))
	}
	for p := f.state.Position; p > f.journal.First() && len(f.recent) < scan; p-- {
		r := f.journal.At(p - 1)
		if !f.flowing && r.At < f.now-legs*longest {
			break
		}
		f.recent = append(f.recent, r)
	}
}

// flown is how many flights lie between a moment and now: the first takes so
// long, the ones after it as long as the next.
func (f *flight) flown(since, first, next time.Duration) float64 {
	d := f.now - since
	if d < first {
		return float64(d)/float64(first) + f.glided
	}
	return 1 + float64(d-first)/float64(next) + f.glided
}

// pipes draws the ways of the events, which flow where they are too fast to see.
func (f *flight) pipes() {
	s, l := f.scene, &f.scene.Layout
	var in, out [scenario.MaxProducers]bool
	falls := false
	if f.flowing {
		for _, r := range f.recent {
			switch r.Kind {
			case journal.Produced:
				in[r.Producer] = true
			case journal.Delivered:
				out[r.Consumer] = true
			case journal.Dropped:
				falls = true
			}
		}
	}
	for p := range l.Producers {
		f.pipe(l.producerOut(p), l.brokerIn(p), in[p])
	}
	for c := range l.Consumers {
		f.pipe(l.laneOut(c), l.consumerIn(c), out[c])
	}
	if f.state.Dropped > 0 {
		from := l.spout()
		to := Point{l.Tray.X + s.px(14), l.Tray.Y + s.px(16)}
		s.add(Shape{Form: FormCurve, Rect: Rect{from.X, from.Y, to.X - from.X, to.Y - from.Y}, R: s.px(14), Stroke: InkDrop, Alpha: 0.14, Phase: f.phase(falls)})
	}
}

func (f *flight) pipe(from, to Point, flows bool) {
	f.scene.add(Shape{Form: FormPipe, Rect: Rect{from.X, from.Y, to.X - from.X, to.Y - from.Y}, R: f.scene.px(16), Fill: InkFlow, Phase: f.phase(flows)})
}

// phase moves the dashes of what flows.
func (f *flight) phase(flows bool) float64 {
	if !flows {
		return 0
	}
	return 1 + f.wall.Seconds()*f.scene.px(90)
}

// progress is how much of the event at work a consumer has done.
func (f *flight) progress(c int) float64 {
	st := &f.state.Consumers[c]
	if f.flowing {
		return min(st.Utilisation(f.now), 1)
	}
	service := f.model.serviceAt(c, st.Since)
	return min(max(float64(f.now-st.Since)/float64(service), 0.01), 1)
}

// arrived says whether the event a consumer has at work is seen there by now.
func (f *flight) arrived(c int) bool {
	st := &f.state.Consumers[c]
	if f.flowing || !st.Busy {
		return false
	}
	if e := st.Handling; e.Born == st.Since {
		return f.flown(e.Born, f.inTime(int(e.Producer)), f.outTime(c)) >= 2
	}
	return f.flown(st.Since, f.outTime(c), f.outTime(c)) >= 1
}

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
		case r.Kind == journal.Delivered && r.Born != r.At:
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
		if r.Born == r.At { // handed on as it came in
			from = l.brokerIn(p)
			t = f.flown(r.At, f.inTime(p), f.outTime(c)) - 1
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
		if t < 0 {
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
