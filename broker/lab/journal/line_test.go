package journal_test

import (
	"runtime"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/journal"
)

// feed appends records of one consumer.
type feed struct {
	*journal.Journal
	now time.Duration
}

func (f *feed) add(kind journal.Kind, producer uint8, number uint64, depth uint32, cause broker.DropReason) {
	f.now++
	f.Append(&journal.Record{At: f.now, Kind: kind, Producer: producer, Number: number, Depth: depth, Cause: uint8(cause)})
}

// These tests would take hours if what a record costs grew with the line.

func TestWhoWaitsForeverBehindManyThatWereReplacedCostsNothing(t *testing.T) {
	f := feed{Journal: journal.New(1<<16, cast{}, 2, 1)}
	f.add(journal.Buffered, 0, 0, 1, 0)
	f.add(journal.Buffered, 1, 0, 2, 0)
	const replaced = 1_000_000
	for n := range uint64(replaced) {
		f.add(journal.Dropped, 1, n, 1, broker.Replaced)
		f.add(journal.Buffered, 1, n+1, 2, 0)
	}
	waiting := f.Waiting(nil, f.Head(), 0, 10)
	if len(waiting) != 2 || waiting[0] != (journal.Event{}) || waiting[1] != (journal.Event{Number: replaced, Producer: 1}) {
		t.Errorf("there wait %v", waiting)
	}
	if n, most := f.Entries(), 2*(1<<16); n > most {
		t.Errorf("the line remembers %d events, at most %d can be asked for", n, most)
	}
}

func TestWhatIsReturnedFromTheMiddleOfALongLineIsFoundAtOnce(t *testing.T) {
	const n = 200_000
	f := feed{Journal: journal.New(1<<20, cast{}, 1, 1)}
	for i := range uint64(3 * n) {
		f.add(journal.Buffered, 0, i, uint32(i), 0)
	}
	for i := range uint64(n) {
		f.add(journal.Returned, 0, n+i, uint32(i), 0)
	}
	waiting := f.Waiting(nil, f.Head(), 0, 3*n)
	if len(waiting) != 2*n || waiting[n-1].Number != n-1 || waiting[n].Number != 2*n {
		t.Errorf("there wait %d", len(waiting))
	}
}

func TestALineThatWasLongGivesItsMemoryBack(t *testing.T) {
	f := feed{Journal: journal.New(4096, cast{}, 1, 1)}
	const n = 500_000
	for i := range uint64(n) {
		f.add(journal.Buffered, 0, i, uint32(i), 0)
	}
	long := f.Held()
	f.add(journal.Crashed, 0, 0, 0, 0)
	for i := range uint64(20_000) {
		f.add(journal.Produced, 0, n+i, 0, 0)
	}
	if short := f.Held(); long < n*40 || short > long/4 {
		t.Errorf("with %d waiting it held %d bytes, with none %d", n, long, short)
	}
}

func TestWhatAJournalHoldsIsWhatItTakesOfTheMemory(t *testing.T) {
	for name, lines := range map[string]int{"nobody waits": 0, "many wait": 1_000_000} {
		before := heap()
		f := feed{Journal: journal.New(1<<16, cast{}, 4, 4)}
		for i := range uint64(200_000) {
			f.add(journal.Produced, 0, i, 0, 0)
		}
		for i := range uint64(lines) {
			f.add(journal.Buffered, 0, i, uint32(i), 0)
		}
		took, held := heap()-before, f.Held()
		if f.Next() == 0 || held < took*9/10 || held > took*3/2 {
			t.Errorf("%s: it says %d KB and takes %d", name, held>>10, took>>10)
		}
	}
}

// heap is how many bytes are in use.
func heap() int {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}
