//go:build !js

package panel

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"github.com/spillway-go/spillway/app/domtest"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/app/playtest"
	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// fieldOf is a field of the panel, as go-app mounts it, alone on a page.
func fieldOf(t *testing.T, m *play.Model, role scenario.Role, id string) (*field, *domtest.Recorder) {
	t.Helper()
	to := &domtest.Recorder{Model: m}
	p := &Panel{To: to, Roster: m.Roster}
	s := m.Now()
	who := map[scenario.Role]string{scenario.OfProducer: s.Producers[0].Name, scenario.OfConsumer: s.Consumers[0].Name}[role]
	for _, more := range []bool{false, true} {
		for _, f := range p.Fields(&s, m.Roster.At(role, 0), who, more) {
			if f := f.(*field); f.Of.id == id {
				return f, to
			}
		}
	}
	t.Fatalf("there is no field %q", id)
	return nil, nil
}

func (f *field) elements(t *testing.T) *domtest.Element {
	return domtest.Parse(t, app.HTMLString(f.Render()))
}

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
		{scenario.OfProducer, "interval", "soon", nil, "Enter a time from"},
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
		{scenario.OfRun, "seed", "seven", nil, "Enter a whole number"},
	} {
		t.Run(c.id+" "+c.typed, func(t *testing.T) {
			f, to := fieldOf(t, playtest.Paused(scenario.Classic(), time.Second), c.role, c.id)
			f.commit(nil, c.typed)
			input := domtest.One(t, f.elements(t).All(func(e *domtest.Element) bool { return e.Attrs["type"] == "text" }))
			if c.want != nil {
				if !slices.Equal(to.Sent, []play.Msg{c.want}) || f.problem != "" || f.editing {
					t.Errorf("it sends %v and says %q", to.Sent, f.problem)
				}
				return
			}
			if to.Sent != nil || !strings.Contains(f.problem, c.says) {
				t.Errorf("it sends %v and says %q", to.Sent, f.problem)
			}
			problem := domtest.One(t, f.elements(t).Class("field-error"))
			if input.Attrs["aria-invalid"] != "true" || input.Attrs["aria-describedby"] != problem.Attrs["id"] || problem.Text != f.problem || problem.Attrs["role"] != "alert" {
				t.Errorf("the input is %v, the problem is %v", input.Attrs, problem)
			}
		})
	}
}

func TestWhatIsShownIsNoChange(t *testing.T) {
	m := playtest.Paused(labtest.Edited(func(s *scenario.Scenario) { s.Broker.Buffer = 123_456 }), time.Second)
	f, to := fieldOf(t, m, scenario.OfBroker, "buffer")
	for _, typed := range []string{"123456", f.shown(), "123456 events"} {
		if f.commit(nil, typed); m.Scenario.Interventions != nil || f.editing || f.problem != "" {
			t.Errorf("%q sends %v and says %q", typed, to.Sent, f.problem)
		}
	}
}

func TestWhatDoesNotFitTheOtherSettingsIsExplained(t *testing.T) {
	m := playtest.Paused(labtest.Edited(func(s *scenario.Scenario) { s.Broker.Overflow = broker.Spill }), time.Second)
	f, to := fieldOf(t, m, scenario.OfBroker, "buffer")
	if f.set(nil, 0, "", play.NoSlide) || to.Sent != nil || !strings.Contains(f.problem, "takes a buffer of at least 1") {
		t.Errorf("it sends %v and says %q", to.Sent, f.problem)
	}
	slider := domtest.One(t, f.elements(t).All(func(e *domtest.Element) bool { return e.Attrs["type"] == "range" }))
	if slider.Attrs["aria-describedby"] == "" || slider.Attrs["value"] != fmt.Sprint(slices.Index(BufferStops, 3)) {
		t.Errorf("the slider is %v", slider.Attrs)
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

func TestANameIsCheckedBeforeItIsGiven(t *testing.T) {
	m := playtest.Paused(scenario.Classic(), time.Second)
	for _, c := range []struct{ name, want string }{
		{"", "has 0 characters: 1 to 32."}, {"consumer", "is taken"}, {strings.Repeat("x", 33), "1 to 32"}, {"a\x00", "can't be printed"}, {" bakery ", ""},
	} {
		to := &domtest.Recorder{Model: m}
		card := &actorCard{Panel: &Panel{To: to}, Actor: playtest.Producer(m, 0), Producer: m.Now().Producers[0], renaming: true}
		if ok := card.rename(nil, c.name); ok != (c.want == "") || !strings.Contains(card.problem, c.want) || ok == card.renaming {
			t.Errorf("%q says %q", c.name, card.problem)
		}
		if c.want != "" && to.Sent != nil {
			t.Errorf("%q sends %v", c.name, to.Sent)
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
		if last := to.Sent[len(to.Sent)-1]; last != (playtest.SetOverflow(o)) {
			t.Errorf("for %v it sends %v", o, last)
		}
		f.Value = int64(m.Now().Broker.Overflow)
		hint := domtest.One(t, f.elements(t).Class("hint"))
		if hint.Text != policies[o].says {
			t.Errorf("with %v it says %q", o, hint.Text)
		}
	}
}
