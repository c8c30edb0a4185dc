package sim

import (
	"errors"
	"strings"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

type consumerState struct {
	events *broker.Subscription // nil before it has joined, and when it has left
	left   bool
	paused bool
}

// workerState is what a worker is at.
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
	s.subs = append(s.subs, i)
	o := of.Handling()
	o.DeadLetters = graveyard{}
	var err error
	c.events, err = s.broker.Subscribe(broker.SubscribeOptions{
		Name: of.Name, Topics: strings.Fields(of.Topics), Paused: c.paused, Settings: s.scenario.Settings(i),
	}, o, s.begins(i))
	must(err)
}

// begins is what makes the appointment for the end of an attempt of the consumer.
func (s *Sim) begins(i int) func(broker.Work) {
	return func(w broker.Work) {
		e := w.Event().(*event)
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

// work is for when a worker's time is over.
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
		e := w.work.Event().(*event)
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

// openStore makes the repository.
func (s *Sim) openStore() {
	s.store = store{
		streams: make([]stream, len(s.consumers)),
		revive:  s.revive,
		spurn: func(e *event) {
			if e.held&readBack != 0 {
				s.events.release(e, readBack)
			}
		},
		spend: s.spend,
		index: func(name string) int {
			i := 0
			for s.scenario.Consumers[i].Name != name {
				i++
			}
			return i
		},
	}
	for i := range s.store.streams {
		s.store.streams[i].first = 1
	}
}

// openBroker makes a broker without subscriptions.
func (s *Sim) openBroker() error {
	s.subs = s.subs[:0]
	b, err := broker.New(broker.Options{
		Repository: &s.store,
		Now:        func() time.Time { return s.start.Add(s.now) },
		Trace:      s.trace(),
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
	s.events.crash()
	s.store.revived = nil
	clear(s.peaks)
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

// trace turns what the broker tells into records.
func (s *Sim) trace() broker.Trace {
	return broker.Trace{
		Buffered: func(sub *broker.Subscription, e broker.Event, depth int) {
			i := s.subs[sub.Index()]
			e.(*event).held |= waitsFor(i)
			s.peaks[i] = max(s.peaks[i], depth)
			s.record(s.about(journal.Buffered, i, e.(*event), depth, 0))
		},
		Delivered: func(sub *broker.Subscription, e broker.Event, depth int) {
			i := s.subs[sub.Index()]
			p := e.(*event)
			p.held = p.held&^waitsFor(i) | worksFor(i)
			s.record(s.about(journal.Delivered, i, e.(*event), depth, 0))
		},
		Dropped: func(sub *broker.Subscription, e broker.Event, why broker.DropReason, depth int) {
			s.breathe()
			i := s.subs[sub.Index()]
			s.record(s.about(journal.Dropped, i, e.(*event), depth, uint8(why)))
			s.release(e, waitsFor(i))
		},
		Rejected: func(sub *broker.Subscription, e broker.Event) {
			s.record(s.about(journal.Rejected, s.subs[sub.Index()], e.(*event), 0, uint8(journal.FullBuffer)))
		},
		Blocked: func(sub *broker.Subscription, e broker.Event) {
			s.record(s.about(journal.Blocked, s.subs[sub.Index()], e.(*event), 0, 0))
		},
		Unblocked: func(e broker.Event, err error) { s.unblocked(e.(*event), err) },
		Spilled: func(sub *broker.Subscription, e broker.Event, backlog uint64) {
			s.record(s.about(journal.Spilled, s.subs[sub.Index()], e.(*event), int(backlog), 0))
		},
		Refilled: func(sub *broker.Subscription, e broker.Event, depth int) {
			s.breathe()
			i := s.subs[sub.Index()]
			p := e.(*event)
			p.held = p.held&^readBack | waitsFor(i)
			s.peaks[i] = max(s.peaks[i], depth)
			s.record(s.about(journal.Refilled, i, e.(*event), depth, 0))
		},
		Returned: func(sub *broker.Subscription, e broker.Event, backlog uint64) {
			s.breathe()
			i := s.subs[sub.Index()]
			s.record(s.about(journal.Returned, i, e.(*event), int(backlog), 0))
			s.release(e, waitsFor(i))
		},
		Recovered: func(sub *broker.Subscription, backlog uint64) {
			s.note(journal.Record{Kind: journal.Recovered, Depth: uint32(backlog), Consumer: uint8(s.subs[sub.Index()])})
		},
		RepositoryFailed: func(sub *broker.Subscription, err error) { s.failed = s.subs[sub.Index()] },
		Handled: func(sub *broker.Subscription, e broker.Event, attempt int) {
			i := s.subs[sub.Index()]
			s.record(s.about(journal.Handled, i, e.(*event), 0, uint8(attempt)))
			s.release(e, worksFor(i))
		},
		Failed: func(sub *broker.Subscription, e broker.Event, attempt int, err error, retryIn time.Duration) {
			s.record(s.about(journal.Failed, s.subs[sub.Index()], e.(*event), 0, uint8(attempt)))
		},
		Retried: func(sub *broker.Subscription, e broker.Event, attempt int) {
			s.record(s.about(journal.Retried, s.subs[sub.Index()], e.(*event), 0, uint8(attempt)))
		},
		DeadLettered: func(sub *broker.Subscription, e broker.Event, err error) {
			i := s.subs[sub.Index()]
			s.record(s.about(journal.DeadLettered, i, e.(*event), 0, 0))
			s.release(e, worksFor(i))
		},
	}
}

func (s *Sim) release(e broker.Event, holder uint64) { s.events.release(e.(*event), holder) }

// about is what happened to an event now: a record that is valid until the next.
func (s *Sim) about(kind journal.Kind, consumer int, e *event, depth int, cause uint8) *journal.Record {
	s.room--
	r := &s.scratch
	r.At, r.Born, r.Number = s.now, e.Age, e.Number
	r.Depth, r.Kind, r.Cause = uint32(depth), kind, cause
	r.Producer, r.Consumer = uint8(e.Producer), uint8(consumer)
	return r
}

// note records something else that happens now.
func (s *Sim) note(r journal.Record) {
	s.room--
	r.At = s.now
	s.scratch = r
	s.record(&s.scratch)
}
