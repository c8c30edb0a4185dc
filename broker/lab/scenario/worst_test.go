package scenario_test

import (
	"fmt"
	"strings"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

const second = scenario.Duration(time.Second)

// The longest times that need all their digits.
const (
	crooked = scenario.Duration(scenario.MaxTime) - 1
	late    = scenario.Duration(scenario.MaxDuration) - 1
)

// worst is the scenario with the longest link of those with so many actors of a
// kind and no interventions: every value needs all its digits, and names and
// topics all their bytes.
func worst(actors int) scenario.Scenario {
	n := 0
	name := func() string {
		n++
		return strings.Repeat("é", scenario.MaxNameBytes-scenario.MaxName) +
			strings.Repeat("n", 2*scenario.MaxName-scenario.MaxNameBytes-2) + fmt.Sprintf("%02d", n)
	}
	topic := strings.Repeat("t", scenario.MaxTopic)
	s := scenario.Scenario{
		Broker:   scenario.Broker{Buffer: broker.MaxBuffer, Overflow: broker.Spill},
		Duration: late,
		Start:    scenario.Start{Unix: labtest.EarliestStart, Offset: -(24*60 - 1) * 60, Zone: "GMT-12"},
		Seed:     1<<64 - 1,
	}
	for range actors {
		s.Producers = append(s.Producers, scenario.Producer{
			Name: name(), Topic: topic, Interval: crooked, Arrivals: scenario.Poisson,
			Burst: scenario.MaxBurst, Start: late, Count: scenario.MaxCount,
		})
		s.Consumers = append(s.Consumers, scenario.Consumer{
			Name: name(), Topics: topic, Service: crooked, Times: scenario.Uniform, Workers: scenario.MaxWorkers,
			Buffer: scenario.OwnBuffer(broker.MaxBuffer), Overflow: broker.Spill, Failures: 100,
			Attempts: scenario.MaxAttempts, Backoff: crooked, Start: late,
		})
	}
	return s
}

// worstOfAll is the scenario with the longest link there is. The moments of its
// interventions are as far apart as 24 hours allow.
func worstOfAll() scenario.Scenario {
	s := worst(scenario.MaxProducers)
	step := s.Duration/scenario.MaxInterventions - 1
	for i := range scenario.MaxInterventions {
		s.Interventions = append(s.Interventions, scenario.Intervention{
			At: step * scenario.Duration(i+1), Do: scenario.SetTopics, Actor: scenario.MaxConsumers - 1, Text: strings.Repeat("u", scenario.MaxTopic),
		})
	}
	return s
}

func must(err error) {
	if err != nil {
		panic(fmt.Sprint("the test is wrong: ", err))
	}
}
