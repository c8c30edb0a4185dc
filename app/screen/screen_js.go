//go:build js

package screen

import (
	"time"

	"github.com/spillway-go/spillway/app/canvas"
	"github.com/spillway-go/spillway/app/dom"
	"github.com/spillway-go/spillway/app/play"
)

// screenPainter draws a screen into the elements that go-app has put into the page.
type screenPainter struct {
	canvas  *canvas.Canvas
	pointer *stagePointer
	charts  *chartLoop
	elapsed time.Duration // since the frame before
}

// Start adds what the screen does in a frame to a schedule; the function it returns
// lets go of all that it holds of the page.
func (s *Screen) Start(frames *Schedule, send func(play.Msg)) (stop func()) {
	p := &s.painter
	p.pointer = &stagePointer{screen: s, send: send}
	p.charts = newChartLoop(s.IDs, s.Moment)
	frames.Add(Investigating, func(more func() bool) {
		s.Closeup.Look(s.Moment(), p.elapsed)
		s.Closeup.Search(more)
	})
	frames.Add(Charting, p.charts.frame)
	return func() {
		p.pointer.release()
		p.charts.release()
	}
}

// Find looks for the elements of the stage; false while they are not there.
func (s *Screen) Find() bool {
	p := &s.painter
	if p.canvas != nil && p.canvas.Element.Get("isConnected").Bool() {
		return true
	}
	element, ok := dom.Element(s.IDs.Of(StageName))
	if ok {
		p.canvas, s.Dirty = canvas.New(element), true
		p.pointer.release()
		p.pointer.listen(element)
	}
	return ok
}

// Paint draws the stage, if anything in it has moved or changed; wall is the time on
// the screen.
func (s *Screen) Paint(elapsed, wall time.Duration, moving bool) {
	p, m := &s.painter, s.Moment()
	p.elapsed = elapsed
	if p.canvas.Fit() || moving || s.Dirty {
		s.Dirty = false
		s.scene.Draw(m, p.canvas.Width, p.canvas.Height, wall)
		p.canvas.PaintScene(s.scene.Shapes, s.scene.Fixed)
	}
	p.pointer.placeCard(m, elapsed)
}

// ReadTheme reads the colours anew, after the style sheet has changed.
func (s *Screen) ReadTheme() {
	s.Dirty = true
	if s.painter.canvas != nil {
		s.painter.canvas.ReadTheme()
	}
}
