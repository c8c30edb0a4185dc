package scenario_test

import (
	"slices"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
	"pgregory.net/rapid"
)

// every is the classic with one intervention of each kind.
func every() scenario.Scenario {
	return labtest.Edited(func(s *scenario.Scenario) {
		s.Interventions = []scenario.Intervention{
			{At: 1 * second, Do: scenario.SetInterval, Value: int64(5 * second)},
			{At: 1 * second, Do: scenario.SetArrivals, Value: int64(scenario.Poisson)},
			{At: 1 * second, Do: scenario.SetBurst, Value: 12},
			{At: 1 * second, Do: scenario.SetTopic, Text: "orders.new"},
			{At: 2 * second, Do: scenario.SetBuffer, Value: 9},
			{At: 2 * second, Do: scenario.SetOverflow, Value: int64(broker.DropOldest)},
			{At: 3 * second, Do: scenario.SetService, Value: int64(7 * second)},
			{At: 3 * second, Do: scenario.SetTimes, Value: int64(scenario.Uniform)},
			{At: 3 * second, Do: scenario.SetWorkers, Value: 4},
			{At: 3 * second, Do: scenario.SetOwnBuffer, Value: 5},
			{At: 3 * second, Do: scenario.SetOwnOverflow, Value: int64(broker.Spill)},
			{At: 3 * second, Do: scenario.SetFailures, Value: 25},
			{At: 3 * second, Do: scenario.SetAttempts, Value: 3},
			{At: 3 * second, Do: scenario.SetBackoff, Value: int64(second / 2)},
			{At: 3 * second, Do: scenario.SetTopics, Text: "orders.> *"},
			{At: 4 * second, Do: scenario.Publish},
			{At: 5 * second, Do: scenario.Pause},
			{At: 6 * second, Do: scenario.Resume},
			{At: 7 * second, Do: scenario.Crash},
			{At: 8 * second, Do: scenario.Stop},
			{At: 8 * second, Do: scenario.Leave},
			{At: 9 * second, Do: scenario.Interrupt},
		}
		must(s.Validate())
	})
}

func TestSettledBeginsWithTheSettingsOfThatMoment(t *testing.T) {
	producer := scenario.Producer{Name: "producer", Interval: 5 * second, Arrivals: scenario.Poisson, Burst: 12, Topic: "orders.new"}
	consumer := scenario.Consumer{
		Name: "consumer", Topics: "orders.> *", Service: 7 * second, Times: scenario.Uniform, Workers: 4,
		Buffer: scenario.OwnBuffer(5), Overflow: broker.Spill, Failures: 25, Attempts: 3, Backoff: second / 2,
	}
	want := scenario.Classic()
	for _, step := range []struct {
		at     time.Duration
		change func()
	}{
		{0, func() {}},
		{time.Second - 1, func() {}},
		{time.Second, func() { want.Producers[0] = producer }},
		{2 * time.Second, func() { want.Broker = scenario.Broker{Buffer: 9, Overflow: broker.DropOldest} }},
		{3 * time.Second, func() { want.Consumers[0] = consumer }},
		{time.Hour, func() {}}, // who is alone never goes
	} {
		step.change()
		if got := every().Settled(step.at); !got.Equal(want) {
			t.Errorf("at %v it is %+v, want %+v", step.at, got, want)
		}
	}
}

func TestSettledLeavesOutWhoHasGone(t *testing.T) {
	s := worst(3)
	s.Interventions = []scenario.Intervention{
		{At: 1 * second, Do: scenario.Stop, Actor: 1},
		{At: 2 * second, Do: scenario.Leave, Actor: 0},
		{At: 3 * second, Do: scenario.Pause, Actor: 1},
		{At: 4 * second, Do: scenario.Leave, Actor: 2},
		{At: 5 * second, Do: scenario.Leave, Actor: 1},
	}
	must(s.Validate())
	for _, test := range []struct {
		at                   time.Duration
		producers, consumers []int
	}{
		{0, []int{0, 1, 2}, []int{0, 1, 2}},
		{time.Second, []int{0, 2}, []int{0, 1, 2}},
		{3 * time.Second, []int{0, 2}, []int{1, 2}},
		{4 * time.Second, []int{0, 2}, []int{1}},
		{5 * time.Second, []int{0, 2}, []int{0, 1, 2}}, // a scenario has consumers
	} {
		want := s.Clone()
		want.Producers, want.Consumers, want.Interventions = nil, nil, nil
		for _, i := range test.producers {
			want.Producers = append(want.Producers, s.Producers[i])
		}
		for _, i := range test.consumers {
			want.Consumers = append(want.Consumers, s.Consumers[i])
		}
		if got := s.Settled(test.at); !got.Equal(want) {
			t.Errorf("at %v it is %+v, want %+v", test.at, got, want)
		}
	}
}

func TestAtAnyMomentAScenarioCanBeCutAndSettled(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := labtest.Everything(4).Scenario().Draw(t, "scenario")
		at := time.Duration(labtest.Time(t, "at", 0, s.Duration))
		until, settled := s.Until(at), s.Settled(at)
		if err := until.Validate(); err != nil {
			t.Fatal("Until: ", err)
		}
		if err := settled.Validate(); err != nil {
			t.Fatal("Settled: ", err)
		}
		if n := len(until.Interventions); !slices.Equal(until.Interventions, s.Interventions[:n]) ||
			n > 0 && time.Duration(until.Interventions[n-1].At) > at ||
			n < len(s.Interventions) && time.Duration(s.Interventions[n].At) <= at {
			t.Fatalf("until %v there are %v", at, until.Interventions)
		}
		until.Interventions, s.Interventions = nil, nil
		if !until.Equal(s) || len(settled.Interventions) != 0 {
			t.Fatalf("until %v it is %+v, and settled %+v", at, until, settled)
		}
	})
}

func TestUntilForgetsWhatCameLater(t *testing.T) {
	for _, test := range []struct {
		at   time.Duration
		want int
	}{{0, 0}, {time.Second - 1, 0}, {time.Second, 4}, {3*time.Second - 1, 6}, {3 * time.Second, 15}, {time.Hour, 22}} {
		if got := every().Until(test.at); !slices.Equal(got.Interventions, every().Interventions[:test.want]) {
			t.Errorf("until %v there are %v", test.at, got.Interventions)
		}
	}
}

func TestACopySharesNothing(t *testing.T) {
	s := every()
	for _, test := range []struct {
		name string
		copy scenario.Scenario
	}{{"Clone", s.Clone()}, {"Until", s.Until(time.Hour)}, {"Settled", s.Settled(time.Hour)}} {
		c := test.copy
		c.Producers[0].Name, c.Consumers[0].Name = "x", "y"
		if len(c.Interventions) > 0 {
			c.Interventions[0].At = 0
		}
		if !s.Equal(every()) {
			t.Errorf("%s shares memory", test.name)
		}
	}
}

func TestEqualSaysWhetherTheRunIsTheSame(t *testing.T) {
	for _, test := range []struct {
		name string
		edit func(*scenario.Scenario)
		want bool
	}{
		{"nothing", func(*scenario.Scenario) {}, true},
		{"a burst of one", func(s *scenario.Scenario) { s.Producers[0].Burst = 1 }, true},
		{"one worker", func(s *scenario.Scenario) { s.Consumers[0].Workers = 1 }, true},
		{"one attempt", func(s *scenario.Scenario) { s.Consumers[0].Attempts = 1 }, true},
		{"the usual backoff", func(s *scenario.Scenario) { s.Consumers[0].Backoff = scenario.DefaultBackoff }, true},
		{"no interventions, said at length", func(s *scenario.Scenario) { s.Interventions = []scenario.Intervention{} }, true},
		{"a name", func(s *scenario.Scenario) { s.Producers[0].Name = "p" }, false},
		{"a count", func(s *scenario.Scenario) { s.Producers[0].Count = 1 }, false},
		{"a start", func(s *scenario.Scenario) { s.Consumers[0].Start = 1 }, false},
		{"a buffer of one's own", func(s *scenario.Scenario) { s.Consumers[0].Buffer = scenario.OwnBuffer(3) }, false},
		{"a policy of one's own", func(s *scenario.Scenario) { s.Consumers[0].Overflow = broker.DropNewest }, false},
		{"the duration", func(s *scenario.Scenario) { s.Duration++ }, false},
		{"the zone", func(s *scenario.Scenario) { s.Start.Zone = "MEZ" }, false},
		{"the seed", func(s *scenario.Scenario) { s.Seed++ }, false},
		{"one more producer", func(s *scenario.Scenario) { s.Producers = append(s.Producers, s.Producers[0]) }, false},
		{"an intervention", func(s *scenario.Scenario) {
			s.Interventions = []scenario.Intervention{{Do: scenario.Publish}}
		}, false},
	} {
		o := labtest.Edited(test.edit)
		if got := scenario.Classic().Equal(o); got != test.want || o.Equal(scenario.Classic()) != got {
			t.Errorf("%s: %v", test.name, got)
		}
	}
}

func TestAConsumerHasTheSettingsOfTheBrokerUnlessItHasItsOwn(t *testing.T) {
	for _, test := range []struct {
		name     string
		broker   scenario.Broker
		buffer   scenario.Own
		overflow broker.Overflow
		want     broker.Settings
		room     int
	}{
		{"none of its own", scenario.Broker{Buffer: 3, Overflow: broker.Block}, scenario.Own{}, 0, broker.Settings{Buffer: 3, Overflow: broker.Block}, 3},
		{"no buffer at all", scenario.Broker{Overflow: broker.Reject}, scenario.Own{}, 0, broker.Settings{Buffer: broker.Unbuffered, Overflow: broker.Reject}, 0},
		{"a buffer of its own", scenario.Broker{Buffer: 3, Overflow: broker.Block}, scenario.OwnBuffer(7), 0, broker.Settings{Buffer: 7, Overflow: broker.Block}, 7},
		{"a buffer of its own for nothing", scenario.Broker{Buffer: 3, Overflow: broker.Block}, scenario.OwnBuffer(0), 0, broker.Settings{Buffer: broker.Unbuffered, Overflow: broker.Block}, 0},
		{"a policy of its own", scenario.Broker{Buffer: 3, Overflow: broker.Block}, scenario.Own{}, broker.Spill, broker.Settings{Buffer: 3, Overflow: broker.Spill}, 3},
	} {
		s := labtest.Edited(func(s *scenario.Scenario) {
			s.Broker, s.Consumers[0].Buffer, s.Consumers[0].Overflow = test.broker, test.buffer, test.overflow
		})
		if got := s.Settings(0); got != test.want || s.Room(0) != test.room {
			t.Errorf("%s: %+v with room for %d", test.name, got, s.Room(0))
		}
	}
}

func TestWhatAConsumerDoesNotSayIsOnceByOneWorker(t *testing.T) {
	var c scenario.Consumer
	if h := c.Handling(); h.Workers != 1 || h.Attempts != 1 || h.Backoff != 100*time.Millisecond {
		t.Errorf("it handles with %+v", h)
	}
	c = scenario.Consumer{Workers: 7, Attempts: 5, Backoff: second}
	if h := c.Handling(); h.Workers != 7 || h.Attempts != 5 || h.Backoff != time.Second {
		t.Errorf("it handles with %+v", h)
	}
}

func TestTheCastHasTheNamesOfTheScenario(t *testing.T) {
	s := every()
	if s.ProducerName(0) != "producer" || s.ConsumerName(0) != "consumer" || s.Workers(0) != 1 {
		t.Errorf("it is %s, %s with %d workers", s.ProducerName(0), s.ConsumerName(0), s.Workers(0))
	}
	if got := s.StartTime().String(); got != "2021-11-01 11:11:19 +0100 CET" {
		t.Errorf("it starts at %s", got)
	}
	if got, want := s.ChangeText(4), s.Describe(s.Interventions[4]); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
