package scenario_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
	"pgregory.net/rapid"
)

// limit is a field with its least and its greatest value, and what comes of one
// more on either side.
type limit struct {
	name             string
	set              func(s *scenario.Scenario, v int64)
	low, high        int64
	tooLow, tooHigh  string
	alsoOut, alsoFit []int64
}

func number(set func(*scenario.Scenario, int)) func(*scenario.Scenario, int64) {
	return func(s *scenario.Scenario, v int64) { set(s, int(v)) }
}

func duration(set func(*scenario.Scenario, scenario.Duration)) func(*scenario.Scenario, int64) {
	return func(s *scenario.Scenario, v int64) { set(s, scenario.Duration(v)) }
}

// limits are those of every field that has a least and a greatest value.
var limits = []limit{
	{name: "the number of producers", low: 1, high: 16,
		tooLow: "the number of producers: 0 is out of range: 1 to 16", tooHigh: "the number of producers: 17 is out of range: 1 to 16",
		set: number(func(s *scenario.Scenario, n int) { s.Producers = worst(17).Producers[:n] })},
	{name: "the number of consumers", low: 1, high: 16,
		tooLow: "the number of consumers: 0 is out of range: 1 to 16", tooHigh: "the number of consumers: 17 is out of range: 1 to 16",
		set: number(func(s *scenario.Scenario, n int) { s.Consumers = worst(17).Consumers[:n] })},
	{name: "interventions", low: 0, high: 1000,
		tooHigh: "the number of interventions: 1001 is out of range: 0 to 1000",
		set: number(func(s *scenario.Scenario, n int) {
			s.Interventions = slices.Repeat([]scenario.Intervention{{Do: scenario.Publish}}, n)
		})},
	{name: "interval", low: 1000, high: int64(time.Hour), alsoOut: []int64{0, -1, 1 << 62},
		tooLow: "producers[0].interval: 999ns is out of range: 1µs to 1h0m0s", tooHigh: "producers[0].interval: 1h0m0.000000001s is out of range: 1µs to 1h0m0s",
		set: duration(func(s *scenario.Scenario, d scenario.Duration) { s.Producers[0].Interval = d })},
	{name: "arrivals", low: 0, high: 1,
		tooHigh: `producers[0].arrivals: "2" is unknown: use one of steady, poisson`,
		set:     number(func(s *scenario.Scenario, n int) { s.Producers[0].Arrivals = scenario.Arrivals(n) })},
	{name: "burst", low: 0, high: 1000, // 0 is 1
		tooLow: "producers[0].burst: -1 is out of range: 1 to 1000", tooHigh: "producers[0].burst: 1001 is out of range: 1 to 1000",
		set: number(func(s *scenario.Scenario, n int) { s.Producers[0].Burst = n })},
	{name: "producer's start", low: 0, high: int64(24 * time.Hour),
		tooLow: "producers[0].start: -1ns is out of range: 0s to 24h0m0s", tooHigh: "producers[0].start: 24h0m0.000000001s is out of range: 0s to 24h0m0s",
		set: duration(func(s *scenario.Scenario, d scenario.Duration) { s.Producers[0].Start = d })},
	{name: "count", low: 0, high: 1_000_000,
		tooLow: "producers[0].count: -1 is out of range: 0 to 1000000", tooHigh: "producers[0].count: 1000001 is out of range: 0 to 1000000",
		set: number(func(s *scenario.Scenario, n int) { s.Producers[0].Count = n })},
	{name: "buffer", low: 0, high: 1_000_000, alsoOut: []int64{-1 << 62, 1 << 62},
		tooLow: "broker.buffer: -1 is out of range: 0 to 1000000", tooHigh: "broker.buffer: 1000001 is out of range: 0 to 1000000",
		set: number(func(s *scenario.Scenario, n int) { s.Broker.Buffer = n })},
	{name: "overflow", low: int64(broker.DropNewest), high: int64(broker.Spill), alsoOut: []int64{255},
		tooLow:  `broker.overflow: "inherit" is unknown: use one of drop-newest, drop-oldest, keep-latest, reject, block, spill`,
		tooHigh: `broker.overflow: "7" is unknown: use one of drop-newest, drop-oldest, keep-latest, reject, block, spill`,
		set:     number(func(s *scenario.Scenario, n int) { s.Broker.Overflow = broker.Overflow(n) })},
	{name: "service", low: 1000, high: int64(time.Hour), alsoOut: []int64{0, -1},
		tooLow: "consumers[0].service: 999ns is out of range: 1µs to 1h0m0s", tooHigh: "consumers[0].service: 1h0m0.000000001s is out of range: 1µs to 1h0m0s",
		set: duration(func(s *scenario.Scenario, d scenario.Duration) { s.Consumers[0].Service = d })},
	{name: "times", low: 0, high: 2,
		tooHigh: `consumers[0].times: "3" is unknown: use one of fixed, exponential, uniform`,
		set:     number(func(s *scenario.Scenario, n int) { s.Consumers[0].Times = scenario.Times(n) })},
	{name: "workers", low: 0, high: 64, // 0 is 1
		tooLow: "consumers[0].workers: -1 is out of range: 1 to 64", tooHigh: "consumers[0].workers: 65 is out of range: 1 to 64",
		set: number(func(s *scenario.Scenario, n int) { s.Consumers[0].Workers = n })},
	{name: "own buffer", low: -1, high: 1_000_000, alsoOut: []int64{1<<63 - 1, -1 << 62}, // -1 is none
		tooLow: "consumers[0].buffer: -2 is out of range: broker to 1000000", tooHigh: "consumers[0].buffer: 1000001 is out of range: broker to 1000000",
		set: number(func(s *scenario.Scenario, n int) { s.Consumers[0].Buffer = scenario.OwnBuffer(n) })},
	{name: "own overflow", low: 0, high: int64(broker.Spill),
		tooHigh: `consumers[0].overflow: "7" is unknown: use one of broker, drop-newest, drop-oldest, keep-latest, reject, block, spill`,
		set:     number(func(s *scenario.Scenario, n int) { s.Consumers[0].Overflow = broker.Overflow(n) })},
	{name: "failures", low: 0, high: 100, alsoOut: []int64{255},
		tooHigh: "consumers[0].failures: 101% is out of range: 0% to 100%",
		set:     number(func(s *scenario.Scenario, n int) { s.Consumers[0].Failures = scenario.Percent(n) })},
	{name: "attempts", low: 0, high: 20, // 0 is 1
		tooLow: "consumers[0].attempts: -1 is out of range: 1 to 20", tooHigh: "consumers[0].attempts: 21 is out of range: 1 to 20",
		set: number(func(s *scenario.Scenario, n int) { s.Consumers[0].Attempts = n })},
	{name: "backoff", low: 1000, high: int64(time.Hour), alsoFit: []int64{0}, alsoOut: []int64{-1},
		tooLow: "consumers[0].backoff: 999ns is out of range: 1µs to 1h0m0s", tooHigh: "consumers[0].backoff: 1h0m0.000000001s is out of range: 1µs to 1h0m0s",
		set: duration(func(s *scenario.Scenario, d scenario.Duration) { s.Consumers[0].Backoff = d })},
	{name: "consumer's start", low: 0, high: int64(24 * time.Hour),
		tooLow: "consumers[0].start: -1ns is out of range: 0s to 24h0m0s", tooHigh: "consumers[0].start: 24h0m0.000000001s is out of range: 0s to 24h0m0s",
		set: duration(func(s *scenario.Scenario, d scenario.Duration) { s.Consumers[0].Start = d })},
	{name: "duration", low: 1000, high: int64(24 * time.Hour), alsoOut: []int64{0, -1},
		tooLow: "duration: 999ns is out of range: 1µs to 24h0m0s", tooHigh: "duration: 24h0m0.000000001s is out of range: 1µs to 24h0m0s",
		set: duration(func(s *scenario.Scenario, d scenario.Duration) { s.Duration = d })},
	{name: "start", low: labtest.EarliestStart, high: labtest.LatestStart, alsoOut: []int64{-1 << 63, 1<<63 - 1},
		tooLow:  "start: -62135510401 is out of range: -62135510400 to 253402128000 seconds since 1970",
		tooHigh: "start: 253402128001 is out of range: -62135510400 to 253402128000 seconds since 1970",
		set:     func(s *scenario.Scenario, v int64) { s.Start.Unix = v }},
	{name: "zone offset", low: -(24*60 - 1), high: 24*60 - 1,
		tooLow:  "start: zone offset -86400 s is not a whole number of minutes within a day",
		tooHigh: "start: zone offset 86400 s is not a whole number of minutes within a day",
		set:     func(s *scenario.Scenario, v int64) { s.Start.Offset = int32(60 * v) }},
	{name: "name", low: 1, high: 32,
		tooLow: `producers[0].name: "" has 0 characters: 1 to 32`, tooHigh: `producers[0].name: "` + strings.Repeat("n", 33) + `" has 33 characters: 1 to 32`,
		set: number(func(s *scenario.Scenario, n int) { s.Producers[0].Name = strings.Repeat("n", n) })},
	{name: "a name's bytes", low: 1, high: 20,
		tooHigh: `consumers[0].name: "` + strings.Repeat("ö", 21) + `" has 42 bytes in UTF-8: at most 40`,
		set:     number(func(s *scenario.Scenario, n int) { s.Consumers[0].Name = strings.Repeat("ö", n) })},
	{name: "topic", low: 0, high: 20,
		tooHigh: `producers[0].topic: "` + strings.Repeat("t", 21) + `" has 21 bytes: 0 to 20`,
		set:     number(func(s *scenario.Scenario, n int) { s.Producers[0].Topic = strings.Repeat("t", n) })},
	{name: "topics", low: 0, high: 20,
		tooHigh: `consumers[0].topics: "` + strings.Repeat("t", 21) + `" has 21 bytes: 0 to 20`,
		set:     number(func(s *scenario.Scenario, n int) { s.Consumers[0].Topics = strings.Repeat("t", n) })},
}

func TestALimitIsNamedWithItsFieldAndItsValue(t *testing.T) {
	for _, l := range limits {
		validate := func(v int64) error { return labtest.Edited(func(s *scenario.Scenario) { l.set(s, v) }).Validate() }
		for _, v := range append([]int64{l.low, l.high}, l.alsoFit...) {
			if err := validate(v); err != nil {
				t.Errorf("%s: %d is refused: %v", l.name, v, err)
			}
		}
		if l.tooLow != "" {
			if err := validate(l.low - 1); err == nil || err.Error() != l.tooLow {
				t.Errorf("%s: %v, want %s", l.name, err, l.tooLow)
			}
		}
		if err := validate(l.high + 1); err == nil || err.Error() != l.tooHigh {
			t.Errorf("%s: %v, want %s", l.name, err, l.tooHigh)
		}
		for _, v := range l.alsoOut {
			if err := validate(v); err == nil {
				t.Errorf("%s: %d is allowed", l.name, v)
			}
		}
	}
}

func TestATextThatDoesNotFitIsNamedWithItsField(t *testing.T) {
	for _, test := range []struct {
		name string
		edit func(*scenario.Scenario)
		want string
	}{
		{"a name of bytes", func(s *scenario.Scenario) { s.Producers[0].Name = "a\xff" }, `producers[0].name: "a\xff" is not valid UTF-8`},
		{"a name of two lines", func(s *scenario.Scenario) { s.Producers[0].Name = "a\nb" }, `producers[0].name: "a\nb" has the character U+000A, which can't be printed`},
		{"a name that turns the line around", func(s *scenario.Scenario) { s.Producers[0].Name = "a\u202eb" }, `producers[0].name: "a\u202eb" has the character U+202E, which can't be printed`},
		{"a name with a space that looks like none", func(s *scenario.Scenario) { s.Consumers[0].Name = "a\u00a0b" }, `consumers[0].name: "a\u00a0b" has the character U+00A0, which can't be printed`},
		{"a name twice", func(s *scenario.Scenario) { s.Consumers[0].Name = "producer" }, `consumers[0].name: "producer" is taken: every producer and consumer has its own name`},
		{"a zone's offset in seconds", func(s *scenario.Scenario) { s.Start.Offset = 61 }, "start: zone offset 61 s is not a whole number of minutes within a day"},
		{"no zone", func(s *scenario.Scenario) { s.Start.Zone = "" }, `start: zone "" is not an abbreviation such as UTC or CET`},
		{"a zone of words", func(s *scenario.Scenario) { s.Start.Zone = "Central Europe" }, `start: zone "Central Europe" is not an abbreviation such as UTC or CET`},
		{"UTC somewhere else", func(s *scenario.Scenario) { s.Start.Zone = "UTC" }, `start: zone "UTC" is not an abbreviation such as UTC or CET`},
		{"a zone without end", func(s *scenario.Scenario) { s.Start.Zone = "GMT+" + strings.Repeat("0", 900) + "1" }, `start: zone "GMT+` + strings.Repeat("0", 900) + `1" is not an abbreviation such as UTC or CET`},
		{"a topic of two", func(s *scenario.Scenario) { s.Producers[0].Topic = "a b" }, `producers[0].topic: topic "a b": an event has one topic, without *, > and spaces`},
		{"a pattern as a topic", func(s *scenario.Scenario) { s.Producers[0].Topic = "a.*" }, `producers[0].topic: topic "a.*": an event has one topic, without *, > and spaces`},
		{"all as a topic", func(s *scenario.Scenario) { s.Producers[0].Topic = ">" }, `producers[0].topic: topic ">": an event has one topic, without *, > and spaces`},
		{"a topic with a gap", func(s *scenario.Scenario) { s.Producers[0].Topic = "a..b" }, `producers[0].topic: topic pattern "a..b": there is nothing between two dots, or before the first or after the last`},
		{"a topic of letters that ASCII lacks", func(s *scenario.Scenario) { s.Producers[0].Topic = "ö" }, `producers[0].topic: topics "ö": 'ö' is not a printable ASCII character`},
		{"a topic with a tab", func(s *scenario.Scenario) { s.Producers[0].Topic = "a\tb" }, `producers[0].topic: topics "a\tb": '\t' is not a printable ASCII character`},
		{"topics with two spaces", func(s *scenario.Scenario) { s.Consumers[0].Topics = "a  b" }, `consumers[0].topics: topics "a  b": one space stands between two patterns, and none before or after`},
		{"topics with a space behind", func(s *scenario.Scenario) { s.Consumers[0].Topics = "a " }, `consumers[0].topics: topics "a ": one space stands between two patterns, and none before or after`},
		{"topics of one space", func(s *scenario.Scenario) { s.Consumers[0].Topics = " " }, `consumers[0].topics: topics " ": one space stands between two patterns, and none before or after`},
		{"a pattern that goes on after its end", func(s *scenario.Scenario) { s.Consumers[0].Topics = "b >.a" }, `consumers[0].topics: topic pattern ">.a": > stands for all that follows, so it is the last token`},
		{"a pattern within a token", func(s *scenario.Scenario) { s.Consumers[0].Topics = "a*" }, `consumers[0].topics: topic pattern "a*": * and > are whole tokens`},
	} {
		t.Run(test.name, func(t *testing.T) {
			if err := labtest.Edited(test.edit).Validate(); err == nil || err.Error() != test.want {
				t.Errorf("Validate answers\n%v, want\n%s", err, test.want)
			}
		})
	}
}

const spillNeeds = "the overflow policy spill takes a buffer of at least 1, for what is read back"

func TestSpillTakesABufferWhereverEitherComesFrom(t *testing.T) {
	for _, test := range []struct {
		broker scenario.Broker
		own    scenario.Own
		policy broker.Overflow
		ok     bool
	}{
		{scenario.Broker{Buffer: 1, Overflow: broker.Spill}, scenario.Own{}, 0, true},
		{scenario.Broker{Buffer: 0, Overflow: broker.Spill}, scenario.Own{}, 0, false},
		{scenario.Broker{Buffer: 0, Overflow: broker.Spill}, scenario.OwnBuffer(1), 0, true},
		{scenario.Broker{Buffer: 0, Overflow: broker.Spill}, scenario.Own{}, broker.Block, true},
		{scenario.Broker{Buffer: 1, Overflow: broker.Spill}, scenario.OwnBuffer(0), 0, false},
		{scenario.Broker{Buffer: 1, Overflow: broker.Block}, scenario.OwnBuffer(0), broker.Spill, false},
		{scenario.Broker{Buffer: 0, Overflow: broker.Block}, scenario.Own{}, broker.Spill, false},
		{scenario.Broker{Buffer: 0, Overflow: broker.Block}, scenario.OwnBuffer(1), broker.Spill, true},
	} {
		s := labtest.Edited(func(s *scenario.Scenario) {
			s.Broker, s.Consumers[0].Buffer, s.Consumers[0].Overflow = test.broker, test.own, test.policy
		})
		if err := s.Validate(); (err == nil) != test.ok || err != nil && err.Error() != "consumers[0]: "+spillNeeds {
			t.Errorf("%+v, own %v and %v: %v", test.broker, test.own, test.policy, err)
		}
	}
}

func TestEverySettingIsCheckedWhereItIsChanged(t *testing.T) {
	for _, set := range scenario.Settings() {
		change := func(v int64, text string) error {
			s := labtest.Edited(func(s *scenario.Scenario) {
				s.Interventions = []scenario.Intervention{{Do: set.Change, Value: v, Text: text}}
			})
			return s.Validate()
		}
		wrong := func(v int64, text string) {
			t.Helper()
			want := set.Check(v, text)
			if want == nil {
				t.Fatalf("%v takes %d, %q", set.Change, v, text)
			}
			if err := change(v, text); err == nil || err.Error() != "interventions[0].value: "+want.Error() {
				t.Errorf("%v with %d, %q: %v, want %v", set.Change, v, text, err, want)
			}
		}
		mixed := fmt.Sprintf("interventions[0].value: %v takes none of that kind", set.Change)
		if set.Form == scenario.Text {
			wrong(0, strings.Repeat("t", int(set.High)+1))
			wrong(0, "a..b")
			wrong(0, "ö")
			if err := change(1, ""); err == nil || err.Error() != mixed {
				t.Errorf("%v with a value: %v", set.Change, err)
			}
			if err := change(0, strings.Repeat("t", int(set.High))); err != nil {
				t.Errorf("%v: %v", set.Change, err)
			}
			continue
		}
		wrong(set.Low-1, "")
		wrong(set.High+1, "")
		wrong(-1<<63, "")
		wrong(1<<63-1, "")
		if err := change(set.Low, "t"); err == nil || err.Error() != mixed {
			t.Errorf("%v with a text: %v", set.Change, err)
		}
		for _, v := range []int64{set.Low, set.High} {
			if err := change(v, ""); err != nil {
				t.Errorf("%v to %d: %v", set.Change, v, err)
			}
		}
	}
}

func TestAnInterventionThatDoesNotFitIsNamed(t *testing.T) {
	type list []scenario.Intervention
	for _, test := range []struct {
		name string
		of   list
		want string
	}{
		{"of no kind", list{{At: second}}, "interventions[0].do: Action(0) is unknown: use one of " + strings.Join(actions(), ", ")},
		{"of a kind to come", list{{Do: scenario.Interrupt + 1}}, "interventions[0].do: Action(23) is unknown: use one of " + strings.Join(actions(), ", ")},
		{"before the start", list{{At: -1, Do: scenario.Crash}}, "interventions[0].at: -1ns is out of range: 0s to 10s, in order of time within the run"},
		{"after the end", list{{At: 10*second + 1, Do: scenario.Interrupt}}, "interventions[0].at: 10.000000001s is out of range: 0s to 10s, in order of time within the run"},
		{"out of order", list{{At: 2 * second, Do: scenario.Pause}, {At: 2*second - 1, Do: scenario.Resume}}, "interventions[1].at: 1.999999999s is out of range: 2s to 10s, in order of time within the run"},
		{"by no producer", list{{Do: scenario.Publish, Actor: 1}}, "interventions[0].actor: 1 is out of range: 0 to 0"},
		{"by a producer below the first", list{{Do: scenario.SetTopic, Actor: -1}}, "interventions[0].actor: -1 is out of range: 0 to 0"},
		{"by no consumer", list{{Do: scenario.Leave, Actor: 1 << 40}}, "interventions[0].actor: 1099511627776 is out of range: 0 to 0"},
		{"by an actor where there is none", list{{Do: scenario.Crash, Actor: 1}}, "interventions[0].actor: 1 is out of range: 0 to 0"},
		{"by an actor of the broker", list{{Do: scenario.SetBuffer, Actor: 1}}, "interventions[0].actor: 1 is out of range: 0 to 0"},
		{"with a value it does not take", list{{Do: scenario.Interrupt, Value: 1}}, "interventions[0].value: interrupt takes none of that kind"},
		{"with a text it does not take", list{{Do: scenario.Pause, Text: "a"}}, "interventions[0].value: pause takes none of that kind"},
		{"that takes the buffer from under spill", list{{Do: scenario.SetOverflow, Value: int64(broker.Spill)}, {At: second, Do: scenario.SetBuffer}}, "interventions[1].value: consumers[0]: " + spillNeeds},
		{"that spills without a buffer", list{{Do: scenario.SetBuffer}, {Do: scenario.SetOwnOverflow, Value: int64(broker.Spill)}}, "interventions[1].value: consumers[0]: " + spillNeeds},
		{"that gives back the buffer it needs", list{
			{Do: scenario.SetOwnBuffer, Value: 2}, {Do: scenario.SetBuffer}, {Do: scenario.SetOverflow, Value: int64(broker.Spill)},
			{Do: scenario.SetOwnBuffer, Value: -1},
		}, "interventions[3].value: consumers[0]: " + spillNeeds},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := labtest.Edited(func(s *scenario.Scenario) { s.Interventions = test.of }).Validate()
			if err == nil || err.Error() != test.want {
				t.Errorf("Validate answers\n%v, want\n%s", err, test.want)
			}
		})
	}
}

func TestEveryMistakeIsNamedAtOnce(t *testing.T) {
	err := labtest.Edited(func(s *scenario.Scenario) { s.Duration, s.Broker.Buffer, s.Producers[0].Interval = 0, -1, 0 }).Validate()
	if err == nil || strings.Count(err.Error(), "\n") != 2 {
		t.Errorf("Validate answers %v", err)
	}
}

func TestTheWorstScenariosOfTheseTestsAreValid(t *testing.T) {
	for _, s := range []scenario.Scenario{every(), worst(1), worst(scenario.MaxProducers), worstOfAll()} {
		if err := s.Validate(); err != nil {
			t.Error(err)
		}
	}
}

func TestTheRandomScenariosOfTheseTestsAreValid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		if err := labtest.Everything(scenario.MaxProducers).Scenario().Draw(t, "scenario").Validate(); err != nil {
			t.Fatal(err)
		}
	})
}

func TestNothingIsTooWrongToBeValidatedAndLinked(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := labtest.Everything(2).Scenario().Draw(t, "scenario")
		if len(s.Interventions) > 0 {
			v := &s.Interventions[rapid.IntRange(0, len(s.Interventions)-1).Draw(t, "which")]
			*v = scenario.Intervention{
				At: scenario.Duration(rapid.Int64().Draw(t, "at")), Do: scenario.Action(rapid.Uint8().Draw(t, "do")),
				Actor: rapid.Int().Draw(t, "actor"), Value: rapid.Int64().Draw(t, "value"), Text: rapid.String().Draw(t, "text"),
			}
		}
		l := rapid.SampledFrom(limits[3:len(limits)-4]).Draw(t, "limit") // not how many or how long
		l.set(&s, rapid.Int64().Draw(t, "value"))
		_ = s.Validate()
		_ = s.Equal(s)
		_, _, _ = scenario.ParseLink(scenario.Link(s, time.Duration(s.Duration)))
	})
}
