package app

import (
	"slices"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/scenario"
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
		s.Producers[i].Start = scenario.Duration(rapid.SampledFrom([]time.Duration{0, 0, 0, time.Second}).Draw(t, "start"))
		s.Producers[i].Count = rapid.SampledFrom([]int{0, 0, 0, 5}).Draw(t, "count")
	}
	for i := range s.Consumers {
		s.Consumers[i].Service = aTime(t, "service")
		s.Consumers[i].Start = scenario.Duration(rapid.SampledFrom([]time.Duration{0, 0, 0, time.Second}).Draw(t, "start"))
	}
	s.Seed = rapid.Uint64Max(5).Draw(t, "seed")
	for range rapid.IntRange(0, 6).Draw(t, "settings") {
		s.Apply(aChange(t, s))
	}
	now := s.Clone()
	for n := range rapid.IntRange(0, 2).Draw(t, "interventions") {
		i := aChange(t, now)
		now.Apply(i)
		i.At = scenario.Duration(n) * scenario.Duration(3*time.Second)
		s.Interventions = append(s.Interventions, i)
	}
	return s
}

// aChange draws from all a user can do to a run of s, with values that the
// settings of now take: nothing of it can fail.
func aChange(t *rapid.T, now scenario.Scenario) scenario.Intervention {
	settings := scenario.Settings()
	others := []scenario.Action{scenario.Publish, scenario.Stop, scenario.Pause, scenario.Resume, scenario.Leave, scenario.Crash, scenario.Interrupt}
	n := rapid.IntRange(0, len(settings)+len(others)-1).Draw(t, "do")
	if n >= len(settings) {
		do := others[n-len(settings)]
		return scenario.Intervention{Do: do, Actor: anActor(t, now, do.Role())}
	}
	set := settings[n]
	i := scenario.Intervention{Do: set.Change, Actor: anActor(t, now, set.Role)}
	switch {
	case set.Change == scenario.SetTopic:
		i.Text = rapid.SampledFrom([]string{"", "a", "a.b", "c"}).Draw(t, "topic")
	case set.Change == scenario.SetTopics:
		i.Text = rapid.SampledFrom([]string{"", "a", "a.*", "> a"}).Draw(t, "topics")
	case set.Form == scenario.Time:
		i.Value = int64(aTime(t, "time"))
	case set.Form == scenario.Percentage:
		i.Value = rapid.SampledFrom([]int64{0, 30, 60, 100}).Draw(t, "percent")
	default:
		i.Value = rapid.Int64Range(set.Low, min(set.High, 8)).Draw(t, "value")
	}
	after := now.Clone()
	if after.Apply(i); after.Validate() != nil { // an unbuffered consumer can't spill
		return scenario.Intervention{Do: scenario.SetInterval, Value: int64(aTime(t, "time"))}
	}
	return i
}

// message is what a user sends to change the run so.
func message(m *Model, i scenario.Intervention, slide Slide) Msg {
	of := m.Roster.At(i.Do.Role(), i.Actor)
	switch i.Do {
	case scenario.Stop, scenario.Leave:
		return Remove{of}
	case scenario.Pause, scenario.Resume:
		return Hold{of}
	case scenario.Publish, scenario.Crash, scenario.Interrupt:
		return Do{of, i.Do}
	default:
		return Set{of, Field(i.Do), i.Value, i.Text, slide}
	}
}

// anEdit draws from all edits, those that can't be made included.
func anEdit(t *rapid.T, m *Model) Msg {
	role := rapid.SampledFrom([]scenario.Role{scenario.OfProducer, scenario.OfConsumer}).Draw(t, "role")
	actor := m.Roster.At(role, anActor(t, m.Scenario, role))
	switch rapid.IntRange(0, 10).Draw(t, "edit") {
	case 0:
		return Add{role}
	case 1:
		return Remove{actor}
	case 2:
		return rename(actor, rapid.SampledFrom([]string{"a", "b", "q", "r", "new", " other ", "", "\n"}).Draw(t, "name"))
	case 3:
		return Move{actor, rapid.SampledFrom([]int{1, -1, 2}).Draw(t, "by")}
	case 4:
		return setDuration(time.Duration(rapid.IntRange(0, 12).Draw(t, "duration")) * time.Second)
	case 5:
		return setSeed(rapid.Uint64Max(5).Draw(t, "seed"))
	case 6:
		return setStart(actor, time.Duration(rapid.IntRange(-1, 12).Draw(t, "start"))*time.Second)
	case 7:
		return setCount(producer(m, anActor(t, m.Scenario, scenario.OfProducer)), rapid.IntRange(-1, 9).Draw(t, "count"))
	case 8:
		return LoadScenario{"drawn", aScenario(t)}
	case 9:
		return LoadPreset{ID: rapid.SampledFrom(scenario.Presets()).Draw(t, "preset").ID}
	default:
		return message(m, aChange(t, m.Now()), NoSlide)
	}
}

func anActor(t *rapid.T, s scenario.Scenario, role scenario.Role) int {
	switch role {
	case scenario.OfProducer:
		return rapid.IntRange(0, len(s.Producers)-1).Draw(t, "producer")
	case scenario.OfConsumer:
		return rapid.IntRange(0, len(s.Consumers)-1).Draw(t, "consumer")
	default:
		return 0
	}
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
				c, at := aChange(t, m.Now()), m.At()
				restarts, gone := m.Ended(), m.Gone(c.Do.Role(), c.Actor)
				before := until(recorded(m), at-1)
				_, err := Update(m, message(m, c, NoSlide))
				if restarts || gone || err != nil {
					return
				}
				if now := recorded(m); !slices.Equal(now[:len(before)], before) {
					t.Fatalf("a change at %v changed what was before it", at)
				}
				now := m.Now()
				if set, ok := scenario.SettingOf(c.Do); ok && (set.Get(&now, c.Actor) != c.Value || set.Form == scenario.Text && set.GetText(&now, c.Actor) != c.Text) {
					t.Fatalf("after %v of %d to %v%q it is %v", c.Do, c.Actor, c.Value, c.Text, set.GetText(&now, c.Actor))
				}
			},
			"edit": func(t *rapid.T) {
				edit := anEdit(t, m)
				at, s, edits, records := m.At(), m.Scenario.Clone(), len(m.undo), until(recorded(m), m.At()-1)
				_, err := Update(m, edit)
				now := m.Scenario.Clone()
				if err != nil {
					if !now.Equal(s) || m.At() != at || len(m.undo) != edits {
						t.Fatalf("%+v says %v, and changes something", edit, err)
					}
					return
				}
				if len(m.undo) == edits {
					if edits < maxUndo && !now.Equal(s) {
						t.Fatalf("%+v can't be taken back", edit)
					}
					return
				}
				if m.At() >= at && !slices.Equal(until(recorded(m), at-1)[:len(records)], records) {
					t.Fatalf("%+v goes on from another past", edit)
				}
				Update(m, Undo{})
				if !m.Scenario.Equal(s) || m.At() < min(at, m.run.reached()) {
					t.Fatalf("%+v taken back leaves %+v at %v, not %+v at %v", edit, m.Scenario, m.At(), s, at)
				}
				if rapid.Bool().Draw(t, "redo") {
					Update(m, Redo{})
					if !m.Scenario.Equal(now) {
						t.Fatalf("%+v made again makes %+v, not %+v", edit, m.Scenario, now)
					}
				}
			},
			"undo": func(t *rapid.T) { Update(m, Undo{}) },
			"redo": func(t *rapid.T) { Update(m, Redo{}) },
			"select": func(t *rapid.T) {
				Update(m, Select{m.Roster.Subject(Selection{Role: scenario.OfConsumer, Actor: len(m.Scenario.Consumers) - 1})})
			},
			"mark":    func(t *rapid.T) { Update(m, ToggleMark{}) },
			"restart": func(t *rapid.T) { Update(m, Restart{}) },
			"": func(t *rapid.T) {
				if m.Notice != (Notice{}) {
					t.Fatalf("it says %q", m.Notice.Text)
				}
				if m.At() < 0 || m.At() > m.Duration() || m.At() > m.run.reached() {
					t.Fatalf("it is at %v", m.At())
				}
				if err := m.Scenario.Validate(); err != nil {
					t.Fatal(err)
				}
				if of := m.Selection(); of.Actor >= max(1, actors(&m.Scenario, of.Role)) {
					t.Fatalf("%+v is selected of %d producers and %d consumers", of, len(m.Scenario.Producers), len(m.Scenario.Consumers))
				}
				for _, role := range []scenario.Role{scenario.OfProducer, scenario.OfConsumer} {
					seen := map[Actor]bool{}
					for place := range actors(&m.Scenario, role) {
						a := m.Roster.At(role, place)
						if back, ok := m.Roster.Place(a); !ok || back != place || seen[a] {
							t.Fatalf("at the place %d of %v is %v, who is at %d", place, role, a, back)
						}
						seen[a] = true
					}
					if len(*m.Roster.of(role)) != len(seen) {
						t.Fatalf("the roster has %v", m.Roster)
					}
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
	place := -1 // of the event that the next one replaces
	for _, r := range records {
		if r.Kind == journal.Crashed {
			list, place = nil, -1
		}
		if r.Consumer != 0 || !r.Kind.OfConsumer() {
			continue
		}
		i := slices.Index(list, r.Event())
		switch r.Kind {
		case journal.Buffered, journal.Refilled:
			if place < 0 {
				place = len(list)
			}
			list = slices.Insert(list, place, r.Event())
			place = -1
		case journal.Delivered, journal.Dropped, journal.Returned:
			if i >= 0 {
				list = slices.Delete(list, i, i+1)
			}
			if r.Kind == journal.Dropped && broker.DropReason(r.Cause) == broker.Replaced {
				place = i
			}
		}
	}
	return list
}
