package app

import (
	"strconv"
	"strings"
	"time"

	"github.com/spillway-go/spillway/broker/journal"
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

func (p *binPlot) scale(f *figure) scale {
	high := uint64(0)
	for _, b := range p.bins {
		high = max(high, b.Count)
	}
	return newScale(float64(high), f.steps(), true)
}

// place is where a time lies, as a fraction of the width: all bins are as wide.
func (p *binPlot) place(t time.Duration) float64 {
	n := float64(len(p.bins))
	for i, b := range p.bins {
		if t < b.To {
			return (float64(i) + max(0, float64(t-b.From)/float64(b.To-b.From))) / n
		}
	}
	return 1
}

func (p *binPlot) draw(width, height float64) *figure {
	f := &figure{width: width, height: height}
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
	gap := min(3, step/5)
	for i, b := range p.bins {
		if b.Count == 0 {
			continue
		}
		h := max(2, float64(b.Count)/s.top*f.plot.H) // a single one among millions is there too
		f.add(chartPiece{path: box(Rect{f.plot.X + float64(i)*step + gap/2, f.plot.bottom() - h, step - gap, h}, 3), fill: InkRepo, alpha: 0.85})
	}
	p.edges(f, step)
	for _, m := range p.marks {
		x := f.plot.X + p.place(m.at)*f.plot.W
		f.add(chartPiece{path: vertical(x, f.plot.Y-3, f.plot.bottom()), stroke: m.ink, width: 1.5, dash: m.dash})
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
func (p *binPlot) edges(f *figure, step float64) {
	label := func(round func(time.Duration) bool, anyway bool) bool {
		var at []int
		widest, closest := 0.0, f.width
		for i := 0; i <= len(p.bins); i++ {
			if !round(p.edge(i)) {
				continue
			}
			widest = max(widest, textWidth(timeLabel(p.edge(i))))
			if n := len(at); n > 0 {
				closest = min(closest, float64(i-at[n-1])*step)
			}
			at = append(at, i)
		}
		if closest < widest+8 && !anyway {
			return false
		}
		for _, i := range at {
			f.below(f.plot.X+float64(i)*step, timeLabel(p.edge(i)))
		}
		return true
	}
	if width := p.bins[0].To - p.bins[0].From; p.bins[len(p.bins)-1].To-p.bins[len(p.bins)-1].From == width {
		for every := width; ; every = niceTime(every + 1) {
			if every%width == 0 && label(func(d time.Duration) bool { return d%every == 0 }, every > p.edge(len(p.bins))) {
				return
			}
		}
	}
	for _, digits := range []string{"", "1 2 5", "1"} {
		if label(func(d time.Duration) bool { return digits == "" || d == 0 || strings.Contains(digits, leading(d)) }, digits == "1") {
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

func (p *binPlot) read(fraction float64) reading {
	if len(p.bins) == 0 {
		return reading{title: p.none}
	}
	b := p.bins[p.bin(fraction)]
	share := float64(b.Count) / float64(max(1, p.total))
	return reading{
		title: timeLabel(b.From) + " to " + timeLabel(b.To),
		lines: []entry{{name: plural(b.Count, "event"), value: Percent(share)}},
	}
}

func (p *binPlot) overlay(base *figure, at float64) *figure {
	f := &figure{width: base.width, height: base.height, plot: base.plot}
	if p.none != "" || at < 0 {
		return f
	}
	step := f.plot.W / float64(len(p.bins))
	i := p.bin(at)
	x := f.plot.X + (float64(i)+0.5)*step
	f.add(chartPiece{path: box(Rect{x - step/2, f.plot.Y, step, f.plot.H}, 3), stroke: InkMuted, width: 1, dash: "3 3"})
	f.readout(x, p.read(at))
	return f
}
