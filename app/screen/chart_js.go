//go:build js

package screen

import (
	"syscall/js"
	"time"

	"github.com/spillway-go/spillway/app/chart"
	"github.com/spillway-go/spillway/app/dom"
	"github.com/spillway-go/spillway/app/play"
)

// chartLoop draws the charts into the svg elements that go-app has put into the
// page, and listens to the sliders that read them. It sets attributes directly,
// and only those that have changed.
type chartLoop struct {
	ids     dom.IDs
	moment  func() *play.Moment
	plotter chart.Plotter
	views   []*chartView
	began   time.Time // the last time that all of them were to be drawn
	next    int       // of views, which are drawn since then
}

// chartEvents are those of a chart's slider.
var chartEvents = []string{"pointermove", "pointerdown", "pointerup", "pointerleave", "pointercancel", "focus", "blur", "input"}

// chartView is one chart on the screen.
type chartView struct {
	kind      *chart.Kind
	svg       js.Value
	slider    js.Value
	unlisten  func() // to the slider; nil while it is not there
	base      layer
	over      layer
	plot      chart.Plot
	figure    *chart.Figure
	drawn     chartDrawing
	described time.Time
	words     string

	seen          bool // on the screen
	width, height float64

	// Where it is read, as a fraction of its width, or negative; by the keyboard
	// or by a pointer, which may be down.
	at    float64
	byKey bool
	down  bool
	moved bool
	steps int // of the slider
}

// chartDrawing is what decides whether two drawings of a chart differ.
type chartDrawing struct {
	moment        *play.Moment
	width, height float64
}

func newChartLoop(of dom.IDs, moment func() *play.Moment) *chartLoop {
	c := &chartLoop{ids: of, moment: moment}
	for _, k := range chart.Kinds {
		c.views = append(c.views, &chartView{kind: k, at: -1, steps: chart.CursorSteps})
	}
	c.next = len(c.views)
	return c
}

func (c *chartLoop) release() {
	for _, v := range c.views {
		v.release()
	}
}

// release stops listening to the slider.
func (v *chartView) release() {
	if v.unlisten != nil {
		v.unlisten()
		v.unlisten = nil
	}
}

// find looks for the elements, which go-app may have replaced.
func (v *chartView) find(of dom.IDs) bool {
	if v.svg.Truthy() && v.svg.Get("isConnected").Bool() {
		return true
	}
	v.release()
	svg, drawn := dom.Element(ChartID(of, v.kind.ID))
	slider, read := dom.Element(chartCursorID(of, v.kind.ID))
	if !drawn || !read {
		v.svg = js.Null()
		return false
	}
	v.svg, v.slider = svg, slider
	v.base, v.over = newLayer(v.svg), newLayer(v.svg)
	v.drawn, v.steps = chartDrawing{}, chart.CursorSteps
	v.unlisten = dom.Listen(dom.TheDrawing, slider, v.on, chartEvents...)
	return true
}

// frame follows the pointer and, now and then, draws what can be seen and has changed:
// chart by chart, for as long as more says so.
func (c *chartLoop) frame(more func() bool) {
	for _, v := range c.views {
		if v.moved && v.figure != nil {
			v.overlay()
		}
	}
	now := time.Now()
	if c.next == len(c.views) && now.Sub(c.began) >= TickEvery {
		c.began, c.next = now, 0
		c.measure()
	}
	m := c.moment()
	for again := true; again && c.next < len(c.views); c.next++ {
		if v := c.views[c.next]; v.seen {
			v.draw(&c.plotter, m, now)
			again = more()
		}
	}
}

// measure asks for all sizes at once: one that is asked for after something was drawn
// makes the browser lay out again.
func (c *chartLoop) measure() {
	height := js.Global().Get("innerHeight").Float()
	for _, v := range c.views {
		v.seen = v.find(c.ids)
		if !v.seen {
			continue
		}
		r := v.svg.Call("getBoundingClientRect")
		top := r.Get("top").Float()
		v.width, v.height = r.Get("width").Float(), r.Get("height").Float()
		v.seen = v.width >= 40 && v.height >= 40 && top < height && top+v.height > 0 // not hidden, nor scrolled away
	}
}

func (v *chartView) draw(p *chart.Plotter, m *play.Moment, now time.Time) {
	if drawing := (chartDrawing{m, v.width, v.height}); drawing != v.drawn {
		v.drawn = drawing
		v.plot = v.kind.Plot(p, m, v.width)
		v.figure = v.plot.Draw(v.width, v.height)
		v.base.put(v.figure.Pieces)
		v.setSteps()
		v.overlay()
		if !m.Playing {
			v.say()
		}
	}
	v.describe(m, now)
}

func (v *chartView) overlay() {
	v.moved = false
	v.over.put(v.plot.Overlay(v.figure, v.at).Pieces)
}

// describe renews the words for those who don't see the chart: when the time
// stands still, and now and then while it passes.
func (v *chartView) describe(m *play.Moment, now time.Time) {
	if v.plot == nil || m.Playing && now.Sub(v.described) < summaryPause {
		return
	}
	if words := v.kind.Words(m, v.plot); words != v.words {
		v.words, v.described = words, now
		v.svg.Call("setAttribute", "aria-label", words)
	}
}
