package play

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

func TestWhoIsAddedTakesPartFromNowOn(t *testing.T) {
	m := paused(scenario.Classic(), 3*time.Second)
	before := recorded(m)
	Update(m, Add{scenario.OfProducer})
	Update(m, Add{scenario.OfConsumer})
	Update(m, Add{scenario.OfConsumer})
	s := m.Scenario
	if m.At() != 3*time.Second || len(s.Producers) != 2 || len(s.Consumers) != 3 {
		t.Fatalf("it is at %v of %+v", m.At(), s)
	}
	if p := s.Producers[1]; p.Name != "producer-2" || p.Interval != s.Producers[0].Interval || time.Duration(p.Start) != 3*time.Second+1 {
		t.Errorf("the producer is %+v", p)
	}
	if c := s.Consumers[2]; c.Name != "consumer-3" || c.Service != s.Consumers[0].Service || time.Duration(c.Start) != 3*time.Second+1 {
		t.Errorf("the consumer is %+v", c)
	}
	if !slices.Equal(recorded(m)[:len(before)], before) {
		t.Error("the past is another one")
	}
	Update(m, Seek{At: 10 * time.Second})
	st := m.View()
	if st.Producers[1].Published != 6 || st.Consumers[2].Offered() == 0 {
		t.Errorf("in the end it is %+v", st)
	}
	Update(m, Restart{})
	for _, p := range m.Scenario.Producers {
		if p.Start != 0 {
			t.Errorf("in a new run %s begins at %v", p.Name, p.Start)
		}
	}
	for _, c := range m.Scenario.Consumers {
		if c.Start != 0 {
			t.Errorf("in a new run %s begins at %v", c.Name, c.Start)
		}
	}
}

func TestWhoIsAddedAtTheEndIsThereFromTheStartOfANewRun(t *testing.T) {
	m := paused(scenario.Classic(), 10*time.Second)
	Update(m, Add{scenario.OfProducer})
	if m.At() != 0 || !m.Playing || len(m.Scenario.Producers) != 2 || m.Scenario.Producers[1].Start != 0 {
		t.Errorf("it is at %v of %+v", m.At(), m.Scenario.Producers)
	}
}

func TestThereIsALimitOfActors(t *testing.T) {
	m := paused(scenario.Classic(), time.Second)
	for range scenario.MaxProducers - 1 {
		Update(m, Add{scenario.OfProducer})
	}
	if len(m.Scenario.Producers) != scenario.MaxProducers {
		t.Fatalf("there are %d", len(m.Scenario.Producers))
	}
	_, err := Update(m, Add{scenario.OfProducer})
	if err == nil || !strings.Contains(err.Error(), "16") || len(m.Scenario.Producers) != scenario.MaxProducers {
		t.Errorf("there are %d: %v", len(m.Scenario.Producers), err)
	}
}

func TestWhoIsRemovedDoesNothingMoreAndIsNotPartOfANewRun(t *testing.T) {
	m := paused(labtest.Trio(), 3*time.Second)
	Update(m, Remove{producer(m, 0)})
	Update(m, Remove{consumer(m, 1)})
	if len(m.Scenario.Interventions) != 2 || !m.Gone(scenario.OfProducer, 0) || !m.Gone(scenario.OfConsumer, 1) || m.Gone(scenario.OfProducer, 1) {
		t.Fatalf("the changes are %+v", m.Scenario.Interventions)
	}
	edits := len(m.undo)
	Update(m, Remove{producer(m, 0)}) // who is gone can't go
	if len(m.undo) != edits {
		t.Error("who is gone goes once more")
	}
	for _, last := range []Remove{{producer(m, 1)}, {consumer(m, 0)}} {
		if _, err := Update(m, last); err == nil || !strings.HasPrefix(err.Error(), "a run has at least one ") {
			t.Errorf("without the last it says %v", err)
		}
	}
	at := m.At()
	Update(m, Seek{At: 10 * time.Second})
	for _, r := range recorded(m) {
		if r.At > at && (r.Kind == journal.Produced && r.Producer == 0 || r.Kind == journal.Buffered && r.Consumer == 1) {
			t.Errorf("at %v there is %v of who is gone", r.At, r.Kind)
		}
	}
	Update(m, Restart{})
	s := m.Scenario
	if len(s.Producers) != 1 || s.Producers[0].Name != "bank" || len(s.Consumers) != 1 || s.Consumers[0].Name != "ledger" {
		t.Errorf("the new run has %+v, %+v", s.Producers, s.Consumers)
	}
}

func TestWhoIsRemovedAtTheStartOrTheEndWasNeverThere(t *testing.T) {
	for _, at := range []time.Duration{0, 10 * time.Second} {
		m := paused(labtest.Trio(), at)
		Update(m, Remove{consumer(m, 0)})
		if s := m.Scenario; len(s.Consumers) != 1 || s.Consumers[0].Name != "audit" || len(s.Interventions) != 0 || m.At() != 0 {
			t.Errorf("removed at %v: %+v, %+v", at, s.Consumers, s.Interventions)
		}
	}
}

func TestAChangeOfWhoIsGoneBeginsNoNewRun(t *testing.T) {
	m := paused(labtest.Trio(), 3*time.Second)
	Update(m, Remove{producer(m, 1)})
	Update(m, Seek{At: 10 * time.Second})
	link := m.Link()
	for _, msg := range []Msg{
		Set{Actor: producer(m, 1), Field: Field(scenario.SetInterval), Value: int64(time.Second)},
		Move{producer(m, 1), -1},
		setStart(producer(m, 1), time.Second),
		setCount(producer(m, 1), 4),
	} {
		if Update(m, msg); m.Link() != link {
			t.Errorf("%+v changes the run", msg)
		}
	}
	Update(m, Set{Actor: producer(m, 0), Field: Field(scenario.SetInterval), Value: int64(time.Second)})
	if p := m.Scenario.Producers; m.At() != 0 || len(p) != 1 || time.Duration(p[0].Interval) != time.Second {
		t.Errorf("a change of who is there makes %+v", p)
	}
}

func TestANameIsChangedInAllThatHasBeen(t *testing.T) {
	m := paused(labtest.Trio(), 3*time.Second)
	records, at := recorded(m), m.At()
	Update(m, rename(producer(m, 1), " till "))
	if m.Scenario.Producers[1].Name != "till" || m.At() != at || !slices.Equal(recorded(m), records) {
		t.Errorf("it is at %v with %+v", m.At(), m.Scenario.Producers)
	}
	edits := len(m.undo)
	Update(m, rename(producer(m, 1), "till"))
	if len(m.undo) != edits {
		t.Error("the same name is an edit")
	}
	for _, name := range []string{"", " ", "ledger", "a\nb", strings.Repeat("x", 33)} {
		if _, err := Update(m, rename(producer(m, 1), name)); err == nil || m.Scenario.Producers[1].Name != "till" {
			t.Errorf("%q is taken: %+v", name, m.Scenario.Producers)
		}
	}
}

func TestWhoWasAddedAndRenamedIsThereFromTheStartOfANewRun(t *testing.T) {
	m := paused(scenario.Classic(), 3*time.Second)
	Update(m, Add{scenario.OfProducer})
	Update(m, rename(producer(m, 1), "late"))
	Update(m, Restart{})
	if p := m.Scenario.Producers[1]; p.Name != "late" || p.Start != 0 {
		t.Errorf("it is %+v", p)
	}
}

func TestPlacesAreExchangedAmongThoseWhoAreThere(t *testing.T) {
	m := paused(labtest.Many(3, 2, 3), 3*time.Second)
	names := func() (n string) {
		for _, p := range m.Scenario.Producers {
			n += p.Name
		}
		return n
	}
	Update(m, Move{producer(m, 0), -1})
	Update(m, Move{producer(m, 2), 1})
	if names() != "abc" || m.At() != 3*time.Second {
		t.Errorf("beyond either end it is %s at %v", names(), m.At())
	}
	Update(m, Remove{producer(m, 1)})
	Update(m, Move{producer(m, 2), -1})
	if names() != "ca" || m.At() != 0 {
		t.Errorf("without the second it is %s at %v", names(), m.At())
	}
}

func TestALongerRunKeepsWhatHasBeenAndWhatALinkHasInStore(t *testing.T) {
	m := paused(labtest.Edited(func(s *scenario.Scenario) {
		s.Interventions = []scenario.Intervention{
			{At: scenario.Duration(5 * time.Second), Do: scenario.SetBuffer, Value: 5},
			{At: scenario.Duration(8 * time.Second), Do: scenario.SetBuffer, Value: 8},
		}
	}), 2*time.Second)
	Update(m, setDuration(time.Minute))
	if m.At() != 2*time.Second || m.Duration() != time.Minute || len(m.Scenario.Interventions) != 2 {
		t.Errorf("it is at %v of %v with %+v", m.At(), m.Duration(), m.Scenario.Interventions)
	}
	Update(m, setDuration(6*time.Second))
	if m.At() != 2*time.Second || m.Duration() != 6*time.Second || len(m.Scenario.Interventions) != 1 {
		t.Errorf("shorter it is at %v of %v with %+v", m.At(), m.Duration(), m.Scenario.Interventions)
	}
	Update(m, setDuration(time.Second))
	if m.At() != 0 || m.Duration() != time.Second || len(m.Scenario.Interventions) != 0 {
		t.Errorf("shorter than what has been it is at %v of %v with %+v", m.At(), m.Duration(), m.Scenario.Interventions)
	}
	link := m.Link()
	if _, err := Update(m, setDuration(25*time.Hour)); err == nil || m.Link() != link {
		t.Errorf("25 hours are allowed: %v", err)
	}
}

func TestAScenarioOfOnesOwnIsPlayedFromTheStart(t *testing.T) {
	m := paused(scenario.Classic(), 3*time.Second)
	Update(m, LoadScenario{"mine", labtest.Trio()})
	if !m.Scenario.Equal(labtest.Trio()) || m.Preset != "" || m.Caption() != "mine" || m.At() != 0 || !m.Playing {
		t.Errorf("it is %+v at %v", m.Scenario, m.At())
	}
	_, err := Update(m, LoadScenario{"broken", scenario.Scenario{}})
	if err == nil || m.Caption() != "mine" || !m.Scenario.Equal(labtest.Trio()) {
		t.Errorf("a broken one makes %q of %+v", m.Caption(), m.Scenario)
	}
}

func TestTheLogBeginsWhenOneLikesAndNothingElseChanges(t *testing.T) {
	m := paused(scenario.Classic(), 3*time.Second)
	before, run := recorded(m), m.run
	Update(m, setLogStart("2026-02-03 23:59:59 +0000 UTC"))
	if m.run != run || m.At() != 3*time.Second || !slices.Equal(recorded(m), before) {
		t.Error("the run is another")
	}
	if _, err := Update(m, setLogStart("never")); err == nil {
		t.Error("nonsense is taken")
	}
	if Update(m, Undo{}); m.Scenario.Start != scenario.Classic().Start || m.At() != 3*time.Second {
		t.Errorf("taken back it starts at %v", m.Scenario.Start)
	}
}
