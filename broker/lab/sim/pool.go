package sim

import (
	"time"

	"github.com/spillway-go/spillway/broker/lab/example/producer"
)

// event is a published event and who holds it: a bit for each consumer where it
// waits, one for each where it is worked on, one while it is offered, and one while
// nobody has taken it that was read from the repository. It has no
// Identity, which nobody here asks for.
type event struct {
	producer.ProducedSomethingEvent
	held   uint64
	byHand bool
}

const (
	offered  = 1 << 63
	readBack = 1 << 62
)

func waitsFor(consumer int) uint64 { return 1 << consumer }
func worksFor(consumer int) uint64 { return 1 << (16 + consumer) }

// pool recycles events, so that a long run allocates only for its busiest moment.
type pool struct {
	free  []*event
	made  int       // and not lost in a crash
	start time.Time // of the run, which every event has from its first use on
}

func (p *pool) get() *event {
	n := len(p.free)
	if n == 0 {
		return p.make()
	}
	e := p.free[n-1]
	p.free = p.free[:n-1]
	return e
}

func (p *pool) make() *event {
	p.made++
	return &event{ProducedSomethingEvent: producer.ProducedSomethingEvent{Start: p.start}}
}

// release notes that a holder is done with the event.
func (p *pool) release(e *event, holder uint64) {
	if e.held &^= holder; e.held == 0 {
		p.free = append(p.free, e)
	}
}

// crash is for when everything is lost that somebody holds.
func (p *pool) crash() { p.made = len(p.free) }
