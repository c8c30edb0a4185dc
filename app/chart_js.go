//go:build js

package app

import (
	"strconv"
	"syscall/js"
	"time"
)

// chartLoop draws the charts into the svg elements that go-app has put into the
// page, and listens to the sliders that read them. It sets attributes directly,
// and only those that have changed.
type chartLoop struct {
	plotter plotter
	views   []*chartView
	listen  js.Func
}

// chartEvents are those of a chart's slider.
var chartEvents = []string{"pointermove", "pointerdown", "pointerup", "pointerleave", "pointercancel", "focus", "blur", "input"}

// chartView is one chart on the screen.
type chartView struct {
	chart     Chart
	svg       js.Value
	slider    js.Value
	base      layer
	over      layer
	plot      plot
	figure    *figure
	drawn     chartMoment
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
	bins  int // which the steps of the slider are, if not 0
}

// chartMoment is what decides whether two drawings of a chart differ.
type chartMoment struct {
	moment
	reached       time.Duration
	next          uint64
	interventions int
	selection     Selection
	width, height float64
}

func newChartLoop(m func() *Model) *chartLoop {
	c := &chartLoop{}
	for _, k := range chartKinds {
		c.views = append(c.views, &chartView{chart: k, at: -1})
	}
	c.listen = js.FuncOf(func(this js.Value, args []js.Value) any {
		for _, v := range c.views {
			if v.slider.Truthy() && v.slider.Equal(this) {
				v.on(m(), args[0])
			}
		}
		return nil
	})
	return c
}

func (c *chartLoop) release() {
	for _, v := range c.views {
		v.listen(c.listen, "removeEventListener")
	}
	c.listen.Release()
}

func (v *chartView) listen(to js.Func, how string) {
	if !v.slider.Truthy() {
		return
	}
	for _, name := range chartEvents {
		v.slider.Call(how, name, to)
	}
}

// find looks for the elements, which go-app may have replaced.
func (v *chartView) find(listen js.Func) bool {
	if v.svg.Truthy() && v.svg.Get("isConnected").Bool() {
		return true
	}
	document := js.Global().Get("document")
	v.svg = document.Call("getElementById", v.chart.svgID())
	v.slider = document.Call("getElementById", v.chart.cursorID())
	if !v.svg.Truthy() || !v.slider.Truthy() {
		v.svg = js.Null()
		return false
	}
	v.base, v.over = newLayer(v.svg), newLayer(v.svg)
	v.drawn = chartMoment{}
	v.listen(listen, "addEventListener")
	return true
}

// tick draws what can be seen and has changed. It asks for all sizes first: one
// that is asked for after something was drawn makes the browser lay out again.
func (c *chartLoop) tick(m *Model, now time.Time) {
	height := js.Global().Get("innerHeight").Float()
	for _, v := range c.views {
		v.seen = v.find(c.listen)
		if !v.seen {
			continue
		}
		r := v.svg.Call("getBoundingClientRect")
		top := r.Get("top").Float()
		v.width, v.height = r.Get("width").Float(), r.Get("height").Float()
		v.seen = v.width >= 40 && v.height >= 40 && top < height && top+v.height > 0 // not hidden, nor scrolled away
	}
	for _, v := range c.views {
		if v.seen {
			v.tick(&c.plotter, m, now)
		}
	}
}

func (v *chartView) tick(p *plotter, m *Model, now time.Time) {
	key := chartMoment{m.moment(), m.run.reached(), m.Journal().Next(), len(m.Scenario.Interventions), m.Selection, v.width, v.height}
	key.playing = false
	if key != v.drawn {
		v.drawn = key
		v.plot = p.plotOf(m, v.chart, v.width)
		v.figure = v.plot.draw(v.width, v.height)
		v.base.put(v.figure.pieces)
		v.setSteps()
		v.overlay()
		if !m.Playing {
			v.say()
		}
	}
	v.describe(m, now)
}

// frame follows the pointer.
func (c *chartLoop) frame() {
	for _, v := range c.views {
		if v.moved && v.figure != nil {
			v.overlay()
		}
	}
}

func (v *chartView) overlay() {
	v.moved = false
	v.over.put(v.plot.overlay(v.figure, v.at).pieces)
}

// setSteps makes the arrow keys go from bar to bar.
func (v *chartView) setSteps() {
	bars, ok := v.plot.(*binPlot)
	if !ok || len(bars.bins) == v.bins {
		return
	}
	v.bins = len(bars.bins)
	v.slider.Set("max", strconv.Itoa(max(1, v.bins)-1))
}

// fraction is where the slider's value is.
func (v *chartView) fraction() float64 {
	value := v.slider.Get("valueAsNumber").Float()
	if v.chart == LatencyChart {
		return (value + 0.5) / float64(max(1, v.bins))
	}
	return value / cursorSteps
}

// setFraction is for the arrow keys to go on from where the pointer was.
func (v *chartView) setFraction(at float64) {
	steps := cursorSteps
	if v.chart == LatencyChart {
		steps = max(1, v.bins)
	}
	v.slider.Set("value", strconv.Itoa(int(at*float64(steps))))
}

// say lets the slider tell what it reads.
func (v *chartView) say() {
	if v.plot == nil {
		return
	}
	at := v.at
	if at < 0 {
		at = v.fraction()
	}
	v.slider.Call("setAttribute", "aria-valuetext", v.plot.read(at).words())
}

// describe renews the words for those who don't see the chart: when the time
// stands still, and now and then while it passes.
func (v *chartView) describe(m *Model, now time.Time) {
	if v.plot == nil || m.Playing && now.Sub(v.described) < summaryPause {
		return
	}
	if words := chartWords(m, v.chart, v.plot); words != v.words {
		v.words, v.described = words, now
		v.svg.Call("setAttribute", "aria-label", words)
	}
}

// on is for the events of the slider.
func (v *chartView) on(m *Model, e js.Value) {
	v.moved = true
	switch e.Get("type").String() {
	case "focus":
		if v.at < 0 && !v.down {
			if d := m.Duration(); v.chart != LatencyChart && d > 0 {
				v.setFraction(min(1, float64(m.At())/float64(horizon(d, m.run.reached()))))
			}
			v.at, v.byKey = v.fraction(), true
			v.say()
		}
	case "blur":
		v.at, v.byKey = -1, false
	case "input":
		if v.down {
			return // the pointer says it better
		}
		v.at, v.byKey = v.fraction(), true
		v.say()
	case "pointerdown":
		v.down = true
		v.point(e)
	case "pointermove":
		v.point(e)
	case "pointerup", "pointercancel":
		v.down = false
	case "pointerleave":
		v.down = false
		if !v.byKey && e.Get("pointerType").String() == "mouse" {
			v.at = -1
		}
	}
}

func (v *chartView) point(e js.Value) {
	width := v.slider.Get("clientWidth").Float()
	if width <= 0 {
		return
	}
	v.at, v.byKey = min(max(e.Get("offsetX").Float()/width, 0), 1), false
	v.setFraction(v.at)
	if v.down {
		v.say()
	}
}

// layer is a group of elements in an svg, one for each piece.
type layer struct {
	group js.Value
	shown []shownPiece
}

type shownPiece struct {
	chartPiece
	element js.Value
}

func newLayer(svg js.Value) layer {
	group := js.Global().Get("document").Call("createElementNS", svgSpace, "g")
	svg.Call("appendChild", group)
	return layer{group: group}
}

// put shows the pieces.
func (l *layer) put(pieces []chartPiece) {
	for i := range pieces {
		p := &pieces[i]
		if i == len(l.shown) {
			element := p.make()
			l.group.Call("appendChild", element)
			l.shown = append(l.shown, shownPiece{*p, element})
			continue
		}
		s := &l.shown[i]
		if s.chartPiece.tag() != p.tag() {
			element := p.make()
			s.element.Call("replaceWith", element)
			*s = shownPiece{*p, element}
			continue
		}
		s.change(p)
	}
	for len(l.shown) > len(pieces) {
		last := len(l.shown) - 1
		l.shown[last].element.Call("remove")
		l.shown = l.shown[:last]
	}
}

// variable is an ink as a custom property, which follows the theme.
func variable(ink Ink) string { return "var(" + inkVariables[ink] + ")" }

func (p *chartPiece) make() js.Value {
	element := js.Global().Get("document").Call("createElementNS", svgSpace, p.tag())
	for _, a := range p.attributes(variable) {
		element.Call("setAttribute", a.name, a.value)
	}
	if p.text != "" {
		element.Set("textContent", p.text)
	}
	return element
}

// change makes the element what p says, which is mostly another path.
func (s *shownPiece) change(p *chartPiece) {
	old := s.chartPiece
	s.chartPiece = *p
	if old.path != p.path {
		s.element.Call("setAttribute", "d", p.path)
	}
	if old.text != p.text {
		s.element.Set("textContent", p.text)
	}
	old.path, old.text = p.path, p.text
	if old == *p {
		return
	}
	for _, name := range []string{"stroke", "stroke-width", "stroke-linejoin", "stroke-dasharray", "opacity", "font-weight"} {
		s.element.Call("removeAttribute", name)
	}
	for _, a := range p.attributes(variable) {
		if a.name != "d" {
			s.element.Call("setAttribute", a.name, a.value)
		}
	}
}
