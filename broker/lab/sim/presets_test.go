package sim_test

import (
	"slices"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// lesson looks for records in a run.
type lesson struct {
	t       *testing.T
	records []journal.Record
}

func study(t *testing.T, preset string) lesson {
	t.Helper()
	p, err := scenario.FindPreset(preset)
	if err != nil {
		t.Fatal(err)
	}
	return lesson{t, labtest.Play(t, p.Scenario)}
}

// count is how many records are of a kind and, where one is named, of a consumer.
func (l lesson) count(kind journal.Kind, consumer ...uint8) (n int) {
	for _, r := range l.records {
		if r.Kind == kind && (len(consumer) == 0 || r.Consumer == consumer[0]) {
			n++
		}
	}
	return n
}

// numbers are those of the events in the records of a kind of a consumer.
func (l lesson) numbers(kind journal.Kind, consumer uint8) (numbers []uint64) {
	for _, r := range l.records {
		if r.Kind == kind && r.Consumer == consumer {
			numbers = append(numbers, r.Number)
		}
	}
	return numbers
}

func (l lesson) shows(ok bool, what string) {
	l.t.Helper()
	if !ok {
		l.t.Errorf("it does not show that %s", what)
	}
}

func TestDropOldestSkipsAhead(t *testing.T) {
	l := study(t, "drop-oldest")
	handled := l.numbers(journal.Handled, 0)
	skipped := int(handled[len(handled)-1]) + 1 - len(handled)
	l.shows(skipped >= 3, "the consumer skips events")
	l.shows(slices.IsSorted(handled), "it goes ahead")
}

func TestBackpressureSlowsTheProducerAndLosesNothing(t *testing.T) {
	l := study(t, "backpressure")
	l.shows(l.count(journal.Dropped) == 0, "nothing is lost")
	l.shows(l.count(journal.Blocked) >= 5, "the producer waits")
	late := l.records[len(l.records)/2:]
	produced, handled := lesson{t, late}.count(journal.Produced), lesson{t, late}.count(journal.Handled)
	l.shows(produced-handled <= 1, "it goes at the consumer's pace")
}

func TestTheTickerIsNeverBehind(t *testing.T) {
	l := study(t, "ticker")
	l.shows(l.count(journal.Dropped) >= 50, "prices are replaced")
	for _, r := range l.records {
		if r.Kind == journal.Handled {
			l.shows(r.At-r.Born <= 4*700*time.Millisecond, "no price is older than it takes to show three others")
		}
	}
}

func TestSpillCatchesUpInOrderBeforeTheNextBurst(t *testing.T) {
	l := study(t, "spill")
	l.shows(l.count(journal.Spilled) >= 20 && l.count(journal.Spilled) == l.count(journal.Refilled), "what is spilled comes back")
	l.shows(slices.IsSorted(l.numbers(journal.Handled, 0)), "it comes back in order")
	waits := 0
	for _, r := range l.records {
		switch r.Kind {
		case journal.Produced:
			l.shows(r.Number%12 != 0 || waits == 0, "it comes back before the next burst")
			waits++
		case journal.Handled:
			waits--
		}
	}
}

func TestFanOutOnlyTheSlowOneLoses(t *testing.T) {
	l := study(t, "fan-out")
	l.shows(l.count(journal.Dropped, 2) >= 10, "the slow one loses events")
	l.shows(l.count(journal.Dropped, 0)+l.count(journal.Dropped, 1)+l.count(journal.Buffered, 0)+l.count(journal.Buffered, 1) == 0, "the others never notice")
}

func TestTheGroupStopsDroppingWhenItScalesOut(t *testing.T) {
	l := study(t, "group")
	change := slices.IndexFunc(l.records, func(r journal.Record) bool { return r.Kind == journal.Changed })
	before, after := lesson{t, l.records[:change]}, lesson{t, l.records[change:]}
	l.shows(before.count(journal.Dropped) >= 3, "one worker can't keep up")
	l.shows(after.count(journal.Dropped) == 0, "nothing is dropped any more")
	l.shows(slices.ContainsFunc(after.records, func(r journal.Record) bool { return r.Kind == journal.Delivered && r.Depth == 0 }), "the buffer drains")
}

func TestFlakyRetriesAndBuries(t *testing.T) {
	l := study(t, "flaky")
	l.shows(l.count(journal.Retried) >= 10, "failed events are tried again")
	l.shows(l.count(journal.DeadLettered) >= 2, "what still fails becomes a dead letter")
	l.shows(l.count(journal.Buffered) >= 10, "those behind it are held up")
	l.shows(l.count(journal.Dropped) == 0, "nothing else is lost")
}

func TestTopicsGoWhereTheyAreWanted(t *testing.T) {
	l := study(t, "topics")
	l.shows(l.count(journal.Dropped) == 0, "everybody keeps up")
	for _, r := range l.records {
		parcel := r.Producer == 2
		if r.Kind == journal.Delivered {
			l.shows(r.Consumer == 2 || parcel == (r.Consumer == 1), "orders go to the ledger, parcels to the tracking")
		}
	}
}

func TestPoissonOverflowsThoughTheConsumerKeepsUp(t *testing.T) {
	l := study(t, "poisson")
	l.shows(l.count(journal.Dropped) >= 10, "the buffer overflows")
	l.shows(l.count(journal.Handled) >= 500, "the consumer keeps up")
}

func TestAfterTheCrashTheRepositoryHasWhatTheBufferLost(t *testing.T) {
	l := study(t, "crash")
	all := make([]uint64, l.count(journal.Produced))
	for i := range all {
		all[i] = uint64(i)
	}
	l.shows(slices.Equal(l.numbers(journal.Handled, 1), all), "every invoice is delivered, once and in order")
	crash := slices.IndexFunc(l.records, func(r journal.Record) bool { return r.Kind == journal.Crashed })
	depth := slices.IndexFunc(l.records[crash:], func(r journal.Record) bool { return r.Kind == journal.Recovered })
	l.shows(depth > 0 && l.records[crash+depth].Depth >= 5, "events are found in the repository")
	handled := l.numbers(journal.Handled, 0)
	lost := 0
	for _, n := range l.numbers(journal.Buffered, 0) {
		if !slices.Contains(handled, n) {
			lost++
		}
	}
	l.shows(lost >= 4, "the plain buffer loses what waits")
}
