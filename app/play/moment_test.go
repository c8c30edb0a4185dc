package play

import (
	"reflect"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

func TestAMomentStaysAsItIsWhateverComesAfterIt(t *testing.T) {
	m := paused(labtest.Trio(), 4*time.Second)
	was := m.Moment()
	copied, state, settings := *was, was.State.Clone(), was.Now.Clone()
	for _, msg := range []Msg{
		Step{By: 1}, Seek{At: 8 * time.Second}, Step{By: -1}, Toggle{}, Frame{Elapsed: time.Second, More: yes},
		setBuffer(1), rename(consumer(m, 0), "clerk"), Seek{At: 0},
		Select{m.Roster.Subject(Selection{Role: scenario.OfBroker})}, LoadPreset{ID: "classic"},
	} {
		Update(m, msg)
		if m.Moment() == was {
			t.Errorf("after %T it shows the same moment", msg)
		}
		if *was != copied || !reflect.DeepEqual(*was.State, state) || !was.Now.Equal(settings) {
			t.Fatalf("%T changes a moment that was shown before", msg)
		}
	}
}

func TestAMomentIsMadeOnceAndItsSettingsOnceForEachChange(t *testing.T) {
	m := paused(labtest.Trio(), 4*time.Second)
	first := m.Moment()
	if m.Moment() != first {
		t.Error("it is made again though nothing has changed")
	}
	Update(m, Seek{At: 5 * time.Second})
	if next := m.Moment(); next == first || next.Now != first.Now {
		t.Error("another moment has its own settings though nothing was set")
	}
	Update(m, setBuffer(1))
	if next := m.Moment(); next.Now == first.Now || next.Now.Broker.Buffer != 1 || first.Now.Broker.Buffer == 1 {
		t.Error("a change does not come with settings of its own")
	}
	if allocs := testing.AllocsPerRun(100, func() { m.Moment() }); allocs > 0 {
		t.Errorf("to ask for it takes %v allocations", allocs)
	}
}
