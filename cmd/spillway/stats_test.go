package main

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// reported is what the command prints with -o stats.
func reported(t *testing.T, args ...string) (r report) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(does(t, append([]string{"run", "-virtual", "-o", "stats"}, args...)...)))
	d.DisallowUnknownFields()
	if err := d.Decode(&r); err != nil {
		t.Fatal(err)
	}
	if d.More() {
		t.Error("there is more than one object")
	}
	return r
}

func TestStatsAreOneObject(t *testing.T) {
	r := reported(t)
	if r.Published != 9 || r.Handled != 4 || r.Dropped != 1 || r.Duration != 10 ||
		len(r.Consumers) != 1 || r.Consumers[0].Waiting != 3 || *r.TimeInSystem.Mean != 3.5 {
		t.Errorf("the classic has %+v", r.Report)
	}
}

func TestStatsOfEveryPresetSayWhatTheoryExpectsOrWhyNothing(t *testing.T) {
	models := map[string][]string{
		"classic":     {"D/D/1/4"},
		"drop-oldest": {"D/D/1/4"},
		"fan-out":     {"D/D/1/4", "D/D/1/4", "D/D/1/4"},
		"poisson":     {"M/M/1/11"},
	}
	for _, p := range scenario.Presets() {
		r := reported(t, p.ID)
		var got []string
		for _, v := range r.Theory {
			if v.Model != "" {
				got = append(got, v.Model)
			}
			if (v.Expected == nil) != (v.Because != nil) || (v.Deviation == nil) != (v.Expected == nil) {
				t.Errorf("%s: theory says %+v", p.ID, v)
			}
		}
		if want := models[p.ID]; want != nil && !slices.Equal(got, want) {
			t.Errorf("%s: the models are %q, want %q", p.ID, got, want)
		}
		if len(r.Theory) != len(p.Consumers) {
			t.Errorf("%s: theory speaks of %d consumers", p.ID, len(r.Theory))
		}
	}
}

func TestALongRunDeviatesLittle(t *testing.T) {
	s, err := load(t.Context(), "poisson")
	if err != nil {
		t.Fatal(err)
	}
	for _, policy := range []broker.Overflow{broker.DropNewest, broker.Reject} {
		s.Broker.Overflow = policy
		s.Duration = scenario.Duration(2 * time.Hour)
		r := reported(t, file(t, s.JSON()))
		e, d := r.Theory[0].Expected, r.Theory[0].Deviation
		for name, f := range map[string][2]float64{
			"loss":                  {e.Loss, d.Loss},
			"utilisation":           {e.Utilisation, d.Utilisation},
			"the number in system":  {e.MeanInSystem, d.MeanInSystem},
			"the number that waits": {e.MeanWaiting, d.MeanWaiting},
			"the waiting time":      {*e.MeanWaitingTime, *d.MeanWaitingTime},
			"the time in system":    {*e.TimeInSystem, *d.TimeInSystem},
		} {
			if f[0] <= 0 || math.Abs(f[1]) > 0.1*f[0] {
				t.Errorf("%v: of %s %v is expected, the run has %v more", policy, name, f[0], f[1])
			}
		}
	}
}

func TestWhereNothingWasHandledTheTimesAreNull(t *testing.T) {
	v := reported(t, "-duration", "500ms").Theory[0]
	if v.Expected == nil || v.Deviation.TimeInSystem != nil || v.Deviation.MeanWaitingTime != nil {
		t.Errorf("theory says %+v", v)
	}
}
