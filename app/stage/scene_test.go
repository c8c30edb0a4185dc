package stage

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/spillway-go/spillway/app/draw"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/app/playtest"
	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

const wide, high = 1000, 600

// drawing is the scene of a model on a stage of a usual size.
func drawing(m *play.Model) *Scene {
	var s Scene
	s.Draw(m.Moment(), wide, high, 0)
	return &s
}

// event is an event as it is drawn.
type event struct {
	number string
	at     draw.Point
	ink    draw.Ink
}

// events are the dots of a scene, and ring what a consumer's ring has in it.
func events(s *Scene) (dots []event, rings []string) {
	for i, shape := range s.Shapes {
		switch {
		case shape.Form != draw.FormText || shape.Face != draw.FaceDot:
		case shape.Fill == draw.InkText:
			rings = append(rings, shape.Text)
		default:
			circle := s.Shapes[i-1]
			dots = append(dots, event{shape.Text, draw.Point{X: circle.X, Y: circle.Y}, circle.Fill})
		}
	}
	return dots, rings
}

// find is the dot of that number, if it is drawn.
func find(s *Scene, number string) (event, bool) {
	dots, _ := events(s)
	i := slices.IndexFunc(dots, func(e event) bool { return e.number == number })
	if i < 0 {
		return event{}, false
	}
	return dots[i], true
}

func TestTheRingShowsTheProgress(t *testing.T) {
	m := playtest.Paused(scenario.Classic(), 0)
	for ms, want := range map[int]float64{1500: 0.25, 2000: 0.5, 2500: 0.75, 3600: 0.3, 4000: 0.5} {
		play.Update(m, play.Seek{At: time.Duration(ms) * time.Millisecond})
		var arcs []float64
		for _, shape := range drawing(m).Shapes {
			if shape.Form == draw.FormArc {
				arcs = append(arcs, shape.T)
			}
		}
		if len(arcs) != 2 || arcs[0] != 1 || math.Abs(arcs[1]-want) > 1e-9 {
			t.Errorf("at %d ms the arcs are %v, want %v", ms, arcs, want)
		}
	}
	play.Update(m, play.Seek{At: 500 * time.Millisecond})
	for _, shape := range drawing(m).Shapes {
		if shape.Form == draw.FormArc && shape.Stroke == draw.InkOK {
			t.Error("an idle consumer has progress")
		}
	}
}

func TestAFullBufferIsAWarning(t *testing.T) {
	m := playtest.Paused(scenario.Classic(), 0)
	for at := time.Duration(0); at <= m.Duration(); at += 500 * time.Millisecond {
		play.Update(m, play.Seek{At: at})
		s, warned := drawing(m), 0
		for _, shape := range s.Shapes {
			if shape.Stroke == draw.InkWarn && shape.Rect == s.Layout.Broker || shape.Fill == draw.InkWarn && shape.Text == "buffer 3 / 3" {
				warned++
			}
		}
		if full := len(playtest.Waiting(m)) == 3; full != (warned == 2) || !full && warned != 0 {
			t.Errorf("at %v %d wait, and there are %d warnings", at, len(playtest.Waiting(m)), warned)
		}
	}
	if len(playtest.Waiting(m)) != 3 {
		t.Error("it never was full")
	}
}

func TestASceneIsAPureFunction(t *testing.T) {
	m := playtest.Paused(labtest.Many(3, 2, 3), 0)
	var used Scene
	for _, at := range []time.Duration{9 * time.Second, 0, 7200 * time.Millisecond, 3 * time.Second} {
		for _, width := range []float64{400, 1000} {
			play.Update(m, play.Seek{At: at})
			var fresh Scene
			fresh.Draw(m.Moment(), width, high, time.Second)
			used.Draw(m.Moment(), width, high, time.Minute)
			if !slices.Equal(fresh.Shapes, used.Shapes) {
				t.Errorf("at %v, %v wide, a used scene draws something else than a fresh one", at, width)
			}
		}
	}
	play.Update(m, play.Seek{At: 5 * time.Second})
	play.Update(m, playtest.SetBuffer(6))
	used.Draw(m.Moment(), wide, high, 0)
	if n := len(used.Layout.Lanes[0].Slots); n != 6 {
		t.Errorf("after a change to a buffer of 6 there are %d slots", n)
	}
}

func TestAnyScenarioCanBeDrawn(t *testing.T) {
	for _, of := range []scenario.Scenario{
		labtest.Many(1, 1, 0), labtest.Many(16, 16, 0), labtest.Many(16, 16, 3), labtest.Many(16, 16, 1_000_000), labtest.Many(1, 16, 6), labtest.Many(16, 1, 7),
		labtest.Fast(),
		labtest.Edited(func(s *scenario.Scenario) {
			s.Producers[0].Interval, s.Consumers[0].Service = scenario.Duration(scenario.MinTime), scenario.Duration(scenario.MaxTime)
			s.Broker.Buffer, s.Duration = broker.MaxBuffer, scenario.Duration(20*time.Millisecond)
		}),
		labtest.Edited(func(s *scenario.Scenario) {
			s.Producers[0].Interval, s.Duration = scenario.Duration(scenario.MaxTime), scenario.Duration(scenario.MaxDuration)
		}),
	} {
		for _, still := range []bool{false, true} {
			m := playtest.Paused(of, 0)
			m.ReducedMotion = still
			var s Scene
			look := func() {
				for _, width := range []float64{1, 360, 1000} {
					s.Draw(m.Moment(), width, width/2, time.Second)
					drawable(t, &s)
				}
			}
			look()
			for range 9 {
				play.Update(m, play.Step{By: 1})
				look()
			}
			play.Update(m, play.Toggle{})
			for _, speed := range play.Speeds() {
				play.Update(m, play.SetSpeed{Speed: speed})
				play.Update(m, play.Frame{Elapsed: 16 * time.Millisecond, More: playtest.No})
				look()
			}
			play.Update(m, play.Seek{At: m.Duration()})
			look()
		}
	}
}

func drawable(t *testing.T, s *Scene) {
	t.Helper()
	for _, shape := range s.Shapes {
		for _, v := range []float64{shape.X, shape.Y, shape.W, shape.H, shape.R, shape.T, shape.Line, shape.Alpha, shape.Size, shape.Phase} {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				t.Fatalf("%+v has a number that is none", shape)
			}
		}
		if shape.R < 0 || shape.T < 0 || shape.T > 1 || shape.Alpha < 0 || shape.Alpha > 1 || shape.Line < 0 {
			t.Fatalf("%+v is out of bounds", shape)
		}
		if shape.Form == draw.FormText && (shape.Fill == draw.NoInk || shape.Text == "" || shape.Size <= 0) {
			t.Fatalf("%+v can't be read", shape)
		}
		if shape.Form != draw.FormText && shape.Fill == draw.NoInk && shape.Stroke == draw.NoInk {
			t.Fatalf("%+v can't be seen", shape)
		}
	}
}

func TestEveryInkIsAColourOfTheStyleSheet(t *testing.T) {
	for ink := draw.NoInk + 1; ink < draw.Inks; ink++ {
		if draw.Variables[ink] == "" {
			t.Errorf("ink %d has no variable", ink)
		}
	}
}

// Shapes, records and waiting events go into memory that is kept from frame to
// frame. What is left are the strings of the texts with numbers in them, which are put
// together from a few.
func TestDrawingAFrameAllocatesLittleButItsTexts(t *testing.T) {
	for _, of := range []scenario.Scenario{scenario.Classic(), labtest.Many(16, 16, 1000)} {
		m := playtest.Paused(of, 7700*time.Millisecond)
		var s Scene
		redraw := func() { s.Draw(m.Moment(), wide, high, 0) }
		redraw()
		texts := 0
		for _, shape := range s.Shapes {
			if shape.Form == draw.FormText {
				texts++
			}
		}
		if n := testing.AllocsPerRun(50, redraw); n > float64(3*texts) {
			t.Errorf("a frame with %d texts makes %v allocations", texts, n)
		}
	}
}

func BenchmarkDraw(b *testing.B) {
	for name, of := range map[string]scenario.Scenario{"classic": scenario.Classic(), "16x16": labtest.Many(16, 16, 3)} {
		b.Run(name, func(b *testing.B) {
			m := playtest.Paused(of, 7700*time.Millisecond)
			var s Scene
			b.ReportAllocs()
			for b.Loop() {
				s.Draw(m.Moment(), wide, high, 0)
			}
		})
	}
}

func TestAWideNameIsShortenedToItsRoom(t *testing.T) {
	s := &Scene{Layout: Layout{Scale: 1}}
	for text, room := range map[string]float64{"producer": 100, "a name of some thirty characters": 100, "注文サービス東京第一倉庫係": 100, "倉庫": 100, "在庫 warehouse 東京": 80} {
		fit := s.fit(text, draw.FaceStrong, room)
		if got := s.wide(fit, draw.FaceStrong); got > 1.2*room || fit != text && got < 0.6*room {
			t.Errorf("%q in %v is %q, %v wide", text, room, fit, got)
		}
		if s.wide(text, draw.FaceStrong) <= room && fit != text {
			t.Errorf("%q has room and is %q", text, fit)
		}
	}
}

func TestASceneOfAnySizeIsDrawnWithFiniteNumbers(t *testing.T) {
	sides := []float64{0, 1, 27, 28, 60, 61, 200, 1e6}
	for _, preset := range scenario.Presets() {
		m := playtest.Paused(preset.Scenario, 8*time.Second)
		var s Scene
		for _, width := range sides {
			for _, height := range sides {
				s.Draw(m.Moment(), width, height, time.Second)
				for _, shape := range s.Shapes {
					for _, n := range []float64{shape.X, shape.Y, shape.W, shape.H, shape.R, shape.Size} {
						if math.IsNaN(n) || math.IsInf(n, 0) {
							t.Fatalf("%s on %v×%v has the shape %+v", preset.ID, width, height, shape)
						}
					}
				}
			}
		}
	}
}

func TestADotShowsTheLastThreeDigits(t *testing.T) {
	for n, want := range map[uint64]string{0: "0", 42: "42", 999: "999", 1000: "000", 1234: "234", 1_000_007: "007"} {
		if got := dotLabel(n); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
}

// Two events of one number are told apart, and the nodes say whose they are.
func TestEventsOfSeveralProducersBearALetter(t *testing.T) {
	m := playtest.Preset(t, "topics", 0)
	seen := map[string]string{}
	for at := time.Duration(0); at < 6*time.Second; at += 100 * time.Millisecond {
		play.Update(m, play.Seek{At: at})
		s := drawing(m)
		says(t, m, "A", "B", "C")
		for i := range s.dots {
			d := &s.dots[i]
			label, whose := s.label(int(d.producer), d.number), s.settings.Producers[d.producer].Name
			if before, known := seen[label]; known && before != whose {
				t.Fatalf("%s is an event of %s, and of %s", label, before, whose)
			}
			seen[label] = whose
			if !slices.ContainsFunc(s.Shapes, func(shape draw.Shape) bool { return shape.Face == draw.FaceDot && shape.Text == label }) {
				t.Errorf("at %v %s is not written", m.At(), label)
			}
		}
	}
	if len(seen) < 10 {
		t.Errorf("only %v are seen", seen)
	}
	if s := drawing(m); s.label(1, 7) != "B7" || s.label(1, 123) != "B23" || s.label(1, 105) != "B05" {
		t.Errorf("the labels are %s, %s, %s", s.label(1, 7), s.label(1, 123), s.label(1, 105))
	}
	if s := drawing(playtest.Paused(scenario.Classic(), 0)); s.label(0, 105) != "105" || s.letter(0) != "" {
		t.Error("a producer alone has a letter")
	}
}
