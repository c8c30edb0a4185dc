//go:build js

package app

import (
	"time"

	"github.com/spillway-go/spillway/app/canvas"
	"github.com/spillway-go/spillway/app/play"
)

// screenPainter draws a screen into the elements that go-app has put into the page.
type screenPainter struct {
	canvas  *canvas.Canvas
	pointer *stagePointer
	charts  *chartLoop
	elapsed time.Duration // since the frame before
}

// start adds what the screen does in a frame to a schedule; the function it returns
// lets go of all that it holds of the page.
func (s *screen) start(frames *schedule, send func(play.Msg)) (stop func()) {
	p := &s.painter
	p.pointer = &stagePointer{screen: s, send: send}
	p.charts = newChartLoop(s.ids, s.moment)
	frames.add(investigating, func(more func() bool) {
		s.closeup.Look(s.moment(), p.elapsed)
		s.closeup.Search(more)
	})
	frames.add(charting, p.charts.frame)
	return func() {
		p.pointer.release()
		p.charts.release()
	}
}

// find looks for the elements of the stage; false while they are not there.
func (s *screen) find() bool {
	p := &s.painter
	if p.canvas != nil && p.canvas.Element.Get("isConnected").Bool() {
		return true
	}
	canvas, ok := canvas.New(s.ids.Of(stageName))
	if ok {
		p.canvas, s.dirty = canvas, true
		p.pointer.release()
		p.pointer.listen(canvas.Element)
	}
	return ok
}

// paint draws the stage, if anything in it has moved or changed; wall is the time on
// the screen.
func (s *screen) paint(elapsed, wall time.Duration, moving bool) {
	p, m := &s.painter, s.moment()
	p.elapsed = elapsed
	if p.canvas.Fit() || moving || s.dirty {
		s.dirty = false
		s.scene.Draw(m, p.canvas.Width, p.canvas.Height, wall)
		p.canvas.PaintScene(s.scene.Shapes, s.scene.Fixed)
	}
	p.pointer.placeCard(m, elapsed)
}

// readTheme is for when the style sheet has other colours now.
func (s *screen) readTheme() {
	s.dirty = true
	if s.painter.canvas != nil {
		s.painter.canvas.ReadTheme()
	}
}
