//go:build js

package screen

import (
	"strconv"
	"syscall/js"
)

// setSteps gives the slider as many places as the chart has.
func (v *chartView) setSteps() {
	if steps := v.plot.Steps(); steps != v.steps {
		v.steps = steps
		v.slider.Set("max", strconv.Itoa(steps))
	}
}

// fraction is where the slider's value is.
func (v *chartView) fraction() float64 {
	return v.plot.Place(v.slider.Get("valueAsNumber").Int())
}

// setFraction is for the arrow keys to go on from where the pointer was.
func (v *chartView) setFraction(at float64) {
	v.slider.Set("value", strconv.Itoa(v.plot.Step(at)))
}

// say lets the slider tell what it reads.
func (v *chartView) say() {
	at := v.at
	if at < 0 {
		at = v.fraction()
	}
	v.slider.Call("setAttribute", "aria-valuetext", v.plot.Read(at).Words())
}

// on is for the events of the slider.
func (v *chartView) on(e js.Value) {
	if v.plot == nil {
		return // nothing is drawn yet
	}
	v.moved = true
	switch e.Get("type").String() {
	case "focus":
		if v.at < 0 && !v.down {
			if at, ok := v.plot.Playhead(); ok {
				v.setFraction(at)
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
