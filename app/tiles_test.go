package app

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/spillway-go/spillway/app/format"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/app/playtest"
	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// named are tiles by their name.
func named(tiles []tile) map[string]tile {
	by := map[string]tile{}
	for _, t := range tiles {
		by[t.Name] = t
	}
	return by
}

func tilesAt(s scenario.Scenario, at time.Duration) []tile {
	m := playtest.Paused(s, at)
	return tilesOf(m.Moment(), new(judgements).of(m.Moment()))
}

func TestTheTilesAreThoseOfTheMoment(t *testing.T) {
	m := playtest.Paused(scenario.Classic(), 8*time.Second)
	st := m.View()
	want := []tile{
		{"published", "8", "", "flow"},
		{"delivered", format.Count(st.Delivered), "", "ok"},
		{"dropped", format.Count(st.Dropped), format.Percent(st.Loss()), "drop"},
		{"consumer busy", format.Percent(7.0 / 8), "", ""},
		{"load ρ = λ/μ", "2.00", "", ""},
		{"loss in theory", "50.0 %", "", ""},
	}
	if got := tilesOf(m.Moment(), new(judgements).of(m.Moment())); !slices.Equal(got, want) {
		t.Errorf("they are %+v, want %+v", got, want)
	}
	play.Update(m, playtest.SetService(m, time.Second))
	if got := named(tilesOf(m.Moment(), new(judgements).of(m.Moment())))["load ρ = λ/μ"].Value; got != "1.00" {
		t.Errorf("after a change the load is %v", got)
	}
}

func TestTheLoadSaysWhoseItIsWhereThereAreSeveralConsumers(t *testing.T) {
	s := labtest.Many(1, 2, 3)
	s.Consumers[1].Service = 2 * s.Consumers[0].Service
	tiles := named(tilesAt(s, time.Second))
	if got := tiles["load ρ"]; got.Value == "" || got.More != s.Consumers[1].Name {
		t.Errorf("the load is %+v, want that of %s", got, s.Consumers[1].Name)
	}
}

func TestATileForWhatMatters(t *testing.T) {
	for name, c := range map[string]struct {
		edit  func(*scenario.Scenario)
		third string   // in the first row
		more  []string // in the rows below, among others
	}{
		"drop":     {func(*scenario.Scenario) {}, "dropped", nil},
		"reject":   {func(s *scenario.Scenario) { s.Broker.Overflow = broker.Reject }, "rejected", nil},
		"spill":    {func(s *scenario.Scenario) { s.Broker.Overflow = broker.Spill }, "spilled", nil},
		"block":    {func(s *scenario.Scenario) { s.Broker.Overflow = broker.Block }, "blocked", nil},
		"failures": {func(s *scenario.Scenario) { s.Consumers[0].Failures = 40 }, "dropped", []string{"dead letters", "failed"}},
		"a crash": {func(s *scenario.Scenario) {
			s.Interventions = []scenario.Intervention{{At: scenario.Duration(5 * time.Second), Do: scenario.Crash}}
		}, "dropped", []string{"lost"}},
	} {
		tiles := tilesAt(labtest.Edited(c.edit), 9*time.Second)
		if len(tiles)%tilesInARow != 0 || tiles[2].Name != c.third || len(named(tiles)) != len(tiles) {
			t.Errorf("%s: the tiles are %+v", name, tiles)
		}
		for _, more := range c.more {
			if _, ok := named(tiles[2*tilesInARow:])[more]; !ok {
				t.Errorf("%s: there is no %s in %+v", name, more, tiles)
			}
		}
	}
	for _, p := range scenario.Presets() {
		if tiles := tilesAt(p.Scenario, time.Duration(p.Duration)); len(tiles)%tilesInARow != 0 || len(named(tiles)) != len(tiles) {
			t.Errorf("%s: the tiles are %+v", p.ID, tiles)
		}
	}
}

func TestWorkersThatJoinLaterAreBusyFromThenOn(t *testing.T) {
	s := labtest.Edited(func(s *scenario.Scenario) {
		s.Producers[0].Interval = scenario.Duration(100 * time.Millisecond)
		s.Interventions = []scenario.Intervention{{At: scenario.Duration(5 * time.Second), Do: scenario.SetWorkers, Value: 4}}
	})
	m := playtest.Paused(s, 10*time.Second)
	if got := busy(m.Moment(), 0); got < 0.97 || got > 1 {
		t.Errorf("the workers are busy for %v", got)
	}
	if got := busy(playtest.Paused(s, 0).Moment(), 0); got != 0 {
		t.Errorf("at the start they were busy for %v", got)
	}
	m = playtest.Paused(labtest.Many(1, 2, 3), 5*time.Second)
	if got, want := meanBusy(m.Moment()), (busy(m.Moment(), 0)+busy(m.Moment(), 1))/2; math.Abs(got-want) > 1e-12 {
		t.Errorf("the mean of two is %v, want %v", got, want)
	}
}

func TestALoadOfAnySizeHasRoom(t *testing.T) {
	for load, want := range map[float64]string{0: "0.00", 2: "2.00", 99.99: "99.99", 100: "100", 3.6e9: "3.6 G"} {
		if got := loadText(load); got != want {
			t.Errorf("%v is %q, want %q", load, got, want)
		}
	}
}
