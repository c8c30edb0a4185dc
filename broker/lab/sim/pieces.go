package sim

import (
	"iter"
	"math"
	"time"
)

// What happens at one moment can take any time: sixteen bursts of a thousand events
// for sixteen consumers, or a buffer of a million that is made smaller, which is a
// single call of the broker. AdvanceWhile can leave off at any record of it, inside
// the broker's critical section too, because it runs on a coroutine, which waits
// there until somebody goes on.

const (
	// pace is how many records are written between two questions whether there is
	// time for more: some 0.1 ms natively, 0.3 ms in a browser.
	pace = 1024
	// long is how many times the pace a moment has at least for it to be divided.
	long = 8
	// unasked is room for more records than a run has.
	unasked = math.MaxInt
)

// pieces is what lets a run leave off in the middle of a moment.
type pieces struct {
	pace   int
	to     time.Duration           // how far it goes
	more   func() bool             // whether there is time; nil: always
	wait   func(struct{}) bool     // leaves off; nil unless it is on the coroutine
	resume func() (struct{}, bool) // goes on with the moment under way; nil if there is none
	stop   func()                  // gives it up
}

// abandoned is what ends a coroutine that nobody goes on with.
type abandoned struct{}

// GiveUpBroker keeps the broker from containing it.
func (abandoned) GiveUpBroker() {}

// AdvanceWhile lets everything happen up to and including t, for as long as more says
// so: it is asked every thousand records or so, first after as many. It leaves off
// between two moments or, where one has very many records, in the middle of it; see
// Reached. Who leaves a run there for good closes it.
func (s *Sim) AdvanceWhile(t time.Duration, more func() bool) {
	s.to = t
	if s.Next() <= t && !s.done {
		s.goOn(more)
	} else {
		s.settle()
	}
}

// Ask has AdvanceWhile ask at the next record.
func (s *Sim) Ask() { s.recorder.Room = 0 }

// StepWhile is Step for as long as more says so, or what is left of one.
func (s *Sim) StepWhile(more func() bool) {
	if s.to = -1; !s.done {
		s.goOn(more)
	}
}

// goOn lets at least one step happen, or what is left of it, and others until s.to.
func (s *Sim) goOn(more func() bool) {
	s.more = more
	if s.resume == nil {
		s.resume, s.stop = iter.Pull(s.moments)
	}
	if _, underWay := s.resume(); !underWay {
		s.resume, s.stop = nil, nil
	}
}

// Reached is up to when nothing more will happen: Now, or just before it where
// AdvanceWhile has left off in the middle of a moment.
func (s *Sim) Reached() time.Duration {
	if s.resume != nil {
		return s.now - 1
	}
	return s.now
}

// Close gives up what AdvanceWhile has left off in the middle of. Nothing more happens.
func (s *Sim) Close() {
	s.done = true
	if s.resume != nil {
		s.stop()
		s.resume, s.stop = nil, nil
	}
}

// moments runs moment after moment. It leaves off by waiting in the middle of one,
// and by returning after one.
func (s *Sim) moments(wait func(struct{}) bool) {
	s.wait, s.recorder.Room = wait, long*s.pace
	defer func() {
		s.wait, s.recorder.Room = nil, unasked
		if v := recover(); v != nil && v != (abandoned{}) {
			panic(v)
		}
	}()
	for s.step() && s.due() <= s.to {
		if s.recorder.Room <= (long-1)*s.pace && s.due() > s.now {
			if s.more != nil && !s.more() {
				return
			}
			s.recorder.Room = long * s.pace
		}
	}
	s.settle()
}

// settle moves the clock to where the run was to go, once all has happened up to there.
func (s *Sim) settle() {
	if !s.done && s.to > s.now {
		s.pass(s.to, -1)
	}
}

// yield is called where a step can be long: before each event is published, and wherever
// the broker goes through a buffer or a repository; the recorder does so in its hooks.
func (s *Sim) yield() {
	if s.recorder.Room <= 0 { // split so that the fast path inlines
		s.leaveOff()
	}
}

// spend counts something that takes as long as a record.
func (s *Sim) spend() {
	s.recorder.Room--
	s.yield()
}

// leaveOff lets others have their turn if there is no time for more.
func (s *Sim) leaveOff() {
	if s.wait == nil { // on no coroutine
		s.recorder.Room = unasked
		return
	}
	s.recorder.Room = s.pace
	if s.more != nil && !s.more() && !s.wait(struct{}{}) {
		panic(abandoned{})
	}
}
