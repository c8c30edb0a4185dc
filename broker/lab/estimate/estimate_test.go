package estimate_test

import (
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/estimate"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
	"github.com/spillway-go/spillway/broker/lab/sim"
)

func count(t labtest.T, s scenario.Scenario, most int) (events, records int, until time.Duration) {
	run, err := sim.New(s, func(r *journal.Record) {
		if records++; r.Kind == journal.Produced {
			events++
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	defer run.Close()
	run.AdvanceWhile(sim.Never, func() bool { return records < most })
	return events, records, run.Reached()
}

func TestAPresetCostsWhatItIsEstimatedTo(t *testing.T) {
	for _, p := range scenario.Presets() {
		events, records, _ := count(t, p.Scenario, 1<<30)
		c := estimate.Of(p.Scenario, time.Duration(p.Duration))
		t.Logf("%s: %d events and %d records, estimated %.0f and %.0f", p.ID, events, records, c.Events, c.Records)
		if !near(c.Events, events, 1.5, 20) || !near(c.Records, records, 1.5, 50) {
			t.Errorf("%s has %d events and %d records, estimated %.0f and %.0f", p.ID, events, records, c.Events, c.Records)
		}
	}
}

func near(estimated float64, n int, factor, few float64) bool {
	return estimated <= float64(n)*factor+few && estimated >= float64(n)/factor-few
}

func TestAnyRunCostsAboutWhatItIsEstimatedTo(t *testing.T) {
	for name, space := range map[string]labtest.Space{"crowded": labtest.Crowded(), "busy": labtest.Busy(), "untied": labtest.Untied()} {
		const runs = 500
		good, large := 0, 0
		for seed := range runs {
			s := space.Scenario().Example(seed)
			events, records, _ := count(t, s, 1<<30)
			if records > 300 {
				large++
			}
			c := estimate.Of(s, time.Duration(s.Duration))
			if near(c.Events, events, 2, 60) && near(c.Records, records, 2, 200) {
				good++
			} else if !near(c.Events, events, 12, 60) || !near(c.Records, records, 12, 200) {
				t.Errorf("%s has %d events and %d records, estimated %.0f and %.0f", scenario.Link(s, 0), events, records, c.Events, c.Records)
			}
		}
		if t.Logf("%s: %d of %d are within a factor of two, and %d are large", name, good, runs, large); good < runs*95/100 || large < 50 {
			t.Errorf("%s: only %d of %d are within a factor of two", name, good, runs)
		}
	}
}

func TestTheCostlyAreEstimatedToo(t *testing.T) {
	s := scenario.Classic()
	s.Producers[0].Interval, s.Producers[0].Burst = scenario.Duration(time.Microsecond), scenario.MaxBurst
	s.Duration = scenario.Duration(scenario.MaxDuration)
	for name, policy := range broker.Overflows() {
		s.Broker.Overflow = policy
		_, records, until := count(t, s, 1_000_000)
		if c := estimate.Of(s, until); !near(c.Records, records, 1.5, 2000) {
			t.Errorf("%v: up to %v there are %d records, estimated %.0f", name, until, records, c.Records)
		}
	}
	if c := estimate.Of(s, scenario.MaxDuration); c.Events < 1e10 {
		t.Errorf("a day of it has %.0f events", c.Events)
	}
}
