package app

import (
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker/lab/scenario"
)

func TestWhoIsSelectedStaysSoAtAnotherPlace(t *testing.T) {
	ledger, audit := Selection{Role: scenario.OfConsumer}, Selection{Role: scenario.OfConsumer, Actor: 1}
	event := Selection{Role: scenario.OfProducer, Actor: 1, HasEvent: true, Event: 2}
	tank := Selection{Role: scenario.OfBroker, Part: Dropped}
	for _, c := range []struct {
		name       string
		edit       Msg
		from, want Selection
	}{
		{"one before it is removed", Remove{scenario.OfConsumer, 0}, audit, ledger},
		{"it is removed", Remove{scenario.OfConsumer, 1}, audit, Selection{}},
		{"another is removed", Remove{scenario.OfConsumer, 1}, ledger, ledger},
		{"it moves up", Move{scenario.OfConsumer, 1, -1}, audit, ledger},
		{"its producer moves up", Move{scenario.OfProducer, 1, -1}, event, Selection{Role: scenario.OfProducer, HasEvent: true, Event: 2}},
		{"it is renamed", Rename{scenario.OfConsumer, 1, "clerk"}, audit, audit},
		{"a scenario has it not", LoadPreset{ID: "classic"}, audit, Selection{}},
		{"a scenario has what it has", LoadPreset{ID: "classic"}, tank, tank},
	} {
		m := paused(trio(), 0)
		Update(m, Select{c.from})
		Update(m, Hover{c.from})
		Update(m, c.edit)
		if m.Selection != c.want || m.Hover != c.want {
			t.Errorf("%s: selected is %+v, looked at %+v", c.name, m.Selection, m.Hover)
		}
		cardAtOnce(m) // which has nothing to say of who is not there
	}
}

func TestWhoWasRenamedStaysSelectedWhenThatIsTakenBack(t *testing.T) {
	m := paused(trio(), time.Second)
	Update(m, Rename{scenario.OfConsumer, 1, "clerk"})
	Update(m, Select{Selection{Role: scenario.OfConsumer, Actor: 1}})
	Update(m, Undo{})
	if m.Selection.Actor != 1 {
		t.Errorf("selected is %+v", m.Selection)
	}
}

func TestALinkSelectsWhomItNames(t *testing.T) {
	m := paused(trio(), time.Second)
	other := trio()
	other.Consumers[0], other.Consumers[1] = other.Consumers[1], other.Consumers[0]
	Update(m, LoadLink{Link: scenario.Link(other, 0) + "&sel=c0"})
	if m.Selection != (Selection{Role: scenario.OfConsumer}) {
		t.Errorf("selected is %+v", m.Selection)
	}
}

func TestAClickOnWhoHasJustGoneSelectsNothing(t *testing.T) {
	m := paused(scenario.Classic(), time.Second)
	for _, role := range []scenario.Role{scenario.OfProducer, scenario.OfConsumer} {
		Update(m, Pick{Selection{Role: role, Actor: 3}})
		if cardAtOnce(m); m.Selection.Selected() {
			t.Errorf("selected is %+v", m.Selection)
		}
	}
	for _, do := range []scenario.Action{scenario.Pause, scenario.Resume, scenario.Publish} {
		Update(m, Change{scenario.Intervention{Do: do, Actor: 3}})
		if len(m.Scenario.Interventions) > 0 {
			t.Errorf("%v is done to nobody", do)
		}
	}
}
