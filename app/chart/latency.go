package chart

import (
	"time"

	"github.com/spillway-go/spillway/app/draw"
	"github.com/spillway-go/spillway/app/format"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/broker/lab/journal"
)

// latencyPlot is how long events took.
func (p *Plotter) latencyPlot(m *play.Moment, width float64) *binPlot {
	subject := m.Scope()
	latency, whole := p.past.latency(m)
	times := latency.Times(subject)
	b := &binPlot{unit: "events handled", total: times.Count, times: times}
	if whole {
		b.unit = "events handled, of the whole run so far"
	}
	if subject != journal.Everyone {
		b.unit = m.Scenario.Consumers[subject].Name + ": " + b.unit
	}
	if times.Count == 0 {
		b.none = "nothing handled yet"
		return b
	}
	b.bins = latency.Bins(nil, subject, int((width-chartLeft-chartRight)/16))
	for _, t := range []struct {
		name string
		at   time.Duration
		dash string
	}{{"p50", times.P50, ""}, {"p95", times.P95, "6 3"}, {"p99", times.P99, "2 2"}} {
		b.marks = append(b.marks, binMark{entry{name: t.name, value: format.Time(t.at), ink: draw.InkText, dash: t.dash}, t.at})
	}
	return b
}

// past is how long events took up to the playhead, when that is behind the end of
// the run so far.
type past struct {
	journal  *journal.Journal
	position uint64
	sum      *journal.Latency
}

// latency is that up to the playhead. Where the run is too long to read it again,
// it is that of the whole run so far.
func (p *past) latency(m *play.Moment) (l *journal.Latency, whole bool) {
	j, to := m.Journal(), m.State.Position
	switch {
	case to == j.Next():
		p.journal = nil
		return m.Latency(), false
	case j.First() > 0 || to > play.ReplayLimit:
		return m.Latency(), true
	}
	if p.journal != j || p.position > to {
		*p = past{journal: j, sum: journal.NewLatency(len(m.Scenario.Consumers))}
	}
	for ; p.position < to; p.position++ {
		p.sum.Observe(j.At(p.position))
	}
	return p.sum, false
}
