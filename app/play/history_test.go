package play

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// anEdit draws from all edits, those that can't be made included.
func anEdit(t *rapid.T, m *Model) Msg {
	role := rapid.SampledFrom([]scenario.Role{scenario.OfProducer, scenario.OfConsumer}).Draw(t, "role")
	actor := m.Roster.At(role, labtest.AnyActor(t, m.Scenario, role))
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
		return setCount(producer(m, labtest.AnyActor(t, m.Scenario, scenario.OfProducer)), rapid.IntRange(-1, 9).Draw(t, "count"))
	case 8:
		return LoadScenario{"drawn", labtest.Small(t)}
	case 9:
		return LoadPreset{ID: rapid.SampledFrom(scenario.Presets()).Draw(t, "preset").ID}
	default:
		return message(m, labtest.AnyChange(t, m.Now()), NoSlide)
	}
}

// Whatever the user does, and in whatever order: the scenario tells all of it.
func TestARunIsAPureFunctionOfItsScenarioWhateverTheUserDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := NewModel()
		Update(m, LoadLink{Link: scenario.Link(labtest.Small(t), 0)})
		t.Repeat(map[string]func(*rapid.T){
			"play": func(t *rapid.T) {
				Update(m, Toggle{})
				pass(m, time.Duration(rapid.IntRange(1, 3000).Draw(t, "ms"))*time.Millisecond)
			},
			"speed": func(t *rapid.T) { Update(m, SetSpeed{Speed: rapid.SampledFrom(Speeds()).Draw(t, "speed")}) },
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
				c, at := labtest.AnyChange(t, m.Now()), m.At()
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
				letOthersRun()
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
