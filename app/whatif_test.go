package app

import (
	"strings"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// losses are the records of a run that tell of a loss.
func losses(records []journal.Record) (lost []journal.Record) {
	for _, r := range records {
		if r.Kind == journal.Dropped || r.Kind == journal.Rejected {
			lost = append(lost, r)
		}
	}
	return lost
}

// inquired is what would have kept the event of a record.
func inquired(t *testing.T, s scenario.Scenario, r journal.Record) *inquiry {
	t.Helper()
	q, ok := ask(s, s.Settled(r.At), r)
	if !ok {
		t.Fatalf("%+v asks nothing", r)
	}
	i := newInquiry(q)
	for n := 0; !i.done; n++ {
		if n > mostSteps {
			t.Fatalf("%+v never ends", r)
		}
		i.advance(100)
	}
	return i
}

// keptWith says whether an event reaches a consumer with that buffer.
func keptWith(t *testing.T, s scenario.Scenario, r journal.Record, buffer int) bool {
	s = s.Clone()
	s.Consumers[r.Consumer].Buffer = scenario.OwnBuffer(buffer)
	waits := false
	for _, o := range simulated(t, s) {
		if o.Event() != r.Event() && (o.Number != r.Number || o.Producer != r.Producer) || o.Consumer != r.Consumer && o.Kind != journal.Rejected {
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

func TestABufferOfFourWouldHaveKeptTheDropOfTheClassic(t *testing.T) {
	s := scenario.Classic()
	i := inquired(t, s, losses(simulated(t, s))[0])
	if got := i.answer(); got != "a buffer of 4 would have kept it" {
		t.Errorf("it says %q", got)
	}
}

func TestTheBufferThatIsNamedKeepsTheEventAndASmallerOneThatWasTriedDoesNot(t *testing.T) {
	for _, id := range []string{"classic", "drop-oldest", "fan-out", "group", "poisson", "topics"} {
		p, err := scenario.FindPreset(id)
		if err != nil {
			t.Fatal(err)
		}
		lost := losses(simulated(t, p.Scenario))
		for n := 0; n < len(lost); n += max(1, len(lost)/5) {
			r := lost[n]
			i := inquired(t, p.Scenario, r)
			if i.high == 0 {
				t.Errorf("%s: for event %d it says %q", id, r.Number, i.answer())
				continue
			}
			if !keptWith(t, p.Scenario, r, i.high) || keptWith(t, p.Scenario, r, i.high-1) {
				t.Errorf("%s: %q of event %d, dropped at %v, is not so", id, i.answer(), r.Number, r.At)
			}
		}
	}
}

func TestWhatWasRejectedOrReplacedIsInquiredToo(t *testing.T) {
	rejecting := edited(func(s *scenario.Scenario) { s.Broker.Overflow = broker.Reject })
	if i := inquired(t, rejecting, losses(simulated(t, rejecting))[0]); i.found != "a buffer of 4" {
		t.Errorf("what was rejected: %q", i.answer())
	}
	ticker, _ := scenario.FindPreset("ticker")
	for _, r := range losses(simulated(t, ticker.Scenario)) {
		if broker.DropReason(r.Cause) != broker.Replaced {
			continue
		}
		if i := inquired(t, ticker.Scenario, r); !strings.HasPrefix(i.found, "the policy “") {
			t.Errorf("what was replaced: %q", i.answer())
		}
		break
	}
}

func TestWhatNobodyCouldHaveKeptIsNotAskedFor(t *testing.T) {
	s := edited(func(s *scenario.Scenario) {
		s.Interventions = []scenario.Intervention{{At: scenario.Duration(6 * time.Second), Do: scenario.SetBuffer, Value: 1}}
	})
	for _, r := range losses(simulated(t, s)) {
		if _, ok := ask(s, s, r); broker.DropReason(r.Cause) == broker.Shrunk && ok {
			t.Error("a buffer that was made smaller is asked about")
		}
	}
}

func TestAnInquiryThatTakesTooLongSaysSo(t *testing.T) {
	s := fast()
	lost := losses(simulated(t, s))
	q, _ := ask(s, s, lost[len(lost)-1])
	i := newInquiry(q)
	i.steps = mostSteps - 1000
	if i.advance(500); i.done || !strings.HasPrefix(i.answer(), "trying a buffer of ") {
		t.Errorf("halfway it says %q", i.answer())
	}
	if i.advance(2000); !i.done || i.answer() != "what would have kept it can't be told: the run is too long to try" {
		t.Errorf("in the end it says %q", i.answer())
	}
}
