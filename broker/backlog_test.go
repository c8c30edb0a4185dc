package broker_test

import (
	"errors"
	"testing"

	"github.com/spillway-go/spillway/broker"
)

// What was refused lies between what was not, so that each commit is done with some
// more of it: a cost that grows with all of it would take minutes here.
func TestABacklogFullOfRefusedEventsCostsEachCommitNoMoreThanAnother(t *testing.T) {
	const each = 150_000
	repository := &faulty{}
	b, err := broker.New(broker.Options{Repository: repository})
	if err != nil {
		t.Fatal(err)
	}
	s := with(t, b, "s", broker.Spill, 1)
	other := with(t, b, "other", broker.Spill, 1, "both")
	publishTo(t, b, 0, "both")
	repository.failAppendTo("other")
	for e := event(1); e <= each; e++ {
		if err := b.TryPublish(on{-e, "both"}); !errors.Is(err, errFaulty) {
			t.Fatal(err)
		}
		publishTo(t, b, e, "one")
	}
	for e := range event(each + 1) {
		if got, _ := s.TryNext(); got.(on).event != e {
			t.Fatalf("took %v, want %v", got, e)
		}
	}
	if got := repository.stored("s"); len(got) > 1 {
		t.Errorf("%d events are left in the repository", len(got))
	}
	wantEvents(t, takeAll(other), 0)
}

func TestALargeBufferThatWasReadBackIsDroppedInOneGo(t *testing.T) {
	const all = 400_000
	repository := &faulty{}
	b, err := broker.New(broker.Options{Repository: repository})
	if err != nil {
		t.Fatal(err)
	}
	s := with(t, b, "s", broker.Spill, 1)
	publish(t, b, 0, all-1)
	configure(t, s, broker.Spill, all)
	s.TryNext()
	s.TryNext() // of which the second was read back
	configure(t, s, broker.DropNewest, broker.Unbuffered)
	s.Done()
	if st := s.Stats(); st.DroppedBy.Shrunk != all-2 || st.Depth != 0 {
		t.Errorf("the stats are %+v", st)
	}
	if got := repository.stored("s"); len(got) > 0 {
		t.Errorf("%d events are left in the repository", len(got))
	}
}
