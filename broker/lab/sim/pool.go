package sim

import (
	"time"

	"github.com/spillway-go/spillway/broker/lab/example/producer"
)

// event is a published event and who holds it: a bit for each consumer where it
// waits, one for each where it is worked on, and one while it is offered. It has no
// Identity, which nobody here asks for.
type event struct {
	producer.ProducedSomethingEvent
	held   uint64
	byHand bool
}

const offered = 1 << 63

func waitsFor(consumer int) uint64 { return 1 << consumer }
func worksFor(consumer int) uint64 { return 1 << (16 + consumer) }

// pool recycles events, so that a long run allocates only for its busiest moment.
type pool struct {
	free  []*event
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
	return &event{ProducedSomethingEvent: producer.ProducedSomethingEvent{Start: p.start}}
}

// release notes that a holder is done with the event.
func (p *pool) release(e *event, holder uint64) {
	if e.held &^= holder; e.held == 0 {
		p.free = append(p.free, e)
	}
}
