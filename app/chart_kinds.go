package app

import "slices"

// chartKind is a kind of chart: all of the page that shows charts, reads them aloud,
// saves them or links to them goes by this.
type chartKind struct {
	id    Chart  // in links, and of its elements
	title string // what it is called
	axis  string // what one reads it at
	plot  func(p *plotter, m *Moment, width float64) plot
}

// chartKinds are the charts, in the order in which they are shown.
var chartKinds = []*chartKind{
	{"depth", "Buffer depth", "time", func(p *plotter, m *Moment, width float64) plot { return p.depthPlot(m, width) }},
	{"rate", "Rates", "time", func(p *plotter, m *Moment, width float64) plot { return p.ratePlot(m, width) }},
	{"time", "Time in system", "length of time", func(p *plotter, m *Moment, width float64) plot { return p.latencyPlot(m, width) }},
}

// chartIDs are those of all kinds of chart.
func chartIDs() (all []Chart) {
	for _, k := range chartKinds {
		all = append(all, k.id)
	}
	return all
}

// KindOf is the kind of chart with an ID; nil if there is none.
func KindOf(id Chart) *chartKind {
	i := slices.IndexFunc(chartKinds, func(k *chartKind) bool { return k.id == id })
	if i < 0 {
		return nil
	}
	return chartKinds[i]
}

// plot is a chart as data.
type plot interface {
	draw(width, height float64) *figure
	// overlay draws what moves over a figure: the playhead and, unless at is negative,
	// what is read at that fraction of the width.
	overlay(base *figure, at float64) *figure
	read(at float64) reading
	// words say what it shows, after its title.
	words() string
	// steps is the last place of the slider that reads the chart, whose first is 0;
	// place is the fraction of the width at one of them, and step the one at a fraction.
	steps() int
	place(step int) float64
	step(at float64) int
	// playhead is the fraction of the width where the moment is; false if the chart is
	// not over time.
	playhead() (float64, bool)
}

// cursorSteps is into how many steps the arrow keys divide a chart over time.
const cursorSteps = 100

func (p *timePlot) steps() int             { return cursorSteps }
func (p *timePlot) place(step int) float64 { return float64(step) / cursorSteps }
func (p *timePlot) step(at float64) int    { return int(at * cursorSteps) }

func (p *timePlot) playhead() (float64, bool) {
	return min(1, float64(p.now)/float64(p.horizon)), true
}

// The arrow keys go from bar to bar.
func (p *binPlot) steps() int                { return max(1, len(p.bins)) - 1 }
func (p *binPlot) place(step int) float64    { return (float64(step) + 0.5) / float64(p.steps()+1) }
func (p *binPlot) step(at float64) int       { return int(at * float64(p.steps()+1)) }
func (p *binPlot) playhead() (float64, bool) { return 0, false }
