//go:build !js

package app

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/app/playtest"
	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// side is the panel as it is shown.
func (b *browser) side() *element { return one(b.t, b.html().class("side")) }

// called are the elements with that accessible name.
func called(e *element, name string) []*element {
	return e.all(func(e *element) bool {
		return e.attrs["aria-label"] == name || e.tag == "button" && e.attrs["aria-label"] == "" && e.text == name
	})
}

// fieldOf is a field of the panel, as go-app mounts it, alone on a page.
func fieldOf(t *testing.T, m *play.Model, role scenario.Role, id string) (*field, *recorder) {
	t.Helper()
	to := &recorder{model: m}
	p := &panel{To: to, Roster: m.Roster}
	s := m.Now()
	who := map[scenario.Role]string{scenario.OfProducer: s.Producers[0].Name, scenario.OfConsumer: s.Consumers[0].Name}[role]
	for _, more := range []bool{false, true} {
		for _, f := range p.fields(&s, m.Roster.At(role, 0), who, more) {
			if f := f.(*field); f.Of.id == id {
				return f, to
			}
		}
	}
	t.Fatalf("there is no field %q", id)
	return nil, nil
}

// recorder lets messages change a model, and keeps those that do.
type recorder struct {
	model *play.Model
	sent  []play.Msg
}

func (r *recorder) Send(ctx app.Context, msg play.Msg) { r.Try(ctx, msg) }

func (r *recorder) Try(_ app.Context, msg play.Msg) error {
	_, err := play.Update(r.model, msg)
	if err == nil {
		r.sent = append(r.sent, msg)
	}
	return err
}

// shown is what a field renders.
func (f *field) elements(t *testing.T) *element { return parse(t, app.HTMLString(f.Render())) }

func TestATypedValueIsTakenOrRefusedWithAReason(t *testing.T) {
	maker, handler := play.Actor{Role: scenario.OfProducer}, play.Actor{Role: scenario.OfConsumer} // of the classic
	for _, c := range []struct {
		role  scenario.Role
		id    string
		typed string
		want  play.Msg // nil: refused
		says  string
	}{
		{scenario.OfProducer, "interval", "250ms", play.Set{Actor: maker, Field: play.Field(scenario.SetInterval), Value: int64(250 * time.Millisecond)}, ""},
		{scenario.OfProducer, "interval", "2 h", nil, "2 h is too much: 1 µs to 1 h."},
		{scenario.OfProducer, "interval", "soon", nil, "“soon” is no time"},
		{scenario.OfProducer, "topic", "orders.new", play.Set{Actor: maker, Field: play.Field(scenario.SetTopic), Text: "orders.new"}, ""},
		{scenario.OfProducer, "topic", "orders.*", nil, "without *"},
		{scenario.OfProducer, "start", "3 s", playtest.SetStart(maker, 3*time.Second), ""},
		{scenario.OfProducer, "count", "5", playtest.SetCount(maker, 5), ""},
		{scenario.OfBroker, "buffer", "5 events", playtest.SetBuffer(5), ""},
		{scenario.OfConsumer, "own-buffer", "0", play.Set{Actor: handler, Field: play.Field(scenario.SetOwnBuffer)}, ""},
		{scenario.OfConsumer, "failures", "150", nil, "150 is too much: 0 % to 100 %."},
		{scenario.OfConsumer, "start", "1 s", playtest.SetStart(handler, time.Second), ""},
		{scenario.OfRun, "duration", "20", playtest.SetDuration(20 * time.Second), ""},
		{scenario.OfRun, "seed", "7", playtest.SetSeed(7), ""},
		{scenario.OfRun, "seed", "seven", nil, "not a whole number"},
	} {
		t.Run(c.id+" "+c.typed, func(t *testing.T) {
			f, to := fieldOf(t, playtest.Paused(scenario.Classic(), time.Second), c.role, c.id)
			f.commit(nil, c.typed)
			input := one(t, f.elements(t).all(func(e *element) bool { return e.attrs["type"] == "text" }))
			if c.want != nil {
				if !slices.Equal(to.sent, []play.Msg{c.want}) || f.problem != "" || f.editing {
					t.Errorf("it sends %v and says %q", to.sent, f.problem)
				}
				return
			}
			if to.sent != nil || !strings.Contains(f.problem, c.says) {
				t.Errorf("it sends %v and says %q", to.sent, f.problem)
			}
			problem := one(t, f.elements(t).class("field-error"))
			if input.attrs["aria-invalid"] != "true" || input.attrs["aria-describedby"] != problem.attrs["id"] || problem.text != f.problem || problem.attrs["role"] != "alert" {
				t.Errorf("the input is %v, the problem is %v", input.attrs, problem)
			}
		})
	}
}

func TestWhatIsShownIsNoChange(t *testing.T) {
	m := playtest.Paused(labtest.Edited(func(s *scenario.Scenario) { s.Broker.Buffer = 123_456 }), time.Second)
	f, to := fieldOf(t, m, scenario.OfBroker, "buffer")
	for _, typed := range []string{"123456", f.shown(), "123456 events"} {
		if f.commit(nil, typed); m.Scenario.Interventions != nil || f.editing || f.problem != "" {
			t.Errorf("%q sends %v and says %q", typed, to.sent, f.problem)
		}
	}
}

func TestWhatDoesNotFitTheOtherSettingsIsExplained(t *testing.T) {
	m := playtest.Paused(labtest.Edited(func(s *scenario.Scenario) { s.Broker.Overflow = broker.Spill }), time.Second)
	f, to := fieldOf(t, m, scenario.OfBroker, "buffer")
	if f.set(nil, 0, "", play.NoSlide) || to.sent != nil || !strings.Contains(f.problem, "takes a buffer of at least 1") {
		t.Errorf("it sends %v and says %q", to.sent, f.problem)
	}
	slider := one(t, f.elements(t).all(func(e *element) bool { return e.attrs["type"] == "range" }))
	if slider.attrs["aria-describedby"] == "" || slider.attrs["value"] != fmt.Sprint(slices.Index(bufferStops, 3)) {
		t.Errorf("the slider is %v", slider.attrs)
	}
	if !f.set(nil, 1, "", play.NoSlide) || f.problem != "" {
		t.Errorf("a good one says %q", f.problem)
	}
}

func TestADraftIsForgottenWhenTheFieldIsForAnother(t *testing.T) {
	f, _ := fieldOf(t, play.NewModel(), scenario.OfProducer, "interval")
	f.OnInit()
	f.commit(nil, "nonsense")
	f.OnUpdate(nil) // of its value
	if !f.editing || f.problem == "" {
		t.Error("it is forgotten when the value changes")
	}
	f.Actor.ID++
	f.OnUpdate(nil)
	if f.editing || f.problem != "" {
		t.Errorf("for somebody else it says %q", f.problem)
	}
	f.commit(nil, "nonsense")
	f.Load++
	f.OnUpdate(nil)
	if f.editing || f.problem != "" {
		t.Errorf("in another scenario it says %q", f.problem)
	}
}

func TestAllSettingsAreThereOnRequest(t *testing.T) {
	page := &open(t, "").page.Page
	show := func(open map[play.Actor]bool) *element {
		p := panelOf(page)
		p.open = open
		return parse(t, app.HTMLString(p))
	}
	few := show(nil)
	p := panelOf(page)
	maker := playtest.Producer(page.model, 0)
	p.toggle(maker)
	side := show(p.open)
	for name, open := range map[string]string{"producer": "true", "consumer": "false"} {
		if more := one(t, called(side, "More settings of "+name)); more.attrs["aria-expanded"] != open {
			t.Errorf("that more of %s is shown is %q", name, more.attrs["aria-expanded"])
		}
	}
	for _, name := range []string{"producer: events at once", "producer: topic", "producer: begins at", "producer: number of events", "Move producer up"} {
		if len(called(few, name)) != 0 {
			t.Errorf("%q is there from the start", name)
		}
		one(t, called(side, name))
	}
	play.Update(page.model, playtest.Rename(maker, "baker"))
	if side = show(p.open); one(t, called(side, "More settings of baker")).attrs["aria-expanded"] != "true" {
		t.Error("with another name it is closed")
	}
	p.toggle(maker)
	if p.open[maker] {
		t.Error("it does not close")
	}
}

func TestTheCardsAreThoseWhoAreHere(t *testing.T) {
	b := open(t, "")
	b.visit(scenario.Link(labtest.Many(3, 2, 3), 0)[1:])
	b.send(play.Pause{}, play.Seek{At: 2 * time.Second})
	names := func() (all []string) {
		for _, e := range b.side().class("name") {
			all = append(all, e.text)
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
	if e := one(t, called(b.side(), "Remove r")); e.attrs["disabled"] != "true" || !strings.Contains(e.attrs["title"], "at least one consumer") {
		t.Errorf("the last one can be removed: %v", e.attrs)
	}
	for _, e := range called(b.side(), "c: time between two events") {
		if !strings.HasPrefix(e.attrs["id"], c.ElementID()+"-") {
			t.Errorf("c is %q", e.attrs["id"])
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
		e := one(t, called(b.side(), "Add a "+kind))
		if e.attrs["disabled"] != "true" || !strings.Contains(e.attrs["title"], "at most 16") {
			t.Errorf("one more %s: %v", kind, e.attrs)
		}
	}
	b.send(play.Pause{}, play.Seek{At: time.Second}, play.Remove{Actor: playtest.Producer(b.page.model, 3)})
	if e := one(t, called(b.side(), "Add a producer")); e.attrs["disabled"] != "true" || !strings.Contains(e.attrs["title"], "those who have left count") {
		t.Errorf("after one has left: %v", e.attrs)
	}
	b.send(play.Seek{At: 10 * time.Second}) // where a change begins a new run
	if e := one(t, called(b.side(), "Add a producer")); e.attrs["disabled"] == "true" {
		t.Errorf("at the end: %v", e.attrs)
	}
}

func TestAPausedConsumerSaysSo(t *testing.T) {
	b := open(t, "")
	b.send(play.Pause{}, play.Seek{At: time.Second})
	badge := func() *element { return one(t, b.side().class("badge")) }
	if badge().attrs["hidden"] != "true" {
		t.Error("at first it is paused")
	}
	b.send(play.Hold{Actor: playtest.Consumer(b.page.model, 0)})
	if badge().attrs["hidden"] == "true" || badge().text != "paused" {
		t.Errorf("paused it says %q, %v", badge().text, badge().attrs)
	}
	one(t, called(b.side(), "Resume consumer"))
	b.send(play.Hold{Actor: playtest.Consumer(b.page.model, 0)})
	one(t, called(b.side(), "Pause consumer"))
}

func TestAtTheEndThereIsNothingToIntervene(t *testing.T) {
	b := open(t, "")
	b.send(play.Seek{At: 10 * time.Second})
	for _, name := range []string{"Publish one by hand: producer", "Pause consumer", "Crash the process"} {
		if e := one(t, called(b.side(), name)); e.attrs["disabled"] != "true" {
			t.Errorf("%q is there", name)
		}
	}
}

func TestTheSelectedCardIsHighlighted(t *testing.T) {
	b := open(t, "")
	for name, s := range map[string]play.Selection{"producer": {Role: scenario.OfProducer}, "consumer": {Role: scenario.OfConsumer}, "Broker": {Role: scenario.OfBroker}} {
		b.send(play.Select{Subject: b.page.model.Roster.Subject(s)})
		one(t, b.side().class("selected"))
		var pressed []string
		for _, e := range b.side().class("plain") {
			if e.attrs["aria-pressed"] == "true" {
				pressed = append(pressed, e.text)
			}
		}
		if !slices.Equal(pressed, []string{name}) {
			t.Errorf("%q are pressed, not %s", pressed, name)
		}
	}
	b.send(play.Select{Subject: b.page.model.Roster.Subject(play.Selection{Role: scenario.OfProducer, HasEvent: true, Event: 1})})
	if n := len(b.side().class("selected")); n != 0 {
		t.Errorf("with an event %d are selected", n)
	}
}

func TestANameIsCheckedBeforeItIsGiven(t *testing.T) {
	m := playtest.Paused(scenario.Classic(), time.Second)
	for _, c := range []struct{ name, want string }{
		{"", "has 0 characters: 1 to 32."}, {"consumer", "is taken"}, {strings.Repeat("x", 33), "1 to 32"}, {"a\x00", "can't be printed"}, {" bakery ", ""},
	} {
		to := &recorder{model: m}
		card := &actorCard{Panel: &panel{To: to}, Actor: playtest.Producer(m, 0), Producer: m.Now().Producers[0], renaming: true}
		if ok := card.rename(nil, c.name); ok != (c.want == "") || !strings.Contains(card.problem, c.want) || ok == card.renaming {
			t.Errorf("%q says %q", c.name, card.problem)
		}
		if c.want != "" && to.sent != nil {
			t.Errorf("%q sends %v", c.name, to.sent)
		}
	}
	if got := m.Now().Producers[0].Name; got != "bakery" {
		t.Errorf("it is called %q", got)
	}
}

func TestTheChipsSendTheirValue(t *testing.T) {
	m := playtest.Paused(scenario.Classic(), time.Second)
	f, to := fieldOf(t, m, scenario.OfBroker, "overflow")
	for _, o := range broker.Overflows()[1:] {
		f.choose(int64(o))(nil, app.Event{})
		if last := to.sent[len(to.sent)-1]; last != (playtest.SetOverflow(o)) {
			t.Errorf("for %v it sends %v", o, last)
		}
		f.Value = int64(m.Now().Broker.Overflow)
		hint := one(t, f.elements(t).class("hint"))
		if hint.text != policies[o].says {
			t.Errorf("with %v it says %q", o, hint.text)
		}
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
		if !reflect.DeepEqual(p.fields(&s, playtest.Consumer(b.page.model, 0), "consumer", more), p.fields(&s, playtest.Consumer(b.page.model, 0), "consumer", more)) {
			t.Error("they differ")
		}
	}
}
