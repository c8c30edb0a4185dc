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

// WorkerTime is how long the workers of a consumer were there until t, all together:
// as many as it had, from when it joins until it leaves. While it is paused they are
// there too.
func (s Scenario) WorkerTime(i int, t time.Duration) (total time.Duration) {
	workers, since := s.Workers(i), time.Duration(s.Consumers[i].Start)
	count := func(until time.Duration) {
		total += time.Duration(workers) * max(0, until-since)
		since = max(since, until)
	}
	for _, v := range s.Interventions {
		if time.Duration(v.At) > t {
			break
		}
		switch {
		case v.Do == SetWorkers && v.Actor == i:
			count(time.Duration(v.At))
			workers = int(v.Value)
		case v.Do == Leave && v.Actor == i:
			count(time.Duration(v.At))
			return total
		}
	}
	count(t)
	return total
}

// Identity is the ID of a producer's n-th event.
func (s Scenario) Identity(producer int, n uint64) uint64 {
	return NewSource(s.Seed, Identities, producer).Identity(n)
}

// ChangeText describes the i-th intervention.
func (s Scenario) ChangeText(i int) string { return s.Describe(s.Interventions[i]) }

// StartTime is the start of the run.
func (s Scenario) StartTime() time.Time { return s.Start.Time() }
