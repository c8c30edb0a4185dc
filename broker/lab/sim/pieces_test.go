package sim_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
	"github.com/spillway-go/spillway/broker/lab/sim"
	"go.uber.org/goleak"
	"pgregory.net/rapid"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("runtime.handleEvent"))
}

// crush is so many producers whose bursts come at the same moment, for so many consumers.
func crush(producers, burst, consumers, buffer int) scenario.Scenario {
	s := scenario.Classic()
	s.Producers, s.Consumers = nil, nil
	for i := range producers {
		s.Producers = append(s.Producers, scenario.Producer{Name: fmt.Sprint("p", i), Interval: scenario.Duration(time.Second), Burst: burst})
	}
	for i := range consumers {
		s.Consumers = append(s.Consumers, scenario.Consumer{Name: fmt.Sprint("c", i), Service: scenario.Duration(time.Hour)})
	}
	s.Broker.Buffer = buffer
	return s
}

func TestWhetherThereIsTimeForMoreIsAskedInsideOfLongSteps(t *testing.T) {
	all := crush(16, 1000, 16, broker.MaxBuffer)
	shrinks, leaves, crashes := all.Clone(), all.Clone(), all.Clone()
	at := scenario.Duration(3500 * time.Millisecond)
	shrinks.Interventions = []scenario.Intervention{{At: at, Do: scenario.SetBuffer, Value: 0}}
	leaves.Interventions = []scenario.Intervention{{At: at, Do: scenario.Leave}}
	crashes.Broker = scenario.Broker{Buffer: 20_000, Overflow: broker.Spill}
	crashes.Interventions = []scenario.Intervention{{At: at, Do: scenario.Crash}}
	for name, s := range map[string]scenario.Scenario{"bursts": all, "a buffer is made smaller": shrinks, "a consumer leaves": leaves, "a crash": crashes} {
		s.Duration = scenario.Duration(4 * time.Second)
		records, since, most := 0, 0, 0
		run, err := sim.New(s, func(*journal.Record) { records++; since++ })
		if err != nil {
			t.Fatal(err)
		}
		run.AdvanceWhile(sim.Never, func() bool { most, since = max(most, since), 0; return true })
		if most = max(most, since); most > 9*sim.Pace {
			t.Errorf("%s: between two questions there were up to %d records of %d", name, most, records)
		}
		if !run.Done() {
			t.Errorf("%s: it ends at %v", name, run.Now())
		}
	}
}

func TestWhoAsksForTheQuestionIsAskedAtTheNextRecord(t *testing.T) {
	for name, s := range map[string]scenario.Scenario{"in a long step": crush(16, 1000, 16, 3), "in short ones": scenario.Classic()} {
		for _, after := range []int{1, 2, 10, 25} {
			records := 0
			var run *sim.Sim
			run, err := sim.New(s, func(*journal.Record) {
				if records++; records >= after {
					run.Ask()
				}
			})
			if err != nil {
				t.Fatal(err)
			}
			run.AdvanceWhile(sim.Never, func() bool { return records < after })
			if run.Close(); records > after+16 { // what one event of a classic or of a crush brings at once
				t.Errorf("%s: asked after %d records, it leaves off after %d", name, after, records)
			}
		}
	}
}

func TestARunThatLeavesOffAnywhereHasTheSameJournal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := labtest.Crowded().Scenario().Draw(t, "scenario")
		want := labtest.Play(t, s)
		run, records := labtest.Prepare(t, s)
		defer run.Close()
		run.SetPace(rapid.IntRange(1, 3).Draw(t, "pace"))
		for n := 0; !run.Done(); n++ {
			if n > 2*len(want)+10 {
				t.Fatalf("after %d turns it is at %v", n, run.Now())
			}
			switch rapid.IntRange(0, 9).Draw(t, "how") {
			case 2:
				run.StepWhile(func() bool { return rapid.Bool().Draw(t, "go on") })
			case 0:
				run.Step()
			case 1:
				run.Advance(run.Now() + time.Duration(rapid.IntRange(0, 20).Draw(t, "ms"))*time.Millisecond)
			default:
				again := rapid.IntRange(0, 2).Draw(t, "questions")
				run.AdvanceWhile(sim.Never, func() bool { again--; return again >= 0 })
				// What has been reached is complete.
				complete := slices.IndexFunc(want, func(r journal.Record) bool { return r.At > run.Reached() })
				if complete >= 0 && len(*records) < complete {
					t.Fatalf("at %v there are %d records, want %d", run.Reached(), len(*records), complete)
				}
				if next := run.Next(); next <= run.Reached() {
					t.Fatalf("it has reached %v, and more happens at %v", run.Reached(), next)
				}
			}
		}
		if !slices.Equal(*records, want) {
			t.Fatalf("the journal has %d records, want %d: %v", len(*records), len(want), *records)
		}
	})
}

func TestARunThatIsStoppedInTheMiddleOfAMomentSaysSoAtOnce(t *testing.T) {
	var last []journal.Kind
	run, err := sim.New(crush(16, 1000, 16, 3), func(r *journal.Record) { last = append(last, r.Kind) })
	if err != nil {
		t.Fatal(err)
	}
	run.AdvanceWhile(sim.Never, func() bool { return false })
	if run.Reached() != time.Second-1 || run.Next() != time.Second || run.Done() {
		t.Fatalf("it has reached %v", run.Reached())
	}
	before := len(last)
	run.Stop(journal.SignalInterrupt)
	if !run.Done() || !slices.Equal(last[before:], []journal.Kind{journal.Interrupted, journal.Quit}) {
		t.Errorf("it ends with %v", last[before:])
	}
	if run.Step() || run.Next() != sim.Never {
		t.Error("it goes on after the end")
	}
}

func TestAPanicOfWhoIsToldReachesWhoAskedForMore(t *testing.T) {
	run, err := sim.New(scenario.Classic(), func(*journal.Record) { panic("no") })
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if v := recover(); v != "no" {
			t.Errorf("it panics with %v", v)
		}
	}()
	run.AdvanceWhile(sim.Never, nil)
}
