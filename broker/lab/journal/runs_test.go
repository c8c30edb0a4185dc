package journal_test

import (
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

const ms = scenario.Duration(time.Millisecond)

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

// play are the records of a run, but at most so many and a few more.
func play(t labtest.T, s scenario.Scenario, most int) []journal.Record {
	t.Helper()
	run, told := labtest.Prepare(t, s)
	for len(*told) < most && run.Step() {
	}
	return *told
}
