package broker

import "time"

// An Event is something that happened in the domain. It is a fact: once
// published it doesn't change, and every subscription is offered the same value.
type Event interface {
	// ID names this occurrence. It is unique among the events of one program.
	ID() string
	// HappenedOn is the moment the event happened, not the moment it was
	// published or delivered.
	HappenedOn() time.Time
}
