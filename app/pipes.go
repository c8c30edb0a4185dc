package app

import (
	"github.com/spillway-go/spillway/broker/journal"
	"github.com/spillway-go/spillway/broker/scenario"
)

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
