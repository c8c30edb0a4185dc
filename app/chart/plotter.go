package chart

import (
	"github.com/spillway-go/spillway/app/draw"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/broker/lab/journal"
)

// Plotter reads the data of the charts of a moment, in memory it uses again.
type Plotter struct {
	spans []journal.Span
	rates []journal.Rate
	sums  []float64
	means []float64
	past  past
}

// newTimePlot has the axis of the charts over time.
func newTimePlot(m *play.Moment, width float64) timePlot {
	end := horizon(m.Duration(), m.Reached)
	return timePlot{
		axis:    newColumns(end, width-chartLeft-chartRight),
		horizon: end, reached: m.Reached, now: m.At,
	}
}

// lineInks and lineDashes tell the lines of several consumers apart: sixteen of
// them differ in one or the other, and four in both.
var (
	lineInks   = []draw.Ink{draw.InkFlow, draw.InkOK, draw.InkWarn, draw.InkMuted}
	lineDashes = []string{"", "7 3", "2 2.5", "8 3 2 3"}
)
