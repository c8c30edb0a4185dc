package stage

import (
	"github.com/spillway-go/spillway/app/draw"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/journal"
)

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
		s.add(draw.Shape{Form: draw.FormCircle, Rect: draw.Rect{X: at.X, Y: at.Y}, R: radius * (1 + 0.7*t), Stroke: draw.InkOK, Line: s.px(2), Alpha: 1 - t})
	case r.Kind == journal.Failed:
		s.add(draw.Shape{Form: draw.FormCircle, Rect: draw.Rect{X: at.X, Y: at.Y}, R: radius * (1 + 0.7*t), Stroke: draw.InkDrop, Line: s.px(3), Alpha: 1 - t})
		s.add(draw.Shape{
			Form: draw.FormText, Rect: draw.Rect{X: at.X - radius*1.6, Y: at.Y - radius*(0.4+0.6*t)}, Text: "✕", Fill: draw.InkDrop,
			Face: draw.FaceStrong, Size: s.px(13), Align: draw.AlignCenter, Alpha: 1 - t,
		})
	default:
		if deadLetterPath := l.deadLetterPath(c); l.Tanks[play.DeadLetters].W == 0 {
		} else if t < 0.25 {
			f.dot(draw.Between(at, deadLetterPath.from, t/0.25), r.Event(), draw.InkRepo, 1)
		} else {
			f.dot(deadLetterPath.at(draw.Ease((t-0.25)/0.75)), r.Event(), draw.InkRepo, 1)
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

// falling draws a dropped event on its way into the tank.
func (f *flight) falling(i int) {
	r, l := &f.recent[i], &f.scene.Layout
	p, c := int(r.Producer), int(r.Consumer)
	if l.Tanks[play.Dropped].W == 0 {
		return
	}
	in := f.inTime(p)
	from, door := l.spout(play.Dropped), l.brokerIn(p)
	t := f.flown(r.At+f.lags[i], in, in*3/2)
	why := broker.DropReason(r.Cause)
	switch {
	case why == broker.Full && f.stood(r):
		door = l.door(p, 0)
	case play.Arrives(*r):
		t-- // what pushes it out has to come in first
	}
	if why != broker.Full {
		place := l.Lanes[c].place(0)
		if why == broker.Replaced {
			place = f.replaced(i)
		}
		if t < 0 && !f.early(f.now, r.Event()) && len(l.Lanes[c].Slots) > 0 {
			f.dot(place, r.Event(), draw.InkFlow, 1) // it stands there until it is pushed out
		}
		if len(l.Lanes) == 1 {
			from = place // with more than one it would fall through the others
		}
	}
	if t < 0 || t >= 1.3 {
		return
	}
	if why == broker.Full && t < 0.25 { // from the door to the spout
		f.dot(draw.Between(door, from, t/0.25), r.Event(), draw.InkDrop, 1)
		return
	}
	way := l.fall(from)
	f.dot(way.at(draw.Ease((t-0.25)/0.75)), r.Event(), draw.InkDrop, min(1, (1.3-t)/0.3))
}

// replaced is the place of an event that another of its topic has taken.
func (f *flight) replaced(i int) draw.Point {
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
	if l.Tanks[play.Rejected].W == 0 {
		return
	}
	p := int(r.Producer)
	in := f.inTime(p)
	t := f.flown(r.At+f.lags[i], in, in*3/2) - 1
	if t < 0 || t >= 1.3 {
		return
	}
	if turn := l.turn(p); t < 0.3 {
		f.dot(draw.Between(l.brokerIn(p), turn.from, draw.Ease(t/0.3)), r.Event(), draw.InkDrop, 1)
	} else {
		f.dot(turn.at(draw.Ease((t-0.3)/0.7)), r.Event(), draw.InkDrop, min(1, (1.3-t)/0.3))
	}
}
