package chart

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spillway-go/spillway/app/draw"
	"github.com/spillway-go/spillway/app/format"
	"github.com/spillway-go/spillway/broker/lab/journal"
)

// binPlot is a histogram of times as data.
type binPlot struct {
	unit  string
	none  string // why there is nothing, or empty
	bins  []journal.Bin
	marks []binMark
	total uint64
	times journal.Times
}

// binMark is a time that is marked.
type binMark struct {
	entry
	at time.Duration
}

func (p *binPlot) scale(f *Figure) scale {
	high := uint64(0)
	for _, b := range p.bins {
		high = max(high, b.Count)
	}
	return newScale(float64(high), f.steps(), true)
}

// lies is where a time is, as a fraction of the width: all bins are as wide.
func (p *binPlot) lies(t time.Duration) float64 {
	n := float64(len(p.bins))
	for i, b := range p.bins {
		if t < b.To {
			return (float64(i) + max(0, float64(t-b.From)/float64(b.To-b.From))) / n
		}
	}
	return 1
}

// widestBar is how wide a bar is at the most, in pixels: a single one that fills the plot
// does not look like one.
const widestBar = 48

func (p *binPlot) Draw(width, height float64) *Figure {
	f := &Figure{width: width, height: height}
	var entries []entry
	for _, m := range p.marks {
		entries = append(entries, m.entry)
	}
	f.frame(f.legend(entries, legendRows(height)), p.unit)
	s := p.scale(f)
	f.grid(s)
	if p.none != "" {
		f.nothing(p.none)
		return f
	}
	step := f.plot.W / float64(len(p.bins))
	gap := max(min(3, step/5), step-widestBar)
	for i, b := range p.bins {
		if b.Count == 0 {
			continue
		}
		h := max(2, float64(b.Count)/s.top*f.plot.H) // a single one among millions is there too
		f.add(Piece{Path: box(draw.Rect{X: f.plot.X + float64(i)*step + gap/2, Y: f.plot.Bottom() - h, W: step - gap, H: h}, 3), fill: draw.InkRepo, alpha: 0.85})
	}
	p.edges(f, step)
	for _, m := range p.marks {
		x := f.plot.X + p.lies(m.at)*f.plot.W
		f.add(Piece{Path: vertical(x, f.plot.Y-3, f.plot.Bottom()), stroke: m.ink, width: 1.5, dash: m.dash})
	}
	return f
}

// edge is where bin i begins, or the last one ends.
func (p *binPlot) edge(i int) time.Duration {
	if i == len(p.bins) {
		return p.bins[i-1].To
	}
	return p.bins[i].From
}

// edges labels the edges of the bins, as many as there is room for: the rounder
// the number, the rather.
func (p *binPlot) edges(f *Figure, step float64) {
	n := len(p.bins)
	label := func(round func(i int) bool, anyway bool) bool {
		const gap = 6
		before, end := len(f.Pieces), math.Inf(-1)
		for i := range n + 1 {
			if !round(i) {
				continue
			}
			text := timeLabel(p.edge(i))
			x, half := f.below(f.plot.X+float64(i)*step, text), textWidth(text)/2
			if x-half < end+gap && !anyway {
				f.Pieces = f.Pieces[:before]
				return false
			}
			end = x + half
		}
		if len(f.Pieces) < before+2 && !anyway {
			f.Pieces = f.Pieces[:before]
			return false
		}
		return true
	}
	if width := p.bins[0].To - p.bins[0].From; p.bins[n-1].To-p.bins[n-1].From == width {
		for every, before := width, time.Duration(0); every > before && every <= p.edge(n); before, every = every, niceTime(every+1) {
			if every%width == 0 && label(func(i int) bool { return p.edge(i)%every == 0 }, false) {
				return
			}
		}
		for every := 2; !label(func(i int) bool { return i%every == 0 }, every > n); every *= 2 {
		}
		return
	}
	for _, digits := range []string{"", "1 2 5"} {
		round := func(i int) bool {
			d := p.edge(i)
			return digits == "" || d == 0 || strings.Contains(digits, leading(d))
		}
		if label(round, false) {
			return
		}
	}
	var tens []int
	for i := range n + 1 {
		if d := p.edge(i); d == 0 || leading(d) == "1" {
			tens = append(tens, i)
		}
	}
	for every := 1; ; every *= 2 {
		round := func(i int) bool { k := slices.Index(tens, i); return k >= 0 && k%every == 0 }
		if label(round, every >= len(tens)) {
			return
		}
	}
}

// leading is a time without its zeros: of 20 ms it is 2.
func leading(d time.Duration) string { return strings.TrimRight(strconv.FormatInt(int64(d), 10), "0") }

// bin is the one at a fraction of the width.
func (p *binPlot) bin(fraction float64) int {
	return min(max(0, int(fraction*float64(len(p.bins)))), len(p.bins)-1)
}

func (p *binPlot) Read(fraction float64) reading {
	if len(p.bins) == 0 {
		return reading{title: p.none}
	}
	b := p.bins[p.bin(fraction)]
	share := float64(b.Count) / float64(max(1, p.total))
	return reading{
		title: timeLabel(b.From) + " to " + timeLabel(b.To),
		lines: []entry{{name: format.Plural(b.Count, "event"), value: format.Percent(share)}},
	}
}

func (p *binPlot) Overlay(base *Figure, at float64) *Figure {
	f := &Figure{width: base.width, height: base.height, plot: base.plot}
	if p.none != "" || at < 0 {
		return f
	}
	step := f.plot.W / float64(len(p.bins))
	i := p.bin(at)
	x := f.plot.X + (float64(i)+0.5)*step
	f.add(Piece{Path: box(draw.Rect{X: x - step/2, Y: f.plot.Y, W: step, H: f.plot.H}, 3), stroke: draw.InkMuted, width: 1, dash: "3 3"})
	f.readout(x, p.Read(at))
	return f
}
