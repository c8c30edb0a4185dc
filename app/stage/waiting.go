package stage

import (
	"slices"

	"github.com/spillway-go/spillway/app/draw"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/broker/lab/journal"
)

// line draws the events that wait for a consumer: those that stand, and those that
// move up after one has left.
func (f *flight) line(c int, standing bool) {
	l, up := &f.scene.Layout.Lanes[c], f.movedUp(c)
	if len(l.Slots) == 0 || (up == 0) != standing {
		return // the gauge tells how many
	}
	f.waiting = f.journal.Waiting(f.waiting[:0], f.lines, c, len(l.Slots))
	up = min(up, float64(len(l.Slots)-len(f.waiting))) // nobody stands outside
	for i, e := range f.waiting {
		switch {
		case f.flowing:
			at := l.place(i)
			f.scene.add(draw.Shape{Form: draw.FormCircle, Rect: draw.Rect{X: at.X, Y: at.Y}, R: f.scene.Layout.dot(), Fill: draw.InkFlow})
		case !f.leaves(e, c, false):
			f.dot(l.between(float64(i)+up), e, draw.InkFlow, 1, inLine, c)
		}
	}
}

// between is where an event stands in line, or between two places.
func (l *Lane) between(place float64) draw.Point {
	i := int(place)
	return draw.Between(l.place(i), l.place(i+1), place-float64(i))
}

// movedUp is how many places the events in a line still have to move up, after others have left.
func (f *flight) movedUp(c int) float64 {
	places := 0.0
	for _, d := range f.lanes[c].left {
		if d.age < d.room {
			places += 1 - draw.Ease(float64(d.age)/float64(d.room))
		}
	}
	return places
}

// placed is where an event stands in line, or the way out of the line.
func (f *flight) placed(c int, e journal.Event) draw.Point {
	l := &f.scene.Layout.Lanes[c]
	f.waiting = f.journal.Waiting(f.waiting[:0], f.state, c, max(len(l.Slots), 1))
	return l.place(max(slices.Index(f.waiting, e), 0))
}

// into is the place that an event comes into: the last in line, or that of the event whose place it takes.
func (f *flight) into(i int) draw.Point {
	r := &f.around[i]
	c := int(r.Consumer)
	l := &f.scene.Layout.Lanes[c]
	if len(l.Slots) == 0 {
		return draw.Point{X: l.X + f.scene.Layout.dot(), Y: l.Middle().Y}
	}
	if i > f.counts {
		if o := &f.around[i-1]; replaced(o.Record) && o.Consumer == r.Consumer {
			return f.placed(c, o.Event())
		}
	}
	return l.place(max(int(r.Depth)-1, 0))
}

// flies says whether an event that a consumer has at work is still on its way there.
func (f *flight) flies(c int, w *journal.Work) bool {
	return !f.still && f.flown(f.delivered(c, w), c, w) < 1
}

// toWorkers draws the events on their way to a consumer's workers.
func (f *flight) toWorkers(c int) {
	if f.still {
		return
	}
	l, st := &f.scene.Layout, &f.state.Consumers[c]
	for k := range st.Working {
		w := &st.Working[k]
		i := f.delivered(c, w)
		t := f.flown(i, c, w)
		if t >= 1 || f.leaves(w.Event, c, true) {
			continue
		}
		lane := &l.Lanes[c]
		to, _ := l.ring(c, min(int(w.Slot), max(l.rings(c)-1, 0)))
		in := l.consumerIn(c)
		var way way
		if f.fromLine(i) {
			way = through(lane.place(0), l.laneOut(c), in, to)
		} else { // it is handed on as it comes in
			from := l.brokerIn(int(w.Producer))
			if f.around[i].Born < f.around[i].At {
				from = l.door(int(w.Producer), 0)
			}
			way = through(from, draw.Point{X: lane.X, Y: lane.Middle().Y}, l.laneOut(c), in, to)
		}
		f.dot(way.at(draw.Ease(t)), w.Event, draw.InkFlow, 1, flying, c)
	}
}

// flyingTo is how many events are on their way to a consumer's workers.
func (f *flight) flyingTo(c int) (n int) {
	for k := range f.state.Consumers[c].Working {
		if f.flies(c, &f.state.Consumers[c].Working[k]) {
			n++
		}
	}
	return n
}

// lost draws a crash: what is in memory falls.
func (f *flight) lost() {
	if f.crash < 0 || f.scene.Layout.Tanks[play.Dropped].W == 0 {
		return
	}
	l, t := &f.scene.Layout, draw.Ease(f.progress(f.crash))
	fall := func(from draw.Point, e journal.Event, c int) {
		way := l.fall(from)
		f.dot(way.at(t), e, draw.InkDrop, 1, goingOut, c)
	}
	for c := range f.state.Consumers {
		lane, st := &l.Lanes[c], &f.state.Consumers[c]
		f.waiting = f.journal.Waiting(f.waiting[:0], f.state, c, max(len(lane.Slots), 1))
		for i, e := range f.waiting {
			fall(lane.place(i), e, c)
		}
		for i := range st.Working {
			at, _ := l.ring(c, min(int(st.Working[i].Slot), max(l.rings(c)-1, 0)))
			fall(at, st.Working[i].Event, c)
		}
	}
	for p := range f.state.Producers {
		st := &f.state.Producers[p]
		for i := range min(st.Waiting, 4) {
			fall(l.door(p, i), journal.Event{Number: st.FirstWaiting() + uint64(i), Producer: uint8(p)}, 0)
		}
	}
}
