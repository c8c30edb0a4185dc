package sim_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/journal"
	"github.com/spillway-go/spillway/broker/scenario"
	"github.com/spillway-go/spillway/broker/sim"
	"pgregory.net/rapid"
)

func TestTheSameScenarioHasTheSameJournal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyScenario.Draw(t, "scenario")
		if first, second := play(t, s), play(t, s); !slices.Equal(first, second) {
			t.Fatalf("two runs differ:\n%+v\n%+v", first, second)
		}
	})
}

func TestAnInterventionWhileItRunsIsAsIfItHadBeenPlanned(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		planned := anyScenario.Draw(t, "scenario")
		asked := planned.Clone()
		asked.Interventions = nil
		run, records := prepare(t, asked)
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
		if want := play(t, planned); !slices.Equal(*records, want) {
			t.Fatalf("the journal is\n%+v, want\n%+v", *records, want)
		}
	})
}

func TestAnInterventionChangesNothingBeforeIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyScenario.Draw(t, "scenario")
		if len(s.Interventions) == 0 {
			t.Skip("none")
		}
		last := s.Interventions[len(s.Interventions)-1]
		without := s.Clone()
		without.Interventions = without.Interventions[:len(s.Interventions)-1]
		before := func(records []journal.Record) []journal.Record {
			n := slices.IndexFunc(records, func(r journal.Record) bool { return r.At >= time.Duration(last.At) })
			if n < 0 {
				return records
			}
			return records[:n]
		}
		if with, without := before(play(t, s)), before(play(t, without)); !slices.Equal(with, without) {
			t.Fatalf("before %v it is\n%+v, and without it\n%+v", last.At, with, without)
		}
	})
}

func TestAdvancingInSlicesIsRunning(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyScenario.Draw(t, "scenario")
		run, records := prepare(t, s)
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
		if want := play(t, s); !slices.Equal(*records, want) {
			t.Fatalf("the journal is\n%+v, want\n%+v", *records, want)
		}
	})
}

// ledger follows a run from its journal alone.
type ledger struct {
	scenario  scenario.Scenario
	published uint64
	dropped   uint64
	consumers []account
}

type account struct {
	waiting           []journal.Event
	handling          *journal.Event
	since             time.Duration
	service           scenario.Duration
	handled, dropped  uint64
	deliveredProducer map[uint8]uint64
}

func newLedger(s scenario.Scenario) *ledger {
	l := &ledger{scenario: s.Clone(), consumers: make([]account, len(s.Consumers))}
	for i := range l.consumers {
		l.consumers[i].deliveredProducer = map[uint8]uint64{}
	}
	return l
}

// add checks one record against all that came before it.
func (l *ledger) add(t fataler, r journal.Record) {
	c := &l.consumers[r.Consumer]
	depth := true
	switch r.Kind {
	case journal.Produced:
		l.published++
		depth = false
	case journal.Buffered:
		c.waiting = append(c.waiting, r.Event())
		if len(c.waiting) > l.scenario.Broker.Buffer {
			t.Fatalf("%+v: %d wait in a buffer of %d", r, len(c.waiting), l.scenario.Broker.Buffer)
		}
	case journal.Dropped:
		l.drop(t, c, r)
	case journal.Delivered:
		l.deliver(t, c, r)
	case journal.Handled:
		if c.handling == nil || *c.handling != r.Event() {
			t.Fatalf("%+v was handled, and not %+v", r, c.handling)
		}
		if took := r.At - c.since; took != time.Duration(c.service) {
			t.Fatalf("%+v took %v, want %v", r, took, c.service)
		}
		c.handling = nil
		c.handled++
	case journal.Changed:
		l.scenario.Apply(l.scenario.Interventions[r.Number])
		depth = false
	default:
		depth = false
	}
	if depth && int(r.Depth) != len(c.waiting) {
		t.Fatalf("%+v: %d wait", r, len(c.waiting))
	}
}

func (l *ledger) drop(t fataler, c *account, r journal.Record) {
	l.dropped++
	c.dropped++
	i := len(c.waiting) - 1
	switch broker.DropReason(r.Cause) {
	case broker.Full:
		if len(c.waiting) < l.scenario.Broker.Buffer {
			t.Fatalf("%+v was dropped though there was room", r)
		}
		return
	case broker.Displaced:
		i = 0
	case broker.Shrunk:
		if l.scenario.Broker.Overflow == broker.DropOldest {
			i = 0
		}
	default:
		t.Fatalf("%+v was dropped without a reason", r)
	}
	if i < 0 || c.waiting[i] != r.Event() {
		t.Fatalf("%+v was dropped of %+v", r, c.waiting)
	}
	c.waiting = slices.Delete(c.waiting, i, i+1)
}

func (l *ledger) deliver(t fataler, c *account, r journal.Record) {
	if c.handling != nil {
		t.Fatalf("%+v was delivered to a consumer at work on %+v", r, c.handling)
	}
	if len(c.waiting) > 0 {
		if c.waiting[0] != r.Event() {
			t.Fatalf("%+v was delivered before %+v", r, c.waiting[0])
		}
		c.waiting = c.waiting[1:]
	} else if r.Born != r.At {
		t.Fatalf("%+v was delivered late and never waited", r)
	}
	if next := c.deliveredProducer[r.Producer]; r.Number < next {
		t.Fatalf("%+v was delivered after %d", r, next-1)
	}
	c.deliveredProducer[r.Producer] = r.Number + 1
	e := r.Event()
	c.handling, c.since, c.service = &e, r.At, l.scenario.Consumers[r.Consumer].Service
}

// balance checks that every event is somewhere, for each consumer.
func (l *ledger) balance(t fataler) {
	for i, c := range l.consumers {
		held := c.handled + c.dropped + uint64(len(c.waiting))
		if c.handling != nil {
			held++
		}
		if held != l.published {
			t.Fatalf("consumer %d: %d events of %d are accounted for", i, held, l.published)
		}
	}
}

func TestEveryEventIsAccountedForAtEveryMoment(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyScenario.Draw(t, "scenario")
		l := newLedger(s)
		run, records := prepare(t, s)
		seen, last := 0, time.Duration(0)
		for run.Step() { // a step is one moment of one actor
			for _, r := range (*records)[seen:] {
				if r.At < last || r.At > time.Duration(s.Duration) {
					t.Fatalf("%+v comes after %v", r, last)
				}
				last = r.At
				l.add(t, r)
			}
			seen = len(*records)
			l.balance(t)
		}
		if end := (*records)[seen-1]; end.Kind != journal.Quit {
			t.Fatalf("the last record is %+v", end)
		}
	})
}

func TestPoliciesAndBuffersMeetTheSameArrivals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyScenario.Draw(t, "scenario")
		s.Interventions = nil
		other := s.Clone()
		other.Broker = scenario.Broker{Buffer: anyBuffer.Draw(t, "other buffer"), Overflow: anyPolicy.Draw(t, "other overflow")}
		other.Consumers = other.Consumers[:rapid.IntRange(1, len(s.Consumers)).Draw(t, "fewer consumers")]
		arrivals := func(records []journal.Record) []journal.Record {
			return slices.DeleteFunc(records, func(r journal.Record) bool { return r.Kind != journal.Produced })
		}
		if a, b := arrivals(play(t, s)), arrivals(play(t, other)); !slices.Equal(a, b) {
			t.Fatalf("the arrivals are\n%+v and\n%+v", a, b)
		}
	})
}

func TestTheSeedDecidesWhoIsFirst(t *testing.T) {
	first := map[journal.Kind]int{}
	for seed := range uint64(200) {
		s := scenario.Classic()
		s.Seed = seed
		for _, r := range play(t, s) {
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
	s.Interventions = []scenario.Intervention{{At: scenario.Duration(time.Second), Do: scenario.SetBuffer, Buffer: 1}}
	var got []journal.Kind
	for _, r := range play(t, s) {
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
		s.Interventions = []scenario.Intervention{{At: test.at, Do: scenario.SetInterval, Interval: test.interval}}
		records := play(t, s)
		third := slices.IndexFunc(records, func(r journal.Record) bool { return r.Kind == journal.Produced && r.Number == 2 })
		if got := records[third].At; got != test.want {
			t.Errorf("every %v from %v on: the third event comes at %v, want %v", test.interval, test.at, got, test.want)
		}
	}
}

func TestANewServiceTimeIsForTheEventsBegunFromThenOn(t *testing.T) {
	s := scenario.Classic()
	s.Interventions = []scenario.Intervention{{At: scenario.Duration(1500 * time.Millisecond), Do: scenario.SetService, Service: scenario.Duration(100 * time.Millisecond)}}
	var handled []time.Duration
	for _, r := range play(t, s) {
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
	records := play(t, s)
	end := records[len(records)-2:]
	want := []journal.Record{{Kind: journal.Interrupted, At: 10 * time.Second, Number: 2}, {Kind: journal.Quit, At: 10 * time.Second}}
	if !slices.Equal(end, want) {
		t.Errorf("it ends with %+v, want %+v", end, want)
	}
}

func TestStopEndsTheRunNow(t *testing.T) {
	run, records := prepare(t, scenario.Classic())
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
	run, records := prepare(t, scenario.Classic())
	run.Advance(4500 * time.Millisecond)
	for _, test := range []struct {
		do   scenario.Intervention
		want string
	}{
		{scenario.Intervention{At: scenario.Duration(4 * time.Second), Do: scenario.Interrupt}, "sim: an intervention at 4s is too late: the run is at 4.5s"},
		{scenario.Intervention{At: scenario.Duration(4500 * time.Millisecond), Do: scenario.Interrupt}, "sim: an intervention at 4.5s is too late"},
		{scenario.Intervention{At: scenario.Duration(5 * time.Second), Do: scenario.SetBuffer, Buffer: -1}, "sim: interventions[0].buffer: -1 is out of range"},
		{scenario.Intervention{At: scenario.Duration(11 * time.Second), Do: scenario.Interrupt}, "sim: interventions[0].at: 11s is out of range"},
	} {
		if err := run.Intervene(test.do); err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("got %v, want %s", err, test.want)
		}
	}
	run.Run()
	if !slices.Equal(*records, play(t, scenario.Classic())) {
		t.Error("what was refused has changed the run")
	}
}

func TestAScenarioOutOfBoundsIsNotRun(t *testing.T) {
	s := scenario.Classic()
	s.Duration = 0
	if _, err := sim.New(s, func(journal.Record) {}); err == nil || err.Error() != "sim: duration: 0s is out of range: 1µs to 24h0m0s" {
		t.Errorf("got %v", err)
	}
}

func TestARunLeavesItsScenarioAlone(t *testing.T) {
	s := scenario.Classic()
	s.Interventions = []scenario.Intervention{{At: 1, Do: scenario.SetInterval, Interval: scenario.Duration(time.Hour)}}
	before := s.Clone()
	play(t, s)
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

func TestARunAllocatesNothingInTheSteadyState(t *testing.T) {
	s := busy()
	j := journal.New(1<<14, len(s.Producers), len(s.Consumers))
	run, err := sim.New(s, j.Append)
	if err != nil {
		t.Fatal(err)
	}
	for range 1 << 16 {
		run.Step()
	}
	if n := testing.AllocsPerRun(1000, func() { run.Step() }); n != 0 {
		t.Errorf("%v allocations an event", n)
	}
	if n := testing.AllocsPerRun(5, func() {
		for range 10_000 {
			run.Step()
		}
	}); n != 0 {
		t.Errorf("%v allocations in 10,000 events", n)
	}
}
