//go:build !js

package app

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"github.com/spillway-go/spillway/app/domtest"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/app/playtest"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// side is the panel as it is shown.
func (b *browser) side() *domtest.Element { return domtest.One(b.t, b.html().Class("side")) }

func TestAllSettingsAreThereOnRequest(t *testing.T) {
	page := &open(t, "").page.Page
	show := func(open ...play.Actor) *domtest.Element {
		p := panelOf(page)
		for _, a := range open {
			p.Toggle(a)
		}
		return domtest.Parse(t, app.HTMLString(p))
	}
	few := show()
	maker := playtest.Producer(page.model, 0)
	side := show(maker)
	for name, open := range map[string]string{"producer": "true", "consumer": "false"} {
		if more := domtest.One(t, domtest.Called(side, "More settings of "+name)); more.Attrs["aria-expanded"] != open {
			t.Errorf("that more of %s is shown is %q", name, more.Attrs["aria-expanded"])
		}
	}
	for _, name := range []string{"producer: events at once", "producer: topic", "producer: begins at", "producer: number of events", "Move producer up"} {
		if len(domtest.Called(few, name)) != 0 {
			t.Errorf("%q is there from the start", name)
		}
		domtest.One(t, domtest.Called(side, name))
	}
	play.Update(page.model, playtest.Rename(maker, "baker"))
	if side = show(maker); domtest.One(t, domtest.Called(side, "More settings of baker")).Attrs["aria-expanded"] != "true" {
		t.Error("with another name it is closed")
	}
	if side = show(maker, maker); domtest.One(t, domtest.Called(side, "More settings of baker")).Attrs["aria-expanded"] != "false" {
		t.Error("it does not close")
	}
}

func TestTheCardsAreThoseWhoAreHere(t *testing.T) {
	b := open(t, "")
	b.visit(scenario.Link(labtest.Many(3, 2, 3), 0)[1:])
	b.send(play.Pause{}, play.Seek{At: 2 * time.Second})
	names := func() (all []string) {
		for _, e := range b.side().Class("name") {
			all = append(all, e.Text)
		}
		return all
	}
	if got := names(); !slices.Equal(got, []string{"a", "b", "c", "q", "r"}) {
		t.Fatalf("they are %q", got)
	}
	c := playtest.Producer(b.page.model, 2)
	b.send(play.Remove{Actor: playtest.Producer(b.page.model, 1)}, play.Remove{Actor: playtest.Consumer(b.page.model, 0)})
	if got := names(); !slices.Equal(got, []string{"a", "c", "r"}) {
		t.Errorf("after two have left they are %q", got)
	}
	if e := domtest.One(t, domtest.Called(b.side(), "Remove r")); e.Attrs["disabled"] != "true" || !strings.Contains(e.Attrs["title"], "at least one consumer") {
		t.Errorf("the last one can be removed: %v", e.Attrs)
	}
	for _, e := range domtest.Called(b.side(), "c: time between two events") {
		if !strings.HasPrefix(e.Attrs["id"], c.ElementID()+"-") {
			t.Errorf("c is %q", e.Attrs["id"])
		}
	}
	b.send(play.Seek{At: time.Second})
	if got := names(); !slices.Equal(got, []string{"a", "b", "c", "q", "r"}) {
		t.Errorf("before that they are %q", got)
	}
	b.send(playtest.Rename(playtest.Consumer(b.page.model, 1), "new name"))
	if got := names(); !slices.Equal(got, []string{"a", "b", "c", "q", "new name"}) {
		t.Errorf("renamed they are %q", got)
	}
}

func TestSixteenAreEnough(t *testing.T) {
	b := open(t, "")
	b.visit(scenario.Link(labtest.Many(16, 16, 3), 0)[1:])
	for _, kind := range []string{"producer", "consumer"} {
		e := domtest.One(t, domtest.Called(b.side(), "Add a "+kind))
		if e.Attrs["disabled"] != "true" || !strings.Contains(e.Attrs["title"], "at most 16") {
			t.Errorf("one more %s: %v", kind, e.Attrs)
		}
	}
	b.send(play.Pause{}, play.Seek{At: time.Second}, play.Remove{Actor: playtest.Producer(b.page.model, 3)})
	if e := domtest.One(t, domtest.Called(b.side(), "Add a producer")); e.Attrs["disabled"] != "true" || !strings.Contains(e.Attrs["title"], "those who have left count") {
		t.Errorf("after one has left: %v", e.Attrs)
	}
	b.send(play.Seek{At: 10 * time.Second}) // where a change begins a new run
	if e := domtest.One(t, domtest.Called(b.side(), "Add a producer")); e.Attrs["disabled"] == "true" {
		t.Errorf("at the end: %v", e.Attrs)
	}
}

func TestAPausedConsumerSaysSo(t *testing.T) {
	b := open(t, "")
	b.send(play.Pause{}, play.Seek{At: time.Second})
	badge := func() *domtest.Element { return domtest.One(t, b.side().Class("badge")) }
	if badge().Attrs["hidden"] != "true" {
		t.Error("at first it is paused")
	}
	b.send(play.Hold{Actor: playtest.Consumer(b.page.model, 0)})
	if badge().Attrs["hidden"] == "true" || badge().Text != "paused" {
		t.Errorf("paused it says %q, %v", badge().Text, badge().Attrs)
	}
	domtest.One(t, domtest.Called(b.side(), "Resume consumer"))
	b.send(play.Hold{Actor: playtest.Consumer(b.page.model, 0)})
	domtest.One(t, domtest.Called(b.side(), "Pause consumer"))
}

func TestAtTheEndThereIsNothingToIntervene(t *testing.T) {
	b := open(t, "")
	b.send(play.Seek{At: 10 * time.Second})
	for _, name := range []string{"Publish one by hand: producer", "Pause consumer", "Crash the process"} {
		if e := domtest.One(t, domtest.Called(b.side(), name)); e.Attrs["disabled"] != "true" {
			t.Errorf("%q is there", name)
		}
	}
}

func TestTheSelectedCardIsHighlighted(t *testing.T) {
	b := open(t, "")
	for name, s := range map[string]play.Selection{"producer": {Role: scenario.OfProducer}, "consumer": {Role: scenario.OfConsumer}, "Broker": {Role: scenario.OfBroker}} {
		b.send(play.Select{Subject: b.page.model.Roster.Subject(s)})
		domtest.One(t, b.side().Class("selected"))
		var pressed []string
		for _, e := range b.side().Class("plain") {
			if e.Attrs["aria-pressed"] == "true" {
				pressed = append(pressed, e.Text)
			}
		}
		if !slices.Equal(pressed, []string{name}) {
			t.Errorf("%q are pressed, not %s", pressed, name)
		}
	}
	b.send(play.Select{Subject: b.page.model.Roster.Subject(play.Selection{Role: scenario.OfProducer, HasEvent: true, Event: 1})})
	if n := len(b.side().Class("selected")); n != 0 {
		t.Errorf("with an event %d are selected", n)
	}
}

// Ten times a second the page renders. The panel has nothing to do then.
func TestThePanelIsTheSameWhileNothingChanges(t *testing.T) {
	b := open(t, "")
	b.visit(scenario.Link(labtest.Many(16, 16, 3), 0)[1:])
	before := panelOf(&b.page.Page)
	playtest.Pass(b.page.model, 2*time.Second)
	if after := panelOf(&b.page.Page); !reflect.DeepEqual(before, after) {
		t.Error("it is another panel though only the time has passed")
	}
	play.Update(b.page.model, playtest.SetBuffer(4))
	if after := panelOf(&b.page.Page); reflect.DeepEqual(before, after) {
		t.Error("after a change it is the same")
	}
}

// go-app renders a field again where its exported fields differ.
func TestFieldsOfTheSameValuesAreTheSame(t *testing.T) {
	b := open(t, "")
	p := panelOf(&b.page.Page)
	s := b.page.model.Now()
	for _, more := range []bool{false, true} {
		if !reflect.DeepEqual(p.Fields(&s, playtest.Consumer(b.page.model, 0), "consumer", more), p.Fields(&s, playtest.Consumer(b.page.model, 0), "consumer", more)) {
			t.Error("they differ")
		}
	}
}
