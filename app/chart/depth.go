package chart

import (
	"slices"
	"time"

	"github.com/spillway-go/spillway/app/draw"
	"github.com/spillway-go/spillway/app/format"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// depthPlot is how many events wait.
func (p *Plotter) depthPlot(m *play.Moment, width float64) *timePlot {
	t := newTimePlot(m, width)
	t.whole, t.unit = true, "events waiting"
	settings, view, subject := m.Now, m.State, m.Scope()
	n, reached := len(m.Scenario.Consumers), t.reachedColumns()
	for i, c := range m.Scenario.Consumers {
		l := line{entry: entry{name: c.Name, ink: lineInks[i%4], dash: lineDashes[(i+i/4)%4]}, stepped: true, area: n == 1}
		depth, room := view.Consumers[i].Depth, settings.Room(i)
		l.value = format.Count(uint64(depth))
		if n <= manyLines {
			l.value += " / " + format.Count(uint64(room))
		}
		l.loud = depth >= room && room > 0
		l.faint = subject != journal.Everyone && subject != i
		p.spans = m.Journal().Depths(p.spans[:0], i, 0, reached.end(), reached.count)
		upToNow(p.spans, m, reached, depth)
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

// upToNow leaves out of the last column what the run is ahead of the moment, where that is the last that has been shown.
func upToNow(spans []journal.Span, m *play.Moment, reached columns, now int) {
	n := len(spans)
	if n == 0 || !m.AtHead() || m.Records == m.Journal().Next() || reached.end() <= m.At {
		return
	}
	before := now
	if n > 1 {
		before = spans[n-2].Last
	}
	spans[n-1] = journal.Span{Low: min(before, now), High: max(before, now), Last: now}
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
func (p *Plotter) backlog(m *play.Moment, t *timePlot, subject int) (line, bool) {
	head := m.Journal().Head()
	if head.Spilled == 0 {
		return line{}, false
	}
	reached := t.reachedColumns()
	l := line{entry: entry{name: "repository", ink: draw.InkRepo, dash: "4 2"}, stepped: true, spans: make([]span, reached.count)}
	waiting := 0
	for i := range head.Consumers {
		if head.Consumers[i].Spilled == 0 || subject != journal.Everyone && subject != i {
			continue
		}
		p.spans = m.Journal().Backlogs(p.spans[:0], i, 0, reached.end(), reached.count)
		upToNow(p.spans, m, reached, m.State.Consumers[i].Backlog)
		for c, s := range p.spans {
			l.spans[c].low += float64(s.Low)
			l.spans[c].high += float64(s.High)
			l.spans[c].last += float64(s.Last)
		}
		waiting += m.State.Consumers[i].Backlog
	}
	l.value = format.Count(uint64(waiting))
	return l, true
}

// fewLimits is how many buffers can be told apart by a line each for their size.
const fewLimits = 3

// limitsOf are the sizes of the buffers over time, of the subject or of all, or
// none where they are too many to draw.
func limitsOf(m *play.Moment, subject int) []limit {
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
func roomOver(m *play.Moment, consumer int) []limitStep {
	s := *m.Scenario
	s.Interventions = nil
	s = s.Clone()
	steps := []limitStep{{0, float64(s.Room(consumer))}}
	for _, i := range m.Scenario.Interventions {
		if i.Do != scenario.SetBuffer && i.Do != scenario.SetOwnBuffer || time.Duration(i.At) > m.Reached {
			continue
		}
		s.Apply(i)
		if room := float64(s.Room(consumer)); room != steps[len(steps)-1].value {
			steps = append(steps, limitStep{time.Duration(i.At), room})
		}
	}
	return steps
}
