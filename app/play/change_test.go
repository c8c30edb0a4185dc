package play

import (
	"slices"
	"testing"
	"time"

	"github.com/spillway-go/spillway/app/format"
	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

func TestAChangeTakesEffectAfterTheMomentShown(t *testing.T) {
	m := NewModel()
	pass(m, 2500*time.Millisecond)
	at := m.At()
	before := until(recorded(m), at)
	Update(m, setService(m, 500*time.Millisecond))
	want := scenario.Intervention{At: scenario.Duration(at + 1), Do: scenario.SetService, Value: int64(500 * time.Millisecond)}
	if !slices.Equal(m.Scenario.Interventions, []scenario.Intervention{want}) {
		t.Fatalf("the scenario has %+v", m.Scenario.Interventions)
	}
	after := recorded(m)
	if !slices.Equal(after[:len(before)], before) {
		t.Error("the journal before it has changed")
	}
	if r := after[len(before)]; r.Kind != journal.Changed || r.At != at+1 || m.At() != at+1 {
		t.Errorf("it is recorded as %v at %v", r.Kind, r.At)
	}
	if !m.Playing {
		t.Error("it stopped playing")
	}
	pass(m, 11*time.Second)
	if !slices.Equal(recorded(m), simulated(t, m.Scenario)) {
		t.Error("the scenario has another journal than the run")
	}
}

func TestASecondChangeInTheSameMomentReplacesTheFirst(t *testing.T) {
	m := paused(scenario.Classic(), 2500*time.Millisecond)
	for n := 4; n < 20; n++ {
		Update(m, setBuffer(n))
	}
	want := []scenario.Intervention{{At: scenario.Duration(2500*time.Millisecond + 1), Do: scenario.SetBuffer, Value: int64(19)}}
	if !slices.Equal(m.Scenario.Interventions, want) {
		t.Errorf("the scenario has %+v", m.Scenario.Interventions)
	}
	if m.At() != 2500*time.Millisecond+1 || m.Playing || m.Settings().Broker.Buffer != 19 {
		t.Errorf("it is at %v with a buffer of %d", m.At(), m.Settings().Broker.Buffer)
	}
	Update(m, setOverflow(broker.DropOldest))
	Update(m, setBuffer(2))
	if n := len(m.Scenario.Interventions); n != 3 {
		t.Errorf("changes of other settings left %d", n)
	}
}

func TestAChangeInThePastForks(t *testing.T) {
	for _, playing := range []bool{false, true} {
		m := paused(scenario.Classic(), 10*time.Second)
		old := recorded(m)
		Update(m, Seek{At: 4500 * time.Millisecond})
		m.Playing = playing
		Update(m, setService(m, 200*time.Millisecond))
		if m.Playing != playing || m.At() != 4500*time.Millisecond+1 {
			t.Errorf("it is at %v, playing=%v", m.At(), m.Playing)
		}
		Update(m, Seek{At: 10 * time.Second})
		now := recorded(m)
		past := until(old, 4500*time.Millisecond)
		if !slices.Equal(now[:len(past)], past) {
			t.Error("the past is another one")
		}
		if slices.Equal(now[len(past)+1:], old[len(past):]) {
			t.Error("the future is the same")
		}
		if st := m.View(); st.Dropped != 0 || st.Handled <= 4 {
			t.Errorf("with a fast consumer it dropped %d and handled %d", st.Dropped, st.Handled)
		}
	}
}

func TestAChangeBeforeWhatALinkHasInStoreForks(t *testing.T) {
	m := paused(labtest.Edited(func(s *scenario.Scenario) {
		s.Interventions = []scenario.Intervention{
			{At: scenario.Duration(2 * time.Second), Do: scenario.SetBuffer, Value: int64(5)},
			{At: scenario.Duration(8 * time.Second), Do: scenario.SetBuffer, Value: int64(9)},
		}
	}), 4*time.Second)
	Update(m, setService(m, time.Second))
	if m.Notice != (Notice{}) {
		t.Fatalf("the notice is %q", m.Notice.Text)
	}
	if n := m.Scenario.Interventions; len(n) != 2 || n[0].Value != 5 || n[1].Do != scenario.SetService {
		t.Errorf("the scenario has %+v", n)
	}
	Update(m, Seek{At: 10 * time.Second})
	if !slices.Equal(recorded(m), simulated(t, m.Scenario)) {
		t.Error("the scenario has another journal than the run")
	}
}

func TestAChangeAtTheEndBeginsANewRun(t *testing.T) {
	m := paused(scenario.Classic(), 3*time.Second)
	Update(m, setService(m, time.Second))
	Update(m, Seek{At: 10 * time.Second})
	Update(m, setBuffer(6))
	if m.At() != 0 || !m.Playing || m.Over() || len(m.Scenario.Interventions) != 0 {
		t.Errorf("it is at %v with %+v", m.At(), m.Scenario.Interventions)
	}
	if m.Scenario.Broker.Buffer != 6 || m.Scenario.Consumers[0].Service != scenario.Duration(time.Second) {
		t.Errorf("it begins with %+v, %+v", m.Scenario.Broker, m.Scenario.Consumers)
	}
}

func TestAnInterruptEndsTheRunGracefully(t *testing.T) {
	m := NewModel()
	pass(m, 4200*time.Millisecond)
	at := m.At() + 1
	Update(m, interrupt())
	if !m.Over() || m.At() != at {
		t.Fatalf("it is at %v, over=%v", m.At(), m.Over())
	}
	pass(m, time.Second)
	if m.Playing || m.At() != at {
		t.Error("it goes on after the end")
	}
	link := m.Link()
	Update(m, interrupt())
	if m.Link() != link {
		t.Error("an interrupt after the end changes the run")
	}
	Update(m, Seek{At: 10 * time.Second})
	if m.At() != at || m.CatchingUp() {
		t.Errorf("after the end it is at %v", m.At())
	}
}

func TestAChangeBetweenASignalAndTheEndBeginsANewRun(t *testing.T) {
	m := paused(scenario.Classic(), 4*time.Second)
	Update(m, interrupt())
	Update(m, Step{By: -1})
	Update(m, setBuffer(6))
	if m.At() != 0 || !m.Playing || m.Settings().Broker.Buffer != 6 {
		t.Errorf("it is at %v with a buffer of %d", m.At(), m.Settings().Broker.Buffer)
	}
}

func TestOneChangeTooManyIsRefusedInASentence(t *testing.T) {
	full := labtest.Edited(func(s *scenario.Scenario) {
		for n := range scenario.MaxInterventions {
			s.Interventions = append(s.Interventions, scenario.Intervention{At: scenario.Duration(n + 1), Do: scenario.SetBuffer, Value: int64(n % 7)})
		}
	})
	for _, end := range []time.Duration{5 * time.Second, 9 * time.Second} { // at the head, and in the past
		m := paused(full, end)
		Update(m, Seek{At: 5 * time.Second})
		before, link := shown(m), m.Link()
		if _, err := Update(m, setService(m, time.Second)); err == nil || format.Sentence(err.Error()) != "A run can hold 1000 changes, and this one does. Restart it to make more." {
			t.Errorf("it says %v", err)
		}
		if shown(m) != before || m.Link() != link || !slices.Equal(until(recorded(m), 5*time.Second), until(simulated(t, full), 5*time.Second)) {
			t.Error("something has changed")
		}
		Update(m, Seek{At: 500})
		if _, err := Update(m, setService(m, time.Second)); err != nil || len(m.Scenario.Interventions) != 501 {
			t.Errorf("earlier there is room, but it says %v", err)
		}
	}
}

func TestRestartGoesOnWithTheSettingsOfNow(t *testing.T) {
	m := paused(scenario.Classic(), 3*time.Second)
	Update(m, setService(m, time.Second))
	Update(m, Seek{At: 5 * time.Second})
	Update(m, setBuffer(6))
	Update(m, Seek{At: 4 * time.Second})
	Update(m, Restart{})
	want := labtest.Edited(func(s *scenario.Scenario) { s.Consumers[0].Service = scenario.Duration(time.Second) })
	if !m.Playing || m.At() != 0 || !m.Scenario.Equal(want) {
		t.Errorf("it is at %v of %+v", m.At(), m.Scenario)
	}
}

func TestWhatSomebodyDoesAlreadyIsNoChange(t *testing.T) {
	m := paused(labtest.Trio(), time.Second)
	Update(m, setBuffer(3))
	Update(m, rename(consumer(m, 0), "ledger"))
	Update(m, Remove{producer(m, 1)})
	Update(m, Remove{consumer(m, 1)})
	Update(m, Remove{consumer(m, 1)})
	Update(m, Do{producer(m, 1), scenario.Publish})
	Update(m, Hold{consumer(m, 1)})
	if n := len(m.Scenario.Interventions); n != 2 {
		t.Errorf("the changes are %+v", m.Scenario.Interventions)
	}
}
