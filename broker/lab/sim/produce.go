package sim

import (
	"errors"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/record"
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
	s.yield()
	p := &s.producers[i]
	e := s.events.Get()
	e.Producer = i
	e.Number = p.published
	e.About = s.scenario.Producers[i].Topic
	e.ByHand = byHand
	p.published++
	s.recorder.Produced(e)
	err := s.broker.Publish(e)
	if err != nil && errors.Is(err, broker.ErrWouldBlock) {
		return true
	}
	if err != nil {
		s.recorder.Refused(e, err)
	}
	s.recorder.Offered(e)
	return false
}

// unblocked goes on with a producer whose event need not wait any more.
func (s *Sim) unblocked(e *record.Event, err error) {
	i, byHand := e.Producer, e.ByHand // before the event is used again
	if err != nil {
		s.recorder.Refused(e, err)
	}
	s.recorder.Offered(e)
	if p := &s.producers[i]; !byHand {
		p.blocked = false
		p.last = s.now
		s.schedule(i)
	}
}

// revive makes an event that was in the repository.
func (s *Sim) revive(r stored) *record.Event {
	e := s.events.Get()
	e.Producer, e.Number, e.About, e.Age = int(r.producer), r.number, s.store.topics[r.topic], r.born
	s.recorder.Read(e)
	return e
}
