package play

import (
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

func TestWhoIsSelectedStaysSoAtAnotherPlace(t *testing.T) {
	ledger, audit := Selection{Role: scenario.OfConsumer}, Selection{Role: scenario.OfConsumer, Actor: 1}
	event := Selection{Role: scenario.OfProducer, Actor: 1, HasEvent: true, Event: 2}
	tank := Selection{Role: scenario.OfBroker, Part: Dropped}
	for _, c := range []struct {
		name       string
		edit       func(m *Model) Msg
		from, want Selection
	}{
		{"one before it is removed", func(m *Model) Msg { return Remove{consumer(m, 0)} }, audit, ledger},
		{"it is removed", func(m *Model) Msg { return Remove{consumer(m, 1)} }, audit, Selection{}},
		{"another is removed", func(m *Model) Msg { return Remove{consumer(m, 1)} }, ledger, ledger},
		{"it moves up", func(m *Model) Msg { return Move{consumer(m, 1), -1} }, audit, ledger},
		{"its producer moves up", func(m *Model) Msg { return Move{producer(m, 1), -1} }, event, Selection{Role: scenario.OfProducer, HasEvent: true, Event: 2}},
		{"it is renamed", func(m *Model) Msg { return rename(consumer(m, 1), "clerk") }, audit, audit},
		{"a scenario has it not", func(*Model) Msg { return LoadPreset{ID: "classic"} }, audit, Selection{}},
		{"a scenario has what it has", func(*Model) Msg { return LoadPreset{ID: "classic"} }, tank, tank},
	} {
		m := paused(labtest.Trio(), 0)
		Update(m, Select{m.Roster.Subject(c.from)})
		Update(m, Hover{m.Roster.Subject(c.from)})
		Update(m, c.edit(m))
		if m.Selection() != c.want || m.Moment().Hover != c.want {
			t.Errorf("%s: selected is %+v, looked at %+v", c.name, m.Selection(), m.Moment().Hover)
		}
	}
}

func TestWhoWasRenamedStaysSelectedWhenThatIsTakenBack(t *testing.T) {
	m := paused(labtest.Trio(), time.Second)
	Update(m, rename(consumer(m, 1), "clerk"))
	Update(m, Select{m.Roster.Subject(Selection{Role: scenario.OfConsumer, Actor: 1})})
	Update(m, Undo{})
	if m.Selection().Actor != 1 {
		t.Errorf("selected is %+v", m.Selection())
	}
}

func TestALinkSelectsWhomItNames(t *testing.T) {
	m := paused(labtest.Trio(), time.Second)
	other := labtest.Trio()
	other.Consumers[0], other.Consumers[1] = other.Consumers[1], other.Consumers[0]
	Update(m, LoadLink{Link: scenario.Link(other, 0) + "&sel=c0"})
	if m.Selection() != (Selection{Role: scenario.OfConsumer}) {
		t.Errorf("selected is %+v", m.Selection())
	}
}

func TestAClickOnWhoHasJustGoneSelectsNothing(t *testing.T) {
	m := paused(scenario.Classic(), time.Second)
	for _, role := range []scenario.Role{scenario.OfProducer, scenario.OfConsumer} {
		Update(m, Pick{m.Roster.Subject(Selection{Role: role, Actor: 3})})
		if m.Selection().Selected() {
			t.Errorf("selected is %+v", m.Selection())
		}
	}
	edits := len(m.undo)
	for _, msg := range []Msg{
		Hold{consumer(m, 3)}, Do{producer(m, 3), scenario.Publish}, Remove{consumer(m, 3)}, Move{producer(m, 3), -1}, rename(consumer(m, 3), "x"),
		Set{Actor: producer(m, 3), Field: Field(scenario.SetBurst), Value: 7}, MuteLog{Actor: consumer(m, 3)},
	} {
		if _, err := Update(m, msg); err != nil || !m.Scenario.Equal(scenario.Classic()) || len(m.undo) != edits {
			t.Errorf("%#v is done to nobody: %v", msg, err)
		}
	}
}
