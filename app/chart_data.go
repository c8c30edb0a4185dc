package app

import (
	"math"
	"slices"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/journal"
	"github.com/spillway-go/spillway/broker/scenario"
)

// plot is a chart as data.
type plot interface {
	draw(width, height float64) *figure
	overlay(base *figure, at float64) *figure
	read(fraction float64) reading
}

// plotter reads the data of the charts from a model, in memory it uses again.
type plotter struct {
	spans []journal.Span
	rates []journal.Rate
	sums  []float64
	means []float64
	past  past
}

// plotOf is a chart of a model for a figure that is so many pixels wide.
func (p *plotter) plotOf(m *Model, c Chart, width float64) plot {
	switch c {
	case RateChart:
		return p.ratePlot(m, width)
	case LatencyChart:
		return p.latencyPlot(m, width)
	default:
		return p.depthPlot(m, width)
	}
}

// subject is whose numbers are shown: those of the consumer that is selected, or
// of journal.Everyone.
func (m *Model) subject() int {
	if m.Selection.Role == scenario.OfConsumer && len(m.Scenario.Consumers) > 1 {
		return m.Selection.Actor
	}
	return journal.Everyone
}

// newTimePlot has the axis of the charts over time.
func newTimePlot(m *Model, width float64) timePlot {
	reached := m.run.reached()
	end := horizon(m.Duration(), reached)
	return timePlot{
		axis:    newColumns(end, width-chartLeft-chartRight),
		horizon: end, reached: reached, now: m.At(),
	}
}

// lineInks and lineDashes tell the lines of several consumers apart: sixteen of
// them differ in one or the other, and four in both.
var (
	lineInks   = []Ink{InkFlow, InkOK, InkWarn, InkMuted}
	lineDashes = []string{"", "7 3", "2 2.5", "8 3 2 3"}
)

// depthPlot is how many events wait.
func (p *plotter) depthPlot(m *Model, width float64) *timePlot {
	t := newTimePlot(m, width)
	t.whole, t.unit = true, "events waiting"
	settings, view, subject := m.Now(), m.View(), m.subject()
	n, reached := len(m.Scenario.Consumers), t.reachedColumns()
	for i, c := range m.Scenario.Consumers {
		l := line{entry: entry{name: c.Name, ink: lineInks[i%4], dash: lineDashes[(i+i/4)%4]}, stepped: true, area: n == 1}
		depth, room := view.Consumers[i].Depth, settings.Room(i)
		l.value = Count(uint64(depth))
		if n <= manyLines {
			l.value += " / " + Count(uint64(room))
		}
		l.loud = depth >= room && room > 0
		l.faint = subject != journal.Everyone && subject != i
		p.spans = m.Journal().Depths(p.spans[:0], i, 0, reached.end(), reached.count)
		l.spans = spansOf(p.spans)
		t.lines = append(t.lines, l)
	}
	if l, any := p.backlog(m, &t, subject); any {
		t.lines = append(t.lines, l)
	}
	t.limits = limitsOf(m, subject)
	if t.reached == 0 {
		t.none = "nothing has happened yet"
	}
	return &t
}

func spansOf(depths []journal.Span) []span {
	spans := make([]span, len(depths))
	for i, d := range depths {
		spans[i] = span{float64(d.Low), float64(d.High), float64(d.Last)}
	}
	return spans
}

// backlog is what waits in the repository, if anything ever did: of the subject,
// or all that does.
func (p *plotter) backlog(m *Model, t *timePlot, subject int) (line, bool) {
	head := m.Journal().Head()
	if head.Spilled == 0 {
		return line{}, false
	}
	reached := t.reachedColumns()
	l := line{entry: entry{name: "repository", ink: InkRepo, dash: "4 2"}, stepped: true, spans: make([]span, reached.count)}
	waiting := 0
	for i := range head.Consumers {
		if head.Consumers[i].Spilled == 0 || subject != journal.Everyone && subject != i {
			continue
		}
		p.spans = m.Journal().Backlogs(p.spans[:0], i, 0, reached.end(), reached.count)
		for c, s := range p.spans {
			l.spans[c].low += float64(s.Low)
			l.spans[c].high += float64(s.High)
			l.spans[c].last += float64(s.Last)
		}
		waiting += m.View().Consumers[i].Backlog
	}
	l.value = Count(uint64(waiting))
	return l, true
}

// fewLimits is how many buffers can be told apart by a line each for their size.
const fewLimits = 3

// limitsOf are the sizes of the buffers over time, of the subject or of all, or
// none where they are too many to draw.
func limitsOf(m *Model, subject int) []limit {
	var limits []limit
	for i, c := range m.Scenario.Consumers {
		if subject != journal.Everyone && subject != i {
			continue
		}
		l := limit{c.Name, roomOver(m, i)}
		if !slices.ContainsFunc(limits, func(o limit) bool { return slices.Equal(o.steps, l.steps) }) {
			limits = append(limits, l)
		}
	}
	if len(limits) > fewLimits {
		return nil
	}
	return limits
}

// roomOver is the size of a consumer's buffer in the run so far.
func roomOver(m *Model, consumer int) []limitStep {
	s := m.Scenario
	s.Interventions = nil
	s = s.Clone()
	steps := []limitStep{{0, float64(s.Room(consumer))}}
	for _, i := range m.Scenario.Interventions {
		if i.Do != scenario.SetBuffer && i.Do != scenario.SetOwnBuffer || time.Duration(i.At) > m.run.reached() {
			continue
		}
		s.Apply(i)
		if room := float64(s.Room(consumer)); room != steps[len(steps)-1].value {
			steps = append(steps, limitStep{time.Duration(i.At), room})
		}
	}
	return steps
}

// flows are the lines of the rate chart.
var flows = []struct {
	entry
	of  func(*journal.Rate) float64
	all func(*journal.State) uint64
	by  broker.Overflow // the policy that leads to it; Inherit: it is always shown
}{
	{entry{name: "in", ink: InkFlow}, func(r *journal.Rate) float64 { return r.Offered }, nil, broker.Inherit},
	{entry{name: "out", ink: InkOK, dash: "8 3"}, func(r *journal.Rate) float64 { return r.Handled }, nil, broker.Inherit},
	{entry{name: "drop", ink: InkDrop, dash: "2.5 2.5"}, func(r *journal.Rate) float64 { return r.Dropped }, func(s *journal.State) uint64 { return s.Dropped }, broker.DropNewest},
	{entry{name: "reject", ink: InkWarn, dash: "5 2 1.5 2"}, func(r *journal.Rate) float64 { return r.Rejected }, func(s *journal.State) uint64 { return s.Rejected }, broker.Reject},
	{entry{name: "spill", ink: InkRepo, dash: "4 2"}, func(r *journal.Rate) float64 { return r.Spilled }, func(s *journal.State) uint64 { return s.Spilled }, broker.Spill},
	{entry{name: "fail", ink: InkMuted, dash: "1.5 3"}, func(r *journal.Rate) float64 { return r.Failed }, func(s *journal.State) uint64 { return s.Failed }, 255},
}

// ratePlot is how much comes and goes.
func (p *plotter) ratePlot(m *Model, width float64) *timePlot {
	t := newTimePlot(m, width)
	settings, subject, head := m.Now(), m.subject(), m.Journal().Head()
	reached := t.reachedColumns()
	fine := reached // finer, so that it does not show on which side of an edge an event falls
	if len(head.Consumers) <= manyLines {
		fine.divide(4)
	}
	p.rates = m.Journal().Rates(p.rates[:0], subject, 0, fine.end(), fine.count)
	over := smoothing(settings, t.horizon)
	box := max(1, float64(over)/float64(fine.width))
	for _, f := range flows {
		if f.all != nil && f.all(head) == 0 && !usesPolicy(settings, subject, f.by) {
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
	t.unit = "events / " + unit.name + ", mean of " + Time(time.Duration(significant(float64(over+over/2), 2)))
	if subject != journal.Everyone {
		t.unit = m.Scenario.Consumers[subject].Name + ": " + t.unit
	}
	if head.Published == 0 {
		t.none = "nothing has been published yet"
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

// latencyPlot is how long events took.
func (p *plotter) latencyPlot(m *Model, width float64) *binPlot {
	subject := m.subject()
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
		b.none = "no event has been handled yet"
		return b
	}
	b.bins = latency.Bins(nil, subject, int((width-chartLeft-chartRight)/16))
	for _, t := range []struct {
		name string
		at   time.Duration
		dash string
	}{{"p50", times.P50, ""}, {"p95", times.P95, "6 3"}, {"p99", times.P99, "2 2"}} {
		b.marks = append(b.marks, binMark{entry{name: t.name, value: Time(t.at), ink: InkText, dash: t.dash}, t.at})
	}
	return b
}

// past is how long events took up to the playhead, when that is behind the end of
// the run so far.
type past struct {
	run      *run
	position uint64
	sum      *journal.Latency
}

// latency is that up to the playhead. Where the run is too long to read it again,
// it is that of the whole run so far.
func (p *past) latency(m *Model) (l *journal.Latency, whole bool) {
	j, to := m.Journal(), m.View().Position
	switch {
	case to == j.Next():
		p.run = nil
		return m.run.latency, false
	case j.First() > 0 || to > cheap:
		return m.run.latency, true
	}
	if p.run != m.run || p.position > to {
		*p = past{run: m.run, sum: journal.NewLatency(len(m.Scenario.Consumers))}
	}
	for ; p.position < to; p.position++ {
		p.sum.Observe(j.At(p.position))
	}
	return p.sum, false
}
