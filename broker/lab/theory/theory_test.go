package theory_test

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/scenario"
	"github.com/spillway-go/spillway/broker/lab/sim"
	"github.com/spillway-go/spillway/broker/lab/theory"
)

func ms(n int64) scenario.Duration { return scenario.Duration(n) * scenario.Duration(time.Millisecond) }

// classic is the classic after an edit.
func classic(edit func(*scenario.Scenario)) scenario.Scenario {
	s := scenario.Classic()
	edit(&s)
	return s
}

func twoProducers(s *scenario.Scenario) {
	s.Producers = append(s.Producers, s.Producers[0])
	s.Producers[1].Name = "other"
}

func poisson(s *scenario.Scenario) {
	for i := range s.Producers {
		s.Producers[i].Arrivals = scenario.Poisson
	}
}

func exponential(s *scenario.Scenario) { s.Consumers[0].Times = scenario.Exponential }

func other(s *scenario.Scenario, o broker.Overflow) {
	s.Consumers = append(s.Consumers, scenario.Consumer{Name: "other", Service: ms(100), Overflow: o})
}

func TestTheClosedFormIsTheOneWhoseAssumptionsHold(t *testing.T) {
	for name, c := range map[string]struct {
		edit  func(*scenario.Scenario)
		model string
		load  float64
	}{
		"the classic":         {func(*scenario.Scenario) {}, "D/D/1/4", 2},
		"no buffer":           {func(s *scenario.Scenario) { s.Broker.Buffer = 0 }, "D/D/1/1", 2},
		"a buffer of its own": {func(s *scenario.Scenario) { s.Consumers[0].Buffer = scenario.OwnBuffer(7) }, "D/D/1/8", 2},
		"random arrivals":     {poisson, "M/D/1/4", 2},
		"random everything":   {func(s *scenario.Scenario) { poisson(s); exponential(s) }, "M/M/1/4", 2},
		"several workers":     {func(s *scenario.Scenario) { poisson(s); exponential(s); s.Consumers[0].Workers = 4 }, "M/M/4/7", 0.5},
		"several Poisson":     {func(s *scenario.Scenario) { twoProducers(s); poisson(s) }, "M/D/1/4", 4},
		"one of two topics":   {func(s *scenario.Scenario) { twoProducers(s); s.Producers[1].Topic = "a"; s.Consumers[0].Topics = "a" }, "D/D/1/4", 2},
		"drop oldest":         {func(s *scenario.Scenario) { s.Broker.Overflow = broker.DropOldest }, "D/D/1/4", 2},
		"reject":              {func(s *scenario.Scenario) { s.Broker.Overflow = broker.Reject }, "D/D/1/4", 2},
		"another that drops":  {func(s *scenario.Scenario) { other(s, broker.DropNewest) }, "D/D/1/4", 2},
		"another that blocks others": {func(s *scenario.Scenario) {
			other(s, broker.Block)
			s.Consumers[1].Topics = "elsewhere"
		}, "D/D/1/4", 2},
		"a backlog without end": {func(s *scenario.Scenario) {
			poisson(s)
			exponential(s)
			s.Broker.Overflow = broker.Spill
			s.Consumers[0].Service = ms(500)
		}, "M/M/1", 0.5},
		"a steady one":           {func(s *scenario.Scenario) { s.Broker.Overflow = broker.Spill; s.Consumers[0].Service = ms(500) }, "D/D/1", 0.5},
		"failures without retry": {func(s *scenario.Scenario) { s.Consumers[0].Failures = 50 }, "D/D/1/4", 2},
		"a change": {func(s *scenario.Scenario) {
			s.Interventions = []scenario.Intervention{{At: ms(3000), Do: scenario.SetBuffer, Value: 1}}
		}, "D/D/1/2", 2},
		"one that stopped": {func(s *scenario.Scenario) {
			twoProducers(s)
			s.Interventions = []scenario.Intervention{{At: ms(3000), Do: scenario.Stop, Actor: 1}}
		}, "D/D/1/4", 2},
	} {
		p, err := theory.For(classic(c.edit), 0)
		if err != nil || p.Model != c.model || math.Abs(p.Load()-c.load) > 1e-12 {
			t.Errorf("%s: it is %s with load %v, want %s with %v (%v)", name, p.Model, p.Load(), c.model, c.load, err)
		}
	}
	if p, err := theory.For(scenario.Classic(), 0); err != nil || p.Loss != 0.5 || p.Utilisation != 1 || p.Caveats != nil {
		t.Errorf("the classic loses %v and is busy for %v, %q (%v)", p.Loss, p.Utilisation, p.Caveats, err)
	}
}

func TestWhatDoesNotFitIsNamed(t *testing.T) {
	for name, c := range map[string]struct {
		edit func(*scenario.Scenario)
		want string
	}{
		"bursts":            {func(s *scenario.Scenario) { s.Producers[0].Burst = 3 }, "come in bursts"},
		"an end":            {func(s *scenario.Scenario) { s.Producers[0].Count = 30 }, "producer ends after 30 events"},
		"two steady":        {twoProducers, "several steady producers"},
		"steady and random": {func(s *scenario.Scenario) { twoProducers(s); s.Producers[0].Arrivals = scenario.Poisson }, "some are Poisson"},
		"nobody":            {func(s *scenario.Scenario) { s.Consumers[0].Topics = "a.b" }, "nobody publishes"},
		"uniform":           {func(s *scenario.Scenario) { s.Consumers[0].Times = scenario.Uniform }, "service times are uniform"},
		"retries":           {func(s *scenario.Scenario) { s.Consumers[0].Failures, s.Consumers[0].Attempts = 1, 2 }, "tries again"},
		"block":             {func(s *scenario.Scenario) { s.Broker.Overflow = broker.Block }, "makes the producers wait"},
		"keep latest":       {func(s *scenario.Scenario) { s.Broker.Overflow = broker.KeepLatest }, "takes the place"},
		"another blocks":    {func(s *scenario.Scenario) { other(s, broker.Block) }, "the full buffer of other makes"},
		"another rejects":   {func(s *scenario.Scenario) { other(s, broker.Reject) }, "the full buffer of other rejects"},
		"steady, random":    {exponential, "no formula here for steady"},
		"fixed workers":     {func(s *scenario.Scenario) { s.Consumers[0].Workers = 2 }, "several workers"},
		"growing backlog":   {func(s *scenario.Scenario) { s.Broker.Overflow = broker.Spill }, "grows for ever"},
		"a pause":           {func(s *scenario.Scenario) { s.Interventions = []scenario.Intervention{{At: 1, Do: scenario.Pause}} }, "it is paused"},
		"gone":              {func(s *scenario.Scenario) { s.Interventions = []scenario.Intervention{{At: 1, Do: scenario.Leave}} }, "it has left"},
	} {
		_, err := theory.For(classic(c.edit), 0)
		var misfit *theory.Misfit
		if !errors.As(err, &misfit) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: it says %v, want %q", name, err, c.want)
		}
	}
}

func TestWhatARunHadBesideTheAssumptionsIsACaveat(t *testing.T) {
	for want, edit := range map[string]func(*scenario.Scenario){
		"the settings were others until 3s": func(s *scenario.Scenario) {
			s.Interventions = []scenario.Intervention{{At: ms(3000), Do: scenario.SetBuffer, Value: 1}}
		},
		"events were published by hand": func(s *scenario.Scenario) {
			s.Interventions = []scenario.Intervention{{At: 1, Do: scenario.Publish}, {At: 2, Do: scenario.Publish}}
		},
		"the process crashed": func(s *scenario.Scenario) {
			s.Interventions = []scenario.Intervention{{At: 1, Do: scenario.Crash}}
		},
		"it was paused": func(s *scenario.Scenario) {
			s.Interventions = []scenario.Intervention{{At: 1, Do: scenario.Pause}, {At: 2, Do: scenario.Resume}}
		},
		"producer begins at 2s only": func(s *scenario.Scenario) { s.Producers[0].Start = ms(2000) },
		"it subscribes at 2s only":   func(s *scenario.Scenario) { s.Consumers[0].Start = ms(2000) },
		"what waited longest is dropped, so events that are handled waited less": func(s *scenario.Scenario) {
			s.Broker.Overflow = broker.DropOldest
		},
	} {
		p, err := theory.For(classic(edit), 0)
		if err != nil || len(p.Caveats) != 1 || p.Caveats[0] != want {
			t.Errorf("it says %q (%v), want %q", p.Caveats, err, want)
		}
	}
}

func TestEveryPresetIsJudged(t *testing.T) {
	want := map[string]string{"classic": "D/D/1/4", "drop-oldest": "D/D/1/4", "fan-out": "D/D/1/4", "poisson": "M/M/1/11"}
	for _, preset := range scenario.Presets() {
		s := preset.Scenario
		s.Interventions = nil
		p, err := theory.For(s, 0)
		if model := want[preset.ID]; p.Model != model && model != "" || (err != nil) != (p.Model == "") {
			t.Errorf("%s is %q, want %q (%v)", preset.ID, p.Model, model, err)
		}
	}
}

func TestALongRunComesNearThePrediction(t *testing.T) {
	preset, err := scenario.FindPreset("poisson")
	if err != nil {
		t.Fatal(err)
	}
	s := preset.Scenario
	s.Duration = scenario.Duration(4 * time.Hour)
	stats := journal.NewStats(s, len(s.Producers), len(s.Consumers))
	run, err := sim.New(s, func(r *journal.Record) { stats.Observe(*r) })
	if err != nil {
		t.Fatal(err)
	}
	run.Run()
	p, err := theory.For(s, 0)
	if err != nil {
		t.Fatal(err)
	}
	got := stats.Report()
	if math.Abs(got.Loss-p.Loss) > 0.1*p.Loss || math.Abs(got.Utilisation-p.Utilisation) > 0.02 || math.Abs(*got.TimeInSystem.Mean-p.Time) > 0.05*p.Time {
		t.Errorf("the run loses %v, is busy for %v and takes %v s; theory: %v, %v, %v s", got.Loss, got.Utilisation, *got.TimeInSystem.Mean, p.Loss, p.Utilisation, p.Time)
	}
}
