package stage

import (
	"github.com/spillway-go/spillway/app/draw"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/broker/lab/journal"
)

// ending draws what is seen after an attempt has ended: a ring that spreads, or a flash.
func (f *flight) ending(i int) {
	r, l, s := &f.around[i], &f.scene.Layout, f.scene
	c := int(r.Consumer)
	if r.Kind == journal.Crashed {
		f.crashed(i)
		return
	}
	if r.Kind != journal.Handled && r.Kind != journal.Failed || r.Kind == journal.Handled && l.rings(c) == 0 { // the gauge tells
		return
	}
	t := float64(f.age(i)) / float64(f.shown.OutTime(c))
	if t >= 1 {
		return
	}
	at, radius := l.ring(c, min(r.Worker(), max(l.rings(c)-1, 0)))
	ring := draw.Shape{Form: draw.FormCircle, Rect: draw.Rect{X: at.X, Y: at.Y}, R: radius * (1 + 0.7*t), Stroke: draw.InkOK, Line: s.px(2), Alpha: 1 - t}
	if r.Kind == journal.Failed {
		ring.Stroke, ring.Line = draw.InkDrop, s.px(3)
		s.add(draw.Shape{
			Form: draw.FormText, Rect: draw.Rect{X: at.X - radius*1.6, Y: at.Y - radius*(0.4+0.6*t)}, Text: "✕", Fill: draw.InkDrop,
			Face: draw.FaceStrong, Size: s.px(13), Align: draw.AlignCenter, Alpha: 1 - t,
		})
	}
	s.add(ring)
}

// crashed draws what is seen after a crash: the broker flashes, and says so.
func (f *flight) crashed(i int) {
	s, l := f.scene, &f.scene.Layout
	t := float64(f.age(i)) / float64(2*play.FlightTime)
	if t >= 1 {
		return
	}
	s.add(draw.Shape{Form: draw.FormRect, Rect: l.Broker, R: s.px(12), Fill: draw.InkDrop, Alpha: 0.35 * (1 - t)})
	s.add(draw.Shape{Form: draw.FormRect, Rect: l.Broker, R: s.px(12), Stroke: draw.InkDrop, Line: s.px(3), Alpha: 1 - t})
	label := draw.Rect{X: l.Broker.Middle().X - s.px(62), Y: l.Broker.Y - s.px(12), W: s.px(124), H: s.px(24)}
	s.add(draw.Shape{Form: draw.FormRect, Rect: label, R: s.px(12), Fill: draw.InkDrop})
	s.add(draw.Shape{
		Form: draw.FormText, Rect: draw.Rect{X: label.Middle().X, Y: label.Y + s.px(16.5), W: label.W - s.px(10)}, Text: "crashed, restarts",
		Fill: draw.InkOnAccent, Face: draw.FaceStrong, Size: s.px(12), Align: draw.AlignCenter,
	})
}
