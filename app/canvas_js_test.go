package app

import (
	"testing"
	"time"

	"github.com/spillway-go/spillway/app/canvas"
	"github.com/spillway-go/spillway/app/domtest"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/app/playtest"
	"github.com/spillway-go/spillway/app/stage"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

func easel(t *testing.T, id string) *canvas.Canvas {
	c := canvas.New(domtest.Put(t, "canvas", id, map[string]string{"style": "width: 800px; height: 500px"}))
	if !c.Fit() {
		t.Fatal("it has no size")
	}
	return c
}

func picture(c *canvas.Canvas) string { return c.Element.Call("toDataURL").String() }

// A canvas remembers what its context is set to; a wrong memory would show in
// what is painted next.
func TestAUsedCanvasPaintsTheSamePictureAsAFreshOne(t *testing.T) {
	domtest.Dress(t)
	used, blank := easel(t, "used"), picture(easel(t, "blank"))
	m := playtest.Paused(scenario.Classic(), 0)
	var s stage.Scene
	for _, at := range []time.Duration{0, 7200, 7700, 8100, 10_000, 3300} {
		play.Update(m, play.Seek{At: at * time.Millisecond})
		s.Draw(m.Moment(), used.Width, used.Height, 0)
		used.PaintScene(s.Shapes, s.Fixed)
		fresh := easel(t, "fresh"+at.String())
		fresh.PaintScene(s.Shapes, s.Fixed)
		if picture(fresh) == blank {
			t.Fatalf("at %v nothing is painted", m.At())
		}
		if picture(used) != picture(fresh) {
			t.Errorf("at %v a used canvas paints another picture", m.At())
		}
	}
	if used.Fit() {
		t.Error("a canvas that fits is fitted again")
	}
	m = playtest.Paused(labtest.Fast(), time.Second) // too many events to be told apart
	play.Update(m, play.Toggle{})
	play.Update(m, play.SetSpeed{Speed: 100})
	play.Update(m, play.Frame{Elapsed: 16 * time.Millisecond, More: playtest.Yes})
	before := ""
	for _, wall := range []time.Duration{time.Second, 1100 * time.Millisecond} {
		s.Draw(m.Moment(), used.Width, used.Height, wall)
		used.PaintScene(s.Shapes, s.Fixed)
		if picture(used) == before {
			t.Error("what flows stands still")
		}
		before = picture(used)
	}
}

func TestTheTimeLineShowsThePlayheadWhateverTheSliderWasDraggedTo(t *testing.T) {
	domtest.Dress(t)
	domtest.Put(t, "canvas", marksName, map[string]string{"style": "width: 400px; height: 12px"})
	input := domtest.Put(t, "input", timeName, map[string]string{"type": "range", "min": "0", "max": "10000"})
	line, ok := newTimeLine()
	if !ok {
		t.Fatal("there is no time line")
	}
	m := playtest.Paused(scenario.Classic(), 3*time.Second)
	shows := func(value, text string) {
		t.Helper()
		line.draw(m.Moment(), m.Bookmarks)
		if got, said := input.Get("value").String(), input.Call("getAttribute", "aria-valuetext").String(); got != value || said != text {
			t.Errorf("it is at %s and says %q, want %s and %q", got, said, value, text)
		}
	}
	shows("3000", "00:03.0")
	play.Update(m, playtest.Interrupt())
	input.Set("value", "8000")
	play.Update(m, play.Seek{At: 8 * time.Second}) // the run has ended before
	shows("3000", "00:03.0")
	input.Set("value", "1000")
	play.Update(m, play.Seek{At: time.Second})
	shows("1000", "00:01.0")

	// The end of another run is the same place of the slider, and another time.
	end := func(d time.Duration) *play.Model {
		return playtest.Paused(labtest.Edited(func(s *scenario.Scenario) { s.Duration = scenario.Duration(d) }), d)
	}
	m = end(10 * time.Second)
	shows("10000", "00:10.0")
	m = end(20 * time.Second)
	shows("10000", "00:20.0")
}

func TestWithoutItsElementsThereIsNoTimeLine(t *testing.T) {
	if _, ok := newTimeLine(); ok {
		t.Error("there is one")
	}
}
