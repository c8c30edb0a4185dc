package stage

import (
	"github.com/spillway-go/spillway/app/draw"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// pipes draws the ways of the events, which flow where they are too fast to see:
// the wider, the more.
func (f *flight) pipes() {
	s, l := f.scene, &f.scene.Layout
	most := 0.0
	for p := range l.Producers {
		most = max(most, f.productions[p])
	}
	for c := range l.Consumers {
		most = max(most, f.rates[c].Delivered)
	}
	for p := range l.Producers {
		ink := draw.InkFlow
		switch st := &f.state.Producers[p]; {
		case st.Waiting > 0:
			ink = draw.InkWarn
		case !s.cast.heard[p] || s.cast.producerAway(p, f.now, st.Published) != "":
			ink = draw.InkLineStrong
		}
		f.flow(l.brokerIn(p), l.producerOut(p), ink, f.arriving[p], f.productions[p], most)
	}
	for c := range l.Consumers {
		ink := draw.InkFlow
		if !s.cast.served[c] || s.cast.consumerAway(c, f.now) != "" {
			ink = draw.InkLineStrong
		}
		f.flow(l.laneOut(c), l.consumerIn(c), ink, f.departing[c], f.rates[c].Delivered, most)
		if f.state.Consumers[c].Paused && s.cast.consumerAway(c, f.now) == "" {
			f.gate(l.laneOut(c))
		}
	}
	f.falls(most)
}

// gate is what holds a consumer's events back.
func (f *flight) gate(at draw.Point) {
	s := f.scene
	h := s.px(24)
	if s.Layout.Detail >= Line {
		h = s.px(18)
	}
	for _, x := range []float64{6, 12} {
		s.add(draw.Shape{Form: draw.FormRect, Rect: draw.Rect{X: at.X + s.px(x), Y: at.Y - h/2, W: s.px(3.5), H: h}, R: s.px(1.5), Fill: draw.InkWarn})
	}
}

// falls draws the ways to the tanks that anything has gone to.
func (f *flight) falls(most float64) {
	s, l, st := f.scene, &f.scene.Layout, f.state
	width := s.px(14)
	tankCurve := func(c curve, ink draw.Ink, rate float64) {
		s.add(draw.Shape{
			Form: draw.FormCurve, Rect: draw.Rect{X: c.from.X, Y: c.from.Y, W: c.to.X - c.from.X, H: c.to.Y - c.from.Y},
			R: width, Stroke: ink, Alpha: 0.14, Phase: f.phase(rate), T: f.share(rate, most),
		})
	}
	if l.Tanks[play.Dropped].W > 0 && st.Dropped+Lost(st) > 0 {
		c := l.fall(l.spout(play.Dropped))
		c.to = draw.Point{X: l.Tanks[play.Dropped].X + s.px(14), Y: l.Tanks[play.Dropped].Y + s.px(16)}
		tankCurve(c, draw.InkDrop, f.everyone.Dropped)
	}
	if l.Tanks[play.Rejected].W > 0 && st.Rejected > 0 {
		for p := range st.Producers {
			if st.Producers[p].Rejected > 0 {
				tankCurve(l.turn(p), draw.InkDrop, f.everyone.Rejected)
			}
		}
	}
	if r := l.Tanks[play.Repository]; r.W > 0 && (st.Spilled > 0 || backlog(st) > 0) {
		spout := l.spout(play.Repository)
		refilled := 0.0
		if backlog(st) > 0 {
			refilled = f.everyone.Spilled
		}
		down, up := spout.X-l.lift(), spout.X+l.lift()
		f.pipe(draw.Point{X: down, Y: spout.Y}, draw.Point{X: down, Y: r.Y}, draw.InkRepo, f.everyone.Spilled, most)
		f.pipe(draw.Point{X: up, Y: r.Y}, draw.Point{X: up, Y: spout.Y}, draw.InkRepo, refilled, most)
	}
	if l.Tanks[play.DeadLetters].W > 0 && st.DeadLettered > 0 {
		for c := range st.Consumers {
			if st.Consumers[c].DeadLettered == 0 {
				continue
			}
			tankCurve(l.deadLetterPath(c), draw.InkRepo, f.rates[c].DeadLettered)
		}
	}
}

// flow draws a pipe between the broker and something else. Where the events in it are too fast for numbers and can be
// told apart, they are points, so that one sees whether they come evenly or by chance.
func (f *flight) flow(at, away draw.Point, ink draw.Ink, events []float64, rate, most float64) {
	if f.apart {
		rate = 0
	}
	from, to := at, away
	if from.X > to.X {
		from, to = to, from
	}
	f.pipe(from, to, ink, rate, most)
	if !f.apart {
		return
	}
	for _, t := range events {
		p := draw.Between(at, away, t)
		f.scene.add(draw.Shape{Form: draw.FormCircle, Rect: draw.Rect{X: p.X, Y: p.Y}, R: f.scene.px(3.5), Fill: draw.InkFlow})
	}
}

func (f *flight) pipe(from, to draw.Point, ink draw.Ink, rate, most float64) {
	width := 16.0
	switch {
	case ink == draw.InkRepo:
		width = 8
	case f.scene.Layout.Detail >= Line:
		width = 12
	}
	f.scene.add(draw.Shape{
		Form: draw.FormPipe, Rect: draw.Rect{X: from.X, Y: from.Y, W: to.X - from.X, H: to.Y - from.Y}, R: f.scene.px(width), Fill: ink,
		Phase: f.phase(rate), T: f.share(rate, most),
	})
}

// share is how wide what flows is of a pipe, for what flows most: the width tells
// the rate.
func (f *flight) share(rate, most float64) float64 {
	if rate <= 0 || most <= 0 {
		return 0
	}
	return 0.12 + 0.5*min(rate/most, 1)
}

// phase moves the dashes of what flows.
func (f *flight) phase(rate float64) float64 {
	if rate <= 0 {
		return 0
	}
	return 1 + f.wall.Seconds()*f.scene.px(90)
}

// links shows who is offered whose events, inside the broker, of the one that is
// looked at.
func (f *flight) links() {
	s, l := f.scene, &f.scene.Layout
	if len(l.Producers) == 1 && len(l.Lanes) == 1 {
		return
	}
	for p := range l.Producers {
		for c := range l.Lanes {
			looked := s.is(play.Selection{Role: scenario.OfProducer, Actor: p}) || s.is(play.Selection{Role: scenario.OfConsumer, Actor: c})
			if looked && s.cast.matches[p][c] {
				from, to := l.brokerIn(p), draw.Point{X: l.Lanes[c].X, Y: l.Lanes[c].Middle().Y}
				s.add(draw.Shape{Form: draw.FormPipe, Rect: draw.Rect{X: from.X, Y: from.Y, W: to.X - from.X, H: to.Y - from.Y}, R: s.px(3), Fill: draw.InkFlow})
			}
		}
	}
}
