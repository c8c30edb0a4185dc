package scenario_test

import (
	"strings"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/scenario"
	"pgregory.net/rapid"
)

func TestALimitIsNamedWithItsFieldAndItsValue(t *testing.T) {
	const sec = scenario.Duration(time.Second)
	intervention := func(v ...scenario.Intervention) func(*scenario.Scenario) {
		return func(s *scenario.Scenario) { s.Interventions = v }
	}
	for _, test := range []struct {
		name string
		edit func(*scenario.Scenario)
		want string
	}{
		{"no producer", func(s *scenario.Scenario) { s.Producers = nil }, "the number of producers: 0 is out of range: 1 to 16"},
		{"17 producers", func(s *scenario.Scenario) { s.Producers = make([]scenario.Producer, 17) }, "the number of producers: 17 is out of range: 1 to 16"},
		{"no consumer", func(s *scenario.Scenario) { s.Consumers = nil }, "the number of consumers: 0 is out of range: 1 to 16"},
		{"17 consumers", func(s *scenario.Scenario) { s.Consumers = make([]scenario.Consumer, 17) }, "the number of consumers: 17 is out of range: 1 to 16"},
		{"1,001 interventions", func(s *scenario.Scenario) { s.Interventions = make([]scenario.Intervention, 1001) }, "the number of interventions: 1001 is out of range: 0 to 1000"},
		{"no interval", func(s *scenario.Scenario) { s.Producers[0].Interval = 0 }, "producers[0].interval: 0s is out of range: 1µs to 1h0m0s"},
		{"a long interval", func(s *scenario.Scenario) { s.Producers[0].Interval = 3601 * sec }, "producers[0].interval: 1h0m1s is out of range: 1µs to 1h0m0s"},
		{"a short service time", func(s *scenario.Scenario) { s.Consumers[0].Service = 999 }, "consumers[0].service: 999ns is out of range: 1µs to 1h0m0s"},
		{"a negative service time", func(s *scenario.Scenario) { s.Consumers[0].Service = -sec }, "consumers[0].service: -1s is out of range: 1µs to 1h0m0s"},
		{"a negative buffer", func(s *scenario.Scenario) { s.Broker.Buffer = -1 }, "broker.buffer: -1 is out of range: 0 to 1000000"},
		{"a large buffer", func(s *scenario.Scenario) { s.Broker.Buffer = 1_000_001 }, "broker.buffer: 1000001 is out of range: 0 to 1000000"},
		{"a policy of no one", func(s *scenario.Scenario) { s.Broker.Overflow = broker.Inherit }, "broker.overflow: inherit is not a policy: use one of [drop-newest drop-oldest]"},
		{"an unknown policy", func(s *scenario.Scenario) { s.Broker.Overflow = 99 }, "broker.overflow: Overflow(99) is not a policy: use one of [drop-newest drop-oldest]"},
		{"no duration", func(s *scenario.Scenario) { s.Duration = 0 }, "duration: 0s is out of range: 1µs to 24h0m0s"},
		{"a long duration", func(s *scenario.Scenario) { s.Duration = 86401 * sec }, "duration: 24h0m1s is out of range: 1µs to 24h0m0s"},
		{"no name", func(s *scenario.Scenario) { s.Producers[0].Name = "" }, `producers[0].name: "" has 0 characters: 1 to 32`},
		{"a long name", func(s *scenario.Scenario) { s.Consumers[0].Name = strings.Repeat("ö", 33) }, `consumers[0].name: "` + strings.Repeat("ö", 33) + `" has 33 characters: 1 to 32`},
		{"a name of bytes", func(s *scenario.Scenario) { s.Producers[0].Name = "a\xff" }, `producers[0].name: "a\xff" is not valid UTF-8`},
		{"a name of two lines", func(s *scenario.Scenario) { s.Producers[0].Name = "a\nb" }, `producers[0].name: "a\nb" has the character U+000A, which can't be printed`},
		{"a name that turns the line around", func(s *scenario.Scenario) { s.Producers[0].Name = "a\u202eb" }, `producers[0].name: "a\u202eb" has the character U+202E, which can't be printed`},
		{"a name twice", func(s *scenario.Scenario) { s.Consumers[0].Name = "producer" }, `consumers[0].name: "producer" is taken: every producer and consumer has its own name`},
		{"a start before the year 1", func(s *scenario.Scenario) { s.Start.Unix = -62135596801 }, "start, in seconds since 1970: -62135596801 is out of range: -62135596800 to 253402128000"},
		{"a zone's offset in seconds", func(s *scenario.Scenario) { s.Start.Offset = 61 }, "start: zone offset 61 s is not a whole number of minutes within a day"},
		{"an offset of a day", func(s *scenario.Scenario) { s.Start.Offset = 86400 }, "start: zone offset 86400 s is not a whole number of minutes within a day"},
		{"a zone of no letters", func(s *scenario.Scenario) { s.Start.Zone = "Central Europe" }, `start: zone "Central Europe" is not an abbreviation such as UTC or CET`},
		{"an intervention of no kind", intervention(scenario.Intervention{At: sec}), "interventions[0].do: Action(0) is unknown: use one of [set-interval set-service set-buffer set-overflow interrupt]"},
		{"an intervention too late", intervention(scenario.Intervention{At: 11 * sec, Do: scenario.Interrupt}), "interventions[0].at: 11s is out of range: 0s to 10s, in order of time within the run"},
		{"interventions out of order", intervention(scenario.Intervention{At: 2 * sec, Do: scenario.SetBuffer}, scenario.Intervention{At: sec, Do: scenario.SetBuffer}), "interventions[1].at: 1s is out of range: 2s to 10s, in order of time within the run"},
		{"a producer that isn't there", intervention(scenario.Intervention{Do: scenario.SetInterval, Actor: 1, Interval: sec}), "interventions[0].actor: 1 is out of range: 0 to 0"},
		{"a consumer that isn't there", intervention(scenario.Intervention{Do: scenario.SetService, Actor: -1, Service: sec}), "interventions[0].actor: -1 is out of range: 0 to 0"},
		{"an interval of nothing", intervention(scenario.Intervention{Do: scenario.SetInterval}), "interventions[0].interval: 0s is out of range: 1µs to 1h0m0s"},
		{"a service time of two hours", intervention(scenario.Intervention{Do: scenario.SetService, Service: 7200 * sec}), "interventions[0].service: 2h0m0s is out of range: 1µs to 1h0m0s"},
		{"a buffer that is none", intervention(scenario.Intervention{Do: scenario.SetBuffer, Buffer: -1}), "interventions[0].buffer: -1 is out of range: 0 to 1000000"},
		{"a policy that is none", intervention(scenario.Intervention{Do: scenario.SetOverflow}), "interventions[0].overflow: inherit is not a policy: use one of [drop-newest drop-oldest]"},
		{"a field of another action", intervention(scenario.Intervention{Do: scenario.Interrupt, Buffer: 1}), "interventions[0]: has a field that interrupt does not take"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if err := edited(test.edit).Validate(); err == nil || err.Error() != test.want {
				t.Errorf("Validate answers\n%v, want\n%s", err, test.want)
			}
		})
	}
}

func TestEveryMistakeIsNamedAtOnce(t *testing.T) {
	err := edited(func(s *scenario.Scenario) { s.Duration, s.Broker.Buffer, s.Producers[0].Interval = 0, -1, 0 }).Validate()
	if err == nil || strings.Count(err.Error(), "\n") != 2 {
		t.Errorf("Validate answers %v", err)
	}
}

func TestTheLimitsThemselvesAreAllowed(t *testing.T) {
	for _, edit := range []func(*scenario.Scenario){
		func(s *scenario.Scenario) { s.Broker.Buffer = 0 },
		func(s *scenario.Scenario) { s.Broker.Buffer = broker.MaxBuffer },
		func(s *scenario.Scenario) { s.Duration = scenario.Duration(scenario.MinTime) },
		func(s *scenario.Scenario) { s.Duration = scenario.Duration(scenario.MaxDuration) },
		func(s *scenario.Scenario) { s.Producers[0].Interval = scenario.Duration(scenario.MinTime) },
		func(s *scenario.Scenario) { s.Consumers[0].Service = scenario.Duration(scenario.MaxTime) },
		func(s *scenario.Scenario) { s.Start = scenario.Start{Unix: -62135596800, Offset: 0, Zone: "UTC"} },
		func(s *scenario.Scenario) { s.Interventions = make([]scenario.Intervention, 1000); fill(s) },
		func(s *scenario.Scenario) { *s = worst(scenario.MaxProducers, 'あ') },
	} {
		if err := edited(edit).Validate(); err != nil {
			t.Error(err)
		}
	}
}

func fill(s *scenario.Scenario) {
	for i := range s.Interventions {
		s.Interventions[i] = scenario.Intervention{At: s.Duration, Do: scenario.SetBuffer, Buffer: i}
	}
}

func TestTheRandomScenariosOfTheseTestsAreValid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		if err := anyScenario(scenario.MaxProducers).Draw(t, "scenario").Validate(); err != nil {
			t.Fatal(err)
		}
	})
}

func TestPresetsAreValidAndTellThemselvesInOneSentence(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range scenario.Presets() {
		if err := p.Validate(); err != nil {
			t.Errorf("%s: %v", p.ID, err)
		}
		if p.ID == "" || p.Title == "" || seen[p.ID] || seen[p.Title] {
			t.Errorf("%q, %q: an id or a title is missing or taken", p.ID, p.Title)
		}
		seen[p.ID], seen[p.Title] = true, true
		if c := p.Caption; !strings.HasSuffix(c, ".") || strings.Count(c, ". ") > 0 || strings.Contains(c, "\n") {
			t.Errorf("%s: the caption is not one sentence: %s", p.ID, c)
		}
		if found, err := scenario.FindPreset(p.ID); err != nil || !found.Equal(p.Scenario) {
			t.Errorf("%s: found %v, %v", p.ID, found, err)
		}
	}
	if first := scenario.Presets()[0]; first.ID != "classic" || !first.Equal(scenario.Classic()) {
		t.Errorf("the first is %s", first.ID)
	}
	if _, err := scenario.FindPreset("nothing"); err == nil || !strings.HasPrefix(err.Error(), `preset "nothing" is unknown: there are classic, drop-oldest`) {
		t.Errorf("the error is %v", err)
	}
}
