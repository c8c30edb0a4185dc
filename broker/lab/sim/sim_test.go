package sim_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
	"github.com/spillway-go/spillway/broker/lab/sim"
	"pgregory.net/rapid"
)

func TestTheSameScenarioHasTheSameJournal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := labtest.Crowded().Scenario().Draw(t, "scenario")
		if first, second := labtest.Play(t, s), labtest.Play(t, s); !slices.Equal(first, second) {
			t.Fatalf("two runs differ:\n%+v\n%+v", first, second)
		}
	})
}

func TestAnInterventionWhileItRunsIsAsIfItHadBeenPlanned(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		planned := labtest.Crowded().Scenario().Draw(t, "scenario")
		asked := planned.Clone()
		asked.Interventions = nil
		run, records := labtest.Prepare(t, asked)
		for _, i := range planned.Interventions {
			before := time.Duration(i.At) - 1
			if before > run.Now() {
				run.Advance(before - time.Duration(rapid.Int64Range(0, int64(before-run.Now())).Draw(t, "early")))
			}
			if err := run.Intervene(i); err != nil {
				if run.Done() { // an interrupt came before
					break
				}
				t.Fatal(err)
			}
		}
		run.Run()
		if want := labtest.Play(t, planned); !slices.Equal(*records, want) {
			t.Fatalf("the journal is\n%+v, want\n%+v", *records, want)
		}
	})
}

func TestAnInterventionChangesNothingBeforeIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := labtest.Crowded().Scenario().Draw(t, "scenario")
		at := scenario.Duration(rapid.Int64Range(0, int64(s.Duration)).Draw(t, "at"))
		s.Interventions = slices.DeleteFunc(s.Interventions, func(i scenario.Intervention) bool { return i.At > at })
		without := before(labtest.Play(t, s), at)
		for do := scenario.SetInterval; do <= scenario.Interrupt; do++ {
			with := s.Clone()
			if with.Interventions = append(with.Interventions, labtest.Crowded().InterventionTo(t, s, at, do)); with.Validate() != nil {
				continue
			}
			if got := before(labtest.Play(t, with), at); !slices.Equal(got, without) {
				t.Fatalf("before %v it is\n%+v, and without %v\n%+v", at, got, do, without)
			}
		}
	})
}

// before are the records of what happened before that moment.
func before(records []journal.Record, at scenario.Duration) []journal.Record {
	n := slices.IndexFunc(records, func(r journal.Record) bool { return r.At >= time.Duration(at) })
	if n < 0 {
		return records
	}
	return records[:n]
}

func TestAdvancingInSlicesIsRunning(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := labtest.Crowded().Scenario().Draw(t, "scenario")
		run, records := labtest.Prepare(t, s)
		for !run.Done() {
			to := run.Now() + time.Duration(rapid.Int64Range(0, int64(60*time.Millisecond)).Draw(t, "slice"))
			next := run.Next()
			run.Advance(to)
			switch {
			case run.Done():
			case run.Now() != to:
				t.Fatalf("advanced to %v it is at %v", to, run.Now())
			case run.Next() <= to:
				t.Fatalf("advanced to %v it has left what happens at %v", to, run.Next())
			case next > to && run.Next() != next:
				t.Fatalf("with nothing to do until %v the next is at %v", next, run.Next())
			}
			if n := len(*records); n > 0 && (*records)[n-1].At > to {
				t.Fatalf("advanced to %v it has told of %v", to, (*records)[n-1].At)
			}
		}
		if want := labtest.Play(t, s); !slices.Equal(*records, want) {
			t.Fatalf("the journal is\n%+v, want\n%+v", *records, want)
		}
	})
}

func TestTheSeedDecidesWhoIsFirst(t *testing.T) {
	first := map[journal.Kind]int{}
	for seed := range uint64(200) {
		s := scenario.Classic()
		s.Seed = seed
		for _, r := range labtest.Play(t, s) {
			if r.At == 3*time.Second && (r.Kind == journal.Produced || r.Kind == journal.Handled) {
				first[r.Kind]++
				break
			}
		}
	}
	if first[journal.Produced] < 60 || first[journal.Handled] < 60 {
		t.Errorf("of 200 seeds the first are %v", first)
	}
}

func TestAnInterventionAndTheEndComeBeforeWhatTheSeedOrders(t *testing.T) {
	s := scenario.Classic()
	s.Duration = scenario.Duration(2 * time.Second)
	s.Interventions = []scenario.Intervention{{At: scenario.Duration(time.Second), Do: scenario.SetBuffer, Value: 1}}
	var got []journal.Kind
	for _, r := range labtest.Play(t, s) {
		got = append(got, r.Kind)
	}
	if want := []journal.Kind{journal.Changed, journal.Produced, journal.Delivered, journal.Quit}; !slices.Equal(got, want) {
		t.Errorf("it tells %v, want %v", got, want)
	}
}

func TestANewIntervalCountsFromTheLastEvent(t *testing.T) {
	const ms = scenario.Duration(time.Millisecond)
	for _, test := range []struct {
		at, interval scenario.Duration
		want         time.Duration // of the third event
	}{
		{2200 * ms, 500 * ms, 2500 * time.Millisecond},
		{2200 * ms, 3000 * ms, 5000 * time.Millisecond},
		{2800 * ms, 500 * ms, 2800 * time.Millisecond}, // late: at once
	} {
		s := scenario.Classic()
		s.Interventions = []scenario.Intervention{{At: test.at, Do: scenario.SetInterval, Value: int64(test.interval)}}
		records := labtest.Play(t, s)
		third := slices.IndexFunc(records, func(r journal.Record) bool { return r.Kind == journal.Produced && r.Number == 2 })
		if got := records[third].At; got != test.want {
			t.Errorf("every %v from %v on: the third event comes at %v, want %v", test.interval, test.at, got, test.want)
		}
	}
}

func TestANewServiceTimeIsForTheEventsBegunFromThenOn(t *testing.T) {
	s := scenario.Classic()
	s.Interventions = []scenario.Intervention{{At: scenario.Duration(1500 * time.Millisecond), Do: scenario.SetService, Value: int64(100 * time.Millisecond)}}
	var handled []time.Duration
	for _, r := range labtest.Play(t, s) {
		if r.Kind == journal.Handled {
			handled = append(handled, r.At)
		}
	}
	if want := []time.Duration{3 * time.Second, 3100 * time.Millisecond}; len(handled) < 2 || !slices.Equal(handled[:2], want) {
		t.Errorf("handled at %v, want %v first", handled, want)
	}
}

func TestAnInterruptInTheLastMomentIsTold(t *testing.T) {
	s := scenario.Classic()
	s.Interventions = []scenario.Intervention{{At: s.Duration, Do: scenario.Interrupt}}
	records := labtest.Play(t, s)
	end := records[len(records)-2:]
	want := []journal.Record{{Kind: journal.Interrupted, At: 10 * time.Second, Number: 2}, {Kind: journal.Quit, At: 10 * time.Second}}
	if !slices.Equal(end, want) {
		t.Errorf("it ends with %+v, want %+v", end, want)
	}
}

func TestStopEndsTheRunNow(t *testing.T) {
	run, records := labtest.Prepare(t, scenario.Classic())
	run.Advance(4500 * time.Millisecond)
	told := len(*records)
	run.Stop(journal.SignalTerminated)
	run.Stop(journal.SignalInterrupt) // has nothing left to stop
	want := []journal.Record{{Kind: journal.Interrupted, At: 4500 * time.Millisecond, Number: 15}, {Kind: journal.Quit, At: 4500 * time.Millisecond}}
	if got := (*records)[told:]; !slices.Equal(got, want) {
		t.Errorf("it ends with %+v, want %+v", got, want)
	}
	if run.Step() || !run.Done() || run.Next() != sim.Never {
		t.Error("it goes on")
	}
	run.Advance(time.Hour)
	if run.Now() != 4500*time.Millisecond {
		t.Errorf("the time goes on to %v", run.Now())
	}
	if err := run.Intervene(scenario.Intervention{At: scenario.Duration(5 * time.Second), Do: scenario.Interrupt}); err == nil {
		t.Error("an intervention is taken after the end")
	}
}

func TestAnInterventionThatCannotBeIsRefused(t *testing.T) {
	run, records := labtest.Prepare(t, scenario.Classic())
	run.Advance(4500 * time.Millisecond)
	for _, test := range []struct {
		do   scenario.Intervention
		want string
	}{
		{scenario.Intervention{At: scenario.Duration(4 * time.Second), Do: scenario.Interrupt}, "sim: an intervention at 4s is too late: the run is at 4.5s"},
		{scenario.Intervention{At: scenario.Duration(4500 * time.Millisecond), Do: scenario.Interrupt}, "sim: an intervention at 4.5s is too late"},
		{scenario.Intervention{At: scenario.Duration(5 * time.Second), Do: scenario.SetBuffer, Value: -1}, "sim: interventions[0].value: -1 is out of range"},
		{scenario.Intervention{At: scenario.Duration(11 * time.Second), Do: scenario.Interrupt}, "sim: interventions[0].at: 11s is out of range"},
	} {
		if err := run.Intervene(test.do); err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("got %v, want %s", err, test.want)
		}
	}
	run.Run()
	if !slices.Equal(*records, labtest.Play(t, scenario.Classic())) {
		t.Error("what was refused has changed the run")
	}
}

func TestAScenarioOutOfBoundsIsNotRun(t *testing.T) {
	s := scenario.Classic()
	s.Duration = 0
	if _, err := sim.New(s, func(*journal.Record) {}); err == nil || err.Error() != "sim: duration: 0s is out of range: 1µs to 24h0m0s" {
		t.Errorf("got %v", err)
	}
}

func TestARunLeavesItsScenarioAlone(t *testing.T) {
	s := scenario.Classic()
	s.Interventions = []scenario.Intervention{{At: 1, Do: scenario.SetInterval, Value: int64(time.Hour)}}
	before := s.Clone()
	labtest.Play(t, s)
	if !reflect.DeepEqual(s, before) {
		t.Errorf("it became %+v", s)
	}
}

// busy is a scenario of everything: two producers, one consumer that keeps up
// and one that does not.
func busy() scenario.Scenario {
	s := scenario.Classic()
	s.Duration = scenario.Duration(scenario.MaxDuration)
	s.Producers = []scenario.Producer{
		{Name: "p", Interval: scenario.Duration(time.Millisecond)}, {Name: "q", Interval: scenario.Duration(3 * time.Millisecond)},
	}
	s.Consumers = []scenario.Consumer{
		{Name: "c", Service: scenario.Duration(100 * time.Microsecond)}, {Name: "d", Service: scenario.Duration(5 * time.Millisecond)},
	}
	return s
}
