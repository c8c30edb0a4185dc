package sim

import (
	"errors"
	"strings"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/record"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

type consumerState struct {
	events *broker.Subscription // nil before it has joined, and when it has left
	left   bool
	paused bool
}

// workerState is the event that a worker has, and how its attempt will end.
type workerState struct {
	work    broker.Work
	resting bool // before the next attempt
	fails   bool // at the end of this one
	begun   bool // since it was last looked at
}

// worker is the actor that is a consumer's worker.
func (s *Sim) worker(consumer, n int) int {
	return len(s.producers) + consumer*scenario.MaxWorkers + n
}

// join lets a consumer subscribe.
func (s *Sim) join(i int) {
	c, of := &s.consumers[i], &s.scenario.Consumers[i]
	s.recorder.Joins(i)
	set := s.scenario.Settings(i)
	var err error
	c.events, err = s.broker.Subscribe(broker.SubscribeOptions{
		Name: of.Name, Topics: strings.Fields(of.Topics), Paused: c.paused, Buffer: set.Buffer, Overflow: set.Overflow,
	}, of.Handling(), s.begins(i))
	must(err)
}

// begins is what makes the appointment for the end of an attempt of the consumer.
func (s *Sim) begins(i int) func(broker.Work) {
	return func(w broker.Work) {
		e := w.Event().(*record.Event)
		attempt := scenario.Attempt(e.Producer, e.Number, w.Attempt())
		n := i*scenario.MaxWorkers + w.Worker()
		of := &s.scenario.Consumers[i]
		s.workers[n] = workerState{work: w, begun: true, fails: s.chance.Fails(of, i, attempt)}
		s.agenda.set(appointment{
			at:    s.now + s.chance.Service(of, i, attempt),
			tie:   s.chance.CompletionTie(i, attempt),
			actor: len(s.producers) + n,
		})
	}
}

var errFailed = errors.New("the attempt failed")

// work ends a worker's attempt, or the pause before the next one.
func (s *Sim) work(actor int) {
	n := actor - len(s.producers)
	i := n / scenario.MaxWorkers
	w := &s.workers[n]
	if s.consumers[i].events == nil { // it has been waiting to join
		s.agenda.clear(actor)
		s.join(i)
		return
	}
	if w.resting {
		w.work.Again()
		return
	}
	var err error
	if w.fails {
		err = errFailed
	}
	w.begun = false
	pause, again := w.work.Done(err)
	switch {
	case again:
		w.resting = true
		e := w.work.Event().(*record.Event)
		attempt := scenario.Attempt(e.Producer, e.Number, w.work.Attempt())
		s.agenda.set(appointment{at: s.now + pause, tie: ^s.chance.CompletionTie(i, attempt), actor: actor})
	case !w.begun:
		s.agenda.clear(actor)
	}
}

// leave ends a consumer's subscription. Attempts under way come to their end.
func (s *Sim) leave(i int) {
	c := &s.consumers[i]
	c.left = true
	for n := range scenario.MaxWorkers {
		actor := s.worker(i, n)
		if c.events == nil || s.workers[actor-len(s.producers)].resting {
			s.agenda.clear(actor)
		}
	}
	if c.events != nil {
		c.events.Close()
	}
}
