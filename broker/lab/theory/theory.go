// Package theory judges which closed form of package queueing fits a consumer of
// a scenario, and says why where none does.
package theory

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/queueing"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// Prediction is what theory expects of a consumer in the long run.
type Prediction struct {
	Model string // as Kendall named it, such as D/D/1/4
	queueing.Queue
	queueing.Figures
	// Caveats say why a run may differ from it beyond chance, each a clause that
	// follows "but".
	Caveats []string
}

// Misfit says why no closed form fits a consumer.
type Misfit struct {
	// Reasons are all of them, each a clause that follows "because".
	Reasons []string
}

func (m *Misfit) Error() string { return strings.Join(m.Reasons, ", and ") }

// For is what theory expects of the i-th consumer of a scenario, with the settings
// it has after all its interventions. The error is a *Misfit.
//
//	arrivals   the producers whose topics it subscribes to: one that is steady is
//	           D; any number that are Poisson together are M, of the sum of rates
//	service    fixed is D, exponential is M
//	servers    its workers c, and K = c + B places with a buffer of B
//	overflow   a full buffer loses what comes: drop-newest, drop-oldest, and reject
//	           where that is up to this consumer alone. With spill there is no K.
func For(s scenario.Scenario, i int) (Prediction, error) {
	c := judge(s, i)
	arrivals, services := c.arrivals(), c.services()
	c.overflow()
	if len(c.reasons) > 0 {
		return Prediction{}, &Misfit{c.reasons}
	}
	p, err := c.solve(arrivals, services)
	if err != nil {
		return Prediction{}, &Misfit{[]string{err.Error()}}
	}
	p.Caveats = c.caveats
	return p, nil
}

// fit is a consumer and what there is to say about it.
type fit struct {
	scenario.Scenario     // with the settings after the interventions
	index             int // of the consumer
	feeds             []int
	reasons           []string
	caveats           []string
}

func judge(s scenario.Scenario, i int) *fit {
	interventions := s.Interventions
	s.Interventions = nil
	c := &fit{Scenario: s.Clone(), index: i}
	stopped := map[int]bool{}
	paused := false
	changed := time.Duration(-1)
	for _, v := range interventions {
		c.Apply(v)
		mine := v.Do.Role() == scenario.OfConsumer && v.Actor == i
		switch {
		case v.Do == scenario.Stop:
			stopped[v.Actor] = true
			changed = time.Duration(v.At)
		case v.Do == scenario.Publish && matches(&c.Consumers[i], &c.Producers[v.Actor]):
			c.but("events were published by hand")
		case v.Do == scenario.Crash:
			c.but("the process crashed")
		case v.Do == scenario.Leave && mine:
			c.because("it has left")
		case v.Do == scenario.Pause && mine:
			paused = true
			c.but("it was paused")
		case v.Do == scenario.Resume && mine:
			paused = false
		default:
			if _, setting := scenario.SettingOf(v.Do); setting && (v.Do.Role() != scenario.OfConsumer || mine) {
				changed = time.Duration(v.At)
			}
		}
	}
	if paused {
		c.because("it is paused")
	}
	if changed > 0 {
		c.but(fmt.Sprintf("the settings were others until %v", changed.Round(time.Millisecond)))
	}
	for p := range c.Producers {
		if !stopped[p] && matches(c.consumer(), &c.Producers[p]) {
			c.feeds = append(c.feeds, p)
		}
	}
	return c
}

func (c *fit) consumer() *scenario.Consumer { return &c.Consumers[c.index] }

func (c *fit) because(reason string) {
	if !slices.Contains(c.reasons, reason) {
		c.reasons = append(c.reasons, reason)
	}
}

func (c *fit) but(caveat string) {
	if !slices.Contains(c.caveats, caveat) {
		c.caveats = append(c.caveats, caveat)
	}
}

// matches says whether a consumer subscribes to what a producer publishes.
func matches(c *scenario.Consumer, p *scenario.Producer) bool {
	if c.Topics == "" {
		return true
	}
	return slices.ContainsFunc(strings.Fields(c.Topics), func(text string) bool {
		pattern, err := broker.ParsePattern(text)
		return err == nil && pattern.Match(p.Topic)
	})
}

// process is an arrival or service process: M or D with a rate per second.
type process struct {
	letter string
	rate   float64
}

func (c *fit) arrivals() process {
	steady, poisson := 0, 0
	sum := process{letter: "D"}
	for _, i := range c.feeds {
		p := &c.Producers[i]
		sum.rate += 1 / time.Duration(p.Interval).Seconds()
		switch p.Arrivals {
		case scenario.Steady:
			steady++
		case scenario.Poisson:
			poisson++
		}
		if p.Burst > 1 {
			c.because("the events of " + p.Name + " come in bursts")
		}
		if p.Count > 0 {
			c.because(fmt.Sprintf("%s ends after %d events", p.Name, p.Count))
		}
		if p.Start > 0 {
			c.but(fmt.Sprintf("%s begins at %v only", p.Name, p.Start))
		}
	}
	switch {
	case steady+poisson == 0:
		c.because("nobody publishes what it subscribes to")
	case poisson > 0 && steady > 0:
		c.because("some of its producers are steady and some are Poisson")
	case steady > 1:
		c.because("several steady producers together are neither steady nor random")
	case poisson > 0:
		sum.letter = "M" // the superposition of Poisson processes is one
	}
	return sum
}

func (c *fit) services() process {
	of := c.consumer()
	service := process{rate: 1 / time.Duration(of.Service).Seconds()}
	switch of.Times {
	case scenario.Fixed:
		service.letter = "D"
	case scenario.Exponential:
		service.letter = "M"
	default:
		c.because(fmt.Sprintf("its service times are %v", of.Times))
	}
	if of.Failures > 0 && of.Attempts > 1 {
		c.because("it tries again what fails")
	}
	if of.Start > 0 {
		c.but(fmt.Sprintf("it subscribes at %v only", of.Start))
	}
	return service
}

func (c *fit) overflow() {
	switch c.Settings(c.index).Overflow {
	case broker.KeepLatest:
		c.because("a newer event takes the place of one that waits")
	case broker.Block:
		c.because("its full buffer makes the producers wait")
	case broker.DropOldest:
		c.but("what waited longest is dropped, so events that are handled waited less")
	}
	for i := range c.Consumers {
		if i == c.index || !c.shares(i) {
			continue
		}
		switch c.Settings(i).Overflow {
		case broker.Block:
			c.because("the full buffer of " + c.Consumers[i].Name + " makes the producers wait")
		case broker.Reject:
			c.because("the full buffer of " + c.Consumers[i].Name + " rejects its events too")
		}
	}
}

// shares says whether another consumer gets events of the same producers.
func (c *fit) shares(other int) bool {
	return slices.ContainsFunc(c.feeds, func(p int) bool { return matches(&c.Consumers[other], &c.Producers[p]) })
}

func (c *fit) solve(arrivals, services process) (Prediction, error) {
	servers := max(1, c.consumer().Workers)
	p := Prediction{
		Model: fmt.Sprintf("%s/%s/%d", arrivals.letter, services.letter, servers),
		Queue: queueing.Queue{Arrival: arrivals.rate, Service: services.rate, Servers: servers},
	}
	endless := c.Settings(c.index).Overflow == broker.Spill
	if endless {
		p.Capacity = queueing.MaxCapacity // next to endless, below full load
		if p.Load() >= 1 {
			return p, errors.New("at or above full load what it spills grows for ever")
		}
	} else {
		p.Capacity = servers + c.Room(c.index)
	}
	form, known := map[string]func(queueing.Queue) (queueing.Figures, error){
		"MM": queueing.MMcK, "MD": queueing.MD1K, "DD": queueing.DD1K,
	}[arrivals.letter+services.letter]
	switch {
	case !known:
		return p, errors.New("there is no formula here for steady arrivals and exponential service times")
	case servers > 1 && services.letter == "D":
		return p, errors.New("there is no formula here for several workers with fixed service times")
	case endless && services.letter == "M":
		form = queueing.MMc
	}
	var err error
	if p.Figures, err = form(p.Queue); err != nil {
		return p, err
	}
	if !endless {
		p.Model += fmt.Sprintf("/%d", p.Capacity)
	}
	return p, nil
}

// Load is the load ρ = λ/(cµ) that the i-th consumer is offered: the rate of the
// events it subscribes to, divided by the rate at which all its workers together
// handle them. No assumption is made about chance.
func Load(s scenario.Scenario, i int) float64 {
	c := &s.Consumers[i]
	rate := 0.0
	for p := range s.Producers {
		if of := &s.Producers[p]; matches(c, of) {
			rate += float64(max(1, of.Burst)) / time.Duration(of.Interval).Seconds()
		}
	}
	return rate * time.Duration(c.Service).Seconds() / float64(max(1, c.Workers))
}
