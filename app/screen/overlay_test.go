package screen

import (
	"strings"
	"testing"
	"time"

	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/app/playtest"
	"github.com/spillway-go/spillway/app/stage"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// layoutOf is how a model is laid out on a stage of a usual size.
func layoutOf(m *play.Model) *stage.Layout {
	var s stage.Scene
	s.Draw(m.Moment(), 1000, 600, 0)
	return &s.Layout
}

// planWith is of so many producers and consumers, and those tanks.
func planWith(actors int, tanks ...play.Part) stage.Plan {
	p := stage.Plan{Producers: actors}
	for range actors {
		p.Buffers, p.Workers = append(p.Buffers, 3), append(p.Workers, 1)
	}
	for _, tank := range tanks {
		p.Tanks[tank] = true
	}
	return p
}

func overlayOf(m *play.Model) *overlay {
	var o overlay
	o.update(m.Moment(), layoutOf(m), time.Now())
	return &o
}

func TestEveryThingOnTheStageCanBeFocusedAndHasANameOfItsOwn(t *testing.T) {
	for _, p := range scenario.Presets() {
		m := playtest.Paused(p.Scenario, 8500*time.Millisecond)
		names := map[string]bool{}
		for _, s := range overlayOf(m).spots {
			if !strings.Contains(s.Name, ": ") || names[s.Name] {
				t.Errorf("%s: a spot is called %q", p.ID, s.Name)
			}
			names[s.Name] = true
		}
	}
}

func TestANameTellsHowAThingIs(t *testing.T) {
	m := playtest.Paused(scenario.Classic(), 8700*time.Millisecond)
	names := map[string]bool{}
	for _, s := range overlayOf(m).spots {
		names[s.Name] = true
	}
	for _, want := range []string{
		"producer: 8 published", "broker: 8 published, 4 delivered, 1 dropped", "buffer of consumer: 3 of 3 waiting, 1 dropped",
		"consumer: 3 of 3 waiting, busy with event 3", "dropped: 1 event · 12.5 %",
	} {
		if !names[want] {
			t.Errorf("nothing is called %q: %v", want, names)
		}
	}
}

func TestTheNamesAreRenewedNowAndThenWhileItPlaysAndAtOnceWhenItStandsStill(t *testing.T) {
	m, now := play.NewModel(), time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	l := *layoutOf(m)
	var o overlay
	if !o.update(m.Moment(), &l, now) {
		t.Error("there are none at first")
	}
	playtest.Pass(m, 2500*time.Millisecond)
	if o.update(m.Moment(), &l, now.Add(namesPause-1)) {
		t.Error("they are renewed too soon")
	}
	if !o.update(m.Moment(), &l, now.Add(namesPause)) {
		t.Error("they are not renewed in time")
	}
	playtest.Pass(m, time.Second)
	if play.Update(m, play.Pause{}); !o.update(m.Moment(), &l, now.Add(namesPause+1)) {
		t.Error("when it stands still they are old")
	}
	l = stage.NewLayout(500, 400, planWith(1, play.Dropped))
	if !o.update(m.Moment(), &l, now.Add(namesPause+2)) {
		t.Error("they do not move with the drawing")
	}
}

func TestArrowsLeadFromThingToThingAsTheyLie(t *testing.T) {
	l := stage.NewLayout(1000, 600, planWith(3, play.Repository, play.Dropped))
	var all []Spot
	index := map[play.Selection]int{}
	for _, target := range l.Targets(nil) {
		index[target.Selection] = len(all)
		all = append(all, Spot{Target: target})
	}
	producer := func(i int) play.Selection { return play.Selection{Role: scenario.OfProducer, Actor: i} }
	consumer := func(i int) play.Selection { return play.Selection{Role: scenario.OfConsumer, Actor: i} }
	buffer := func(i int) play.Selection {
		return play.Selection{Role: scenario.OfConsumer, Actor: i, Part: play.Buffer}
	}
	broker := play.Selection{Role: scenario.OfBroker}
	tank := func(p play.Part) play.Selection { return play.Selection{Role: scenario.OfBroker, Part: p} }
	for _, c := range []struct {
		from play.Selection
		key  string
		to   play.Selection
	}{
		{producer(1), "ArrowRight", buffer(1)}, {buffer(1), "ArrowRight", consumer(1)}, {consumer(1), "ArrowLeft", buffer(1)},
		{producer(0), "ArrowDown", producer(1)}, {producer(0), "ArrowLeft", producer(0)},
		{buffer(0), "ArrowUp", broker}, {broker, "ArrowDown", buffer(0)}, {consumer(2), "Home", producer(0)}, {producer(0), "End", tank(play.Dropped)},
		{tank(play.Repository), "ArrowRight", tank(play.Dropped)},
	} {
		if got := neighbour(all, index[c.from], c.key); got != index[c.to] {
			t.Errorf("%s from %+v leads to %+v, want %+v", c.key, c.from, all[got].Selection, c.to)
		}
	}
	if neighbour(all, 0, "x") != -1 {
		t.Error("any key leads anywhere")
	}
	for i := range all { // everything can be reached
		seen, todo := map[int]bool{}, []int{i}
		for len(todo) > 0 {
			at := todo[0]
			todo = todo[1:]
			if seen[at] {
				continue
			}
			seen[at] = true
			for _, key := range []string{"ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"} {
				todo = append(todo, neighbour(all, at, key))
			}
		}
		if len(seen) != len(all) {
			t.Fatalf("from %+v only %d of %d things can be reached", all[i].Selection, len(seen), len(all))
		}
	}
}
