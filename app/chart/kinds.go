package chart

import (
	"slices"

	"github.com/spillway-go/spillway/app/play"
)

// Kind is a kind of chart: all of the page that shows charts, reads them aloud,
// saves them or links to them goes by this.
type Kind struct {
	ID    play.Chart // in links, and of its elements
	Title string     // what it is called
	Axis  string     // what one reads it at
	Plot  func(p *Plotter, m *play.Moment, width float64) Plot
}

// Kinds are the charts, in the order in which they are shown.
var Kinds = []*Kind{
	{"depth", "Buffer depth", "time", func(p *Plotter, m *play.Moment, width float64) Plot { return p.depthPlot(m, width) }},
	{"rate", "Rates", "time", func(p *Plotter, m *play.Moment, width float64) Plot { return p.ratePlot(m, width) }},
	{"time", "Time in system", "length of time", func(p *Plotter, m *play.Moment, width float64) Plot { return p.latencyPlot(m, width) }},
}

// IDs are those of all kinds of chart.
func IDs() (all []play.Chart) {
	for _, k := range Kinds {
		all = append(all, k.ID)
	}
	return all
}

// KindOf is the kind of chart with an ID; nil if there is none.
func KindOf(id play.Chart) *Kind {
	i := slices.IndexFunc(Kinds, func(k *Kind) bool { return k.ID == id })
	if i < 0 {
		return nil
	}
	return Kinds[i]
}

// Plot is a chart as data.
type Plot interface {
	Draw(width, height float64) *Figure
	// Overlay draws what moves over a figure: the playhead and, unless at is negative,
	// what is read at that fraction of the width.
	Overlay(base *Figure, at float64) *Figure
	Read(at float64) reading
	// words say what it shows, after its title.
	words() string
	// Steps is the last place of the slider that reads the chart, whose first is 0;
	// place is the fraction of the width at one of them, and step the one at a fraction.
	Steps() int
	Place(step int) float64
	Step(at float64) int
	// Playhead is the fraction of the width where the moment is; false if the chart is
	// not over time.
	Playhead() (float64, bool)
}

// CursorSteps is into how many steps the arrow keys divide a chart over time.
const CursorSteps = 100

func (p *timePlot) Steps() int             { return CursorSteps }
func (p *timePlot) Place(step int) float64 { return float64(step) / CursorSteps }
func (p *timePlot) Step(at float64) int    { return int(at * CursorSteps) }

func (p *timePlot) Playhead() (float64, bool) {
	return min(1, float64(p.now)/float64(p.horizon)), true
}

// The arrow keys go from bar to bar.
func (p *binPlot) Steps() int                { return max(1, len(p.bins)) - 1 }
func (p *binPlot) Place(step int) float64    { return (float64(step) + 0.5) / float64(p.Steps()+1) }
func (p *binPlot) Step(at float64) int       { return int(at * float64(p.Steps()+1)) }
func (p *binPlot) Playhead() (float64, bool) { return 0, false }
