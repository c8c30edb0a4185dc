package producer

import (
	"strconv"
	"time"
)

// ProducedSomethingEvent is the domain event of the example: a producer has
// produced its Number-th something.
type ProducedSomethingEvent struct {
	Producer int    // which producer of the scenario, from 0
	Number   uint64 // that producer's own count, from 0
	Identity uint64 // what ID tells, as a number: text is made only for who asks
	About    string // the topic; empty if it has none

	// Start is the start of the run and Age how long after it the event
	// happened. Kept apart so that a virtual clock needs no time.Time.
	Start time.Time
	Age   time.Duration
}

// ID is the event's identity in decimal.
func (e *ProducedSomethingEvent) ID() string { return strconv.FormatUint(e.Identity, 10) }

// Topic is what the event is about.
func (e *ProducedSomethingEvent) Topic() string { return e.About }

// HappenedOn is the moment the event was produced.
func (e *ProducedSomethingEvent) HappenedOn() time.Time { return e.Start.Add(e.Age) }
