package live_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/live"
	"github.com/spillway-go/spillway/broker/lab/scenario"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	// In a browser the runtime itself keeps a goroutine for JavaScript's events.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("runtime.handleEvent"))
}

// play is the journal of a run that ends with ctx at the latest.
func play(t *testing.T, ctx context.Context, s scenario.Scenario) (records []journal.Record) {
	t.Helper()
	if err := live.Run(ctx, s, func(r journal.Record) { records = append(records, r) }); err != nil {
		t.Fatal(err)
	}
	return records
}

// simulated is the journal of the same run on virtual time; ties says whether
// two things happened at the same moment of it.
func simulated(t *testing.T, s scenario.Scenario) (records []journal.Record, ties bool) {
	t.Helper()
	run, told := labtest.Prepare(t, s)
	run.Run()
	return *told, run.Ties() > 0
}

func TestWhereNothingCoincidesTheStoryIsThatOfTheSimulation(t *testing.T) {
	var compared sample
	for seed := range uint64(2001) {
		s := labtest.Leaver()
		if seed > 0 {
			s = labtest.Untied().Scenario().Example(int(seed) - 1)
		}
		want, ties := simulated(t, s)
		if ties {
			continue
		}
		var got []journal.Record
		synctest.Test(t, func(t *testing.T) { got = play(t, t.Context(), s) })
		if !slices.Equal(got, want) {
			t.Errorf("seed %d: %s", seed, difference(got, want))
		}
		compared.add(s, want)
	}
	if compared.scenarios < 1000 || compared.interventions < 1000 {
		t.Errorf("only %d scenarios with %d interventions were compared", compared.scenarios, compared.interventions)
	}
	for _, kind := range journal.Kinds() {
		if compared.kinds[kind] == 0 {
			t.Errorf("none of those compared has a record %v", kind)
		}
	}
	for why := broker.Full; why <= broker.Replaced; why++ {
		if compared.drops[why] == 0 {
			t.Errorf("in none of those compared something is dropped as %v", why)
		}
	}
	for _, policy := range broker.Overflows() {
		if n := compared.policies[policy]; n < 100 {
			t.Errorf("only %d consumers with the policy %v were compared", n, policy)
		}
	}
	if compared.groups < 100 {
		t.Errorf("only %d groups were compared in which more than one was at work", compared.groups)
	}
}

// sample counts what the scenarios of a test have had to show.
type sample struct {
	scenarios, interventions int

	kinds    map[journal.Kind]int
	drops    map[broker.DropReason]int
	policies map[broker.Overflow]int // that consumers began with
	groups   int                     // consumers of which more than one worker was at work
}

func (c *sample) add(s scenario.Scenario, records []journal.Record) {
	if c.kinds == nil {
		c.kinds, c.drops, c.policies = map[journal.Kind]int{}, map[broker.DropReason]int{}, map[broker.Overflow]int{}
	}
	c.scenarios++
	c.interventions += len(s.Interventions)
	busy, most := make([]int, len(s.Consumers)), make([]int, len(s.Consumers))
	for _, r := range records {
		c.kinds[r.Kind]++
		switch r.Kind {
		case journal.Dropped:
			c.drops[broker.DropReason(r.Cause)]++
		case journal.Delivered:
			busy[r.Consumer]++
			most[r.Consumer] = max(most[r.Consumer], busy[r.Consumer])
		case journal.Handled, journal.DeadLettered:
			busy[r.Consumer]--
		case journal.Crashed:
			clear(busy)
		}
	}
	for i := range s.Consumers {
		c.policies[s.Settings(i).Overflow]++
		if most[i] > 1 {
			c.groups++
		}
	}
}

func TestNobodyMakesWayAtTheEnd(t *testing.T) {
	s := scenario.Classic()
	s.Producers = []scenario.Producer{{Name: "first", Topic: "a", Interval: ms(10), Count: 2}} // its second waits for c
	for i := range int64(scenario.MaxProducers - 1) {                                          // these wait behind it, though d has room
		s.Producers = append(s.Producers, scenario.Producer{Name: fmt.Sprint(i), Topic: "b", Interval: ms(30 + i)})
	}
	s.Broker = scenario.Broker{Buffer: 1, Overflow: broker.Block}
	s.Consumers = []scenario.Consumer{
		{Name: "c", Topics: "a", Service: ms(1_000), Buffer: scenario.OwnBuffer(0)},
		{Name: "d", Service: ms(1_000)},
	}
	s.Duration = ms(100)
	for range 20 { // who leaves first is up to the scheduler
		for _, do := range []scenario.Action{scenario.Interrupt, scenario.Crash, scenario.Pause} {
			s.Interventions = []scenario.Intervention{{At: ms(50), Do: do}}
			want, _ := simulated(t, s)
			synctest.Test(t, func(t *testing.T) {
				if got := play(t, t.Context(), s); !slices.Equal(got, want) {
					t.Errorf("%v: %s", do, difference(got, want))
				}
			})
		}
	}
}

func difference(got, want []journal.Record) string {
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] {
			return fmt.Sprintf("record %d is\n%+v, want\n%+v", i, got[i], want[i])
		}
	}
	return fmt.Sprintf("%d records, want %d", len(got), len(want))
}

func TestTheClassicTellsTheSameStoryUpToItsTies(t *testing.T) {
	// What is dropped, and how many wait, depends on who is first when an arrival
	// and a completion coincide; when things happen does not.
	story := func(records []journal.Record) (told []journal.Record) {
		for _, r := range records {
			if r.Kind == journal.Produced || r.Kind == journal.Handled || r.Kind == journal.Quit {
				r.Depth = 0
				told = append(told, r)
			}
		}
		slices.SortStableFunc(told, func(a, b journal.Record) int {
			return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Kind, b.Kind))
		})
		return told
	}
	want, _ := simulated(t, scenario.Classic())
	synctest.Test(t, func(t *testing.T) {
		got := play(t, t.Context(), scenario.Classic())
		if got, want := story(got), story(want); !slices.Equal(got, want) {
			t.Error(difference(got, want))
		}
		balance(t, scenario.Classic(), got)
	})
}

// balance checks that every event is somewhere, for each consumer.
func balance(t *testing.T, s scenario.Scenario, records []journal.Record) {
	t.Helper()
	accounts := make([]struct{ delivered, dropped, depth int }, len(s.Consumers))
	published, last := 0, time.Duration(0)
	for _, r := range records {
		if r.At < last {
			t.Errorf("%+v comes after %v", r, last)
		}
		last = r.At
		a := &accounts[r.Consumer]
		switch r.Kind {
		case journal.Produced:
			published++
		case journal.Delivered:
			a.delivered++
		case journal.Dropped:
			a.dropped++
		}
		if r.Kind == journal.Buffered || r.Kind == journal.Delivered || r.Kind == journal.Dropped {
			a.depth = int(r.Depth)
		}
	}
	for i, a := range accounts {
		if a.delivered+a.dropped+a.depth != published {
			t.Errorf("consumer %d: of %d events %d are delivered, %d dropped, %d wait", i, published, a.delivered, a.dropped, a.depth)
		}
	}
}

func TestASignalAtAnyMomentEndsTheRunWithItsTwoRecords(t *testing.T) {
	s := labtest.Untied().Scenario().Example(1)
	s.Interventions, s.Broker.Overflow = nil, broker.DropOldest
	for i := range s.Consumers {
		s.Consumers[i].Topics, s.Consumers[i].Overflow, s.Consumers[i].Start = "", 0, 0
	}
	for _, s := range []scenario.Scenario{scenario.Classic(), s} {
		for step := range 40 {
			for cause, signal := range map[error]uint64{
				live.Signal(journal.SignalInterrupt):                             journal.SignalInterrupt,
				live.Signal(journal.SignalTerminated):                            journal.SignalTerminated,
				fmt.Errorf("wrapped: %w", live.Signal(journal.SignalTerminated)): journal.SignalTerminated,
				context.Canceled: journal.SignalInterrupt,
			} {
				at := time.Duration(s.Duration) / 40 * time.Duration(step) // in the classic, many a moment when things happen
				synctest.Test(t, func(t *testing.T) {
					ctx, cancel := context.WithCancelCause(t.Context())
					time.AfterFunc(at, func() { cancel(cause) })
					got := play(t, ctx, s)
					n := max(0, len(got)-2)
					want := []journal.Record{{Kind: journal.Interrupted, At: at, Number: signal}, {Kind: journal.Quit, At: at}}
					if !slices.Equal(got[n:], want) {
						t.Errorf("%v at %v: it ends with %+v, want %+v", cause, at, got[n:], want)
					}
					balance(t, s, got)
				})
			}
		}
	}
}

func TestARunThatWasEndedBeforeItBeganOnlySaysSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(live.Signal(journal.SignalTerminated))
		want := []journal.Record{{Kind: journal.Interrupted, Number: journal.SignalTerminated}, {Kind: journal.Quit}}
		if got := play(t, ctx, scenario.Classic()); !slices.Equal(got, want) {
			t.Errorf("it tells %+v", got)
		}
	})
}

func TestAScenarioOutOfBoundsIsNotRun(t *testing.T) {
	s := scenario.Classic()
	s.Duration = 0
	err := live.Run(t.Context(), s, func(r journal.Record) { t.Errorf("told %+v", r) })
	if err == nil || err.Error() != "live: duration: 0s is out of range: 1µs to 24h0m0s" {
		t.Errorf("got %v", err)
	}
}

func TestASignalIsAnErrorThatNamesItsNumber(t *testing.T) {
	var signal live.Signal
	err := fmt.Errorf("over: %w", live.Signal(15))
	if !errors.As(err, &signal) || signal != 15 || err.Error() != "over: ended by signal 15" {
		t.Errorf("it is %v", err)
	}
}
