// Package scenario describes a run as plain data: who produces, what the broker
// does when a buffer is full, who consumes, and what the user did meanwhile. A
// run is a pure function of its scenario, so a scenario is all a link carries.
//
// As JSON it is described by the schema in scenario.schema.json, which Schema makes.
package scenario

import (
	"slices"
	"time"

	"github.com/spillway-go/spillway/broker"
)

// Scenario is everything a run depends on.
type Scenario struct {
	// Producers are who publishes, from 1 to MaxProducers.
	Producers []Producer `json:"producers"`
	// Broker has the settings of the broker.
	Broker Broker `json:"broker"`
	// Consumers are who subscribes, from 1 to MaxConsumers.
	Consumers []Consumer `json:"consumers"`

	// Duration is how long the run lasts, from MinTime to MaxDuration.
	Duration Duration `json:"duration"`
	// Start is the moment the log shows for the start of the run.
	Start Start `json:"start"`
	// Seed decides everything that is left to chance.
	Seed uint64 `json:"seed"`
	// Interventions are what the user did while it ran, in order of time, at most
	// MaxInterventions.
	Interventions []Intervention `json:"interventions,omitempty"`
}

// Producer publishes events to the broker.
type Producer struct {
	// Name tells it apart from all producers and consumers, in 1 to MaxName printable
	// characters.
	Name string `json:"name"`
	// Topic is what its events are about, such as orders.new, in at most MaxTopic
	// characters of ASCII; empty: nothing.
	Topic string `json:"topic,omitempty"`
	// Interval is the time between two events or bursts, from MinTime to MaxTime;
	// the mean time, where it is left to chance. It begins anew when the producer
	// could go on after it had to wait for room.
	Interval Duration `json:"interval"`
	// Arrivals say whether chance decides.
	Arrivals Arrivals `json:"arrivals,omitzero"`
	// Burst is how many events come at once, from 1 to MaxBurst; 0 means 1.
	Burst int `json:"burst,omitempty"`
	// Start is when it begins, from 0 to MaxDuration; the first event comes an
	// interval later.
	Start Duration `json:"start,omitzero"`
	// Count is how many events it publishes, those published by hand aside, up to
	// MaxCount; 0 means no end.
	Count int `json:"count,omitempty"`
}

// Broker has the settings that hold for every subscription.
type Broker struct {
	// Buffer is how many events may wait for each consumer, from 0 to broker.MaxBuffer.
	Buffer int `json:"buffer"`
	// Overflow is what a full buffer does; Spill takes a buffer of at least 1.
	Overflow broker.Overflow `json:"overflow"`
}

// Consumer handles the events of a subscription.
type Consumer struct {
	// Name tells it apart from all producers and consumers, in 1 to MaxName printable
	// characters.
	Name string `json:"name"`
	// Topics are the patterns of what it subscribes to, with spaces between them, in
	// at most MaxTopic characters of ASCII; empty: all events. See broker.ParsePattern.
	Topics string `json:"topics,omitempty"`
	// Service is the time one event needs, from MinTime to MaxTime; the mean time,
	// where it is left to chance.
	Service Duration `json:"service"`
	// Times say how chance decides.
	Times Times `json:"times,omitzero"`
	// Workers is how many events it handles at the same time, from 1 to
	// MaxWorkers; 0 means 1.
	Workers int `json:"workers,omitempty"`
	// Buffer is its own, from 0 to broker.MaxBuffer, unless it is zero.
	Buffer Own `json:"buffer,omitzero"`
	// Overflow is its own, unless it is broker.Inherit.
	Overflow broker.Overflow `json:"overflow,omitzero"`
	// Failures is how many of its attempts fail, by chance, from 0 to 100 %.
	Failures Percent `json:"failures,omitzero"`
	// Attempts is how often it tries an event at most, from 1 to MaxAttempts; 0
	// means once.
	Attempts int `json:"attempts,omitempty"`
	// Backoff is the pause before the second attempt, from MinTime to MaxTime; 0
	// means DefaultBackoff. It doubles with each further one, as in broker.Consume.
	Backoff Duration `json:"backoff,omitzero"`
	// Start is when it subscribes, from 0 to MaxDuration.
	Start Duration `json:"start,omitzero"`
}

// DefaultBackoff is the pause after a first failure if nothing else is said.
const DefaultBackoff = Duration(100 * time.Millisecond)

// Settings are what the broker package takes for those of the i-th consumer.
func (s *Scenario) Settings(i int) broker.Settings {
	c := &s.Consumers[i]
	set := broker.Settings{Buffer: s.Broker.Buffer, Overflow: s.Broker.Overflow}
	if size, own := c.Buffer.Size(); own {
		set.Buffer = size
	}
	if c.Overflow != broker.Inherit {
		set.Overflow = c.Overflow
	}
	if set.Buffer == 0 {
		set.Buffer = broker.Unbuffered
	}
	return set
}

// Room is how many events may wait for the i-th consumer.
func (s *Scenario) Room(i int) int { return max(0, s.Settings(i).Buffer) }

// Handling is what the broker package takes for how the consumer handles events.
func (c *Consumer) Handling() broker.ConsumeOptions {
	return broker.ConsumeOptions{
		Workers:  max(1, c.Workers),
		Attempts: max(1, c.Attempts),
		Backoff:  time.Duration(value(int64(c.Backoff), int64(DefaultBackoff))),
	}
}

// value is v or, where v is zero, what that means.
func value(v, zero int64) int64 {
	if v == 0 {
		return zero
	}
	return v
}

// Clone is a copy that shares nothing with s.
func (s Scenario) Clone() Scenario {
	s.Producers = slices.Clone(s.Producers)
	s.Consumers = slices.Clone(s.Consumers)
	s.Interventions = slices.Clone(s.Interventions)
	return s
}

// Equal says whether both describe the same run.
func (s Scenario) Equal(o Scenario) bool {
	a, b := s.plain(), o.plain()
	return slices.Equal(a.Producers, b.Producers) && a.Broker == b.Broker &&
		slices.Equal(a.Consumers, b.Consumers) && a.Duration == b.Duration &&
		a.Start == b.Start && a.Seed == b.Seed &&
		slices.Equal(a.Interventions, b.Interventions)
}

// plain says things in one way where there are two: zero for what zero means.
func (s Scenario) plain() Scenario {
	s = s.Clone()
	for i := range s.Producers {
		p := &s.Producers[i]
		p.Burst = unless(p.Burst, 1)
	}
	for i := range s.Consumers {
		c := &s.Consumers[i]
		c.Workers, c.Attempts = unless(c.Workers, 1), unless(c.Attempts, 1)
		c.Backoff = unless(c.Backoff, DefaultBackoff)
	}
	return s
}

// unless is v, or zero where v is what zero means.
func unless[T comparable](v, meant T) T {
	if v == meant {
		var zero T
		return zero
	}
	return v
}

// Until is the scenario of the same run without what the user did after t.
func (s Scenario) Until(t time.Duration) Scenario {
	s = s.Clone()
	n := slices.IndexFunc(s.Interventions, func(i Intervention) bool { return time.Duration(i.At) > t })
	if n >= 0 {
		s.Interventions = s.Interventions[:n]
	}
	return s
}

// At is the scenario with the settings it has at t. Who has stopped or left by then
// is still part of it, so every actor has the index it has in s.
func (s Scenario) At(t time.Duration) Scenario {
	s = s.Until(t)
	for _, i := range s.Interventions {
		s.Apply(i)
	}
	return s
}

// Settled is the scenario of a new run that begins with the settings s has at t.
// Who has stopped or left by then is not part of it, unless nobody else is left.
func (s Scenario) Settled(t time.Duration) Scenario {
	s = s.At(t)
	done := s.Interventions
	s.Interventions = nil
	gone := func(do Action, actor int) bool {
		return slices.ContainsFunc(done, func(i Intervention) bool { return i.Do == do && i.Actor == actor })
	}
	s.Producers = remaining(s.Producers, func(i int) bool { return gone(Stop, i) })
	s.Consumers = remaining(s.Consumers, func(i int) bool { return gone(Leave, i) })
	return s
}

func remaining[T any](actors []T, gone func(int) bool) []T {
	var here []T
	for i, a := range actors {
		if !gone(i) {
			here = append(here, a)
		}
	}
	if here == nil {
		return actors
	}
	return here
}
