package app

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/scenario"
)

const wide, high = 1000, 600

// drawing is the scene of a model on a stage of a usual size.
func drawing(m *Model) *Scene {
	var s Scene
	s.Draw(m, wide, high, 0)
	return &s
}

// event is an event as it is drawn.
type event struct {
	number string
	at     Point
	ink    Ink
}

// events are the dots of a scene, and ring what a consumer's ring has in it.
func events(s *Scene) (dots []event, rings []string) {
	for i, shape := range s.Shapes {
		switch {
		case shape.Form != FormText || shape.Face != FaceDot:
		case shape.Fill == InkText:
			rings = append(rings, shape.Text)
		default:
			circle := s.Shapes[i-1]
			dots = append(dots, event{shape.Text, Point{circle.X, circle.Y}, circle.Fill})
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

func TestAnEventIsOnItsWayThenFallsThenIsGone(t *testing.T) {
	m := paused(scenario.Classic(), 0)
	l := &drawing(m).Layout
	at := func(ms int) (event, bool) {
		Update(m, Seek{At: time.Duration(ms) * time.Millisecond})
		return find(drawing(m), "6")
	}
	if e, there := at(6990); there {
		t.Errorf("before it is published it is at %v", e.at)
	}
	if e, _ := at(7200); e.ink != InkFlow || e.at.X <= l.producerOut(0).X || e.at.X >= l.brokerIn(0).X {
		t.Errorf("at 7.2 s it is at %v, not on its way from %v to %v", e.at, l.producerOut(0), l.brokerIn(0))
	}
	if e, _ := at(7700); e.ink != InkDrop || e.at.Y <= l.producerOut(0).Y || e.at.Y >= l.Tray.Y+l.Tray.H {
		t.Errorf("at 7.7 s it is at %v, not falling", e.at)
	}
	if e, _ := at(8100); e.ink != InkDrop || !in(e.at, l.Tray) {
		t.Errorf("at 8.1 s it is at %v, not in the tray %v", e.at, l.Tray)
	}
	if e, there := at(8300); there {
		t.Errorf("at 8.3 s it is still at %v", e.at)
	}
}

func TestWaitingEventsStandInLine(t *testing.T) {
	for _, p := range scenario.Presets() {
		m := paused(p.Scenario, 0)
		for _, at := range []time.Duration{2900, 4900, 5900, 6900, 7900, 8900, 9900} {
			Update(m, Seek{At: at * time.Millisecond})
			s := drawing(m)
			line := waiting(m)
			for i, e := range line {
				if dot, _ := find(s, dotLabel(e.Number)); dot.at != s.Layout.Lanes[0].Slots[2-i].middle() {
					t.Errorf("%s at %v: event %d is at %v, not in place %d", p.ID, m.At(), e.Number, dot.at, i)
				}
			}
			if _, rings := events(s); len(rings) != 1 || rings[0] != dotLabel(m.View().Consumers[0].Handling.Number) {
				t.Errorf("%s at %v: in the ring is %q", p.ID, m.At(), rings)
			}
		}
		if len(waiting(m)) < 2 {
			t.Errorf("%s: only %d wait at the end", p.ID, len(waiting(m)))
		}
	}
}

func TestADisplacedEventStandsUntilTheNewcomerArrives(t *testing.T) {
	oldest, _ := scenario.FindPreset("drop-oldest")
	m := paused(oldest.Scenario, 6500*time.Millisecond)
	first := waiting(m)[0]
	Update(m, Seek{At: 7 * time.Second})
	if slices.Contains(waiting(m), first) {
		t.Fatalf("at 7 s event %d still waits", first.Number)
	}
	for ms, stands := range map[int]bool{7000: true, 7200: true, 7410: true, 7700: false, 8000: false} {
		Update(m, Seek{At: time.Duration(ms) * time.Millisecond})
		s := drawing(m)
		dot, _ := find(s, dotLabel(first.Number))
		if got := dot.at == s.Layout.Lanes[0].place(0) && dot.ink == InkFlow; got != stands {
			t.Errorf("at %d ms it is at %v: standing=%v", ms, dot.at, got)
		}
	}
}

// In a run of one producer and one consumer every event that is neither handled
// nor dropped is somewhere, and nothing is in two places.
func TestNoEventIsLostOrDoubledOnTheStage(t *testing.T) {
	for _, o := range broker.Overflows() {
		for _, service := range []time.Duration{300, 700, 1000, 1300, 1450, 2000, 4100} {
			for _, interval := range []time.Duration{400, 1000, 1700} {
				for _, buffer := range []int{0, 1, 3, 6} {
					m := paused(edited(func(s *scenario.Scenario) {
						s.Broker = scenario.Broker{Buffer: buffer, Overflow: o}
						s.Producers[0].Interval = scenario.Duration(interval * time.Millisecond)
						s.Consumers[0].Service = scenario.Duration(service * time.Millisecond)
					}), 0)
					var s Scene
					for at := time.Duration(0); at <= m.Duration(); at += 47 * time.Millisecond {
						Update(m, Seek{At: at})
						s.Draw(m, wide, high, 0)
						onceEach(t, m, &s)
					}
					if t.Failed() {
						t.Fatalf("with a service time of %d ms, an interval of %d ms, and a buffer of %d, %v", service, interval, buffer, o)
					}
				}
			}
		}
	}
}

func TestNoEventIsDoubledWhileAStepGlides(t *testing.T) {
	for _, p := range scenario.Presets() {
		m := paused(p.Scenario, 0)
		for !m.Over() {
			Update(m, Step{By: 1})
			for range 12 {
				onceEach(t, m, drawing(m))
				pass(m, flightTime/5)
			}
		}
	}
}

func onceEach(t *testing.T, m *Model, s *Scene) {
	t.Helper()
	dots, rings := events(s)
	seen := map[string]int{}
	for _, d := range dots {
		seen[d.number]++
	}
	for _, r := range rings {
		seen[r]++
	}
	for number, times := range seen {
		if times > 1 {
			t.Errorf("at %v event %s is drawn %d times", m.At(), number, times)
		}
	}
	unfinished := waiting(m)
	if c := m.View().Consumers[0]; c.Busy {
		unfinished = append(unfinished, c.Handling)
	}
	for _, e := range unfinished {
		if seen[dotLabel(e.Number)] == 0 {
			t.Errorf("at %v event %d is nowhere", m.At(), e.Number)
		}
	}
	// What is drawn: the buffer, one at work, one coming in, and of those that
	// fall or leave as many as there are flights in flightTime.
	if most := m.Settings().Broker.Buffer + 7; len(seen) > most {
		t.Errorf("at %v %d events are drawn, more than %d", m.At(), len(seen), most)
	}
}

func TestTheRingShowsTheProgress(t *testing.T) {
	m := paused(scenario.Classic(), 0)
	for ms, want := range map[int]float64{1500: 0.25, 2000: 0.5, 2500: 0.75, 3000: 0.01, 4000: 0.5} {
		Update(m, Seek{At: time.Duration(ms) * time.Millisecond})
		var arcs []float64
		for _, shape := range drawing(m).Shapes {
			if shape.Form == FormArc {
				arcs = append(arcs, shape.T)
			}
		}
		if len(arcs) != 2 || arcs[0] != 1 || math.Abs(arcs[1]-want) > 1e-9 {
			t.Errorf("at %d ms the arcs are %v, want %v", ms, arcs, want)
		}
	}
	Update(m, Seek{At: 500 * time.Millisecond})
	for _, shape := range drawing(m).Shapes {
		if shape.Form == FormArc && shape.Stroke == InkOK {
			t.Error("an idle consumer has progress")
		}
	}
}

func TestOnAStillStageNothingMoves(t *testing.T) {
	for _, p := range scenario.Presets() {
		m := paused(p.Scenario, 0)
		m.Still = true
		stands := func() {
			t.Helper()
			s := drawing(m)
			dots, _ := events(s)
			line := waiting(m)
			if len(dots) != len(line) {
				t.Errorf("%s at %v: %d dots for %d that wait", p.ID, m.At(), len(dots), len(line))
			}
			for i, e := range line {
				if dot, _ := find(s, dotLabel(e.Number)); dot.at != s.Layout.Lanes[0].place(i) {
					t.Errorf("%s at %v: event %d is at %v", p.ID, m.At(), e.Number, dot.at)
				}
			}
		}
		for at := time.Duration(0); at <= m.Duration(); at += 50 * time.Millisecond {
			Update(m, Seek{At: at})
			stands()
		}
		Update(m, Seek{})
		for !m.Over() {
			Update(m, Step{By: 1})
			before := drawing(m).Shapes
			pass(m, flightTime/2)
			if !slices.Equal(drawing(m).Shapes, before) {
				t.Errorf("%s: after a step to %v something moves", p.ID, m.At())
			}
		}
	}
}

func TestAStepGlidesToWhereItLed(t *testing.T) {
	m := paused(scenario.Classic(), 6900*time.Millisecond)
	l := &drawing(m).Layout
	Update(m, Step{By: 1}) // 6 is published, or 7 s begins otherwise
	for m.Journal().At(m.View().Position-1).Number != 6 {
		Update(m, Step{By: 1})
	}
	if e, _ := find(drawing(m), "6"); e.at != l.producerOut(0) {
		t.Errorf("at first it is at %v", e.at)
	}
	pass(m, flightTime/2)
	if e, _ := find(drawing(m), "6"); e.at.X <= l.producerOut(0).X || e.at.X >= l.brokerIn(0).X {
		t.Errorf("then it is at %v", e.at)
	}
	pass(m, legs*flightTime)
	if e, _ := find(drawing(m), "6"); e.at != l.brokerIn(0) {
		t.Errorf("in the end it is at %v, not at the door", e.at)
	}
	Update(m, Step{By: 1}) // dropped
	pass(m, legs*flightTime)
	if e, there := find(drawing(m), "6"); there {
		t.Errorf("dropped it is at %v", e.at)
	}
}

func TestWhatIsTooFastToSeeFlowsWithoutNumbers(t *testing.T) {
	m := paused(crowded(2, 1, 3), 0)
	Update(m, Toggle{})
	Update(m, SetSpeed{100})
	pass(m, 64*time.Millisecond)
	var s Scene
	s.Draw(m, wide, high, time.Second)
	if dots, rings := events(&s); len(dots)+len(rings) != 0 {
		t.Errorf("there are dots %v and rings %v", dots, rings)
	}
	phases := func() (p []float64) {
		for _, shape := range s.Shapes {
			if shape.Form == FormPipe {
				p = append(p, shape.Phase)
			}
		}
		return p
	}
	before := phases()
	s.Draw(m, wide, high, 2*time.Second)
	for i, p := range phases() {
		if before[i] == 0 || p <= before[i] {
			t.Errorf("pipe %d does not flow: %v, then %v", i, before[i], p)
		}
	}
	Update(m, Pause{})
	s.Draw(m, wide, high, 3*time.Second)
	for i, p := range phases() {
		if p != 0 {
			t.Errorf("while it is paused pipe %d flows", i)
		}
	}
}

func TestASceneIsAPureFunction(t *testing.T) {
	m := paused(crowded(3, 2, 3), 0)
	var used Scene
	for _, at := range []time.Duration{9 * time.Second, 0, 7200 * time.Millisecond, 3 * time.Second} {
		for _, width := range []float64{400, 1000} {
			Update(m, Seek{At: at})
			var fresh Scene
			fresh.Draw(m, width, high, time.Second)
			used.Draw(m, width, high, time.Minute)
			if !slices.Equal(fresh.Shapes, used.Shapes) {
				t.Errorf("at %v, %v wide, a used scene draws something else than a fresh one", at, width)
			}
		}
	}
	Update(m, Seek{At: 5 * time.Second})
	Update(m, setBuffer(6))
	used.Draw(m, wide, high, 0)
	if n := len(used.Layout.Lanes[0].Slots); n != 6 {
		t.Errorf("after a change to a buffer of 6 there are %d slots", n)
	}
}

func TestAnyScenarioCanBeDrawn(t *testing.T) {
	for _, of := range []scenario.Scenario{
		crowded(1, 1, 0), crowded(16, 16, 0), crowded(16, 16, 3), crowded(16, 16, 1_000_000), crowded(1, 16, 6), crowded(16, 1, 7),
		fast(),
		edited(func(s *scenario.Scenario) {
			s.Producers[0].Interval, s.Consumers[0].Service = scenario.Duration(scenario.MinTime), scenario.Duration(scenario.MaxTime)
			s.Broker.Buffer, s.Duration = broker.MaxBuffer, scenario.Duration(20*time.Millisecond)
		}),
		edited(func(s *scenario.Scenario) {
			s.Producers[0].Interval, s.Duration = scenario.Duration(scenario.MaxTime), scenario.Duration(scenario.MaxDuration)
		}),
	} {
		for _, still := range []bool{false, true} {
			m := paused(of, 0)
			m.Still = still
			var s Scene
			look := func() {
				for _, width := range []float64{1, 360, 1000} {
					s.Draw(m, width, width/2, time.Second)
					drawable(t, &s)
				}
			}
			look()
			for range 9 {
				Update(m, Step{By: 1})
				look()
			}
			Update(m, Toggle{})
			for _, speed := range Speeds() {
				Update(m, SetSpeed{speed})
				Update(m, Frame{Elapsed: 16 * time.Millisecond, More: no})
				look()
			}
			Update(m, Seek{At: m.Duration()})
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
		if shape.Form == FormText && (shape.Fill == NoInk || shape.Text == "" || shape.Size <= 0) {
			t.Fatalf("%+v can't be read", shape)
		}
		if shape.Form != FormText && shape.Fill == NoInk && shape.Stroke == NoInk {
			t.Fatalf("%+v can't be seen", shape)
		}
	}
}

func TestEveryInkIsAColourOfTheStyleSheet(t *testing.T) {
	for ink := NoInk + 1; ink < inks; ink++ {
		if inkVariables[ink] == "" {
			t.Errorf("ink %d has no variable", ink)
		}
	}
}

// Shapes, records and waiting events go into memory that is kept from frame to
// frame. What is left is the copy of the settings, two slices, and about a string
// for each text that has a number in it.
func TestDrawingAFrameAllocatesLittleButItsTexts(t *testing.T) {
	for _, of := range []scenario.Scenario{scenario.Classic(), crowded(16, 16, 1000)} {
		m := paused(of, 7700*time.Millisecond)
		var s Scene
		draw := func() { s.Draw(m, wide, high, 0) }
		draw()
		texts := 0
		for _, shape := range s.Shapes {
			if shape.Form == FormText {
				texts++
			}
		}
		if n := testing.AllocsPerRun(50, draw); n > float64(2+texts) {
			t.Errorf("a frame with %d texts makes %v allocations", texts, n)
		}
	}
}

func BenchmarkDraw(b *testing.B) {
	for name, of := range map[string]scenario.Scenario{"classic": scenario.Classic(), "16x16": crowded(16, 16, 3)} {
		b.Run(name, func(b *testing.B) {
			m := paused(of, 7700*time.Millisecond)
			var s Scene
			b.ReportAllocs()
			for b.Loop() {
				s.Draw(m, wide, high, 0)
			}
		})
	}
}
