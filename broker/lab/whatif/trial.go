package whatif

import (
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/scenario"
	"github.com/spillway-go/spillway/broker/lab/sim"
)

// trial is a run that is watched for what becomes of one event at one consumer.
type trial struct {
	sim           *sim.Sim
	event         journal.Event
	consumer      int
	waits         bool
	kept, decided bool
}

func newTrial(s scenario.Scenario, event journal.Event, consumer int) (*trial, error) {
	t := &trial{event: event, consumer: consumer}
	var err error
	t.sim, err = sim.New(s, t.watch)
	return t, err
}

func (t *trial) step() (kept, decided bool) {
	if !t.sim.Step() {
		return t.kept, true
	}
	return t.kept, t.decided
}

func (t *trial) watch(r *journal.Record) {
	switch r.Kind {
	case journal.Crashed:
		t.waits = false // in memory; if it is in the repository, it may still be delivered
		return
	case journal.Quit:
		t.decide(t.waits)
		return
	}
	// With another policy the event may be born at another time: its publisher waits.
	if r.Number != t.event.Number || r.Producer != t.event.Producer || !r.Kind.OfEvent() {
		return
	}
	switch mine := int(r.Consumer) == t.consumer; {
	case r.Kind == journal.Rejected, r.Kind == journal.Dropped && mine:
		t.decide(false)
	case r.Kind == journal.Delivered && mine:
		t.decide(true)
	case (r.Kind == journal.Buffered || r.Kind == journal.Spilled || r.Kind == journal.Blocked) && mine:
		t.waits = true
	}
}

func (t *trial) decide(kept bool) {
	if !t.decided {
		t.kept, t.decided = kept, true
	}
}
