package journal_test

import (
	"testing"

	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

func TestAnEventThatIsPublishedWhileOthersWaitIsNotYetOneOfThem(t *testing.T) {
	s := scenario.Classic()
	j := journal.New(1, s, 1, 1)
	add := func(kind journal.Kind, number uint64, waiting int, first uint64) {
		t.Helper()
		j.Append(&journal.Record{Kind: kind, Number: number})
		if p := &j.Head().Producers[0]; p.Waiting != waiting || waiting > 0 && p.FirstWaiting() != first {
			t.Errorf("after %v %d there wait %d from %d on, want %d from %d on", kind, number, p.Waiting, p.FirstWaiting(), waiting, first)
		}
	}
	add(journal.Produced, 0, 0, 0)
	add(journal.Buffered, 0, 0, 0)
	add(journal.Produced, 1, 0, 0)
	add(journal.Blocked, 1, 1, 1)
	add(journal.Produced, 2, 1, 1)
	add(journal.Blocked, 2, 2, 1)
	add(journal.Blocked, 2, 2, 1) // at another consumer
	add(journal.Unblocked, 1, 1, 2)
	add(journal.Produced, 3, 1, 2)
	add(journal.Blocked, 3, 2, 2)
	add(journal.Unblocked, 2, 1, 3)
	add(journal.Unblocked, 3, 0, 0)
}
