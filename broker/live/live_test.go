package live_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/journal"
	"github.com/spillway-go/spillway/broker/live"
	"github.com/spillway-go/spillway/broker/scenario"
	"github.com/spillway-go/spillway/broker/sim"
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
	run, err := sim.New(s, func(r journal.Record) { records = append(records, r) })
	if err != nil {
		t.Fatal(err)
	}
	for before := time.Duration(-1); run.Step(); before = run.Now() {
		ties = ties || run.Now() == before
	}
	return records, ties
}

// crooked is a time between a third of d and d to the nanosecond, so that
// nothing coincides with anything else but by a rare chance.
func crooked(r *rand.Rand, d time.Duration) scenario.Duration {
	return scenario.Duration(d/3+time.Duration(r.Int64N(int64(2*d/3)))) | 1
}

func anyScenario(seed uint64) scenario.Scenario {
	r := rand.New(rand.NewPCG(seed, 0))
	policy := func() broker.Overflow { return scenario.Overflows()[r.IntN(len(scenario.Overflows()))] }
	s := scenario.Scenario{
		Broker:   scenario.Broker{Buffer: r.IntN(6), Overflow: policy()},
		Duration: crooked(r, 3*time.Second),
		Start:    scenario.Classic().Start,
		Seed:     seed,
	}
	for i := range 1 + r.IntN(4) {
		s.Producers = append(s.Producers, scenario.Producer{Name: fmt.Sprint("p", i), Interval: crooked(r, 300*time.Millisecond)})
	}
	for i := range 1 + r.IntN(4) {
		s.Consumers = append(s.Consumers, scenario.Consumer{Name: fmt.Sprint("c", i), Service: crooked(r, 300*time.Millisecond)})
	}
	for range r.IntN(6) {
		v := scenario.Intervention{At: scenario.Duration(r.Int64N(int64(s.Duration)))}
		switch v.Do = scenario.Action(1 + r.IntN(5)); v.Do {
		case scenario.SetInterval:
			v.Actor, v.Interval = r.IntN(len(s.Producers)), crooked(r, 300*time.Millisecond)
		case scenario.SetService:
			v.Actor, v.Service = r.IntN(len(s.Consumers)), crooked(r, 300*time.Millisecond)
		case scenario.SetBuffer:
			v.Buffer = r.IntN(6)
		case scenario.SetOverflow:
			v.Overflow = policy()
		}
		s.Interventions = append(s.Interventions, v)
	}
	slices.SortFunc(s.Interventions, func(a, b scenario.Intervention) int { return cmp.Compare(a.At, b.At) })
	return s
}

func TestWhereNothingCoincidesTheStoryIsThatOfTheSimulation(t *testing.T) {
	compared, interventions := 0, 0
	for seed := range uint64(300) {
		s := anyScenario(seed)
		want, ties := simulated(t, s)
		if ties {
			continue
		}
		synctest.Test(t, func(t *testing.T) {
			if got := play(t, t.Context(), s); !slices.Equal(got, want) {
				t.Errorf("seed %d: %s", seed, difference(got, want))
			}
		})
		compared++
		interventions += len(s.Interventions)
	}
	if compared < 200 || interventions < 200 {
		t.Errorf("only %d scenarios with %d interventions were compared", compared, interventions)
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
	j := journal.New(len(records), len(s.Producers), len(s.Consumers))
	last := time.Duration(0)
	for _, r := range records {
		if r.At < last {
			t.Errorf("%+v comes after %v", r, last)
		}
		last = r.At
		j.Append(r)
	}
	for i, c := range j.Head().Consumers {
		if c.Delivered+c.Dropped+uint64(c.Depth) != j.Head().Published {
			t.Errorf("consumer %d: of %d events %d are delivered, %d dropped, %d wait", i, j.Head().Published, c.Delivered, c.Dropped, c.Depth)
		}
	}
}

func TestASignalAtAnyMomentEndsTheRunWithItsTwoRecords(t *testing.T) {
	s := anyScenario(1)
	s.Interventions = nil
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
