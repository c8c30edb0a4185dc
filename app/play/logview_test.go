package play

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

func TestALineLeadsToExactlyItsRecord(t *testing.T) {
	for _, p := range scenario.Presets() {
		m := paused(p.Scenario, time.Duration(p.Duration))
		records := recorded(m)
		for i := len(records) - 1; i >= 0; i -= 1 + len(records)/60 {
			m.Playing, m.Log.Hold = true, true
			Update(m, PickRecord{uint64(i)})
			if m.Playing || m.Log.Hold || m.CatchingUp() || m.At() != records[i].At || m.View().Position != uint64(i)+1 {
				t.Fatalf("%s: record %d leads to %v, position %d", p.ID, i, m.At(), m.View().Position)
			}
			if got, want := shown(m), counted(records[:i+1]); got != want {
				t.Fatalf("%s: after record %d it shows %+v, want %+v", p.ID, i, got, want)
			}
			r := records[i]
			if want := (Selection{Role: scenario.OfProducer, Actor: int(r.Producer), HasEvent: true, Event: r.Number}); r.Kind.OfEvent() && m.Selection() != want {
				t.Fatalf("%s: %v of event %d selects %+v", p.ID, r.Kind, r.Number, m.Selection())
			}
			if of := m.Selection(); of.Actor >= max(1, actors(&m.Scenario, of.Role)) {
				t.Fatalf("%s: %v selects %+v", p.ID, r.Kind, m.Selection())
			}
		}
		Update(m, Step{By: 1})
		if m.View().Position != 2+uint64((len(records)-1)%(1+len(records)/60)) {
			t.Errorf("%s: a step from there leads to %d", p.ID, m.View().Position)
		}
	}
}

func TestWhatAChangeIsAboutIsSelected(t *testing.T) {
	m := paused(labtest.Trio(), 2*time.Second)
	for _, c := range []struct {
		do   scenario.Intervention
		want Selection
	}{
		{scenario.Intervention{Do: scenario.SetInterval, Actor: 1, Value: int64(time.Second)}, Selection{Role: scenario.OfProducer, Actor: 1}},
		{scenario.Intervention{Do: scenario.Pause, Actor: 1}, Selection{Role: scenario.OfConsumer, Actor: 1}},
		{scenario.Intervention{Do: scenario.Resume, Actor: 1}, Selection{Role: scenario.OfConsumer, Actor: 1}},
		{scenario.Intervention{Do: scenario.SetBuffer, Value: 9}, Selection{Role: scenario.OfBroker}},
		{scenario.Intervention{Do: scenario.Crash}, Selection{Role: scenario.OfBroker}}, // it stays
	} {
		Update(m, message(m, c.do, NoSlide))
		j := m.Journal()
		p := j.Next() - 1
		for j.At(p).Kind != journal.Changed && j.At(p).Kind != journal.Paused && j.At(p).Kind != journal.Resumed && j.At(p).Kind != journal.Crashed {
			p--
		}
		if Update(m, PickRecord{p}); m.Selection() != c.want {
			t.Errorf("%v selects %+v", c.do.Do, m.Selection())
		}
	}
}

func TestARecordThatIsNotThereLeadsNowhere(t *testing.T) {
	m := paused(scenario.Classic(), 3*time.Second)
	before := m.Moment()
	for _, p := range []uint64{m.Journal().Next(), 1 << 60} {
		if Update(m, PickRecord{p}); m.Moment() != before || m.Selection().Selected() {
			t.Errorf("%d leads to %v", p, m.At())
		}
	}
	long := labtest.Fast()
	long.Duration = scenario.Duration(500 * time.Second)
	m = paused(long, 500*time.Second)
	if m.Journal().First() == 0 {
		t.Fatal("the journal keeps all of it")
	}
	before = m.Moment()
	if Update(m, PickRecord{m.Journal().First() - 1}); m.Moment() != before {
		t.Errorf("a forgotten one leads to %v", m.At())
	}
}

func TestASetIsTurnedOneByOneOrAllButOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := []int{1, 2, 3, 4}
		var set map[int]bool
		for range rapid.IntRange(0, 8).Draw(t, "before") {
			set = toggled(set, rapid.SampledFrom(all).Draw(t, "key"), rapid.Bool().Draw(t, "others"), all)
		}
		before := map[int]bool{}
		for _, k := range all {
			before[k] = set[k]
		}
		key := rapid.SampledFrom(all).Draw(t, "key")
		one := toggled(set, key, false, all)
		for _, k := range all {
			if one[k] != (before[k] != (k == key)) {
				t.Fatalf("%d turned in %v makes %v", key, set, one)
			}
		}
		alone := toggled(set, key, true, all)
		if alone[key] {
			t.Fatalf("only %d of %v makes %v", key, set, alone)
		}
		was := !before[key] && !slices.ContainsFunc(all, func(k int) bool { return k != key && !before[k] })
		for _, k := range all {
			if k != key && alone[k] == was {
				t.Fatalf("only %d of %v makes %v", key, set, alone)
			}
			if set[k] != before[k] {
				t.Fatal("the set before has changed")
			}
		}
	})
}

func TestFiltersAreKeptForWhoIsStillThere(t *testing.T) {
	m := paused(labtest.Trio(), 3*time.Second)
	bank := producer(m, 1)
	Update(m, MuteLog{Actor: bank})
	Update(m, setBuffer(7))
	Update(m, Restart{})
	Update(m, LoadPreset{ID: "topics"}) // which has a bank too
	if !m.Log.Mute[bank] || !m.Log.Filters(m.Roster) {
		t.Error("it is shown again")
	}
	Update(m, LoadPreset{ID: "classic"})
	if m.Log.Filters(m.Roster) {
		t.Error("who is not there hides something")
	}
	Update(m, WholeLog{})
	Update(m, LoadPreset{ID: "topics"})
	if !m.Log.Mute[bank] {
		t.Error("to show all of one run shows more in another")
	}
	if Update(m, WholeLog{}); m.Log.Mute[bank] {
		t.Error("it is still not shown")
	}
}
