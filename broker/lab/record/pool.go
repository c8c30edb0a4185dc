package record

import (
	"time"

	"github.com/spillway-go/spillway/broker/lab/example/producer"
)

// Pool recycles events that nobody has any more, so that a long run allocates only for
// its busiest moment.
type Pool struct {
	idle  []*Event
	made  int       // and not lost
	start time.Time // of the run, which every event has from its first use on
}

// NewPool is for a run that starts then.
func NewPool(start time.Time) *Pool { return &Pool{start: start} }

// Get is an event that nobody has. What it was before, but for its start, is still in it.
func (p *Pool) Get() *Event {
	n := len(p.idle)
	if n == 0 {
		return p.make()
	}
	e := p.idle[n-1]
	p.idle = p.idle[:n-1]
	return e
}

func (p *Pool) make() *Event {
	p.made++
	return &Event{ProducedSomethingEvent: producer.ProducedSomethingEvent{Start: p.start}}
}

// Made is how many events there are.
func (p *Pool) Made() int { return p.made }

// Lose says that all events are lost that somebody has, as in a crash.
func (p *Pool) Lose() { p.made = len(p.idle) }
