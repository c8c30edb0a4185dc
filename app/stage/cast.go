package stage

import (
	"slices"
	"strings"
	"time"

	"github.com/spillway-go/spillway/app/format"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// cast is who takes part in a scene, with the settings of its moment. It changes
// with the run, its interventions and its names, and is kept from frame to frame.
type cast struct {
	settings *scenario.Scenario // which are others whenever the cast is another
	topics   bool               // events have topics, at some time

	matches       [scenario.MaxProducers][scenario.MaxConsumers]bool // who is offered whose events
	heard         [scenario.MaxProducers]bool                        // somebody subscribes to the producer's topic
	served        [scenario.MaxConsumers]bool                        // somebody publishes what the consumer wants
	producersGone [scenario.MaxProducers]bool
	consumersGone [scenario.MaxConsumers]bool

	policies []broker.Overflow // by consumer
	shared   bool              // all consumers have one policy
	tanks    [play.Parts]bool  // that may get an event, by the policies there are at some time
}

// of makes it the cast of a moment.
func (c *cast) of(m *play.Moment) {
	if c.settings == m.Now {
		return
	}
	*c = cast{settings: m.Now, policies: c.policies[:0]}
	s := c.settings
	for i := range s.Producers {
		c.producersGone[i] = m.Gone(scenario.OfProducer, i)
	}
	for i := range s.Consumers {
		c.consumersGone[i] = m.Gone(scenario.OfConsumer, i)
		c.policies = append(c.policies, s.Settings(i).Overflow)
	}
	c.shared = !slices.ContainsFunc(c.policies, func(o broker.Overflow) bool { return o != c.policies[0] })
	c.match()
	c.reserve(m)
}

// match finds out who is offered whose events.
func (c *cast) match() {
	for j := range c.settings.Consumers {
		var patterns []broker.Pattern
		for _, text := range strings.Fields(c.settings.Consumers[j].Topics) {
			if p, err := broker.ParsePattern(text); err == nil { // which it is in a valid scenario
				patterns = append(patterns, p)
			}
		}
		for i := range c.settings.Producers {
			topic := c.settings.Producers[i].Topic
			fits := len(patterns) == 0 || slices.ContainsFunc(patterns, func(p broker.Pattern) bool { return p.Match(topic) })
			c.matches[i][j] = fits
			c.heard[i] = c.heard[i] || fits && !c.consumersGone[j]
			c.served[j] = c.served[j] || fits && !c.producersGone[i]
		}
	}
}

// reserve finds out what the whole run may need room for: a stage that moves
// apart while one looks at it is hard to follow.
func (c *cast) reserve(m *play.Moment) {
	s := m.Scenario.Clone()
	look := func() {
		for i := range s.Consumers {
			switch s.Settings(i).Overflow {
			case broker.Reject:
				c.tanks[play.Rejected] = true
			case broker.Spill:
				c.tanks[play.Repository] = true
			case broker.Block:
			default:
				c.tanks[play.Dropped] = true
			}
			c.tanks[play.DeadLetters] = c.tanks[play.DeadLetters] || s.Consumers[i].Failures > 0
			c.topics = c.topics || s.Consumers[i].Topics != ""
		}
		for i := range s.Producers {
			c.topics = c.topics || s.Producers[i].Topic != ""
		}
	}
	look()
	for _, i := range m.Scenario.Interventions {
		switch i.Do {
		case scenario.SetOverflow, scenario.SetOwnOverflow, scenario.SetFailures, scenario.SetTopic, scenario.SetTopics:
			s.Apply(i)
			look()
		case scenario.Crash, scenario.Leave:
			c.tanks[play.Dropped] = true // what waits then is lost
		}
	}
}

// plan is what the layout has to find room for, in the memory of dst.
func (c *cast) plan(dst Plan, m *play.Moment) Plan {
	s, head := c.settings, m.Journal().Head()
	dst.Producers, dst.Topics, dst.Tanks = len(s.Producers), c.topics, c.tanks
	dst.Buffers, dst.Workers = dst.Buffers[:0], dst.Workers[:0]
	for i := range s.Consumers {
		dst.Buffers = append(dst.Buffers, s.Room(i))
		dst.Workers = append(dst.Workers, s.Workers(i))
	}
	// Whatever the policies are, there can be an event.
	for tank, n := range [play.Parts]uint64{play.Rejected: head.Rejected, play.Repository: head.Spilled, play.Dropped: head.Dropped + Lost(head), play.DeadLetters: head.DeadLettered} {
		dst.Tanks[tank] = dst.Tanks[tank] || n > 0
	}
	return dst
}

// producerAway says why a producer publishes nothing at a moment, in its own words, or
// else nothing.
func (c *cast) producerAway(i int, at time.Duration, published uint64) string {
	p := &c.settings.Producers[i]
	switch {
	case c.producersGone[i]:
		return "has stopped"
	case at < time.Duration(p.Start):
		return "starts at " + format.Clock(time.Duration(p.Start))
	case p.Count > 0 && published >= uint64(p.Count):
		return "is done"
	default:
		return ""
	}
}

// consumerAway says why a consumer gets nothing.
func (c *cast) consumerAway(i int, at time.Duration) string {
	switch start := time.Duration(c.settings.Consumers[i].Start); {
	case c.consumersGone[i]:
		return "has left"
	case at < start:
		return "joins at " + format.Clock(start)
	default:
		return ""
	}
}
