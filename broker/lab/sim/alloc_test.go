package sim_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/scenario"
	"github.com/spillway-go/spillway/broker/lab/sim"
)

// loads are long runs in which each policy has something to do all the time, and
// one of retries.
func loads() map[string]scenario.Scenario {
	const micro = scenario.Duration(time.Microsecond)
	base := scenario.Classic()
	base.Duration = scenario.Duration(scenario.MaxDuration)
	base.Producers = nil
	for i := range 3 {
		base.Producers = append(base.Producers, scenario.Producer{
			Name: fmt.Sprint("p", i), Topic: fmt.Sprint("topic.", i), Interval: scenario.Duration(900+i) * micro, Arrivals: scenario.Poisson,
		})
	}
	base.Consumers = []scenario.Consumer{
		{Name: "all", Topics: "topic.*", Service: 1000 * micro, Times: scenario.Exponential, Workers: 2},
		{Name: "one", Topics: "topic.1", Service: 1200 * micro, Times: scenario.Uniform},
	}
	all := map[string]scenario.Scenario{}
	for _, o := range broker.Overflows() {
		s := base.Clone()
		s.Broker = scenario.Broker{Buffer: 4, Overflow: o}
		if o == broker.Spill { // with what it spills it has to catch up
			for i := range s.Producers {
				s.Producers[i].Interval, s.Producers[i].Burst = 100_000*micro, 16
			}
		}
		all[o.String()] = s
	}
	retries := base.Clone()
	for i := range retries.Consumers {
		c := &retries.Consumers[i]
		c.Failures, c.Attempts, c.Backoff = 50, 3, 700*micro
	}
	all["retries"] = retries
	all["busy"] = busy()
	return all
}

// steady is a run that has used all the memory it will.
func steady(t testing.TB, s scenario.Scenario) *sim.Sim {
	t.Helper()
	j := journal.New(1<<14, s, len(s.Producers), len(s.Consumers))
	run, err := sim.New(s, j.Append)
	if err != nil {
		t.Fatal(err)
	}
	for range 1 << 17 {
		run.Step()
	}
	return run
}

func TestARunAllocatesNothingInTheSteadyState(t *testing.T) {
	for name, s := range loads() {
		t.Run(name, func(t *testing.T) {
			run := steady(t, s)
			if n := testing.AllocsPerRun(1000, func() { run.Step() }); n != 0 {
				t.Errorf("%v allocations an event", n)
			}
			if n := testing.AllocsPerRun(5, func() {
				for range 10_000 {
					run.Step()
				}
			}); n != 0 {
				t.Errorf("%v allocations in 10,000 events", n)
			}
		})
	}
}
