package stage

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spillway-go/spillway/app/draw"
	"github.com/spillway-go/spillway/app/format"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/app/playtest"
	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// tanksOf are the tanks that a scene has.
func tanksOf(s *Scene) (tanks []play.Part) {
	for part := play.Rejected; part < play.Parts; part++ {
		if s.Layout.Tanks[part].W > 0 {
			tanks = append(tanks, part)
		}
	}
	return tanks
}

func TestATankIsThereOnlyWhereItCanMatter(t *testing.T) {
	for id, want := range map[string][]play.Part{
		"classic": {play.Dropped}, "drop-oldest": {play.Dropped}, "backpressure": nil, "ticker": {play.Dropped}, "spill": {play.Repository},
		"flaky": {play.Dropped, play.DeadLetters}, "crash": {play.Repository, play.Dropped},
	} {
		if got := tanksOf(drawing(playtest.Preset(t, id, 0))); !slices.Equal(got, want) {
			t.Errorf("%s has the tanks %v, want %v", id, got, want)
		}
	}
	m := playtest.Paused(labtest.Edited(func(s *scenario.Scenario) { s.Broker.Overflow = broker.Reject }), 8*time.Second)
	if got := tanksOf(drawing(m)); !slices.Equal(got, []play.Part{play.Rejected}) {
		t.Errorf("who rejects has the tanks %v", got)
	}
	play.Update(m, playtest.SetOverflow(broker.Spill)) // which the run may need from now on; and what was rejected stays
	if got := tanksOf(drawing(m)); !slices.Equal(got, []play.Part{play.Rejected, play.Repository}) {
		t.Errorf("after a change there are %v", got)
	}
	play.Update(m, play.Seek{At: time.Second})
	if got := tanksOf(drawing(m)); !slices.Equal(got, []play.Part{play.Rejected, play.Repository}) {
		t.Errorf("before the change there are %v: the stage moves apart", got)
	}
}

func TestWhoIsOfferedWhoseEventsIsWhatTheTopicsSay(t *testing.T) {
	m := playtest.Preset(t, "topics", 0)
	c := &drawing(m).cast
	for i, p := range m.Scenario.Producers {
		for j, of := range m.Scenario.Consumers {
			want := of.Topics == ">" || strings.HasPrefix(p.Topic, strings.TrimRight(of.Topics, "*>"))
			if c.matches[i][j] != want {
				t.Errorf("%s, on %s, is offered to %s, for %s: %v", p.Name, p.Topic, of.Name, of.Topics, c.matches[i][j])
			}
		}
	}
}

// texts are all that a scene says.
func texts(s *Scene) string {
	var all []string
	for _, shape := range s.Shapes {
		if shape.Form == draw.FormText && shape.Face != draw.FaceDot {
			all = append(all, shape.Text)
		}
	}
	return strings.Join(all, "\n")
}

func says(t *testing.T, m *play.Model, want ...string) {
	t.Helper()
	got := texts(drawing(m))
	for _, w := range want {
		if !strings.Contains(got, w) {
			t.Errorf("at %v it does not say %q:\n%s", m.At(), w, got)
		}
	}
}

func TestTheStageSaysWhoWaitsPausesRetriesJoinsAndLeaves(t *testing.T) {
	blocked := playtest.Preset(t, "backpressure", 0)
	for !(blocked.View().Producers[0].Waiting > 0) {
		play.Update(blocked, play.Step{By: 1})
	}
	play.Update(blocked, play.Seek{At: blocked.At() + 700*time.Millisecond})
	says(t, blocked, "waiting for room", "for 0.7 s")

	flaky := playtest.Preset(t, "flaky", 0)
	for flaky.View().Failed == 0 {
		play.Update(flaky, play.Step{By: 1})
	}
	says(t, flaky, "retry in 0.3 s")

	m := playtest.Paused(labtest.Edited(func(s *scenario.Scenario) {
		s.Consumers = append(s.Consumers, scenario.Consumer{Name: "late", Service: s.Consumers[0].Service, Start: scenario.Duration(5 * time.Second)})
	}), 2*time.Second)
	says(t, m, "joins at 00:05.0")
	play.Update(m, play.Hold{Actor: playtest.Consumer(m, 0)})
	says(t, m, "paused")
	play.Update(m, play.Remove{Actor: playtest.Consumer(m, 1)})
	says(t, m, "has left")
}

func TestABlockedEventStandsAtTheDoorUntilItIsLetIn(t *testing.T) {
	m := playtest.Preset(t, "backpressure", 0)
	for m.View().Producers[0].Waiting == 0 {
		play.Update(m, play.Step{By: 1})
	}
	number := dotLabel(m.View().Producers[0].Published - 1)
	play.Update(m, play.Seek{At: m.At() + 600*time.Millisecond})
	s := drawing(m)
	if e, ok := find(s, number); !ok || e.at != s.Layout.door(0, 0) {
		t.Errorf("it is at %v, not at the door %v", e.at, s.Layout.door(0, 0))
	}
	for m.View().Producers[0].Waiting > 0 {
		play.Update(m, play.Step{By: 1})
	}
	play.Update(m, play.Seek{At: m.At() + 400*time.Millisecond})
	s = drawing(m)
	if e, ok := find(s, number); !ok || !in(e.at, s.Layout.Lanes[0].Rect) {
		t.Errorf("once let in, it is at %v", e.at)
	}
}

func TestWhatIsRejectedSpilledOrDeadComesToItsTank(t *testing.T) {
	rejecting := labtest.Edited(func(s *scenario.Scenario) { s.Broker.Overflow = broker.Reject })
	spill, _ := scenario.FindPreset("spill")
	flaky, _ := scenario.FindPreset("flaky")
	for _, c := range []struct {
		of   scenario.Scenario
		kind journal.Kind
		tank play.Part
		ink  draw.Ink
	}{{rejecting, journal.Rejected, play.Rejected, draw.InkDrop}, {spill.Scenario, journal.Spilled, play.Repository, draw.InkRepo}, {flaky.Scenario, journal.DeadLettered, play.DeadLetters, draw.InkRepo}} {
		m := playtest.Paused(c.of, 0)
		for n := uint64(0); n == 0 || m.Journal().At(n-1).Kind != c.kind || c.kind == journal.Spilled && backlog(m.View()) < 5; n = m.View().Position {
			play.Update(m, play.Step{By: 1})
		}
		r := m.Journal().At(m.View().Position - 1)
		arrived := false
		play.Update(m, play.Seek{At: r.At - time.Second})
		for m.Moment().Seen < r.At+2*time.Second {
			watchFor(m, 10*time.Millisecond)
			s := drawing(m)
			dots, _ := events(s)
			for _, d := range dots {
				arrived = arrived || d.number == dotLabel(r.Number) && d.ink == c.ink && in(d.at, s.Layout.Tanks[c.tank])
			}
		}
		if !arrived {
			t.Errorf("event %d is %v, but does not come to its tank", r.Number, r.Kind)
		}
	}
}

func TestInACrashWhatWasInMemoryFalls(t *testing.T) {
	m := playtest.Preset(t, "crash", 7999*time.Millisecond)
	inMemory := 0
	for _, c := range m.View().Consumers {
		inMemory += c.Depth + len(c.Working)
	}
	watchFor(m, 50*time.Millisecond)
	falling := 0
	dots, _ := events(drawing(m))
	for _, d := range dots {
		if d.ink == draw.InkDrop {
			falling++
		}
	}
	if falling != inMemory || m.View().Crashes != 0 || m.At() != 8*time.Second {
		t.Errorf("at %v %d were in memory, %d fall, and %d crashes count", m.At(), inMemory, falling, m.View().Crashes)
	}
	watchFor(m, 500*time.Millisecond)
	says(t, m, "crashed, restarts", "dropped, lost")
	m.ReducedMotion = true
	if strings.Contains(texts(drawing(m)), "crashed, restarts") {
		t.Error("on a still stage it flashes")
	}
}

func TestABurstComesInAsAString(t *testing.T) {
	m := playtest.Preset(t, "spill", 0)
	for m.View().Published < 2 {
		play.Update(m, play.Step{By: 1})
	}
	play.Update(m, play.Seek{At: m.At() - 50*time.Millisecond})
	s := drawing(m)
	var flying []float64
	dots, _ := events(s)
	for _, d := range dots {
		if d.at.X < s.Layout.Broker.X {
			flying = append(flying, d.at.X)
		}
	}
	slices.Sort(flying)
	if len(flying) < 2 {
		t.Fatalf("only %d are on their way", len(flying))
	}
	for i := 1; i < len(flying); i++ {
		if flying[i]-flying[i-1] < s.Layout.dot() {
			t.Errorf("two of them are at %v and %v", flying[i-1], flying[i])
		}
	}
}

func TestManyWorkersAreAGaugeAndFewAreRings(t *testing.T) {
	for workers, rings := range map[int]int{1: 1, 3: 3, 8: 8, 9: 0, 64: 0} {
		m := playtest.Paused(labtest.Edited(func(s *scenario.Scenario) {
			s.Producers[0].Interval = scenario.Duration(100 * time.Millisecond)
			s.Consumers[0].Workers = workers
		}), 5*time.Second)
		s := drawing(m)
		if _, got := events(s); len(got) > rings || len(got) < rings-1 { // one may be on its way there
			t.Errorf("%d workers have %d rings with events, want %d", workers, len(got), rings)
		}
		if rings == 0 {
			says(t, m, " / "+format.Count(uint64(workers))+" busy")
		}
	}
}

func TestOnAStillStageOfAnyPresetWhatWaitsStandsAndNothingElse(t *testing.T) {
	for _, p := range scenario.Presets() {
		m := playtest.Paused(p.Scenario, 0)
		m.ReducedMotion = true
		for at := time.Duration(0); at <= min(m.Duration(), 20*time.Second); at += 170 * time.Millisecond {
			play.Update(m, play.Seek{At: at})
			s := drawing(m)
			want := 0
			for i := range m.View().Producers {
				want += m.View().Producers[i].Waiting
			}
			for i := range m.View().Consumers {
				want += min(m.View().Consumers[i].Depth, len(s.Layout.Lanes[i].Slots))
			}
			if dots, _ := events(s); len(dots) != want {
				t.Fatalf("%s at %v: %d dots, want %d", p.ID, at, len(dots), want)
			}
		}
	}
}

func TestAnEventOnItsWayIsDrawnOnceForEachWhoGetsIt(t *testing.T) {
	for _, p := range scenario.Presets() {
		m := playtest.Paused(p.Scenario, 0)
		for at := time.Duration(0); at <= min(m.Duration(), 12*time.Second); at += 90 * time.Millisecond {
			play.Update(m, play.Seek{At: at})
			s := drawing(m)
			seen := map[dot]int{}
			for _, d := range s.dots {
				d.at = draw.Point{}
				seen[d]++
			}
			for d, n := range seen {
				offered := 0
				for c := range m.Scenario.Consumers {
					if s.cast.matches[d.producer][c] {
						offered++
					}
				}
				if crashing := m.View().Crashes > 0; n > max(offered, 1) && !crashing {
					t.Errorf("%s at %v: event %d of producer %d is drawn %d times, and offered to %d", p.ID, at, d.number, d.producer, n, offered)
				}
			}
		}
	}
}
