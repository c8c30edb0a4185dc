package live_test

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// crooked is a time between a third of d and d to the nanosecond, so that
// nothing coincides with anything else but by a rare chance.
func crooked(r *rand.Rand, d time.Duration) scenario.Duration {
	return scenario.Duration(d/3+time.Duration(r.Int64N(int64(2*d/3)))) | 1
}

func pick[T any](r *rand.Rand, of ...T) T { return of[r.IntN(len(of))] }

// anyScenario is a run of up to four producers and consumers with every feature.
func anyScenario(seed uint64) scenario.Scenario {
	r := rand.New(rand.NewPCG(seed, 0))
	s := scenario.Scenario{
		Broker:   scenario.Broker{Buffer: r.IntN(6), Overflow: pick(r, broker.Overflows()...)},
		Duration: crooked(r, 3*time.Second),
		Start:    scenario.Classic().Start,
		Seed:     seed,
	}
	for i := range 1 + r.IntN(4) {
		p := scenario.Producer{Name: fmt.Sprint("p", i), Interval: crooked(r, 300*time.Millisecond), Topic: pick(r, "", "a.b", "a.c", "b")}
		if r.IntN(2) == 0 {
			p.Arrivals = scenario.Arrivals(r.IntN(2))
			p.Burst = r.IntN(5)
			p.Start = pick(r, 0, crooked(r, time.Second))
			p.Count = pick(r, 0, 0, 1+r.IntN(20))
		}
		s.Producers = append(s.Producers, p)
	}
	for i := range 1 + r.IntN(4) {
		c := scenario.Consumer{
			Name: fmt.Sprint("c", i), Service: crooked(r, 300*time.Millisecond),
			Topics: pick(r, "", "", ">", "a.*", "a.b b"), Overflow: pick(r, append(broker.Overflows(), 0, 0, 0)...),
		}
		if r.IntN(2) == 0 {
			c.Times = scenario.Times(r.IntN(3))
			c.Workers = r.IntN(5)
			c.Failures = pick[scenario.Percent](r, 0, 30, 100)
			c.Attempts = r.IntN(4)
			c.Backoff = crooked(r, 200*time.Millisecond)
			c.Start = pick(r, 0, crooked(r, time.Second))
		}
		if r.IntN(3) == 0 {
			c.Buffer = scenario.OwnBuffer(r.IntN(4))
		}
		if s.Consumers = append(s.Consumers, c); s.Validate() != nil { // it spills and has no buffer
			s.Consumers[i].Buffer = scenario.OwnBuffer(1)
		}
	}
	at, most, pause := scenario.Duration(0), 8, time.Second
	if r.IntN(3) == 0 { // a restless user
		most, pause = 60, 150*time.Millisecond
	}
	for range r.IntN(most) {
		if at += crooked(r, pause); at > s.Duration {
			break
		}
		n := len(s.Interventions)
		if s.Interventions = append(s.Interventions, anyIntervention(r, s, at)); s.Validate() != nil {
			s.Interventions = s.Interventions[:n]
		}
	}
	return s
}

func anyIntervention(r *rand.Rand, s scenario.Scenario, at scenario.Duration) scenario.Intervention {
	v := scenario.Intervention{At: at, Do: scenario.Action(1 + r.IntN(int(scenario.Interrupt)))}
	switch v.Do.Role() {
	case scenario.OfProducer:
		v.Actor = r.IntN(len(s.Producers))
	case scenario.OfConsumer:
		v.Actor = r.IntN(len(s.Consumers))
	}
	set, ok := scenario.SettingOf(v.Do)
	switch {
	case !ok:
	case v.Do == scenario.SetTopic:
		v.Text = pick(r, "", "a.b", "b")
	case v.Do == scenario.SetTopics:
		v.Text = pick(r, "", ">", "a.*", "b")
	case set.Form == scenario.Time:
		v.Value = int64(crooked(r, 300*time.Millisecond))
	case set.Form == scenario.Percentage:
		v.Value = int64(r.IntN(101))
	default:
		v.Value = set.Low + r.Int64N(min(set.High, 6)-set.Low+1)
	}
	return v
}
