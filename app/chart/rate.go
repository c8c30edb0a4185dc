package chart

import (
	"math"
	"time"

	"github.com/spillway-go/spillway/app/draw"
	"github.com/spillway-go/spillway/app/format"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// flows are the lines of the rate chart.
var flows = []struct {
	entry
	of  func(*journal.Rate) float64
	all func(*journal.State) uint64
	by  broker.Overflow // the policy that leads to it; Inherit: it is always shown
}{
	{entry{name: "in", ink: draw.InkFlow}, func(r *journal.Rate) float64 { return r.Offered }, nil, broker.Inherit},
	{entry{name: "out", ink: draw.InkOK, dash: "8 3"}, func(r *journal.Rate) float64 { return r.Handled }, nil, broker.Inherit},
	{entry{name: "drop", ink: draw.InkDrop, dash: "2.5 2.5"}, func(r *journal.Rate) float64 { return r.Dropped }, func(s *journal.State) uint64 { return s.Dropped }, broker.DropNewest},
	{entry{name: "reject", ink: draw.InkWarn, dash: "5 2 1.5 2"}, func(r *journal.Rate) float64 { return r.Rejected }, func(s *journal.State) uint64 { return s.Rejected }, broker.Reject},
	{entry{name: "spill", ink: draw.InkRepo, dash: "4 2"}, func(r *journal.Rate) float64 { return r.Spilled }, func(s *journal.State) uint64 { return s.Spilled }, broker.Spill},
	{entry{name: "fail", ink: draw.InkMuted, dash: "1.5 3"}, func(r *journal.Rate) float64 { return r.Failed }, func(s *journal.State) uint64 { return s.Failed }, 255},
}

// ratePlot is how much comes and goes.
func (p *Plotter) ratePlot(m *play.Moment, width float64) *timePlot {
	t := newTimePlot(m, width)
	settings, subject, head := m.Now, m.Scope(), m.Journal().Head()
	reached := t.reachedColumns()
	fine := reached // finer, so that it does not show on which side of an edge an event falls
	if len(head.Consumers) <= manyLines {
		fine.divide(4)
	}
	p.rates = m.Journal().Rates(p.rates[:0], subject, 0, fine.end(), fine.count)
	over := smoothing(*settings, t.horizon)
	box := max(1, float64(over)/float64(fine.width))
	for _, f := range flows {
		if f.all != nil && f.all(head) == 0 && !usesPolicy(*settings, subject, f.by) {
			continue
		}
		l := line{entry: f.entry, spans: make([]span, reached.count)}
		p.sums = append(p.sums[:0], 0)
		for i := range p.rates {
			p.sums = append(p.sums, p.sums[i]+max(0, f.of(&p.rates[i])))
		}
		p.means = movingMean(p.means[:0], p.sums, box)
		for c := range l.spans {
			l.spans[c].last = p.means[min((c+1)*int(t.axis.width/fine.width), len(p.means))-1]
		}
		t.lines = append(t.lines, l)
	}
	high := 0.0
	for i := range t.lines {
		for _, s := range t.reachedSpans(&t.lines[i]) {
			high = max(high, s.last)
		}
	}
	unit := rateUnit(high)
	for i := range t.lines {
		l := &t.lines[i]
		for c := range l.spans {
			v := l.spans[c].last * unit.seconds
			l.spans[c] = span{v, v, v}
		}
		l.value = "0"
		if at := t.axis.at(max(0, t.now-1)); at < len(l.spans) {
			l.value = rough(l.spans[at].last)
		}
	}
	t.unit = "events / " + unit.name + ", mean of " + format.Time(time.Duration(significant(float64(over+over/2), 2)))
	if subject != journal.Everyone {
		t.unit = m.Scenario.Consumers[subject].Name + ": " + t.unit
	}
	if head.Published == 0 {
		t.none = "nothing published yet"
	}
	return &t
}

// usesPolicy says whether the subject, or anyone, has that policy.
func usesPolicy(s scenario.Scenario, subject int, o broker.Overflow) bool {
	for i := range s.Consumers {
		if subject != journal.Everyone && subject != i {
			continue
		}
		switch has := s.Settings(i).Overflow; {
		case has == o, o == broker.DropNewest && (has == broker.DropOldest || has == broker.KeepLatest):
			return true
		}
	}
	return false
}

// smoothing is how long the stretch is that a rate is the mean of, so that it is
// no row of spikes: a twentieth of the axis, and longer than the pauses between
// events, where chance makes them some longer ones. It has room for a whole number
// of a steady producer's intervals.
func smoothing(s scenario.Scenario, axis time.Duration) time.Duration {
	arrivals, services, slowest, chance := 0.0, 0.0, 0.0, 1.0
	for _, p := range s.Producers {
		if p.Burst > 1 {
			continue // a burst shows as a peak
		}
		interval := time.Duration(p.Interval).Seconds()
		arrivals, slowest = arrivals+1/interval, max(slowest, interval)
		if p.Arrivals != scenario.Steady {
			chance = 3
		}
	}
	for _, c := range s.Consumers {
		service := time.Duration(c.Service).Seconds() / float64(max(1, c.Workers))
		services, slowest = services+1/service, max(slowest, service)
		if c.Times != scenario.Fixed {
			chance = 3
		}
	}
	whole := axis.Seconds()
	mean := max(whole/30, min(whole/12, slowest))
	for _, rate := range []float64{arrivals, services} {
		if rate > 0 {
			mean = max(mean, chance/rate)
		}
	}
	mean = min(mean, whole/5)
	if p := s.Producers[0]; len(s.Producers) == 1 && p.Arrivals == scenario.Steady && p.Burst <= 1 {
		interval := time.Duration(p.Interval).Seconds()
		if n := math.Ceil(mean/interval - 1e-9); n < 10 && n*interval <= whole/5 {
			mean = n * interval
		}
	}
	return max(1, time.Duration(mean*float64(time.Second)))
}

// significant rounds to so many digits.
func significant(v float64, digits int) float64 {
	if v <= 0 {
		return 0
	}
	unit := math.Pow(10, math.Floor(math.Log10(v))-float64(digits-1))
	return math.Round(v/unit) * unit
}

// movingMean appends for each column the mean of so many columns up to it, and of
// half as many such means, which rounds the corners off. Of sums each is that of
// the columns before; there is one more.
func movingMean(dst, sums []float64, width float64) []float64 {
	total, totals := 0.0, make([]float64, 1, len(sums))
	for i := 1; i < len(sums); i++ {
		total += (sums[i] - sumAt(sums, float64(i)-width)) / width
		totals = append(totals, total)
	}
	half := max(1, width/2)
	for i := 1; i < len(sums); i++ {
		dst = append(dst, max(0, (totals[i]-sumAt(totals, float64(i)-half))/half))
	}
	return dst
}

// sumAt is a sum at a place between two columns; before the first it is 0.
func sumAt(sums []float64, at float64) float64 {
	if at <= 0 {
		return 0
	}
	i := int(at)
	rest := at - float64(i)
	if rest == 0 {
		return sums[i]
	}
	return sums[i]*(1-rest) + sums[i+1]*rest
}

type perTime struct {
	name    string
	seconds float64
}

// rateUnit is the unit in which a rate per second is no small fraction.
func rateUnit(perSecond float64) perTime {
	switch {
	case perSecond == 0 || perSecond >= 0.2:
		return perTime{"s", 1}
	case perSecond*60 >= 0.2:
		return perTime{"min", 60}
	default:
		return perTime{"h", 3600}
	}
}
