package labtest

import (
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// Many has that many of each, with these buffers.
func Many(producers, consumers, buffer int) scenario.Scenario {
	names := "abcdefghijklmnopqrstuvwxyzABCDEF"
	return Edited(func(s *scenario.Scenario) {
		s.Broker.Buffer, s.Producers, s.Consumers = buffer, nil, nil
		for i := range producers {
			s.Producers = append(s.Producers, scenario.Producer{Name: names[i : i+1], Interval: scenario.Duration(900+37*i) * scenario.Duration(time.Millisecond)})
		}
		for i := range consumers {
			s.Consumers = append(s.Consumers, scenario.Consumer{Name: names[16+i : 17+i], Service: scenario.Duration(1700+41*i) * scenario.Duration(time.Millisecond)})
		}
	})
}

// Trio has two of each, and something left to change.
func Trio() scenario.Scenario {
	s := Many(2, 2, 3)
	s.Producers[0].Name, s.Producers[1].Name = "shop", "bank"
	s.Consumers[0].Name, s.Consumers[1].Name = "ledger", "audit"
	return s
}

// Fast has some 300,000 events in 100 s.
func Fast() scenario.Scenario {
	return Edited(func(s *scenario.Scenario) {
		s.Producers[0].Interval = scenario.Duration(time.Millisecond)
		s.Consumers[0].Service = scenario.Duration(1100 * time.Microsecond)
		s.Duration = scenario.Duration(100 * time.Second)
	})
}

// Leaver is a run in which a consumer leaves what it has spilled and read back, while
// some of that waits for its next attempt.
func Leaver() scenario.Scenario {
	return Edited(func(s *scenario.Scenario) {
		const ms = scenario.Duration(time.Millisecond)
		s.Broker = scenario.Broker{Buffer: 4, Overflow: broker.Spill}
		s.Producers[0].Interval = 90 * ms
		c := &s.Consumers[0]
		c.Service, c.Workers, c.Failures, c.Attempts, c.Backoff = 200*ms, 4, 100, 2, 333*ms
		s.Interventions = []scenario.Intervention{{At: 9501 * ms, Do: scenario.Leave}}
	})
}
