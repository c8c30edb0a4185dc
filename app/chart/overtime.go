package chart

import (
	"math"
	"sort"
	"strings"
	"time"

	"github.com/spillway-go/spillway/app/draw"
	"github.com/spillway-go/spillway/app/format"
)

// timePlot is a chart over time as data.
type timePlot struct {
	axis    columns
	horizon time.Duration
	reached time.Duration // where the lines end
	now     time.Duration // the playhead

	unit   string
	none   string // why there is nothing, or empty
	whole  bool   // the values are whole numbers
	lines  []line
	limits []limit
}

// line is one line of a timePlot.
type line struct {
	entry
	spans   []span // one for each column that has been reached
	stepped bool   // it keeps its value until it changes
	area    bool   // what is below it is filled
}

// manyLines are too many to be read at a glance.
const manyLines = 5

// span is how far a value rose and fell in a column, and where it ended.
type span struct{ low, high, last float64 }

// limit is a level that a line can't go above, which may change.
type limit struct {
	name  string
	steps []limitStep // in order of time, the first at 0
}

type limitStep struct {
	from  time.Duration
	value float64
}

// high is the highest value of the lines.
func (p *timePlot) high() float64 {
	high := 0.0
	for i := range p.lines {
		for _, s := range p.reachedSpans(&p.lines[i]) {
			high = max(high, s.high)
		}
	}
	return high
}

// reachedSpans are the columns of a line up to the end of the run so far.
func (p *timePlot) reachedSpans(l *line) []span {
	return l.spans[:min(p.reachedColumns().count, len(l.spans))]
}

// reachedColumns are those that the run has come to.
func (p *timePlot) reachedColumns() columns {
	return columns{p.axis.width, min(p.axis.count, int((p.reached+p.axis.width-1)/p.axis.width))}
}

// top is how high the vertical axis has to be. A limit belongs to it unless
// everything would be flat under it.
func (p *timePlot) top() float64 {
	high := p.high()
	top := high
	for _, l := range p.limits {
		for _, s := range l.steps {
			if s.value <= max(20, 4*high) {
				top = max(top, s.value)
			}
		}
	}
	return top
}

// x is where a moment lies in a plot.
func (p *timePlot) x(in draw.Rect, t time.Duration) float64 {
	return in.X + float64(min(max(t, 0), p.horizon))/float64(p.horizon)*in.W
}

// Draw draws all but what moves with the playhead and the pointer.
func (p *timePlot) Draw(width, height float64) *Figure {
	f := &Figure{width: width, height: height}
	var entries []entry
	for _, l := range p.lines {
		entries = append(entries, l.entry)
	}
	f.frame(f.legend(entries, legendRows(height)), p.unit)
	s := p.scale(f)
	f.grid(s)
	for _, t := range timeTicks(p.horizon, max(1, int(f.plot.W/58))) {
		f.below(p.x(f.plot, t), timeLabel(t))
	}
	if p.none != "" {
		f.nothing(p.none)
		return f
	}
	for _, l := range p.limits {
		if d := p.limitPath(f, s, l); d != "" {
			f.add(Piece{Path: d, stroke: draw.InkWarn, width: 1.5, dash: "5 4", alpha: 0.85})
		}
	}
	for i := range p.lines {
		p.drawLine(f, s, &p.lines[len(p.lines)-1-i]) // the first on top
	}
	return f
}

// scale is the vertical axis in a figure that has been laid out.
func (p *timePlot) scale(f *Figure) scale { return newScale(p.top(), f.steps(), p.whole) }

func (p *timePlot) drawLine(f *Figure, s scale, l *line) {
	path := p.path(f.plot, s, l)
	if len(path) == 0 {
		return
	}
	d := string(path)
	if l.area {
		end := appendPixel([]byte{'V'}, f.plot.Bottom())
		end = append(appendPixel(append(end, 'H'), f.plot.X), 'Z')
		f.add(Piece{Path: d + string(end), fill: l.ink, alpha: 0.15})
	}
	width, alpha := 2.0, 0.0
	if float64(strings.Count(d, "V")) > f.plot.W/2 || len(p.lines) > manyLines {
		width = 1.25 // where it is up and down all the time it would be a blot
	}
	if l.faint {
		width, alpha = 1.25, 0.45
	}
	f.add(Piece{Path: d, stroke: l.ink, width: width, dash: l.dash, alpha: alpha})
}

// path is the line, with the least and the most of every column in it.
func (p *timePlot) path(in draw.Rect, s scale, l *line) []byte {
	spans := p.reachedSpans(l)
	if len(spans) == 0 {
		return nil
	}
	y := func(v float64) float64 { return in.Bottom() - v/s.top*in.H }
	var b []byte
	to := func(command byte, v float64) { b = appendPixel(append(b, command), v) }
	to('M', in.X)
	if !l.stepped {
		to(' ', y(0))
		for i, v := range spans {
			to('L', p.x(in, min(p.reached, p.axis.width*time.Duration(i+1))))
			to(' ', y(v.last))
		}
		return b
	}
	first := spans[0].low
	to(' ', y(first))
	last := first
	for i, v := range spans {
		if v.low == last && v.high == last && v.last == last {
			continue
		}
		to('H', p.x(in, p.axis.width*time.Duration(i)))
		if v.high > max(last, v.last) {
			to('V', y(v.high))
		}
		if v.low < min(last, v.last) {
			to('V', y(v.low))
		}
		to('V', y(v.last))
		last = v.last
	}
	to('H', p.x(in, p.reached))
	return b
}

// limitPath is a limit along the whole axis, where it is inside the plot.
func (p *timePlot) limitPath(f *Figure, s scale, l limit) string {
	var b []byte
	for i, step := range l.steps {
		if step.value > s.top {
			continue
		}
		until := p.horizon
		if i+1 < len(l.steps) {
			until = l.steps[i+1].from
		}
		y := f.y(s, step.value)
		b = appendLine(b, p.x(f.plot, step.from), y, p.x(f.plot, until), y)
	}
	return string(b)
}

// column is the one that is read at a fraction of the width of the plot.
func (p *timePlot) column(fraction float64) int {
	t := min(time.Duration(fraction*float64(p.horizon)), p.reached)
	if t == p.reached && t > 0 {
		t-- // the last column ends there
	}
	return p.axis.at(t)
}

// Read says what the lines are at a fraction of the width.
func (p *timePlot) Read(fraction float64) reading {
	t := min(time.Duration(fraction*float64(p.horizon)), p.reached)
	r := reading{title: p.moment(t)}
	i := p.column(fraction)
	var order []int
	for n := range p.lines {
		if i < len(p.lines[n].spans) {
			order = append(order, n)
		}
	}
	if len(order) > manyLines { // there may be room for the highest only
		sort.Slice(order, func(a, b int) bool {
			x, y := p.lines[order[a]].spans[i].high, p.lines[order[b]].spans[i].high
			return x > y || x == y && order[a] < order[b]
		})
	}
	for _, n := range order {
		l := p.lines[n]
		l.value = p.valueText(l.spans[i])
		r.lines = append(r.lines, l.entry)
	}
	return r
}

func (p *timePlot) moment(t time.Duration) string {
	if p.horizon >= 5*time.Second {
		return format.Clock(t)
	}
	return timeLabel(t.Round(max(1, p.horizon/1000)))
}

func (p *timePlot) valueText(s span) string {
	if !p.whole {
		return rough(s.last)
	}
	if s.low == s.high {
		return amount(s.last)
	}
	return amount(s.low) + "–" + amount(s.high)
}

// amount is a number to read: whole where it is large.
func amount(v float64) string {
	if math.Abs(v) >= 1000 {
		return format.Count(uint64(math.Round(v)))
	}
	return format.Number(v, 3)
}

// rough is a number that chance has its part in: of two digits where it is small.
func rough(v float64) string {
	if v < 10 {
		return format.Number(v, 2)
	}
	return amount(v)
}

// Overlay draws what moves: the playhead, what is dimmed after it, and where
// values are read, if at is not negative, as a fraction of the width.
func (p *timePlot) Overlay(base *Figure, at float64) *Figure {
	f := &Figure{width: base.width, height: base.height, plot: base.plot}
	if p.none != "" {
		return f
	}
	s := p.scale(f)
	now, end := p.x(f.plot, p.now), p.x(f.plot, p.reached)
	if end-now > 1 {
		f.add(Piece{Path: box(draw.Rect{X: now, Y: f.plot.Y - 2, W: end - now + 1, H: f.plot.H + 2}, 0), fill: draw.InkSurface, alpha: 0.6})
	}
	f.add(Piece{Path: vertical(now, f.plot.Y-3, f.plot.Bottom()), stroke: draw.InkText, width: 1, alpha: 0.7})
	f.add(Piece{Path: box(draw.Rect{X: now - 2.5, Y: f.plot.Y - 5, W: 5, H: 5}, 1), fill: draw.InkText})
	if at < 0 {
		return f
	}
	x := min(f.plot.X+at*f.plot.W, end)
	f.add(Piece{Path: vertical(x, f.plot.Y, f.plot.Bottom()), stroke: draw.InkMuted, width: 1, dash: "3 3"})
	i := p.column(at)
	for _, l := range p.lines {
		if i < len(l.spans) {
			y := f.y(s, l.spans[i].last)
			f.add(Piece{Path: box(draw.Rect{X: x - 3, Y: y - 3, W: 6, H: 6}, 3), fill: l.ink, stroke: draw.InkSurface, width: 1})
		}
	}
	f.readout(x, p.Read(at))
	return f
}
