package whatif

import (
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// losses are the records of a run that tell of a loss.
func losses(t *testing.T, s scenario.Scenario) (lost []journal.Record) {
	t.Helper()
	for _, r := range labtest.Play(t, s) {
		if r.Kind == journal.Dropped || r.Kind == journal.Rejected {
			lost = append(lost, r)
		}
	}
	return lost
}

// searched is what would have kept the event of a record.
func searched(t *testing.T, s scenario.Scenario, r journal.Record) Answer {
	t.Helper()
	q, ok := Ask(s, r)
	if !ok {
		t.Fatalf("%+v asks nothing", r)
	}
	search := NewSearch(q)
	for n := 0; !search.Answer().Done; n += 100 {
		if n > MaxSteps+100 {
			t.Fatalf("%+v never ends", r)
		}
		search.Advance(100)
	}
	return search.Answer()
}

// keptWith says whether an event reaches a consumer with that buffer.
func keptWith(t *testing.T, s scenario.Scenario, r journal.Record, buffer int) bool {
	s = s.Clone()
	s.Consumers[r.Consumer].Buffer = scenario.OwnBuffer(buffer)
	waits := false
	for _, o := range labtest.Play(t, s) {
		if o.Number != r.Number || o.Producer != r.Producer || o.Consumer != r.Consumer && o.Kind != journal.Rejected {
			continue
		}
		switch o.Kind {
		case journal.Delivered:
			return true
		case journal.Dropped, journal.Rejected:
			return false
		case journal.Buffered:
			waits = true
		}
	}
	return waits
}

func preset(t *testing.T, id string) scenario.Scenario {
	t.Helper()
	p, err := scenario.FindPreset(id)
	if err != nil {
		t.Fatal(err)
	}
	return p.Scenario
}

func TestABufferOfFourWouldHaveKeptTheDropOfTheClassic(t *testing.T) {
	s := scenario.Classic()
	if got := searched(t, s, losses(t, s)[0]); got != (Answer{Change: Change{Buffer: 4}, Kept: true, Done: true}) {
		t.Errorf("it answers %+v", got)
	}
}

func TestTheBufferThatIsNamedKeepsTheEventAndASmallerOneThatWasTriedDoesNot(t *testing.T) {
	for _, id := range []string{"classic", "drop-oldest", "fan-out", "group", "poisson", "topics"} {
		s := preset(t, id)
		lost := losses(t, s)
		for n := 0; n < len(lost); n += max(1, len(lost)/5) {
			r := lost[n]
			got := searched(t, s, r)
			if !got.Kept || got.Change.Overflow != broker.Inherit {
				t.Errorf("%s: for event %d it answers %+v", id, r.Number, got)
				continue
			}
			if !keptWith(t, s, r, got.Change.Buffer) || keptWith(t, s, r, got.Change.Buffer-1) {
				t.Errorf("%s: %+v for event %d, dropped at %v, is not so", id, got, r.Number, r.At)
			}
		}
	}
}

func TestWhatWasRejectedOrReplacedIsAskedForToo(t *testing.T) {
	rejecting := labtest.Edited(func(s *scenario.Scenario) { s.Broker.Overflow = broker.Reject })
	if got := searched(t, rejecting, losses(t, rejecting)[0]); got.Change.Buffer != 4 || !got.Kept {
		t.Errorf("what was rejected: %+v", got)
	}
	replaced := 0
	ticker := preset(t, "ticker")
	for _, r := range losses(t, ticker) {
		if broker.DropReason(r.Cause) != broker.Replaced {
			continue
		}
		if got := searched(t, ticker, r); !got.Kept || got.Change.Overflow == broker.Inherit {
			t.Errorf("what was replaced: %+v", got)
		}
		if replaced++; replaced == 3 {
			break
		}
	}
	if replaced == 0 {
		t.Error("nothing was replaced")
	}
}

func TestWhatNoBufferAndNoPolicyCouldHaveKeptIsNotAskedFor(t *testing.T) {
	s := labtest.Edited(func(s *scenario.Scenario) {
		s.Interventions = []scenario.Intervention{{At: scenario.Duration(6 * time.Second), Do: scenario.SetBuffer, Value: 1}}
	})
	shrunk := 0
	for _, r := range losses(t, s) {
		if broker.DropReason(r.Cause) != broker.Shrunk {
			continue
		}
		shrunk++
		if _, ok := Ask(s, r); ok {
			t.Error("a buffer that was made smaller is asked about")
		}
	}
	if shrunk == 0 {
		t.Error("nothing was dropped from a buffer that was made smaller")
	}
	if _, ok := Ask(s, journal.Record{Kind: journal.Rejected, Cause: uint8(journal.FullRepository)}); ok {
		t.Error("a full repository is asked about")
	}
}

func TestASearchThatTakesTooLongGivesUp(t *testing.T) {
	s := labtest.Edited(func(s *scenario.Scenario) {
		s.Producers[0].Interval = scenario.Duration(time.Millisecond)
		s.Consumers[0].Service = scenario.Duration(1100 * time.Microsecond)
		s.Duration = scenario.Duration(100 * time.Second)
	})
	lost := losses(t, s)
	q, _ := Ask(s, lost[len(lost)-1])
	search := NewSearch(q)
	search.steps = MaxSteps - 1000
	if search.Advance(500); search.Answer() != (Answer{Change: Change{Buffer: 4}}) {
		t.Errorf("halfway it answers %+v", search.Answer())
	}
	if search.Advance(2000); search.Answer() != (Answer{Done: true, GaveUp: true}) {
		t.Errorf("in the end it answers %+v", search.Answer())
	}
}

// The consumer that leaves first is not the one that is asked about, whose index
// stays the same.
func TestAConsumerIsAskedAboutAlsoAfterAnotherHasLeft(t *testing.T) {
	s := labtest.Edited(func(s *scenario.Scenario) {
		other := s.Consumers[0]
		other.Name, other.Buffer = "other", scenario.OwnBuffer(2)
		s.Consumers = append(s.Consumers, other)
		s.Interventions = []scenario.Intervention{{At: scenario.Duration(time.Second), Do: scenario.Leave}}
	})
	lost := losses(t, s)
	r := lost[len(lost)-1]
	if r.Consumer != 1 {
		t.Fatalf("the last loss is %+v", r)
	}
	if got := searched(t, s, r); !got.Kept || !keptWith(t, s, r, got.Change.Buffer) {
		t.Errorf("it answers %+v", got)
	}
}
