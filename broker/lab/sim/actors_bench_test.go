package sim_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// pairsOf is a run of so many pairs of a producer and a consumer, with so many
// workers each, all of them busy. An event goes to one consumer however many
// there are: what more of them cost is to find who is next.
func pairsOf(pairs, workers int) scenario.Scenario {
	s := scenario.Classic()
	s.Duration = scenario.Duration(scenario.MaxDuration)
	s.Producers, s.Consumers = nil, nil
	for i := range pairs {
		interval := scenario.Duration(time.Millisecond) + scenario.Duration(i)*scenario.Duration(time.Microsecond)
		topic := fmt.Sprint("t", i)
		s.Producers = append(s.Producers, scenario.Producer{Name: fmt.Sprint("p", i), Topic: topic, Interval: interval, Arrivals: scenario.Poisson})
		s.Consumers = append(s.Consumers, scenario.Consumer{
			Name: fmt.Sprint("c", i), Topics: topic, Service: interval * scenario.Duration(workers), Times: scenario.Exponential, Workers: workers,
		})
	}
	return s
}

// BenchmarkActors is a simulated event among more and more actors: with a heap the
// cost grows as the logarithm of their number.
func BenchmarkActors(b *testing.B) {
	for _, size := range [][2]int{{1, 1}, {4, 1}, {16, 1}, {16, 8}, {16, 64}} {
		b.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(b *testing.B) { stepOnly(b, pairsOf(size[0], size[1])) })
	}
}

// BenchmarkPolicies is a simulated event where each policy has something to do.
func BenchmarkPolicies(b *testing.B) {
	for name, s := range loads() {
		b.Run(name, func(b *testing.B) { stepOnly(b, s) })
	}
}

func stepOnly(b *testing.B, s scenario.Scenario) {
	run := steady(b, s)
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		if !run.Step() {
			b.StopTimer()
			run = steady(b, s)
			b.StartTimer()
		}
	}
}
