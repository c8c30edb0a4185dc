package play

import (
	"slices"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

func TestEveryEditCanBeTakenBackAndMadeAgain(t *testing.T) {
	m := paused(labtest.Trio(), 3*time.Second)
	for _, c := range []struct {
		edit  Msg
		stays bool // the moment, when it is made
	}{
		{setBuffer(7), true},
		{setOverflow(broker.Block), true},
		{Do{producer(m, 0), scenario.Publish}, true},
		{Hold{consumer(m, 1)}, true},
		{Do{Action: scenario.Crash}, true},
		{interrupt(), true},
		{Add{scenario.OfProducer}, true},
		{Add{scenario.OfConsumer}, true},
		{Remove{producer(m, 0)}, true},
		{Remove{consumer(m, 1)}, true},
		{rename(producer(m, 0), "store"), true},
		{rename(consumer(m, 1), "  clerk "), true},
		{Move{producer(m, 0), 1}, false},
		{Move{consumer(m, 1), -1}, false},
		{setDuration(time.Hour), true},
		{setDuration(2 * time.Second), false},
		{setSeed(99), false},
		{setStart(producer(m, 1), time.Second), false},
		{setStart(consumer(m, 0), time.Second), false},
		{setCount(producer(m, 1), 3), false},
		{LoadPreset{ID: "flaky"}, false},
		{LoadScenario{"mine", scenario.Classic()}, false},
		{LoadLink{Link: scenario.Link(scenario.Classic(), 4*time.Second)}, false},
	} {
		m := paused(labtest.Trio(), 3*time.Second) // in which everybody has the same identity each time
		Update(m, setService(m, time.Second))      // an edit before
		before, at, link, preset, caption := m.Scenario.Clone(), m.At(), m.Link(), m.Preset, m.Caption()
		Update(m, c.edit)
		after := m.Scenario.Clone()
		if after.Equal(before) || m.Notice != (Notice{}) || !m.CanUndo() || m.CanRedo() {
			t.Errorf("%+v changes nothing: %q", c.edit, m.Notice.Text)
			continue
		}
		if stays := m.At() == at || m.At() == at+1; stays != c.stays {
			t.Errorf("after %+v it is at %v", c.edit, m.At())
		}
		m.Playing = false
		for range 2 {
			Update(m, Undo{})
			if !m.Scenario.Equal(before) || m.Preset != preset || m.Caption() != caption || m.At() < at || m.At() > at+1 {
				t.Errorf("%+v taken back leaves %+v at %v", c.edit, m.Scenario, m.At())
			}
			if Update(m, Seek{At: at}); m.Link() != link {
				t.Errorf("%+v taken back leaves the link %s, not %s", c.edit, m.Link(), link)
			}
			if !m.CanRedo() {
				t.Fatalf("%+v can't be made again", c.edit)
			}
			Update(m, Redo{})
			if !m.Scenario.Equal(after) || m.CanRedo() {
				t.Errorf("%+v made again makes %+v", c.edit, m.Scenario)
			}
		}
	}
}

func TestAHundredEditsCanBeTakenBack(t *testing.T) {
	m := paused(scenario.Classic(), time.Second)
	for n := range 130 {
		m.clock += mergeWindow
		Update(m, setBuffer(10+n))
	}
	n := 0
	for ; m.CanUndo(); n++ {
		Update(m, Undo{})
	}
	if n != 100 || m.Settings().Broker.Buffer != 39 {
		t.Errorf("%d can be taken back, to a buffer of %d", n, m.Settings().Broker.Buffer)
	}
	for ; m.CanRedo(); n-- {
		Update(m, Redo{})
	}
	if n != 0 || m.Settings().Broker.Buffer != 139 {
		t.Errorf("not made again are %d, to a buffer of %d", n, m.Settings().Broker.Buffer)
	}
}

func TestUndoOfNothingDoesNothing(t *testing.T) {
	m := NewModel()
	pass(m, 2*time.Second)
	Update(m, Undo{})
	Update(m, Redo{})
	if m.At() != 2*time.Second || !m.Playing || !m.Scenario.Equal(scenario.Classic()) || m.Notice != (Notice{}) {
		t.Errorf("it is at %v of %+v", m.At(), m.Scenario)
	}
}

func TestTakingBackKeepsPlayingOrNot(t *testing.T) {
	for _, playing := range []bool{false, true} {
		m := paused(scenario.Classic(), 3*time.Second)
		Update(m, setBuffer(5))
		m.Playing = playing
		if Update(m, Undo{}); m.Playing != playing || m.At() != 3*time.Second {
			t.Errorf("playing=%v, it is at %v", m.Playing, m.At())
		}
	}
}

func TestARestartThatLeavesChangesBehindCanBeTakenBack(t *testing.T) {
	m := paused(scenario.Classic(), 3*time.Second)
	n := len(m.undo)
	Update(m, Restart{})
	if len(m.undo) != n {
		t.Error("a restart of the same can be taken back")
	}
	m = paused(scenario.Classic(), 3*time.Second)
	Update(m, setBuffer(5))
	was := m.Scenario.Clone()
	Update(m, Restart{})
	if Update(m, Undo{}); !m.Scenario.Equal(was) || m.At() != 3*time.Second+1 {
		t.Errorf("taken back it is at %v of %+v", m.At(), m.Scenario)
	}
}

func TestWhoWasAddedIsNoLongerSelectedWhenThatIsTakenBack(t *testing.T) {
	m := paused(scenario.Classic(), 3*time.Second)
	Update(m, Add{scenario.OfConsumer})
	Update(m, Select{m.Roster.Subject(Selection{Role: scenario.OfConsumer, Actor: 1})})
	if Update(m, Undo{}); m.Selection().Selected() {
		t.Errorf("selected is %+v", m.Selection())
	}
}

func TestTheMarksOfAnotherScenarioComeBackWithIt(t *testing.T) {
	m := paused(labtest.Trio(), 3*time.Second)
	Update(m, ToggleMark{})
	for _, load := range []Msg{LoadPreset{ID: "classic"}, LoadScenario{Scenario: scenario.Classic()}, LoadLink{Link: scenario.Link(scenario.Classic(), 0)}} {
		Update(m, load)
		if len(m.Bookmarks) != 0 {
			t.Errorf("after %T the marks are %v", load, m.Bookmarks)
		}
		Update(m, Undo{})
		if !slices.Equal(m.Bookmarks, []time.Duration{3 * time.Second}) {
			t.Errorf("after %T and back the marks are %v", load, m.Bookmarks)
		}
	}
	Update(m, Redo{})
	if len(m.Bookmarks) != 0 {
		t.Errorf("when it is made again the marks are %v", m.Bookmarks)
	}
}

func TestAMarkSetAfterAnEditOutlivesIt(t *testing.T) {
	m := paused(labtest.Trio(), 3*time.Second)
	Update(m, setBuffer(7))
	Update(m, ToggleMark{})
	Update(m, Undo{})
	if len(m.Bookmarks) != 1 {
		t.Errorf("the marks are %v", m.Bookmarks)
	}
}
