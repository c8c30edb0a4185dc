package labtest

import (
	"time"

	"pgregory.net/rapid"

	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// AnyTime draws times that often coincide with others.
func AnyTime(t *rapid.T, label string) scenario.Duration {
	return scenario.Duration(rapid.SampledFrom([]time.Duration{20, 100, 250, 500, 1000, 2000}).Draw(t, label) * time.Millisecond)
}

// Small draws a small one.
func Small(t *rapid.T) scenario.Scenario {
	s := Many(rapid.IntRange(1, 3).Draw(t, "producers"), rapid.IntRange(1, 3).Draw(t, "consumers"), rapid.IntRange(0, 4).Draw(t, "buffer"))
	for i := range s.Producers {
		s.Producers[i].Interval = AnyTime(t, "interval")
		s.Producers[i].Start = scenario.Duration(rapid.SampledFrom([]time.Duration{0, 0, 0, time.Second}).Draw(t, "start"))
		s.Producers[i].Count = rapid.SampledFrom([]int{0, 0, 0, 5}).Draw(t, "count")
	}
	for i := range s.Consumers {
		s.Consumers[i].Service = AnyTime(t, "service")
		s.Consumers[i].Start = scenario.Duration(rapid.SampledFrom([]time.Duration{0, 0, 0, time.Second}).Draw(t, "start"))
	}
	s.Seed = rapid.Uint64Max(5).Draw(t, "seed")
	for range rapid.IntRange(0, 6).Draw(t, "settings") {
		s.Apply(AnyChange(t, s))
	}
	now := s.Clone()
	for n := range rapid.IntRange(0, 2).Draw(t, "interventions") {
		i := AnyChange(t, now)
		now.Apply(i)
		i.At = scenario.Duration(n) * scenario.Duration(3*time.Second)
		s.Interventions = append(s.Interventions, i)
	}
	return s
}

// AnyChange draws from all a user can do to a run of s, with values that the
// settings of now take: nothing of it can fail.
func AnyChange(t *rapid.T, now scenario.Scenario) scenario.Intervention {
	settings := scenario.Settings()
	others := []scenario.Action{scenario.Publish, scenario.Stop, scenario.Pause, scenario.Resume, scenario.Leave, scenario.Crash, scenario.Interrupt}
	n := rapid.IntRange(0, len(settings)+len(others)-1).Draw(t, "do")
	if n >= len(settings) {
		do := others[n-len(settings)]
		return scenario.Intervention{Do: do, Actor: AnyActor(t, now, do.Role())}
	}
	set := settings[n]
	i := scenario.Intervention{Do: set.Change, Actor: AnyActor(t, now, set.Role)}
	switch {
	case set.Change == scenario.SetTopic:
		i.Text = rapid.SampledFrom([]string{"", "a", "a.b", "c"}).Draw(t, "topic")
	case set.Change == scenario.SetTopics:
		i.Text = rapid.SampledFrom([]string{"", "a", "a.*", "> a"}).Draw(t, "topics")
	case set.Form == scenario.Time:
		i.Value = int64(AnyTime(t, "time"))
	case set.Form == scenario.Percentage:
		i.Value = rapid.SampledFrom([]int64{0, 30, 60, 100}).Draw(t, "percent")
	default:
		i.Value = rapid.Int64Range(set.Low, min(set.High, 8)).Draw(t, "value")
	}
	after := now.Clone()
	if after.Apply(i); after.Validate() != nil { // an unbuffered consumer can't spill
		return scenario.Intervention{Do: scenario.SetInterval, Value: int64(AnyTime(t, "time"))}
	}
	return i
}

// AnyActor draws the place of an actor of that role.
func AnyActor(t *rapid.T, s scenario.Scenario, role scenario.Role) int {
	switch role {
	case scenario.OfProducer:
		return rapid.IntRange(0, len(s.Producers)-1).Draw(t, "producer")
	case scenario.OfConsumer:
		return rapid.IntRange(0, len(s.Consumers)-1).Draw(t, "consumer")
	default:
		return 0
	}
}
