package sim

import (
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/record"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// openBroker makes a broker without subscriptions.
func (s *Sim) openBroker() error {
	trace := s.recorder.Trace()
	told := trace.Unblocked
	trace.Unblocked = func(e broker.Event, err error) {
		told(e, err)
		s.unblocked(e.(*record.Event), err)
	}
	trace.Abandoned = trace.DeadLettered // nobody reads dead letters: the journal has them
	b, err := broker.New(broker.Options{
		Repository: &s.store,
		Seed:       s.scenario.Seed,
		Now:        func() time.Time { return s.start.Add(s.now) },
		Trace:      trace,
	})
	s.broker = broker.NewDriver(b)
	return err
}

// crash ends the process and starts it again.
func (s *Sim) crash() {
	for i := range s.producers {
		p := &s.producers[i]
		p.blocked, p.left, p.last = false, 0, max(s.now, time.Duration(s.scenario.Producers[i].Start))
	}
	for n := range s.workers {
		i := n / scenario.MaxWorkers
		if s.consumers[i].events != nil {
			s.workers[n] = workerState{}
			s.agenda.clear(len(s.producers) + n)
		}
	}
	s.events.Lose()
	s.store.revived = nil
	must(s.openBroker())
	for i := range s.consumers {
		c := &s.consumers[i]
		c.paused = false
		if c.events != nil && !c.left {
			s.join(i)
		}
	}
	for i := range s.producers {
		s.schedule(i)
	}
}
