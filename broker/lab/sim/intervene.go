package sim

import (
	"fmt"
	"strings"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// Intervene adds something the user does, now or later, after what was added
// before. It is as if it had been in the scenario from the start.
func (s *Sim) Intervene(i scenario.Intervention) error {
	at := time.Duration(i.At)
	if s.done || at <= s.now && s.now > 0 {
		return fmt.Errorf("sim: an intervention at %v is too late: the run is at %v", at, s.now)
	}
	longer := s.planned.Clone()
	longer.Interventions = append(longer.Interventions, i)
	if err := longer.Validate(); err != nil {
		return fmt.Errorf("sim: %w", err)
	}
	s.planned = longer
	s.scenario.Interventions = longer.Interventions
	return nil
}

// intervene lets the next intervention take effect.
func (s *Sim) intervene() {
	i := s.scenario.Interventions[s.next]
	if i.Do == scenario.Interrupt {
		s.interrupt(journal.SignalInterrupt)
		return
	}
	s.scenario.Apply(i)
	s.recorder.Intervened(s.next, i)
	s.next++
	switch i.Do {
	case scenario.Publish:
		s.publish(i.Actor, true)
	case scenario.Pause:
		s.pause(i.Actor, true)
	case scenario.Resume:
		s.pause(i.Actor, false)
	case scenario.Crash:
		s.crash()
	default:
		s.change(i)
	}
}

func (s *Sim) pause(consumer int, paused bool) {
	c := &s.consumers[consumer]
	switch c.paused = paused; {
	case c.events == nil:
	case paused:
		c.events.Pause()
	default:
		c.events.Resume()
	}
}

// change lets a setting take effect that has already been changed.
func (s *Sim) change(i scenario.Intervention) {
	switch i.Do {
	case scenario.SetInterval, scenario.SetArrivals:
		s.schedule(i.Actor)
	case scenario.Stop:
		s.producers[i.Actor].stopped = true
		s.schedule(i.Actor)
	case scenario.Leave:
		if !s.consumers[i.Actor].left {
			s.leave(i.Actor)
		}
	case scenario.SetBuffer, scenario.SetOverflow:
		// Those that block last: what waits for them is offered to all of them.
		for _, blocks := range []bool{false, true} {
			for c := range s.consumers {
				if blocks == (s.scenario.Settings(c).Overflow == broker.Block) {
					s.configure(c)
				}
			}
		}
	case scenario.SetOwnBuffer, scenario.SetOwnOverflow:
		s.configure(i.Actor)
	case scenario.SetWorkers, scenario.SetAttempts, scenario.SetBackoff:
		if sub := s.subscribed(i.Actor); sub != nil {
			must(sub.Configure(s.scenario.Consumers[i.Actor].Handling()))
		}
	case scenario.SetTopics:
		if sub := s.subscribed(i.Actor); sub != nil {
			must(sub.Configure(broker.Topics(strings.Fields(s.scenario.Consumers[i.Actor].Topics)...)))
		}
	}
}

// subscribed is the consumer's subscription, while it has one.
func (s *Sim) subscribed(consumer int) *broker.Subscription {
	if c := &s.consumers[consumer]; !c.left {
		return c.events
	}
	return nil
}

func (s *Sim) configure(consumer int) {
	if sub := s.subscribed(consumer); sub != nil {
		must(sub.Configure(s.scenario.Settings(consumer)))
	}
}
