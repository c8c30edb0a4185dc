//go:build js

package app

import (
	"strconv"
	"syscall/js"
)

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

// on is for the events of the slider.
func (v *chartView) on(m *Moment, e js.Value) {
	v.moved = true
	switch e.Get("type").String() {
	case "focus":
		if v.at < 0 && !v.down {
			if d := m.Duration(); v.chart != LatencyChart && d > 0 {
				v.setFraction(min(1, float64(m.At)/float64(horizon(d, m.Reached))))
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
