package labtest

import (
	"time"

	"pgregory.net/rapid"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// Space is a set of valid scenarios to draw from.
type Space struct {
	actors        int // of a role, at most
	interventions int // at most
	drawer
}

// drawer draws the values that scenarios are made of, within bounds.
type drawer interface {
	time(t *rapid.T, label string, low, high scenario.Duration) scenario.Duration
	number(t *rapid.T, label string, low, high int64) int64
	duration(t *rapid.T) scenario.Duration
	start(t *rapid.T) scenario.Start
	// actor is a name that is not taken, when an actor starts, and how many events it
	// produces at the most.
	actor(t *rapid.T, role string, taken []string) (name string, start scenario.Duration, count int)
	topic(t *rapid.T) string
	topics(t *rapid.T) string
	// next is when the next intervention takes effect.
	next(t *rapid.T, at, duration scenario.Duration) scenario.Duration
}

// Everything has all valid scenarios of up to so many actors of a role and up to 20
// interventions. Limits, and values that need all their digits, are as frequent as
// small and round ones.
func Everything(actors int) Space { return Space{actors, 20, everything{}} }

// Crowded has short runs in which anything can happen, and much at the same moment.
func Crowded() Space { return Space{4, 10, short{crowded, 100 * time.Millisecond}} }

// Busy is Crowded with times a quarter as long: its runs have up to some thousand records.
func Busy() Space { return Space{3, 12, short{crowded, 25 * time.Millisecond}} }

// Untied has short runs in which anything can happen, but hardly two things at the
// same moment.
func Untied() Space { return Space{4, 16, short{untied, 100 * time.Millisecond}} }

// Scenario draws one of the scenarios.
func (s Space) Scenario() *rapid.Generator[scenario.Scenario] {
	return rapid.Custom(func(t *rapid.T) scenario.Scenario {
		run := s.settled(t)
		now, at := run.Clone(), scenario.Duration(0)
		for range rapid.IntRange(0, s.interventions).Draw(t, "interventions") {
			if at = s.next(t, at, run.Duration); at > run.Duration {
				break
			}
			next := now.Clone()
			v := s.Intervention(t, run, at)
			if next.Apply(v); Fits(&next) {
				run.Interventions, now = append(run.Interventions, v), next
			}
		}
		return run
	})
}

// Settled draws one of those without interventions.
func (s Space) Settled() *rapid.Generator[scenario.Scenario] { return rapid.Custom(s.settled) }

func (s Space) settled(t *rapid.T) scenario.Scenario {
	run := scenario.Scenario{Duration: s.duration(t), Start: s.start(t), Seed: rapid.Uint64().Draw(t, "seed")}
	var taken []string
	for range rapid.IntRange(1, s.actors).Draw(t, "producers") {
		name, start, count := s.actor(t, "p", taken)
		run.Producers, taken = append(run.Producers, scenario.Producer{Name: name, Start: start, Count: count}), append(taken, name)
	}
	for range rapid.IntRange(1, s.actors).Draw(t, "consumers") {
		name, start, _ := s.actor(t, "c", taken)
		run.Consumers, taken = append(run.Consumers, scenario.Consumer{Name: name, Start: start}), append(taken, name)
	}
	for _, set := range scenario.Settings() {
		for i := range Actors(&run, set.Role) {
			if set.Check(set.Get(&run, i), "") != nil || rapid.Bool().Draw(t, "set") {
				run.Apply(s.Change(t, set, i))
			}
		}
	}
	if rapid.Bool().Draw(t, "say what goes without saying") {
		for i := range run.Producers {
			run.Producers[i].Burst = max(1, run.Producers[i].Burst)
		}
		for i := range run.Consumers {
			c := &run.Consumers[i]
			c.Workers, c.Attempts = max(1, c.Workers), max(1, c.Attempts)
			if c.Backoff == 0 {
				c.Backoff = scenario.DefaultBackoff
			}
		}
	}
	for i := range run.Consumers {
		if !fits(&run, i) {
			run.Consumers[i].Buffer = scenario.OwnBuffer(int(s.number(t, "own buffer", 1, broker.MaxBuffer)))
		}
	}
	return run
}

// Intervention draws what the user does to a run.
func (s Space) Intervention(t *rapid.T, run scenario.Scenario, at scenario.Duration) scenario.Intervention {
	do := scenario.Action(rapid.IntRange(int(scenario.SetInterval), int(scenario.Interrupt)).Draw(t, "do"))
	if do == scenario.Interrupt && rapid.IntRange(0, 3).Draw(t, "no") > 0 { // for it is the end
		do = scenario.Crash
	}
	return s.InterventionTo(t, run, at, do)
}

// InterventionTo draws who is to do that, and how.
func (s Space) InterventionTo(t *rapid.T, run scenario.Scenario, at scenario.Duration, do scenario.Action) scenario.Intervention {
	v := scenario.Intervention{Do: do, Actor: rapid.IntRange(0, Actors(&run, do.Role())-1).Draw(t, "actor")}
	if set, ok := scenario.SettingOf(do); ok {
		v = s.Change(t, set, v.Actor)
	}
	v.At = at
	return v
}

// Change draws what a setting could be.
func (s Space) Change(t *rapid.T, set scenario.Setting, actor int) scenario.Intervention {
	v := scenario.Intervention{Do: set.Change, Actor: actor}
	switch {
	case set.Change == scenario.SetTopic:
		v.Text = s.topic(t)
	case set.Change == scenario.SetTopics:
		v.Text = s.topics(t)
	case set.Form == scenario.Time:
		v.Value = int64(s.time(t, set.Field, scenario.Duration(set.Low), scenario.Duration(set.High)))
	default:
		v.Value = s.number(t, set.Field, set.Low, set.High)
	}
	return v
}

// Fits says whether every consumer that spills has a buffer.
func Fits(s *scenario.Scenario) bool {
	for i := range s.Consumers {
		if !fits(s, i) {
			return false
		}
	}
	return true
}

func fits(s *scenario.Scenario, i int) bool {
	return s.Settings(i).Overflow != broker.Spill || s.Room(i) > 0
}

// Actors is how many a role has.
func Actors(s *scenario.Scenario, r scenario.Role) int {
	return [...]int{scenario.OfRun: 1, scenario.OfBroker: 1, scenario.OfProducer: len(s.Producers), scenario.OfConsumer: len(s.Consumers)}[r]
}
