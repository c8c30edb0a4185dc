package app

import (
	"slices"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker/journal"
	"github.com/spillway-go/spillway/broker/scenario"
	"pgregory.net/rapid"
)

// aTime draws times that often coincide with others.
func aTime(t *rapid.T, label string) scenario.Duration {
	return scenario.Duration(rapid.SampledFrom([]time.Duration{20, 100, 250, 500, 1000, 2000}).Draw(t, label) * time.Millisecond)
}

// aScenario draws a small one.
func aScenario(t *rapid.T) scenario.Scenario {
	s := crowded(rapid.IntRange(1, 3).Draw(t, "producers"), rapid.IntRange(1, 3).Draw(t, "consumers"), rapid.IntRange(0, 4).Draw(t, "buffer"))
	for i := range s.Producers {
		s.Producers[i].Interval = aTime(t, "interval")
	}
	for i := range s.Consumers {
		s.Consumers[i].Service = aTime(t, "service")
	}
	s.Broker.Overflow = rapid.SampledFrom(scenario.Overflows()).Draw(t, "overflow")
	s.Seed = rapid.Uint64Max(5).Draw(t, "seed")
	for n := range rapid.IntRange(0, 2).Draw(t, "interventions") {
		i := aChange(t, s).Intervention
		i.At = scenario.Duration(n) * scenario.Duration(3*time.Second)
		s.Interventions = append(s.Interventions, i)
	}
	return s
}

func aChange(t *rapid.T, s scenario.Scenario) Change {
	do := []scenario.Action{scenario.SetInterval, scenario.SetService, scenario.SetBuffer, scenario.SetOverflow, scenario.SetBuffer, scenario.SetService, scenario.Interrupt}
	i := scenario.Intervention{Do: rapid.SampledFrom(do).Draw(t, "do")}
	switch i.Do {
	case scenario.SetInterval:
		i.Actor, i.Interval = rapid.IntRange(0, len(s.Producers)-1).Draw(t, "actor"), aTime(t, "interval")
	case scenario.SetService:
		i.Actor, i.Service = rapid.IntRange(0, len(s.Consumers)-1).Draw(t, "actor"), aTime(t, "service")
	case scenario.SetBuffer:
		i.Buffer = rapid.IntRange(0, 8).Draw(t, "buffer")
	case scenario.SetOverflow:
		i.Overflow = rapid.SampledFrom(scenario.Overflows()).Draw(t, "overflow")
	}
	return Change{i}
}

// Whatever the user does, and in whatever order: the scenario tells all of it.
func TestARunIsAPureFunctionOfItsScenarioWhateverTheUserDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := NewModel()
		Update(m, LoadLink{Link: scenario.Link(aScenario(t), 0)})
		t.Repeat(map[string]func(*rapid.T){
			"play": func(t *rapid.T) {
				Update(m, Toggle{})
				pass(m, time.Duration(rapid.IntRange(1, 3000).Draw(t, "ms"))*time.Millisecond)
			},
			"speed": func(t *rapid.T) { Update(m, SetSpeed{rapid.SampledFrom(Speeds()).Draw(t, "speed")}) },
			"frame": func(t *rapid.T) { Update(m, Frame{Elapsed: 16 * time.Millisecond, More: no}) },
			"seek": func(t *rapid.T) {
				at := time.Duration(rapid.IntRange(0, 100).Draw(t, "tenths")) * 100 * time.Millisecond
				Update(m, Seek{At: at})
				if got, want := m.View().Position, len(until(recorded(m), at)); got != uint64(want) {
					t.Fatalf("at %v it shows %d records of %d", at, got, want)
				}
			},
			"step": func(t *rapid.T) {
				for range rapid.IntRange(1, 9).Draw(t, "steps") {
					Update(m, Step{By: rapid.SampledFrom([]int{1, -1}).Draw(t, "by")})
				}
			},
			"change": func(t *rapid.T) {
				c, at := aChange(t, m.Scenario), m.At()
				if m.View().Interrupted || m.Over() || at+1 >= m.Duration() {
					Update(m, c)
					return
				}
				before := until(recorded(m), at-1)
				Update(m, c)
				if now := recorded(m); !slices.Equal(now[:len(before)], before) {
					t.Fatalf("a change at %v changed what was before it", at)
				}
				if s := m.Settings(); c.Do == scenario.SetBuffer && s.Broker.Buffer != c.Buffer {
					t.Fatalf("after the change the buffer is %d, not %d", s.Broker.Buffer, c.Buffer)
				}
			},
			"restart": func(t *rapid.T) { Update(m, Restart{}) },
			"": func(t *rapid.T) {
				if m.Notice != (Notice{}) {
					t.Fatalf("it says %q", m.Notice.Text)
				}
				if m.At() < 0 || m.At() > m.Duration() || m.At() > m.run.reached() {
					t.Fatalf("it is at %v", m.At())
				}
				records := recorded(m)
				if got, want := shown(m), counted(records[:m.View().Position]); got != want {
					t.Fatalf("it shows %+v, want %+v", got, want)
				}
				if got, want := waiting(m), waited(records[:m.View().Position]); !slices.Equal(got, want) {
					t.Fatalf("for the first consumer wait %v, want %v", got, want)
				}
			},
		})
		Update(m, Pause{})
		s, at, position := m.Scenario.Clone(), m.At(), m.View().Position
		Update(m, Seek{At: m.Duration()})
		records := recorded(m)
		if !m.Over() || !slices.Equal(records, simulated(t, s)) {
			t.Fatalf("the journal is not that of %s", scenario.Link(s, 0))
		}
		Update(m, Seek{At: at})
		if position > m.View().Position {
			t.Fatalf("back at %v it shows %d records, not %d", at, m.View().Position, position)
		}
		o := NewModel()
		Update(o, LoadLink{Link: m.Link()})
		if !o.Scenario.Equal(s) || at > 0 && shown(o) != shown(m) {
			t.Fatalf("%s brings back something else", m.Link())
		}
	})
}

// waiting are the events that wait for the first consumer.
func waiting(m *Model) []journal.Event { return m.Journal().Waiting(nil, m.View(), 0, 1<<20) }

// waited are the same, as a reader of the records would have them on a list.
func waited(records []journal.Record) []journal.Event {
	var list []journal.Event
	for _, r := range records {
		if r.Consumer != 0 {
			continue
		}
		switch r.Kind {
		case journal.Buffered:
			list = append(list, r.Event())
		case journal.Delivered, journal.Dropped:
			list = slices.DeleteFunc(list, func(e journal.Event) bool { return e == r.Event() })
		}
	}
	return list
}
