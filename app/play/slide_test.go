package play

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// slid is a Set as a slider sends it.
func slid(e Set, how Slide) Set {
	e.Slide = how
	return e
}

func TestADragIsOneEditAndOneInterventionHoweverLongItTakes(t *testing.T) {
	m := NewModel()
	pass(m, 2*time.Second)
	began, before := m.At(), until(recorded(m), m.At())
	how := SlideBegins
	for n := 4; n < 10; n++ {
		Update(m, slid(setBuffer(n), how))
		how = SlideGoesOn
		pass(m, 1100*time.Millisecond)
		want := []scenario.Intervention{{At: scenario.Duration(began + 1), Do: scenario.SetBuffer, Value: int64(n)}}
		if !slices.Equal(m.Scenario.Interventions, want) || len(m.undo) != 1 || !m.Playing {
			t.Fatalf("it has %+v, and %d edits", m.Scenario.Interventions, len(m.undo))
		}
		if got := until(recorded(m), m.At()); !slices.Equal(got, until(simulated(t, m.Scenario), m.At())) || !slices.Equal(got[:len(before)], before) {
			t.Fatal("what is shown is not the run of the link")
		}
	}
	at := m.At()
	if at < began+6*time.Second {
		t.Errorf("the time stood still: it is at %v", at)
	}
	Update(m, Undo{})
	if !m.Scenario.Equal(scenario.Classic()) || m.At() != at || !m.Playing || m.CanUndo() {
		t.Errorf("taken back it is at %v of %+v", m.At(), m.Scenario)
	}
	Update(m, Redo{})
	if m.Settings().Broker.Buffer != 9 {
		t.Errorf("made again the buffer is %d", m.Settings().Broker.Buffer)
	}
}

func TestADragThatOutlastsTheRunIsStillOneChangeOfIt(t *testing.T) {
	m := NewModel()
	pass(m, 2*time.Second)
	Update(m, slid(setBuffer(1), SlideBegins))
	pass(m, 9*time.Second)
	if !m.Over() {
		t.Fatal("it goes on")
	}
	dropped := m.View().Dropped
	Update(m, slid(setBuffer(8), SlideGoesOn))
	if !m.Over() || m.At() != 10*time.Second || len(m.Scenario.Interventions) != 1 || dropped == 0 || m.View().Dropped != 0 {
		t.Errorf("it is at %v with %+v, and has dropped %d", m.At(), m.Scenario.Interventions, m.View().Dropped)
	}
}

func TestADragThatBeginsANewRunLeavesItsLastValueToBeginWith(t *testing.T) {
	m := paused(scenario.Classic(), 10*time.Second)
	edits := len(m.undo)
	Update(m, slid(setBuffer(5), SlideBegins))
	pass(m, 4*time.Second)
	Update(m, slid(setBuffer(6), SlideGoesOn))
	want := labtest.Edited(func(s *scenario.Scenario) { s.Broker.Buffer = 6 })
	if !m.Scenario.Equal(want) || len(m.undo) != edits+1 || m.At() < 3900*time.Millisecond {
		t.Errorf("it is at %v of %+v", m.At(), m.Scenario)
	}
	Update(m, Undo{})
	if !m.Scenario.Equal(scenario.Classic()) || m.At() != 10*time.Second {
		t.Errorf("taken back it is at %v of %+v", m.At(), m.Scenario)
	}
}

func TestAMoveThatIsRefusedLeavesTheLastOne(t *testing.T) {
	m := paused(labtest.Edited(func(s *scenario.Scenario) { s.Broker.Overflow = broker.Spill }), time.Second)
	Update(m, slid(setBuffer(1), SlideBegins))
	if _, err := Update(m, slid(setBuffer(0), SlideGoesOn)); err == nil || m.Now().Broker.Buffer != 1 {
		t.Errorf("it has a buffer of %d: %v", m.Now().Broker.Buffer, err)
	}
	Update(m, slid(setBuffer(2), SlideGoesOn))
	if n := len(m.Scenario.Interventions); n != 1 || m.Now().Broker.Buffer != 2 {
		t.Errorf("there are %d changes, to a buffer of %d", n, m.Now().Broker.Buffer)
	}
}

func TestAnotherSettingOrAPauseOrAnotherDragIsAnotherEdit(t *testing.T) {
	m := paused(scenario.Classic(), time.Second)
	n := len(m.undo)
	edits := func(want int) {
		t.Helper()
		if got := len(m.undo) - n; got != want {
			t.Errorf("there are %d edits, not %d", got, want)
		}
	}
	Update(m, slid(setBuffer(5), SlideBegins))
	Update(m, slid(setBuffer(6), SlideBegins)) // a key that is held
	edits(1)
	Update(m, setOverflow(broker.Block))
	edits(2)
	Update(m, slid(setBuffer(7), SlideGoesOn)) // of what is not the last change any more
	edits(3)
	pass(m, mergeWindow)
	Update(m, slid(setBuffer(8), SlideGoesOn))
	edits(3)
	pass(m, mergeWindow)
	Update(m, slid(setBuffer(9), SlideBegins))
	edits(4)
	Update(m, setBuffer(10)) // typed
	edits(5)
	Update(m, Undo{})
	Update(m, slid(setBuffer(11), SlideGoesOn)) // of what was taken back nothing goes on
	edits(5)
	if m.CanRedo() {
		t.Error("after another edit something can be made again")
	}
}

func TestADragInTheMiddleOfALongRunShowsTheSameMoment(t *testing.T) {
	m := paused(labtest.Edited(func(s *scenario.Scenario) {
		s.Producers[0].Interval, s.Duration = scenario.Duration(50*time.Microsecond), scenario.Duration(time.Minute)
	}), 20*time.Second)
	began := m.At()
	Update(m, slid(setBuffer(5), SlideBegins))
	Update(m, slid(setBuffer(6), SlideGoesOn))
	Update(m, slid(setBuffer(7), SlideGoesOn)) // while the run of the one before is still on its way
	for m.CatchingUp() {
		Update(m, Frame{Elapsed: 16 * time.Millisecond, More: yes})
	}
	if n := len(m.Scenario.Interventions); n != 1 || m.At() != began+1 || m.Now().Broker.Buffer != 7 {
		t.Errorf("it is at %v with %d changes, to a buffer of %d", m.At(), n, m.Now().Broker.Buffer)
	}
}

func TestAfterADragOfAnyKindTheLinkIsTheRunThatIsShown(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := NewModel()
		Update(m, LoadLink{Link: scenario.Link(labtest.Small(t), 0)})
		pass(m, time.Duration(rapid.IntRange(0, 4000).Draw(t, "ms"))*time.Millisecond)
		i := labtest.AnyChange(t, m.Now())
		if _, ok := scenario.SettingOf(i.Do); !ok || m.Gone(i.Do.Role(), i.Actor) || m.Ended() {
			return
		}
		s, at, edits, before := m.Scenario.Clone(), m.At(), len(m.undo), until(recorded(m), m.At())
		has := m.View().Changes
		if _, err := Update(m, message(m, i, SlideBegins)); err != nil {
			return // a value of the others does not allow it
		}
		if len(m.undo) == edits {
			return // it has that value already
		}
		for range rapid.IntRange(0, 6).Draw(t, "moves") {
			pass(m, time.Duration(rapid.IntRange(0, 3000).Draw(t, "pause"))*time.Millisecond)
			if scenario.Settings()[i.Do-1].Form == scenario.Time {
				i.Value = int64(labtest.AnyTime(t, "value"))
			}
			Update(m, message(m, i, SlideGoesOn))
		}
		if n := len(m.Scenario.Interventions); n > has+1 || len(m.undo) > edits+1 {
			t.Fatalf("it has %+v and %d edits", m.Scenario.Interventions, len(m.undo)-edits)
		}
		shown := m.View().Position
		records := recorded(m)
		if whole := simulated(t, m.Scenario); !slices.Equal(whole[:shown], records[:shown]) || !slices.Equal(whole[:len(before)], before) {
			t.Fatalf("it does not show %s", m.Link())
		}
		if len(m.undo) > edits {
			if Update(m, Undo{}); !m.Scenario.Equal(s) || m.At() < min(at, m.run.reached()) {
				t.Fatalf("taken back it is %+v", m.Scenario)
			}
		}
	})
}
