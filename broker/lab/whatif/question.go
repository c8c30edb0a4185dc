// Package whatif finds the smallest change that would have kept an event for a
// consumer that did not get it, by running the scenario with changes to that
// consumer's buffer and overflow policy.
package whatif

import (
	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// Question asks what would have kept an event for a consumer that did not get it.
type Question struct {
	scenario scenario.Scenario
	event    journal.Event
	consumer int
	buffer   int               // the consumer's, when it happened
	buffers  bool              // a larger buffer may help
	policies []broker.Overflow // to try if no buffer is tried or none is large enough
}

// Ask makes the question of a record of the scenario's run that tells of a loss;
// false if no buffer and no policy could have made a difference.
func Ask(s scenario.Scenario, r journal.Record) (Question, bool) {
	at := s.At(r.At)
	q := Question{
		scenario: s, event: r.Event(), consumer: int(r.Consumer),
		buffer: at.Room(int(r.Consumer)), buffers: true,
		policies: []broker.Overflow{broker.Spill, broker.Block},
	}
	switch r.Kind {
	case journal.Rejected:
		return q, journal.Refusal(r.Cause) == journal.FullBuffer
	case journal.Dropped:
		switch broker.DropReason(r.Cause) {
		case broker.Full, broker.Displaced:
			return q, true
		case broker.Replaced: // however large the buffer is
			q.buffers = false
			q.policies = []broker.Overflow{broker.DropNewest, broker.DropOldest, broker.Spill, broker.Block}
			return q, true
		}
	}
	return q, false
}
