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
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// At 7 s of the classic event 6 falls from a buffer that holds 3, 4 and 5. Only then does 3 leave for the consumer.
func TestAnEventArrivesThenFallsAndOnlyThenAnotherLeaves(t *testing.T) {
	m := playtest.Paused(scenario.Classic(), 6300*time.Millisecond)
	l := &drawing(m).Layout
	type sight struct {
		inPipe, falls, flies bool
		dropped, depth       int
	}
	var seen []sight
	for m.At() < 7700*time.Millisecond {
		watchFor(m, 5*time.Millisecond)
		s := drawing(m)
		now := sight{dropped: int(m.Moment().State.Dropped), depth: m.Moment().State.Consumers[0].Depth}
		if e, there := find(s, "6"); there {
			now.inPipe = e.ink == draw.InkFlow && e.at.X > l.producerOut(0).X && e.at.X < l.brokerIn(0).X
			now.falls = e.ink == draw.InkDrop
		}
		if e, there := find(s, "3"); there {
			now.flies = e.at.X > l.Lanes[0].place(0).X
		}
		if n := len(seen); n == 0 || seen[n-1] != now {
			seen = append(seen, now)
		}
	}
	want := []sight{
		{depth: 3}, {inPipe: true, depth: 3}, {depth: 3}, {falls: true, depth: 3},
		{dropped: 1, depth: 2}, {flies: true, dropped: 1, depth: 2}, {dropped: 1, depth: 2},
	}
	if !slices.Equal(seen, want) {
		t.Errorf("one sees\n%+v, want\n%+v", seen, want)
	}
}

// alike are the presets of one event a second.
func alike() []scenario.Preset { return scenario.Presets()[:2] }

func TestWaitingEventsStandInLine(t *testing.T) {
	for _, p := range alike() {
		m := playtest.Paused(p.Scenario, 0)
		for _, at := range []time.Duration{2900, 4900, 5900, 6900, 7900, 8900, 9900} {
			play.Update(m, play.Seek{At: at * time.Millisecond})
			s := drawing(m)
			line := playtest.Waiting(m)
			for i, e := range line {
				if dot, _ := find(s, dotLabel(e.Number)); dot.at != s.Layout.Lanes[0].Slots[2-i].Middle() {
					t.Errorf("%s at %v: event %d is at %v, not in place %d", p.ID, m.At(), e.Number, dot.at, i)
				}
			}
			if _, rings := events(s); len(rings) != 1 || rings[0] != dotLabel(m.View().Consumers[0].Working[0].Number) {
				t.Errorf("%s at %v: in the ring is %q", p.ID, m.At(), rings)
			}
		}
		if len(playtest.Waiting(m)) < 2 {
			t.Errorf("%s: only %d wait at the end", p.ID, len(playtest.Waiting(m)))
		}
	}
}

func TestADisplacedEventStandsUntilTheNewcomerArrives(t *testing.T) {
	oldest, _ := scenario.FindPreset("drop-oldest")
	m := playtest.Paused(oldest.Scenario, 6500*time.Millisecond)
	first := playtest.Waiting(m)[0]
	stood, fell := time.Duration(0), time.Duration(0)
	for m.Moment().State.Dropped == 0 {
		watchFor(m, 5*time.Millisecond)
		s := drawing(m)
		switch dot, _ := find(s, dotLabel(first.Number)); {
		case dot.at == s.Layout.Lanes[0].place(0) && dot.ink == draw.InkFlow:
			stood = m.Moment().Seen
		case dot.ink == draw.InkDrop && fell == 0:
			fell = m.Moment().Seen
		}
	}
	if stood >= fell || fell < 7*time.Second || fell > 7010*time.Millisecond {
		t.Errorf("it stands until %v and falls from %v on", stood, fell)
	}
}

// In a run of one producer and one consumer every event that is neither handled
// nor dropped is somewhere, and nothing is in two places.
func TestNoEventIsLostOrDoubledOnTheStage(t *testing.T) {
	for _, o := range broker.Overflows() {
		for _, service := range []time.Duration{300, 700, 1000, 1300, 1450, 2000, 4100} {
			for _, interval := range []time.Duration{400, 1000, 1700} {
				for _, buffer := range []int{0, 1, 3, 6} {
					if o == broker.Spill && buffer == 0 {
						continue
					}
					m := playtest.Paused(labtest.Edited(func(s *scenario.Scenario) {
						s.Broker = scenario.Broker{Buffer: buffer, Overflow: o}
						s.Producers[0].Interval = scenario.Duration(interval * time.Millisecond)
						s.Consumers[0].Service = scenario.Duration(service * time.Millisecond)
					}), 0)
					var s Scene
					for at := time.Duration(0); at <= m.Duration(); at += 47 * time.Millisecond {
						play.Update(m, play.Seek{At: at})
						s.Draw(m.Moment(), wide, high, 0)
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
	for _, p := range alike() {
		m := playtest.Paused(p.Scenario, 0)
		for !m.Over() {
			play.Update(m, play.Step{By: 1})
			for range 12 {
				onceEach(t, m, drawing(m))
				playtest.Pass(m, play.FlightTime/5)
			}
		}
	}
}

func onceEach(t *testing.T, m *play.Model, s *Scene) {
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
	unfinished := playtest.Waiting(m)
	for _, w := range m.View().Consumers[0].Working {
		unfinished = append(unfinished, w.Event)
	}
	p := m.View().Producers[0]
	for i := range min(p.Waiting, 4) {
		unfinished = append(unfinished, journal.Event{Number: p.Published - uint64(p.Waiting) + uint64(i)})
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

func TestOnAStillStageNothingMoves(t *testing.T) {
	for _, p := range alike() {
		m := playtest.Paused(p.Scenario, 0)
		m.ReducedMotion = true
		stands := func() {
			t.Helper()
			s := drawing(m)
			dots, _ := events(s)
			line := playtest.Waiting(m)
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
			play.Update(m, play.Seek{At: at})
			stands()
		}
		play.Update(m, play.Seek{})
		for !m.Over() {
			play.Update(m, play.Step{By: 1})
			before := drawing(m).Shapes
			playtest.Pass(m, play.FlightTime/2)
			if !slices.Equal(drawing(m).Shapes, before) {
				t.Errorf("%s: after a step to %v something moves", p.ID, m.At())
			}
		}
	}
}

func TestAStepGlidesToWhereItLed(t *testing.T) {
	m := playtest.Paused(scenario.Classic(), 6400*time.Millisecond)
	l := &drawing(m).Layout
	step := func(what string, kind journal.Kind, at func(t float64) bool) {
		t.Helper()
		before := m.Moment().State.Position
		play.Update(m, play.Step{By: 1})
		if r := m.Journal().At(m.View().Position - 1); r.Kind != kind || m.Moment().State.Position != before {
			t.Fatalf("a step leads to %v, and %d records are shown", r.Kind, m.Moment().State.Position)
		}
		for part := range 4 {
			if e, _ := find(drawing(m), "6"); !at(float64(part)) {
				t.Errorf("%s: after %d parts of the way it is at %v", what, part, e.at)
			}
			playtest.Pass(m, play.FlightTime/7)
		}
		playtest.Pass(m, play.FlightTime)
		if m.Moment().State.Position != before+1 {
			t.Errorf("%s: in the end %d records are shown of %d", what, m.Moment().State.Position, before+1)
		}
	}
	x := l.producerOut(0).X - 1
	step("published", journal.Produced, func(float64) bool {
		e, there := find(drawing(m), "6")
		if !there { // it is not yet on its way
			return true
		}
		further := e.at.X > x
		x = e.at.X
		return further && x < l.brokerIn(0).X
	})
	if e, _ := find(drawing(m), "6"); e.at != l.brokerIn(0) {
		t.Errorf("published it is at %v, not at the door", e.at)
	}
	y := l.brokerIn(0).Y - 1
	step("dropped", journal.Dropped, func(part float64) bool {
		e, _ := find(drawing(m), "6")
		further := e.at.Y > y && (e.ink == draw.InkDrop) == (part > 0)
		y = e.at.Y
		return further
	})
	if e, there := find(drawing(m), "6"); there && !in(e.at, l.Tanks[play.Dropped]) {
		t.Errorf("dropped it is at %v", e.at)
	}
}

func TestAFlightTakesAFractionOfThePeriodAndNeverLong(t *testing.T) {
	ms := func(n int) scenario.Duration { return scenario.Duration(n) * scenario.Duration(time.Millisecond) }
	for _, c := range []struct {
		producers         int
		interval, service int // ms
		in, out           int // ms
	}{
		{1, 1000, 2000, 420, 450}, {1, 2000, 500, 450, 210}, {1, 100, 100, 42, 42},
		{4, 1000, 2000, 420, 450},
		{16, 1000, 2000, 105, 450}, // four gaps of 62.5 ms: sixteen share the buffers
	} {
		of := labtest.Many(c.producers, 1, 3)
		for i := range of.Producers {
			of.Producers[i].Interval = ms(c.interval)
		}
		of.Consumers[0].Service = ms(c.service)
		m := playtest.Paused(of, 0).Moment()
		if in, out := m.InTime(0).Round(time.Microsecond), m.OutTime(0); in != time.Duration(ms(c.in)) || out != time.Duration(ms(c.out)) {
			t.Errorf("with %+v an event flies %v in and %v out", c, in, out)
		}
	}
}

func TestOfSeveralLanesWhatIsDisplacedLeavesByTheSpout(t *testing.T) {
	of := labtest.Many(1, 3, 1)
	of.Broker.Overflow = broker.DropOldest
	m := playtest.Paused(of, 0)
	l := &drawing(m).Layout
	falling := 0
	for at := time.Duration(0); at <= m.Duration(); at += 20 * time.Millisecond {
		play.Update(m, play.Seek{At: at})
		dots, _ := events(drawing(m))
		for _, d := range dots {
			if d.ink != draw.InkDrop {
				continue
			}
			if falling++; d.at.Y < l.spout(play.Dropped).Y-1e-6 {
				t.Fatalf("at %v event %s falls through the broker at %v", at, d.number, d.at)
			}
		}
	}
	if falling == 0 {
		t.Error("nothing falls")
	}
}

func TestWhatIsTooFastToSeeFlowsWithoutNumbers(t *testing.T) {
	m := playtest.Paused(labtest.Many(2, 1, 3), 0)
	play.Update(m, play.Toggle{})
	play.Update(m, play.SetSpeed{Speed: 100})
	playtest.Pass(m, 64*time.Millisecond)
	var s Scene
	s.Draw(m.Moment(), wide, high, time.Second)
	if dots, rings := events(&s); len(dots)+len(rings) != 0 {
		t.Errorf("there are dots %v and rings %v", dots, rings)
	}
	phases := func() (p []float64) {
		for _, shape := range s.Shapes {
			if shape.Form == draw.FormPipe {
				p = append(p, shape.Phase)
			}
		}
		return p
	}
	before := phases()
	s.Draw(m.Moment(), wide, high, 2*time.Second)
	for i, p := range phases() {
		if before[i] == 0 || p <= before[i] {
			t.Errorf("pipe %d does not flow: %v, then %v", i, before[i], p)
		}
	}
	play.Update(m, play.Pause{})
	s.Draw(m.Moment(), wide, high, 3*time.Second)
	for i, p := range phases() {
		if p != 0 {
			t.Errorf("while it is paused pipe %d flows", i)
		}
	}
}

// At 10× events have no numbers, but each is where it is: those that come by chance do not look as if they came evenly.
func TestTenTimesAsFastRandomTrafficStillLooksRandom(t *testing.T) {
	for id, random := range map[string]bool{"poisson": true, "classic": false} {
		m := playtest.Preset(t, id, time.Second)
		play.Update(m, play.Toggle{})
		play.Update(m, play.SetSpeed{Speed: 10})
		playtest.Pass(m, 64*time.Millisecond)
		s, now := drawing(m), m.Moment()
		if !now.Flows {
			t.Fatalf("%s has numbers", id)
		}
		var seen, want []float64
		for _, shape := range s.Shapes {
			if shape.Form == draw.FormCircle && shape.R == s.px(3.5) && shape.X < s.Layout.Broker.X {
				seen = append(seen, shape.X)
			}
		}
		pipe := s.Layout.brokerIn(0).X - s.Layout.producerOut(0).X
		for _, r := range playtest.Recorded(m) {
			if d := r.At - now.At; r.Kind == journal.Produced && d > 0 && d <= now.Passing() {
				want = append(want, s.Layout.brokerIn(0).X-pipe*float64(d)/float64(now.Passing()))
			}
		}
		if len(want) < 4 || !slices.EqualFunc(seen, want, func(a, b float64) bool { return math.Abs(a-b) < 1e-6 }) {
			t.Errorf("%s: they are at %v, want %v", id, seen, want)
		}
		least, most := pipe, 0.0
		for i := 1; i < len(seen); i++ {
			least, most = min(least, seen[i-1]-seen[i]), max(most, seen[i-1]-seen[i])
		}
		if random != (most > 3*least) {
			t.Errorf("%s: between them is from %v to %v", id, least, most)
		}
	}
}
