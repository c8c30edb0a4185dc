package sim_test

import (
	"fmt"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/scenario"
	"github.com/spillway-go/spillway/broker/lab/sim"
	"pgregory.net/rapid"
)

// Few and round times, so that much happens at the same moment.
var anyTime = rapid.Map(rapid.SampledFrom([]time.Duration{5, 10, 20, 25, 40, 50, 100}),
	func(d time.Duration) scenario.Duration { return scenario.Duration(d * time.Millisecond) })

var (
	anyPolicy    = rapid.SampledFrom(broker.Overflows())
	anyOverflow  = rapid.SampledFrom(append(broker.Overflows(), broker.Inherit, broker.Inherit, broker.Inherit))
	anyBuffer    = rapid.IntRange(0, 5)
	anyTopic     = rapid.SampledFrom([]string{"", "a", "a.b", "a.c", "b"})
	anySelection = rapid.SampledFrom([]string{"", "", "", ">", "a.*", "a.>", "b a.b", "x"})
)

// anyScenario draws a short run of up to four producers and consumers.
var anyScenario = rapid.Custom(func(t *rapid.T) scenario.Scenario {
	s := scenario.Scenario{
		Broker:   scenario.Broker{Buffer: anyBuffer.Draw(t, "buffer"), Overflow: anyPolicy.Draw(t, "overflow")},
		Duration: scenario.Duration(500 * time.Millisecond),
		Start:    scenario.Classic().Start,
		Seed:     rapid.Uint64().Draw(t, "seed"),
	}
	for i := range rapid.IntRange(1, 4).Draw(t, "producers") {
		p := scenario.Producer{Name: fmt.Sprint("p", i), Interval: anyTime.Draw(t, "interval"), Topic: anyTopic.Draw(t, "topic")}
		if rapid.Bool().Draw(t, "special") {
			p.Arrivals = scenario.Arrivals(rapid.IntRange(0, 1).Draw(t, "arrivals"))
			p.Burst = rapid.IntRange(0, 4).Draw(t, "burst")
			p.Start = scenario.Duration(rapid.IntRange(0, 2).Draw(t, "start")) * 50_000_000
			p.Count = rapid.IntRange(0, 8).Draw(t, "count")
		}
		s.Producers = append(s.Producers, p)
	}
	for i := range rapid.IntRange(1, 4).Draw(t, "consumers") {
		c := scenario.Consumer{Name: fmt.Sprint("c", i), Service: anyTime.Draw(t, "service"), Topics: anySelection.Draw(t, "topics")}
		c.Overflow = anyOverflow.Draw(t, "own overflow")
		if rapid.Bool().Draw(t, "special") {
			c.Times = scenario.Times(rapid.IntRange(0, 2).Draw(t, "times"))
			c.Workers = rapid.IntRange(0, 4).Draw(t, "workers")
			c.Failures = scenario.Percent(rapid.SampledFrom([]int{0, 30, 100}).Draw(t, "failures"))
			c.Attempts = rapid.IntRange(0, 3).Draw(t, "attempts")
			c.Backoff = anyTime.Draw(t, "backoff")
			c.Start = scenario.Duration(rapid.IntRange(0, 2).Draw(t, "start")) * 50_000_000
		}
		if rapid.Bool().Draw(t, "own") {
			c.Buffer = scenario.OwnBuffer(anyBuffer.Draw(t, "own buffer"))
		}
		if s.Consumers = append(s.Consumers, c); !valid(s) { // it spills and has no buffer
			s.Consumers[i].Buffer = scenario.OwnBuffer(1)
		}
	}
	at := scenario.Duration(0)
	for range rapid.IntRange(0, 8).Draw(t, "interventions") {
		at += scenario.Duration(rapid.IntRange(0, 20).Draw(t, "after")) * scenario.Duration(5*time.Millisecond)
		if at > s.Duration {
			break
		}
		n := len(s.Interventions)
		if s.Interventions = append(s.Interventions, anyIntervention(t, s, at)); !valid(s) {
			s.Interventions = s.Interventions[:n]
		}
	}
	return s
})

func valid(s scenario.Scenario) bool { return s.Validate() == nil }

func anyIntervention(t *rapid.T, s scenario.Scenario, at scenario.Duration) scenario.Intervention {
	do := scenario.Action(rapid.IntRange(1, int(scenario.Interrupt)).Draw(t, "do"))
	if do == scenario.Interrupt && rapid.IntRange(0, 3).Draw(t, "no") > 0 {
		do = scenario.Crash
	}
	return interventionTo(t, s, at, do)
}

// interventionTo draws who is to do that, and how.
func interventionTo(t *rapid.T, s scenario.Scenario, at scenario.Duration, do scenario.Action) scenario.Intervention {
	i := scenario.Intervention{At: at, Do: do}
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

// fataler is a testing.TB or a *rapid.T.
type fataler interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// prepare makes a run that adds what happens to records.
func prepare(t fataler, s scenario.Scenario) (run *sim.Sim, records *[]journal.Record) {
	t.Helper()
	records = new([]journal.Record)
	run, err := sim.New(s, func(r *journal.Record) { *records = append(*records, *r) })
	if err != nil {
		t.Fatal(err)
	}
	return run, records
}

// play is the journal of a whole run.
func play(t fataler, s scenario.Scenario) []journal.Record {
	t.Helper()
	run, records := prepare(t, s)
	run.Run()
	return *records
}
