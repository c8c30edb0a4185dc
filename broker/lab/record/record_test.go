package record_test

import (
	"testing"

	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"pgregory.net/rapid"
)

func TestTheFreeWorkerThatComesFirstTakesAnEventAndItsRecordsNameIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := labtest.Crowded().Scenario().Draw(t, "scenario")
		busy := make([]map[int]journal.Event, len(s.Consumers))
		empty := func() {
			for i := range busy {
				busy[i] = map[int]journal.Event{}
			}
		}
		empty()
		for _, r := range labtest.Play(t, s) {
			with := busy[r.Consumer]
			switch r.Kind {
			case journal.Crashed:
				empty()
			case journal.Delivered:
				free := 0
				for _, taken := with[free]; taken; _, taken = with[free] {
					free++
				}
				if r.Worker() != free {
					t.Fatalf("%+v is with worker %d, and %v are busy", r, r.Worker(), with)
				}
				with[free] = r.Event()
			case journal.Handled, journal.Failed, journal.Retried, journal.DeadLettered:
				if with[r.Worker()] != r.Event() {
					t.Fatalf("%+v names worker %d of %v", r, r.Worker(), with)
				}
				if r.Kind == journal.Handled || r.Kind == journal.DeadLettered {
					delete(with, r.Worker())
				}
			}
		}
	})
}
