package play

import (
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

func TestPlayingAtRealTimeEndsAtTheEnd(t *testing.T) {
	m := NewModel()
	pass(m, 4*time.Second)
	if m.At() != 4*time.Second || !m.Playing || m.Over() {
		t.Fatalf("after 4 s it is at %v", m.At())
	}
	pass(m, 7*time.Second)
	if m.At() != 10*time.Second || m.Playing || !m.Over() {
		t.Errorf("after 11 s it is at %v, playing=%v", m.At(), m.Playing)
	}
}

func TestToggleAtTheEndPlaysAgain(t *testing.T) {
	m := paused(scenario.Classic(), 10*time.Second)
	run := m.run
	Update(m, Toggle{})
	if m.At() != 0 || !m.Playing || m.run != run {
		t.Fatalf("it is at %v, playing=%v", m.At(), m.Playing)
	}
	pass(m, 11*time.Second)
	if !m.Over() || m.Playing {
		t.Error("it did not come to the end once more")
	}
}

func TestTogglePausesAndGoesOn(t *testing.T) {
	m := NewModel()
	pass(m, time.Second)
	Update(m, Toggle{})
	pass(m, time.Second)
	if m.Playing || m.At() != time.Second {
		t.Errorf("paused it is at %v", m.At())
	}
	Update(m, Toggle{})
	pass(m, time.Second)
	if !m.Playing || m.At() != 2*time.Second {
		t.Errorf("after the pause it is at %v", m.At())
	}
}

func TestASpeedIsSecondsOfTheRunInASecond(t *testing.T) {
	for _, c := range []struct {
		speed Speed
		want  time.Duration
	}{{0.1, 200 * time.Millisecond}, {0.25, 500 * time.Millisecond}, {1, 2 * time.Second}, {10, 20 * time.Second}, {100, 200 * time.Second}, {1000, 2000 * time.Second}, {Max, time.Hour}} {
		m := paused(labtest.Edited(func(s *scenario.Scenario) { s.Duration = scenario.Duration(time.Hour) }), 0)
		Update(m, Toggle{})
		Update(m, SetSpeed{Speed: c.speed})
		pass(m, 2*time.Second)
		if m.At() != c.want {
			t.Errorf("after 2 s at %v it is at %v, want %v", c.speed, m.At(), c.want)
		}
	}
}

func TestMaxUsesItsBudgetAndStopsAtTheEnd(t *testing.T) {
	m := paused(labtest.Fast(), 0)
	Update(m, Toggle{})
	Update(m, SetSpeed{Speed: Max})
	Update(m, Frame{Elapsed: time.Millisecond, More: no}) // to where the run has been ahead
	from := m.At()
	Update(m, Frame{Elapsed: time.Millisecond, More: no})
	little := m.At() - from
	if little <= 0 || little > time.Second {
		t.Fatalf("with no time left it came to %v", little)
	}
	asked := 0
	Update(m, Frame{Elapsed: time.Millisecond, More: func() bool { asked++; return asked < 10 }})
	if d := m.At() - from; asked != 10 || d < 5*little || d > 20*little {
		t.Errorf("with ten times the budget it came to %v, asked %d times", m.At(), asked)
	}
	if m.CatchingUp() || m.At() != m.run.reached() {
		t.Error("what the device can't do in time is owed")
	}
	Update(m, Frame{Elapsed: time.Millisecond, More: yes})
	if m.At() != m.Duration() || !m.Over() || m.Playing {
		t.Errorf("with all the time it came to %v", m.At())
	}
}

func TestWhatADeviceReachesIsMeasured(t *testing.T) {
	m := paused(labtest.Fast(), 0)
	Update(m, Toggle{})
	Update(m, SetSpeed{Speed: 1000})
	if m.Actual < 1000 {
		t.Errorf("before it was measured it reaches %v", m.Actual)
	}
	for range 60 {
		Update(m, Frame{Elapsed: 16 * time.Millisecond, More: no})
	}
	if m.Actual < 1 || m.Actual > 900 {
		t.Errorf("it reaches %v", m.Actual)
	}
}

func TestAFrameOfABackgroundTabDoesNotJump(t *testing.T) {
	m := NewModel()
	Update(m, Frame{Elapsed: time.Hour, More: yes})
	if m.At() > 300*time.Millisecond {
		t.Errorf("it jumped to %v", m.At())
	}
}

func TestStepsVisitEveryPositionOnceAndBack(t *testing.T) {
	records := simulated(t, scenario.Classic())
	m := paused(scenario.Classic(), 0)
	check := func(n int) {
		t.Helper()
		want := counted(records[:n])
		if got := shown(m); got != want || m.At() != want.at {
			t.Fatalf("after %d records it shows %+v at %v, want %+v", n, got, m.At(), want)
		}
	}
	check(0)
	for n := range records {
		Update(m, Step{By: 1})
		check(n + 1)
	}
	Update(m, Step{By: 1})
	check(len(records)) // there is nothing after the end
	if !m.Over() {
		t.Error("the last step is not the end")
	}
	for n := len(records) - 1; n >= 0; n-- {
		Update(m, Step{By: -1})
		check(n)
	}
	Update(m, Step{By: -1})
	check(0)
}

func TestAStepPauses(t *testing.T) {
	for _, by := range []int{1, -1} {
		m := NewModel()
		pass(m, 2*time.Second)
		Update(m, Step{By: by})
		if m.Playing {
			t.Errorf("after a step by %d it plays", by)
		}
	}
}

func TestAStepFromBetweenTwoMomentsGoesToTheNextRecord(t *testing.T) {
	m := paused(scenario.Classic(), 4500*time.Millisecond)
	before := m.View().Position
	Update(m, Step{By: 1})
	if m.At() != 5*time.Second || m.View().Position != before+1 {
		t.Errorf("forward it is at %v, position %d", m.At(), m.View().Position)
	}
	Update(m, Seek{At: 4500 * time.Millisecond})
	Update(m, Step{By: -1})
	if m.At() != 4*time.Second || m.View().Position != before-1 {
		t.Errorf("back it is at %v, position %d", m.At(), m.View().Position)
	}
}

func TestPlayingOnFromTheMiddleOfAMomentShowsTheRestOfIt(t *testing.T) {
	m := paused(scenario.Classic(), 0)
	Update(m, Step{By: 1}) // produced, and not yet delivered
	Update(m, Toggle{})
	Update(m, Frame{Elapsed: 1, More: yes})
	if got, want := shown(m), counted(until(simulated(t, scenario.Classic()), m.At())); got != want {
		t.Errorf("it shows %+v, want %+v", got, want)
	}
}

func TestOnlyAStepForwardGlides(t *testing.T) {
	m := paused(scenario.Classic(), 2500*time.Millisecond)
	if m.Moment().Gliding() {
		t.Error("it glides without a step")
	}
	Update(m, Step{By: 1})
	if !m.Moment().Gliding() {
		t.Error("a step forward does not glide")
	}
	pass(m, 2*FlightTime)
	if m.Moment().Gliding() {
		t.Error("it glides for ever")
	}
	Update(m, Step{By: -1})
	if m.Moment().Gliding() {
		t.Error("a step back glides")
	}
}

func TestSeekShowsExactlyWhatHappenedUntilThen(t *testing.T) {
	records := simulated(t, scenario.Classic())
	m := paused(scenario.Classic(), 0)
	for _, at := range []time.Duration{0, 999999999, time.Second, 7 * time.Second, 7*time.Second - 1, 3500 * time.Millisecond, 10 * time.Second, 10*time.Second - 1, 0} {
		Update(m, Seek{At: at})
		if got, want := shown(m), counted(until(records, at)); got != want || m.At() != at {
			t.Errorf("at %v it shows %+v, want %+v", at, got, want)
		}
	}
	Update(m, Seek{At: -time.Second})
	if m.At() != 0 {
		t.Errorf("before the start it is at %v", m.At())
	}
	Update(m, Seek{At: time.Hour})
	if m.At() != 10*time.Second {
		t.Errorf("after the end it is at %v", m.At())
	}
}

func TestSeekToAMomentThatStepsLeftHalfwayCompletesIt(t *testing.T) {
	many := labtest.Edited(func(s *scenario.Scenario) { // so that more than one thing happens at 1 s
		s.Producers = append(s.Producers, scenario.Producer{Name: "other", Interval: s.Producers[0].Interval})
	})
	m := paused(many, 0)
	Update(m, Step{By: 1})
	Update(m, Seek{At: time.Second})
	if got, want := shown(m), counted(until(simulated(t, many), time.Second)); got != want {
		t.Errorf("it shows %+v, want %+v", got, want)
	}
}

func TestWhatTheUserDidAtTheStartIsShownThere(t *testing.T) {
	m := paused(labtest.Edited(func(s *scenario.Scenario) {
		s.Interventions = []scenario.Intervention{{Do: scenario.SetBuffer, Value: int64(9)}}
	}), 0)
	if got := m.Settings().Broker.Buffer; got != 9 {
		t.Errorf("the buffer is %d", got)
	}
}

func TestSeekAheadCatchesUpFrameByFrame(t *testing.T) {
	m := paused(labtest.Fast(), 0)
	Update(m, Seek{At: 99 * time.Second})
	if !m.CatchingUp() || m.At() == 0 || m.At() >= 99*time.Second {
		t.Fatalf("it is at %v at once", m.At())
	}
	Update(m, Step{By: 1})
	frames := 0
	for last := m.At(); m.CatchingUp(); frames++ {
		Update(m, Frame{Elapsed: 16 * time.Millisecond, More: no})
		if m.At() <= last {
			t.Fatalf("frame %d comes no further than %v", frames, last)
		}
		last = m.At()
	}
	if m.At() != 99*time.Second || m.Playing || frames < 100 {
		t.Errorf("after %d frames it is at %v", frames, m.At())
	}
}

func TestAMomentIsNeverShownInHalfForWantOfTime(t *testing.T) {
	crowd := labtest.Many(15, 16, 1) // 15 events at a time, so that a budget of 2ⁿ ends within one
	crowd.Duration = scenario.Duration(2 * time.Second)
	for i := range crowd.Producers {
		crowd.Producers[i].Interval = scenario.Duration(time.Millisecond)
	}
	records := simulated(t, crowd)
	m := paused(crowd, 0)
	Update(m, Toggle{})
	Update(m, SetSpeed{Speed: Max})
	for range 100 {
		Update(m, Frame{Elapsed: 16 * time.Millisecond, More: no})
		if got, want := m.View().Position, uint64(len(until(records, m.At()))); got != want {
			t.Fatalf("at %v it shows %d records of %d", m.At(), got, want)
		}
	}
}

func TestWhoScrubsBackAtMaxStaysThere(t *testing.T) {
	m := NewModel()
	pass(m, 5*time.Second)
	Update(m, SetSpeed{Speed: Max})
	Update(m, Seek{At: 2 * time.Second})
	if pass(m, time.Second); m.At() != 2*time.Second {
		t.Errorf("it is at %v", m.At())
	}
	Update(m, SetSpeed{Speed: 1})
	Update(m, Toggle{})
	Update(m, Seek{At: time.Second})
	if pass(m, 500*time.Millisecond); m.At() != 1500*time.Millisecond {
		t.Errorf("at 1× it is at %v", m.At())
	}
}

func TestARunThatCanNotGoOnStandsStill(t *testing.T) {
	m := NewModel()
	Update(m, Seek{At: m.Duration()})
	m.goal, m.Playing = m.at+1, true
	Update(m, Halt{})
	if m.Playing || m.CatchingUp() {
		t.Error("it goes on")
	}
	Update(m, Restart{})
	if !m.Playing {
		t.Error("it does not start again")
	}
}
