package journal_test

import (
	"fmt"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/scenario"
	"github.com/spillway-go/spillway/broker/lab/sim"
	"pgregory.net/rapid"
)

const ms = scenario.Duration(time.Millisecond)

// Few and round times, so that much happens at the same moment.
var anyTime = rapid.Map(rapid.SampledFrom([]scenario.Duration{1, 2, 5, 10, 25}), func(d scenario.Duration) scenario.Duration { return d * ms })

var (
	anyBuffer    = rapid.SampledFrom([]int{0, 1, 2, 3, 5, 50})
	anyTopic     = rapid.SampledFrom([]string{"", "a", "a.b", "b"})
	anySelection = rapid.SampledFrom([]string{"", "", ">", "a.>", "b a.b"})
)

// anyScenario draws a run in which anything can happen: of up to three producers
// and consumers, with records from a few to some thousands.
var anyScenario = rapid.Custom(func(t *rapid.T) scenario.Scenario {
	s := scenario.Scenario{
		Broker:   scenario.Broker{Buffer: anyBuffer.Draw(t, "buffer"), Overflow: rapid.SampledFrom(broker.Overflows()).Draw(t, "overflow")},
		Duration: rapid.SampledFrom([]scenario.Duration{20 * ms, 200 * ms, 1000 * ms}).Draw(t, "duration"),
		Start:    scenario.Classic().Start,
		Seed:     rapid.Uint64().Draw(t, "seed"),
	}
	for i := range rapid.IntRange(1, 3).Draw(t, "producers") {
		s.Producers = append(s.Producers, scenario.Producer{
			Name: fmt.Sprint("p", i), Interval: anyTime.Draw(t, "interval"), Topic: anyTopic.Draw(t, "topic"),
			Arrivals: scenario.Arrivals(rapid.IntRange(0, 1).Draw(t, "arrivals")), Burst: rapid.IntRange(0, 4).Draw(t, "burst"),
		})
	}
	for i := range rapid.IntRange(1, 3).Draw(t, "consumers") {
		c := scenario.Consumer{
			Name: fmt.Sprint("c", i), Service: anyTime.Draw(t, "service"), Topics: anySelection.Draw(t, "topics"),
			Times: scenario.Times(rapid.IntRange(0, 2).Draw(t, "times")), Workers: rapid.IntRange(0, 3).Draw(t, "workers"),
			Failures: scenario.Percent(rapid.SampledFrom([]int{0, 0, 30, 100}).Draw(t, "failures")),
			Attempts: rapid.IntRange(0, 3).Draw(t, "attempts"), Backoff: anyTime.Draw(t, "backoff"),
			Overflow: rapid.SampledFrom(append(broker.Overflows(), broker.Inherit)).Draw(t, "own overflow"),
		}
		if rapid.Bool().Draw(t, "own") {
			c.Buffer = scenario.OwnBuffer(anyBuffer.Draw(t, "own buffer"))
		}
		if s.Consumers = append(s.Consumers, c); s.Validate() != nil { // it spills and has no buffer
			s.Consumers[i].Buffer = scenario.OwnBuffer(1)
		}
	}
	at := scenario.Duration(0)
	for range rapid.IntRange(0, 12).Draw(t, "interventions") {
		at += scenario.Duration(rapid.IntRange(0, 20).Draw(t, "after")) * s.Duration / 100
		n := len(s.Interventions)
		if s.Interventions = append(s.Interventions, anyIntervention(t, s, at)); s.Validate() != nil {
			s.Interventions = s.Interventions[:n]
		}
	}
	return s
})

func anyIntervention(t *rapid.T, s scenario.Scenario, at scenario.Duration) scenario.Intervention {
	i := scenario.Intervention{At: at, Do: scenario.Action(rapid.IntRange(1, int(scenario.Interrupt)).Draw(t, "do"))}
	if i.Do == scenario.Interrupt && rapid.IntRange(0, 3).Draw(t, "no") > 0 {
		i.Do = scenario.Crash
	}
	switch i.Do.Role() {
	case scenario.OfProducer:
		i.Actor = rapid.IntRange(0, len(s.Producers)-1).Draw(t, "actor")
	case scenario.OfConsumer:
		i.Actor = rapid.IntRange(0, len(s.Consumers)-1).Draw(t, "actor")
	}
	set, ok := scenario.SettingOf(i.Do)
	switch {
	case !ok:
	case i.Do == scenario.SetTopic:
		i.Text = anyTopic.Draw(t, "topic")
	case i.Do == scenario.SetTopics:
		i.Text = anySelection.Draw(t, "topics")
	case set.Form == scenario.Time:
		i.Value = int64(anyTime.Draw(t, "time"))
	case set.Form == scenario.Percentage:
		i.Value = int64(rapid.IntRange(0, 100).Draw(t, "percent"))
	default:
		i.Value = rapid.Int64Range(set.Low, min(set.High, 6)).Draw(t, "value")
	}
	return i
}

// everything is a run in which everything happens but an interrupt.
func everything() scenario.Scenario {
	s := scenario.Classic()
	s.Duration = scenario.Duration(scenario.MaxDuration)
	s.Producers = []scenario.Producer{
		{Name: "p", Interval: 3 * ms, Arrivals: scenario.Poisson, Topic: "a"},
		{Name: "q", Interval: 5 * ms, Burst: 3, Topic: "b"},
	}
	s.Consumers = []scenario.Consumer{
		{Name: "c", Service: 2 * ms, Workers: 3, Failures: 20, Attempts: 2, Backoff: 5 * ms},
		{Name: "d", Service: 5 * ms, Overflow: broker.KeepLatest},
		{Name: "e", Service: 900 * scenario.Duration(time.Microsecond), Times: scenario.Exponential, Overflow: broker.Spill},
	}
	for i := range scenario.Duration(100) {
		s.Interventions = append(s.Interventions,
			scenario.Intervention{At: 200*ms*i + 50*ms, Do: scenario.Pause, Actor: int(i % 3)},
			scenario.Intervention{At: 200*ms*i + 80*ms, Do: scenario.Resume, Actor: int(i % 3)},
			scenario.Intervention{At: 200*ms*i + 100*ms, Do: scenario.SetOwnOverflow, Actor: 1, Value: int64(broker.Overflows()[i%6])},
			scenario.Intervention{At: 200*ms*i + 150*ms, Do: scenario.SetBuffer, Value: int64(2 + i%5)},
			scenario.Intervention{At: 200*ms*i + 199*ms, Do: scenario.Crash},
		)
	}
	return s
}

// leaver is a run in which a consumer leaves what it has spilled and read back.
func leaver() scenario.Scenario {
	s := scenario.Classic()
	s.Broker = scenario.Broker{Buffer: 4, Overflow: broker.Spill}
	s.Interventions = []scenario.Intervention{{At: 9500 * ms, Do: scenario.Leave}}
	s.Producers[0].Interval = 300 * ms
	return s
}

// fataler is a testing.TB or a *rapid.T.
type fataler interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// play are the records of a run, but at most so many and a few more.
func play(t fataler, s scenario.Scenario, most int) (records []journal.Record) {
	t.Helper()
	run, err := sim.New(s, func(r *journal.Record) { records = append(records, *r) })
	if err != nil {
		t.Fatal(err)
	}
	for len(records) < most && run.Step() {
	}
	return records
}
