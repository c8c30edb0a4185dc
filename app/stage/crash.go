package stage

import (
	"github.com/spillway-go/spillway/app/draw"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/broker/lab/journal"
)

// crash is what was in memory when the process crashed last, as far as a scene
// shows it. It is kept while that record is recent.
type crash struct {
	journal *journal.Journal
	before  journal.State // of the record
	events  []fallen
}

// fallen is an event that was in memory, and where it was.
type fallen struct {
	journal.Event
	consumer int
	place    int // in the line, or the worker's slot
	working  bool
}

// find reads what was in memory before the record at a position.
func (c *crash) find(j *journal.Journal, position uint64) {
	if c.journal == j && c.before.Position == position && c.before.Consumers != nil {
		return
	}
	if c.journal != j {
		c.before = journal.State{}
	}
	c.journal = j
	j.Seek(&c.before, position)
	c.events = c.events[:0]
	var line []journal.Event
	for i := range c.before.Consumers {
		line = j.Waiting(line[:0], &c.before, i, maxSlots)
		for place, e := range line {
			c.events = append(c.events, fallen{e, i, place, false})
		}
		for _, w := range c.before.Consumers[i].Working {
			c.events = append(c.events, fallen{w.Event, i, int(w.Slot), true})
		}
	}
}

// crashed draws the moment of a crash: what was in memory falls.
func (f *flight) crashed() {
	s, l := f.scene, &f.scene.Layout
	if f.flowing || f.shown.ReducedMotion {
		return
	}
	for i := range f.recent {
		r := &f.recent[i]
		if r.Kind != journal.Crashed {
			continue
		}
		const lasts = 3 // flights
		t := f.flown(r.At, play.FlightTime, play.FlightTime) / lasts
		if t < 0 || t >= 1 {
			return
		}
		f.crash.find(f.journal, f.state.Position-uint64(i)-1)
		s.add(draw.Shape{Form: draw.FormRect, Rect: l.Broker, R: s.px(12), Fill: draw.InkDrop, Alpha: 0.35 * (1 - t)})
		s.add(draw.Shape{Form: draw.FormRect, Rect: l.Broker, R: s.px(12), Stroke: draw.InkDrop, Line: s.px(3), Alpha: 1 - t})
		label := draw.Rect{X: l.Broker.Middle().X - s.px(62), Y: l.Broker.Y - s.px(12), W: s.px(124), H: s.px(24)}
		s.add(draw.Shape{Form: draw.FormRect, Rect: label, R: s.px(12), Fill: draw.InkDrop})
		s.add(draw.Shape{
			Form: draw.FormText, Rect: draw.Rect{X: label.Middle().X, Y: label.Y + s.px(16.5), W: label.W - s.px(10)}, Text: "crashed, restarts",
			Fill: draw.InkOnAccent, Face: draw.FaceStrong, Size: s.px(12), Align: draw.AlignCenter,
		})
		if l.Tanks[play.Dropped].W == 0 {
			return
		}
		for _, e := range f.crash.events {
			from := l.Lanes[e.consumer].place(e.place)
			if e.working {
				from, _ = l.ring(e.consumer, min(e.place, max(l.rings(e.consumer)-1, 0)))
			}
			w := l.fall(from)
			if u := 1.6 * t; u < 1 {
				f.dot(w.at(draw.Ease(u)), e.Event, draw.InkDrop, 1-0.5*u)
			}
		}
		return
	}
}
