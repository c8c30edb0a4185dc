package scenario_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
	"pgregory.net/rapid"
)

func TestAnInterventionIsTold(t *testing.T) {
	want := []string{
		"producer: publishes every 5s from now on",
		"producer: publishes at poisson intervals from now on",
		"producer: publishes 12 at once from now on",
		`producer: publishes on topic "orders.new" from now on`,
		"broker: buffers hold 9 from now on",
		"broker: full buffers drop-oldest from now on",
		"consumer: needs 7s an event from now on",
		"consumer: has uniform service times from now on",
		"consumer: has 4 workers from now on",
		"consumer: has a buffer of 5 from now on",
		"consumer: has the overflow policy spill from now on",
		"consumer: fails at 25% of its attempts from now on",
		"consumer: tries an event 3 times from now on",
		"consumer: waits 500ms before the second attempt from now on",
		`consumer: subscribes to "orders.> *" from now on`,
		"producer: publishes one by hand",
		"consumer: is paused",
		"consumer: goes on",
		"the process has crashed and starts again",
		"producer: publishes nothing more",
		"consumer: has left",
		"interrupt",
	}
	s := every()
	if len(s.Interventions) != len(want) {
		t.Fatalf("there are %d", len(s.Interventions))
	}
	for i, want := range want {
		if got := s.ChangeText(i); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestAChangeToTheLeastHasWordsOfItsOwn(t *testing.T) {
	for _, test := range []struct {
		v    scenario.Intervention
		want string
	}{
		{scenario.Intervention{Do: scenario.SetBurst, Value: 1}, "producer: publishes one at a time from now on"},
		{scenario.Intervention{Do: scenario.SetTopic}, "producer: publishes on no topic from now on"},
		{scenario.Intervention{Do: scenario.SetBuffer}, "broker: buffers hold nothing from now on"},
		{scenario.Intervention{Do: scenario.SetWorkers, Value: 1}, "consumer: has one worker from now on"},
		{scenario.Intervention{Do: scenario.SetOwnBuffer, Value: -1}, "consumer: has a buffer as the broker says from now on"},
		{scenario.Intervention{Do: scenario.SetOwnBuffer}, "consumer: has a buffer of 0 from now on"},
		{scenario.Intervention{Do: scenario.SetOwnOverflow}, "consumer: has the overflow policy of the broker from now on"},
		{scenario.Intervention{Do: scenario.SetFailures}, "consumer: fails at none of its attempts from now on"},
		{scenario.Intervention{Do: scenario.SetAttempts, Value: 1}, "consumer: tries an event once from now on"},
		{scenario.Intervention{Do: scenario.SetTopics}, "consumer: subscribes to everything from now on"},
		{scenario.Intervention{Do: scenario.SetArrivals}, "producer: publishes at steady intervals from now on"},
		{scenario.Intervention{Do: scenario.SetOverflow, Value: int64(broker.DropNewest)}, "broker: full buffers drop-newest from now on"},
	} {
		if got := scenario.Classic().Describe(test.v); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}

func TestAnActionIsReadBackFromItsName(t *testing.T) {
	for a := scenario.SetInterval; a <= scenario.Interrupt; a++ {
		text, err := a.MarshalText()
		var back scenario.Action
		if err != nil || back.UnmarshalText(text) != nil || back != a || string(text) != a.String() {
			t.Errorf("%v is written as %s and read as %v", a, text, back)
		}
	}
	for _, text := range []string{"", "Action(0)", "Action(99)", "Publish", "set interval"} {
		a := scenario.Crash
		if err := a.UnmarshalText([]byte(text)); err == nil || a != scenario.Crash {
			t.Errorf("%q is read as %v, %v", text, a, err)
		}
	}
	if got := scenario.Action(99).String(); got != "Action(99)" {
		t.Errorf("an unknown one is %s", got)
	}
}

func TestAnActionBelongsToARole(t *testing.T) {
	for _, test := range []struct {
		role    scenario.Role
		actions []scenario.Action
	}{
		{scenario.OfProducer, []scenario.Action{scenario.SetInterval, scenario.SetArrivals, scenario.SetBurst, scenario.SetTopic, scenario.Publish, scenario.Stop}},
		{scenario.OfBroker, []scenario.Action{scenario.SetBuffer, scenario.SetOverflow}},
		{scenario.OfConsumer, []scenario.Action{scenario.SetService, scenario.SetTimes, scenario.SetWorkers, scenario.SetOwnBuffer, scenario.SetOwnOverflow,
			scenario.SetFailures, scenario.SetAttempts, scenario.SetBackoff, scenario.SetTopics, scenario.Pause, scenario.Resume, scenario.Leave}},
		{scenario.OfRun, []scenario.Action{scenario.Crash, scenario.Interrupt, 0, 99}},
	} {
		for _, a := range test.actions {
			if got := a.Role(); got != test.role {
				t.Errorf("%v is of role %d, want %d", a, got, test.role)
			}
		}
	}
}

func TestTwoInterventionsAreTheSameIfTheyChangeTheSameSetting(t *testing.T) {
	a := scenario.Intervention{At: second, Do: scenario.SetInterval, Actor: 1, Value: 1}
	for _, test := range []struct {
		a, b scenario.Intervention
		want bool
	}{
		{a, scenario.Intervention{At: 2 * second, Do: scenario.SetInterval, Actor: 1, Value: 3}, true},
		{a, scenario.Intervention{At: second, Do: scenario.SetInterval, Actor: 0, Value: 1}, false},
		{a, scenario.Intervention{At: second, Do: scenario.SetService, Actor: 1, Value: 1}, false},
		{scenario.Intervention{Do: scenario.Publish}, scenario.Intervention{Do: scenario.Publish}, false}, // none is changed
	} {
		if got := test.a.Same(test.b); got != test.want {
			t.Errorf("%v and %v: %v", test.a, test.b, got)
		}
	}
}

func TestApplyChangesOneSettingOnly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := labtest.Everything(4).Settled().Draw(t, "scenario")
		set := rapid.SampledFrom(scenario.Settings()).Draw(t, "setting")
		v := labtest.Everything(4).Change(t, set, rapid.IntRange(0, labtest.Actors(&s, set.Role)-1).Draw(t, "actor"))
		changed := s.Clone()
		changed.Apply(v)
		for _, other := range scenario.Settings() {
			for i := range labtest.Actors(&s, other.Role) {
				of := s
				if other.Change == v.Do && i == v.Actor {
					if changed := other.Get(&changed, i); changed != v.Value {
						t.Fatalf("%v makes it %d", v, changed)
					}
					if text := other.GetText(&changed, i); set.Form == scenario.Text && text != v.Text {
						t.Fatalf("%v makes it %q", v, text)
					}
					continue
				}
				if other.Get(&changed, i) != other.Get(&of, i) || other.GetText(&changed, i) != other.GetText(&of, i) {
					t.Fatalf("%v changes %s of %d", v, other.Field, i)
				}
			}
		}
	})
}

func TestWhatChangesNoSettingAppliesNothing(t *testing.T) {
	for a := scenario.Publish; a <= scenario.Interrupt; a++ {
		s := scenario.Classic()
		if s.Apply(scenario.Intervention{Do: a}); !s.Equal(scenario.Classic()) {
			t.Errorf("%v makes it %+v", a, s)
		}
	}
}

// another draws a scenario of the same actors with other settings.
func another(t *rapid.T, s scenario.Scenario) scenario.Scenario {
	o := s.Clone()
	for _, set := range scenario.Settings() {
		for i := range labtest.Actors(&o, set.Role) {
			if rapid.Bool().Draw(t, "change") {
				o.Apply(labtest.Everything(4).Change(t, set, i))
			}
		}
	}
	return o
}

func TestDifferencesMakeOneScenarioOfAnother(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := labtest.Everything(4).Settled().Draw(t, "scenario")
		o := another(t, s)
		at := labtest.Time(t, "at", 0, s.Duration)
		changes, ok := s.Differences(o, at)
		if ok != labtest.Fits(&o) {
			t.Fatalf("from %+v to %+v: %v", s, o, ok)
		}
		if !ok {
			return
		}
		run := s.Clone()
		run.Interventions = changes
		if err := run.Validate(); err != nil {
			t.Fatal(err)
		}
		if got := run.Settled(time.Duration(at)); !got.Equal(o) {
			t.Fatalf("%v make it %+v, want %+v", changes, got, o)
		}
		for _, v := range changes {
			if v.At != at {
				t.Fatalf("%v is not at %v", v, at)
			}
		}
	})
}

// Spill takes a buffer, so what one consumer needs first the other needs last.
func TestDifferencesFindAnOrderInWhichEveryStepIsValid(t *testing.T) {
	own := func(buffer int, o broker.Overflow) scenario.Consumer {
		return scenario.Consumer{Service: second, Buffer: scenario.OwnBuffer(buffer), Overflow: o}
	}
	two := func(a, b scenario.Consumer) scenario.Scenario {
		return labtest.Edited(func(s *scenario.Scenario) {
			a.Name, b.Name = "a", "b"
			s.Consumers = []scenario.Consumer{a, b}
			must(s.Validate())
		})
	}
	from := two(own(0, broker.DropNewest), own(3, broker.Spill))
	to := two(own(3, broker.Spill), own(0, broker.DropNewest))
	changes, ok := from.Differences(to, second)
	if !ok || len(changes) != 4 {
		t.Fatalf("they are %v, %v", changes, ok)
	}
	from.Interventions = changes
	if err := from.Validate(); err != nil || !from.Settled(time.Second).Equal(to) {
		t.Errorf("they make it %+v, %v", from.Settled(time.Second), err)
	}
}

func TestDifferencesOfMoreThanSettingsAreNone(t *testing.T) {
	for _, test := range []struct {
		name string
		edit func(*scenario.Scenario)
	}{
		{"a producer more", func(s *scenario.Scenario) {
			s.Producers = append(s.Producers, scenario.Producer{Name: "p", Interval: 1000})
		}},
		{"a consumer less", func(s *scenario.Scenario) { s.Consumers = nil }},
		{"a name", func(s *scenario.Scenario) { s.Producers[0].Name = "p" }},
		{"a count", func(s *scenario.Scenario) { s.Producers[0].Count = 1 }},
		{"a start", func(s *scenario.Scenario) { s.Consumers[0].Start = 1 }},
		{"the seed", func(s *scenario.Scenario) { s.Seed++ }},
		{"the duration", func(s *scenario.Scenario) { s.Duration++ }},
		{"a buffer out of bounds", func(s *scenario.Scenario) { s.Broker.Buffer = -1 }},
		{"a policy without a buffer", func(s *scenario.Scenario) { s.Broker = scenario.Broker{Overflow: broker.Spill} }},
	} {
		if changes, ok := scenario.Classic().Differences(labtest.Edited(test.edit), second); ok || changes != nil {
			t.Errorf("%s: %v, %v", test.name, changes, ok)
		}
	}
	if _, ok := scenario.Classic().Differences(labtest.Edited(func(s *scenario.Scenario) { s.Broker.Buffer = 4 }), 11*second); ok {
		t.Error("there are some after the end")
	}
	if changes, ok := scenario.Classic().Differences(every(), second); !ok || len(changes) != 0 {
		t.Errorf("those to a scenario with interventions are %v, %v", changes, ok)
	}
}

func TestAnInterventionInJSON(t *testing.T) {
	for _, test := range []struct {
		v    scenario.Intervention
		text string
	}{
		{scenario.Intervention{At: 3 * second, Do: scenario.SetInterval, Value: int64(second / 4)}, `{"at":"3s","do":"set-interval","value":"250ms"}`},
		{scenario.Intervention{Do: scenario.SetFailures, Actor: 2, Value: 25}, `{"at":"0s","do":"set-failures","actor":2,"value":"25%"}`},
		{scenario.Intervention{Do: scenario.SetWorkers, Value: 3}, `{"at":"0s","do":"set-workers","value":3}`},
		{scenario.Intervention{Do: scenario.SetBuffer}, `{"at":"0s","do":"set-buffer","value":0}`},
		{scenario.Intervention{Do: scenario.SetOverflow, Value: int64(broker.DropOldest)}, `{"at":"0s","do":"set-overflow","value":"drop-oldest"}`},
		{scenario.Intervention{Do: scenario.SetOwnOverflow}, `{"at":"0s","do":"set-own-overflow","value":"broker"}`},
		{scenario.Intervention{Do: scenario.SetOwnBuffer, Value: -1}, `{"at":"0s","do":"set-own-buffer","value":"broker"}`},
		{scenario.Intervention{Do: scenario.SetOwnBuffer, Value: 0}, `{"at":"0s","do":"set-own-buffer","value":0}`},
		{scenario.Intervention{Do: scenario.SetTopics, Text: "orders.new *"}, `{"at":"0s","do":"set-topics","value":"orders.new *"}`},
		{scenario.Intervention{Do: scenario.SetTopic}, `{"at":"0s","do":"set-topic","value":""}`},
		{scenario.Intervention{Do: scenario.Pause, Actor: 15}, `{"at":"0s","do":"pause","actor":15}`},
		{scenario.Intervention{Do: scenario.Crash}, `{"at":"0s","do":"crash"}`},
	} {
		text, err := json.Marshal(test.v)
		if err != nil || string(text) != test.text {
			t.Errorf("%v is written as %s, %v", test.v, text, err)
		}
		var back scenario.Intervention
		if err := json.Unmarshal([]byte(test.text), &back); err != nil || back != test.v {
			t.Errorf("%s is read as %v, %v", test.text, back, err)
		}
	}
}
