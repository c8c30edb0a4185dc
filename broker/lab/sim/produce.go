package sim

import (
	"errors"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/example/producer"
	"github.com/spillway-go/spillway/broker/lab/journal"
)

type producerState struct {
	published uint64        // events, those by hand included
	beats     uint64        // how often it was due: events or bursts
	made      int           // events but those by hand
	last      time.Duration // its newest beat or, if it had to wait there, when it went on
	left      int           // events of the burst that are still to come
	blocked   bool          // an event of its own waits for room
	stopped   bool
}

// schedule makes the appointment for a producer's next beat: an interval after
// the last, but not before now; at once where a burst is not over.
func (s *Sim) schedule(i int) {
	p, of := &s.producers[i], &s.scenario.Producers[i]
	if p.stopped || p.blocked || of.Count > 0 && p.made >= of.Count {
		s.agenda.clear(i)
		return
	}
	at := s.now
	if p.left == 0 {
		at = max(s.now, p.last+s.chance.Gap(of, i, p.beats))
	}
	s.agenda.set(appointment{at: at, tie: s.chance.ArrivalTie(i, p.beats), actor: i})
}

// beat lets a producer publish what is due, as far as there is room.
func (s *Sim) beat(i int) {
	p, of := &s.producers[i], &s.scenario.Producers[i]
	if p.left == 0 {
		p.left = max(1, of.Burst)
		p.beats++
		p.last = s.now
	}
	for p.left > 0 && (of.Count == 0 || p.made < of.Count) {
		p.left--
		p.made++
		if s.publish(i, false) {
			p.blocked = true
			break
		}
	}
	if of.Count > 0 && p.made >= of.Count {
		p.left = 0
	}
	s.schedule(i)
}

// publish lets a producer publish its next event, and says whether it has to wait.
func (s *Sim) publish(i int, byHand bool) (waits bool) {
	s.breathe()
	p := &s.producers[i]
	e := s.events.get()
	e.Producer = i
	e.Number = p.published
	e.About = s.scenario.Producers[i].Topic
	e.Age = s.now
	e.held = offered
	e.byHand = byHand
	p.published++

	cause := uint8(0)
	if byHand {
		cause = journal.ByHand
	}
	s.record(s.about(journal.Produced, 0, e, 0, cause))
	err := s.broker.Publish(e)
	if err != nil && errors.Is(err, broker.ErrWouldBlock) {
		return true
	}
	if err != nil {
		s.refused(e, err)
	}
	s.events.release(e, offered)
	return false
}

// refused is for when an event could not be offered.
func (s *Sim) refused(e *event, err error) {
	if !errors.Is(err, broker.ErrFull) { // which its hook tells
		s.record(s.about(journal.Rejected, s.failed, e, 0, uint8(journal.FullRepository)))
	}
}

// unblocked is for when a producer's event need not wait any more.
func (s *Sim) unblocked(e *event, err error) {
	s.record(s.about(journal.Unblocked, 0, e, 0, 0))
	i, byHand := e.Producer, e.byHand
	if err != nil {
		s.refused(e, err)
	}
	s.events.release(e, offered)
	if p := &s.producers[i]; !byHand {
		p.blocked = false
		p.last = s.now
		s.schedule(i)
	}
}

// revive makes an event that was in the repository.
func (s *Sim) revive(r stored) *event {
	e := s.events.get()
	e.ProducedSomethingEvent = producer.ProducedSomethingEvent{
		Producer: int(r.producer),
		Number:   r.number,
		About:    s.store.topics[r.topic],
		Start:    s.start,
		Age:      r.born,
	}
	e.held = readBack
	return e
}
