package sim_test

import (
	"fmt"
	"time"

	"github.com/spillway-go/spillway/broker/journal"
	"github.com/spillway-go/spillway/broker/scenario"
	"github.com/spillway-go/spillway/broker/sim"
	"pgregory.net/rapid"
)

// Few and round times, so that much happens at the same moment.
var anyTime = rapid.Map(rapid.SampledFrom([]time.Duration{5, 10, 20, 25, 40, 50, 100}),
	func(d time.Duration) scenario.Duration { return scenario.Duration(d * time.Millisecond) })

var anyPolicy = rapid.SampledFrom(scenario.Overflows())

var anyBuffer = rapid.IntRange(0, 5)

// anyScenario draws a short run of up to four producers and consumers.
var anyScenario = rapid.Custom(func(t *rapid.T) scenario.Scenario {
	s := scenario.Scenario{
		Broker:   scenario.Broker{Buffer: anyBuffer.Draw(t, "buffer"), Overflow: anyPolicy.Draw(t, "overflow")},
		Duration: scenario.Duration(500 * time.Millisecond),
		Start:    scenario.Classic().Start,
		Seed:     rapid.Uint64().Draw(t, "seed"),
	}
	for i := range rapid.IntRange(1, 4).Draw(t, "producers") {
		s.Producers = append(s.Producers, scenario.Producer{Name: fmt.Sprint("p", i), Interval: anyTime.Draw(t, "interval")})
	}
	for i := range rapid.IntRange(1, 4).Draw(t, "consumers") {
		s.Consumers = append(s.Consumers, scenario.Consumer{Name: fmt.Sprint("c", i), Service: anyTime.Draw(t, "service")})
	}
	at := scenario.Duration(0)
	for range rapid.IntRange(0, 6).Draw(t, "interventions") {
		at += scenario.Duration(rapid.IntRange(0, 20).Draw(t, "after")) * scenario.Duration(5*time.Millisecond)
		if at > s.Duration {
			break
		}
		s.Interventions = append(s.Interventions, anyIntervention(t, s, at))
	}
	return s
})

func anyIntervention(t *rapid.T, s scenario.Scenario, at scenario.Duration) scenario.Intervention {
	i := scenario.Intervention{At: at}
	switch rapid.IntRange(0, 12).Draw(t, "do") {
	case 0, 1, 2:
		i.Do, i.Actor, i.Interval = scenario.SetInterval, rapid.IntRange(0, len(s.Producers)-1).Draw(t, "actor"), anyTime.Draw(t, "interval")
	case 3, 4, 5:
		i.Do, i.Actor, i.Service = scenario.SetService, rapid.IntRange(0, len(s.Consumers)-1).Draw(t, "actor"), anyTime.Draw(t, "service")
	case 6, 7, 8:
		i.Do, i.Buffer = scenario.SetBuffer, anyBuffer.Draw(t, "buffer")
	case 9, 10, 11:
		i.Do, i.Overflow = scenario.SetOverflow, anyPolicy.Draw(t, "overflow")
	default:
		i.Do = scenario.Interrupt
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
	run, err := sim.New(s, func(r journal.Record) { *records = append(*records, r) })
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
