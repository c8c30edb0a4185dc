//go:build js

package app

import (
	"strconv"
	"syscall/js"
	"time"

	"github.com/spillway-go/spillway/app/canvas"
	"github.com/spillway-go/spillway/app/dom"
	"github.com/spillway-go/spillway/app/draw"
	"github.com/spillway-go/spillway/app/format"
	"github.com/spillway-go/spillway/app/play"
)

// timeLine shows where the playhead is on the slider that seeks it, and paints
// the marks above. It sets the elements directly: sixty times a second is too
// often for go-app.
type timeLine struct {
	canvas *canvas.Canvas
	input  js.Value
	shapes []draw.Shape
	shown  string // the value of the slider
	said   string // the moment, for a screen reader
}

func newTimeLine() (*timeLine, bool) {
	marks, painted := dom.Element(marksName)
	input, read := dom.Element(timeName)
	if !painted || !read {
		return nil, false
	}
	return &timeLine{canvas: canvas.New(marks), input: input}, true
}

func (t *timeLine) draw(m *play.Moment, bookmarks []time.Duration) {
	fraction := 0.0
	if d := m.Duration(); d > 0 {
		fraction = float64(m.At) / float64(d)
	}
	// The input may hold where the user has dragged it to, and the run never comes.
	if value := strconv.Itoa(int(fraction * timeSteps)); value != t.shown || value != t.input.Get("value").String() {
		t.shown = value
		t.input.Set("value", value)
		t.input.Get("style").Call("setProperty", "--played", strconv.FormatFloat(fraction, 'f', 5, 64))
	}
	// A step of the slider may be a long time of the run, or stand for another time in another run.
	if clock := format.Clock(m.At); clock != t.said {
		t.said = clock
		t.input.Call("setAttribute", "aria-valuetext", clock)
	}
	t.shapes = markShapes(t.shapes[:0], m.Marks(), bookmarks, t.canvas.Width)
	t.canvas.Paint(t.shapes)
}
