package main

import (
	"encoding/json"
	"errors"
	"io"
	"math"

	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/scenario"
	"github.com/spillway-go/spillway/broker/lab/theory"
)

// stats add a run up, and set it beside what theory expects.
type stats struct {
	scenario scenario.Scenario
	run      *journal.Stats
	rejected []uint64 // by consumer: events it refused
	part     *part    // if the run did not come to its end
}

func newStats(s scenario.Scenario) *stats {
	return &stats{scenario: s, run: journal.NewStats(s, len(s.Producers), len(s.Consumers)), rejected: make([]uint64, len(s.Consumers))}
}

func (s *stats) observe(r journal.Record) {
	s.run.Observe(r)
	if r.Kind == journal.Rejected {
		s.rejected[r.Consumer]++
	}
}

// report is what -o stats prints.
type report struct {
	*part
	journal.Report
	Theory []verdict `json:"theory"` // by consumer
}

// verdict is what theory says of a consumer: what it expects in the long run, or
// why it expects nothing.
type verdict struct {
	Consumer  string   `json:"consumer"`
	Model     string   `json:"model,omitempty"` // as Kendall named it, such as M/M/1/11
	Expected  *figures `json:"expected,omitempty"`
	Deviation *figures `json:"deviation,omitempty"` // what the run has more
	But       []string `json:"but,omitempty"`       // why a run may differ from it beyond chance
	Because   []string `json:"because,omitempty"`   // why there is no model
}

// figures are named as those of the run, and times are in seconds. Loss counts
// what was refused as what was dropped.
type figures struct {
	Loss            float64  `json:"loss"`
	Utilisation     float64  `json:"utilisation"`
	MeanInSystem    float64  `json:"mean_in_system"`
	MeanWaiting     float64  `json:"mean_waiting"`
	MeanWaitingTime *float64 `json:"mean_waiting_time"`
	TimeInSystem    *float64 `json:"time_in_system"`
}

func (s *stats) report() report {
	r := report{part: s.part, Report: s.run.Report()}
	for i := range s.scenario.Consumers {
		r.Theory = append(r.Theory, s.judge(i, r.Consumers[i]))
	}
	return r
}

func (s *stats) judge(i int, c journal.ConsumerPart) verdict {
	v := verdict{Consumer: c.Name}
	p, err := theory.For(s.scenario, i)
	var misfit *theory.Misfit
	switch {
	case errors.As(err, &misfit):
		v.Because = misfit.Reasons
		return v
	case err != nil:
		v.Because = []string{err.Error()}
		return v
	}
	loss := 0.0
	if offered := c.Offered + s.rejected[i]; offered > 0 {
		loss = float64(c.Dropped+s.rejected[i]) / float64(offered)
	}
	v.Model, v.But = p.Model, p.Caveats
	v.Expected = &figures{
		Loss: rounded(p.Loss), Utilisation: rounded(p.Utilisation),
		MeanInSystem: rounded(p.Number), MeanWaiting: rounded(p.Waiting),
		MeanWaitingTime: difference(&p.Wait, 0), TimeInSystem: difference(&p.Time, 0),
	}
	v.Deviation = &figures{
		Loss: rounded(loss - p.Loss), Utilisation: rounded(c.Utilisation - p.Utilisation),
		MeanInSystem: rounded(c.MeanInSystem - p.Number), MeanWaiting: rounded(c.MeanWaiting - p.Waiting),
		MeanWaitingTime: difference(c.MeanWaitingTime, p.Wait), TimeInSystem: difference(c.TimeInSystem.Mean, p.Time),
	}
	return v
}

// difference is how much more the run has, or nil where it has nothing.
func difference(run *float64, theory float64) *float64 {
	if run == nil {
		return nil
	}
	d := rounded(*run - theory)
	return &d
}

// rounded keeps nine decimals, as the figures of the run do.
func rounded(v float64) float64 { return math.Round(v*1e9) / 1e9 }

func (s *stats) print(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(s.report())
}
