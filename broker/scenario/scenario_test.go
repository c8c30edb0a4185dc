package scenario_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/scenario"
)

const second = scenario.Duration(time.Second)

// changed is a scenario with one intervention of each kind that changes a setting.
func changed() scenario.Scenario {
	return edited(func(s *scenario.Scenario) {
		s.Interventions = []scenario.Intervention{
			{At: 1 * second, Do: scenario.SetInterval, Interval: 5 * second},
			{At: 2 * second, Do: scenario.SetService, Service: 7 * second},
			{At: 3 * second, Do: scenario.SetBuffer, Buffer: 9},
			{At: 3 * second, Do: scenario.SetOverflow, Overflow: broker.DropOldest},
			{At: 4 * second, Do: scenario.Interrupt},
		}
	})
}

func TestSettledBeginsWithTheSettingsOfThatMoment(t *testing.T) {
	for _, test := range []struct {
		at       time.Duration
		interval scenario.Duration
		service  scenario.Duration
		broker   scenario.Broker
	}{
		{0, second, 2 * second, scenario.Broker{Buffer: 3, Overflow: broker.DropNewest}},
		{time.Second - 1, second, 2 * second, scenario.Broker{Buffer: 3, Overflow: broker.DropNewest}},
		{time.Second, 5 * second, 2 * second, scenario.Broker{Buffer: 3, Overflow: broker.DropNewest}},
		{2 * time.Second, 5 * second, 7 * second, scenario.Broker{Buffer: 3, Overflow: broker.DropNewest}},
		{9 * time.Second, 5 * second, 7 * second, scenario.Broker{Buffer: 9, Overflow: broker.DropOldest}},
	} {
		want := scenario.Classic()
		want.Producers[0].Interval, want.Consumers[0].Service, want.Broker = test.interval, test.service, test.broker
		if got := changed().Settled(test.at); !got.Equal(want) {
			t.Errorf("at %v it is %+v, want %+v", test.at, got, want)
		}
	}
}

func TestUntilForgetsWhatCameLater(t *testing.T) {
	for at, want := range map[time.Duration]int{0: 0, time.Second: 1, 3*time.Second - 1: 2, 3 * time.Second: 4, time.Hour: 5} {
		got := changed().Until(at)
		if !reflect.DeepEqual(got.Interventions, append([]scenario.Intervention{}, changed().Interventions[:want]...)) {
			t.Errorf("until %v there are %v", at, got.Interventions)
		}
	}
}

func TestACopySharesNothing(t *testing.T) {
	s := changed()
	for name, c := range map[string]scenario.Scenario{"Clone": s.Clone(), "Until": s.Until(time.Hour), "Settled": s.Settled(time.Hour)} {
		c.Producers[0].Name, c.Consumers[0].Name = "x", "y"
		if len(c.Interventions) > 0 {
			c.Interventions[0].At = 0
		}
		if !s.Equal(changed()) {
			t.Errorf("%s shares memory", name)
		}
	}
}

func TestAnInterventionIsTold(t *testing.T) {
	want := []string{
		"producer: publishes every 5s from now on",
		"consumer: needs 7s an event from now on",
		"broker: buffers hold 9 from now on",
		"broker: full buffers drop-oldest from now on",
		"interrupt",
	}
	for i, want := range want {
		if got := changed().ChangeText(i); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestTwoInterventionsAreTheSameIfTheyChangeTheSameSetting(t *testing.T) {
	a := scenario.Intervention{At: second, Do: scenario.SetInterval, Actor: 1, Interval: second}
	for _, test := range []struct {
		b    scenario.Intervention
		want bool
	}{
		{scenario.Intervention{At: 2 * second, Do: scenario.SetInterval, Actor: 1, Interval: 3 * second}, true},
		{scenario.Intervention{At: second, Do: scenario.SetInterval, Actor: 0, Interval: second}, false},
		{scenario.Intervention{At: second, Do: scenario.SetService, Actor: 1, Service: second}, false},
	} {
		if got := a.Same(test.b); got != test.want {
			t.Errorf("%v: %v", test.b, got)
		}
	}
}

func TestABufferOfNothingIsUnbuffered(t *testing.T) {
	for buffer, want := range map[int]int{0: broker.Unbuffered, 1: 1, 3: 3} {
		if got := (scenario.Broker{Buffer: buffer}).Settings().Buffer; got != want {
			t.Errorf("%d becomes %d, want %d", buffer, got, want)
		}
	}
}

// These values are for ever: another one makes every link another run.
func TestTheDrawsOfASeedNeverChange(t *testing.T) {
	for _, test := range []struct {
		seed   uint64
		stream scenario.Stream
		actor  int
		n      uint64
		want   uint64
	}{
		{0, scenario.Identities, 0, 0, 0xd0df857e10aeda9c},
		{35, scenario.Identities, 0, 0, 0xd25cf78b3b2922ad},
		{35, scenario.Identities, 0, 7, 0x94bc195c3f2c34e5},
		{35, scenario.Identities, 1, 0, 0xfcef9c69e3246737},
		{35, scenario.Arrivals, 0, 0, 0x80d7bb618ba7fac1},
		{35, scenario.Completions, 0, 0, 0x447cc9b14df82bb3},
		{1<<64 - 1, scenario.Completions, 15, 1<<64 - 1, 0x893838b9acf18f53},
	} {
		if got := scenario.NewSource(test.seed, test.stream, test.actor).Draw(test.n); got != test.want {
			t.Errorf("seed %d, stream %d, actor %d, draw %d: %#x, want %#x", test.seed, test.stream, test.actor, test.n, got, test.want)
		}
	}
}

func TestAnIdentityIsAPositiveInt64(t *testing.T) {
	for n := range uint64(1000) {
		if id := scenario.Classic().Identity(0, n); int64(id) <= 0 {
			t.Errorf("event %d has the identity %d", n, id)
		}
	}
}

func TestDrawsAreUniform(t *testing.T) {
	const draws, buckets = 1 << 16, 64
	for _, stream := range []scenario.Stream{scenario.Identities, scenario.Arrivals, scenario.Completions} {
		var counts [buckets]float64
		source := scenario.NewSource(35, stream, 0)
		for n := range uint64(draws) {
			counts[source.Draw(n)>>58]++
		}
		chi := 0.0
		for _, c := range counts {
			d := c - draws/buckets
			chi += d * d / (draws / buckets)
		}
		if chi > 110 { // the 99.98th percentile of chi-squared with 63 degrees of freedom
			t.Errorf("stream %d: chi-squared is %.1f", stream, chi)
		}
	}
}
