// Package scenario describes a run as plain data: who produces, what the broker
// does when a buffer is full, who consumes, and what the user did meanwhile. A
// run is a pure function of its scenario, so a scenario is all a link carries.
package scenario

import (
	"slices"
	"time"

	"github.com/spillway-go/spillway/broker"
)

// Scenario is everything a run depends on.
type Scenario struct {
	Producers []Producer `json:"producers"`
	Broker    Broker     `json:"broker"`
	Consumers []Consumer `json:"consumers"`

	// Duration is how long the run lasts, from MinTime to MaxDuration.
	Duration Duration `json:"duration"`
	// Start is the moment the log shows for the start of the run.
	Start Start `json:"start"`
	// Seed decides everything that is left to chance.
	Seed uint64 `json:"seed"`
	// Interventions are what the user did while it ran, in order of time.
	Interventions []Intervention `json:"interventions,omitempty"`
}

// Producer publishes events to the broker.
type Producer struct {
	Name string `json:"name"`
	// Interval is the time between two events, from MinTime to MaxTime. The
	// first comes one interval after the start.
	Interval Duration `json:"interval"`
}

// Broker has the settings that hold for every subscription.
type Broker struct {
	// Buffer is how many events may wait for each consumer, from 0 to broker.MaxBuffer.
	Buffer int `json:"buffer"`
	// Overflow is what a full buffer does.
	Overflow broker.Overflow `json:"overflow"`
}

// Overflows are the policies a scenario can have: those whose publishers never
// wait and need no repository.
func Overflows() []broker.Overflow {
	return []broker.Overflow{broker.DropNewest, broker.DropOldest}
}

// Settings are what the broker package takes for them.
func (b Broker) Settings() broker.Settings {
	s := broker.Settings{Buffer: b.Buffer, Overflow: b.Overflow}
	if b.Buffer == 0 {
		s.Buffer = broker.Unbuffered
	}
	return s
}

// Consumer handles the events of a subscription, one at a time.
type Consumer struct {
	Name string `json:"name"`
	// Service is the time one event needs, from MinTime to MaxTime.
	Service Duration `json:"service"`
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
	return slices.Equal(s.Producers, o.Producers) && s.Broker == o.Broker &&
		slices.Equal(s.Consumers, o.Consumers) && s.Duration == o.Duration &&
		s.Start == o.Start && s.Seed == o.Seed &&
		slices.Equal(s.Interventions, o.Interventions)
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

// Settled is the scenario of a new run that begins with the settings s has at t.
func (s Scenario) Settled(t time.Duration) Scenario {
	s = s.Until(t)
	for _, i := range s.Interventions {
		s.Apply(i)
	}
	s.Interventions = nil
	return s
}
