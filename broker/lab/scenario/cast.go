package scenario

import "time"

// A scenario is the cast of its journal: it has the names that records refer to
// by number.

// ProducerName is the name of a producer.
func (s Scenario) ProducerName(i int) string { return s.Producers[i].Name }

// ConsumerName is the name of a consumer.
func (s Scenario) ConsumerName(i int) string { return s.Consumers[i].Name }

// Workers is how many workers a consumer begins with.
func (s Scenario) Workers(i int) int { return max(1, s.Consumers[i].Workers) }

// Crew is how many workers a consumer has when it joins, and when that is.
func (s Scenario) Crew(i int) (workers int, joins time.Duration) {
	return s.Workers(i), time.Duration(s.Consumers[i].Start)
}

// Identity is the ID of a producer's n-th event.
func (s Scenario) Identity(producer int, n uint64) uint64 {
	return NewSource(s.Seed, Identities, producer).Identity(n)
}

// ChangeText describes the i-th intervention.
func (s Scenario) ChangeText(i int) string { return s.Describe(s.Interventions[i]) }

// StartTime is the start of the run.
func (s Scenario) StartTime() time.Time { return s.Start.Time() }
