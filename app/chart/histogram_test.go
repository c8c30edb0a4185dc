package chart

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/spillway-go/spillway/app/draw"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/app/playtest"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

func TestTheHistogramIsThatUpToThePlayhead(t *testing.T) {
	m := playtest.Paused(scenario.Classic(), 10*time.Second)
	p := new(Plotter)
	for _, at := range []time.Duration{10, 7, 8, 3, 0, 10} {
		play.Update(m, play.Seek{At: at * time.Second})
		b := p.latencyPlot(m.Moment(), 300)
		counted := uint64(0)
		for _, bin := range b.bins {
			counted += bin.Count
		}
		if handled := m.View().Handled; b.total != handled || counted != handled || (b.none != "") != (handled == 0) {
			t.Errorf("at %d s it has %d events in its bins, and says %d and %q; %d were handled", at, counted, b.total, b.none, handled)
		}
	}
}

func TestAMarkLiesInTheBinOfItsTime(t *testing.T) {
	b := binPlot{bins: []journal.Bin{{From: 0, To: 10}, {From: 10, To: 20}, {From: 20, To: 40}}}
	for at, want := range map[time.Duration]float64{0: 0, 5: 1.0 / 6, 10: 1.0 / 3, 30: 5.0 / 6, 40: 1, 99: 1} {
		if got := b.lies(at); math.Abs(got-want) > 1e-12 {
			t.Errorf("%d lies at %v, want %v", at, got, want)
		}
	}
}

func TestTimesOfAnyLengthHaveLabelsWithRoomBetweenThem(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		latency := journal.NewLatency(1)
		least := rapid.Int64Range(1, int64(24*time.Hour)).Draw(t, "least")
		for _, took := range append(rapid.SliceOfN(rapid.Int64Range(least, max(least, int64(24*time.Hour))), 0, 9).Draw(t, "times"), least) {
			latency.Observe(journal.Record{Kind: journal.Handled, At: time.Duration(took), Cause: 1})
		}
		width := rapid.Float64Range(190, 900).Draw(t, "width")
		p := &binPlot{bins: latency.Bins(nil, 0, int((width-chartLeft-chartRight)/16)), total: 1}
		end, labels := math.Inf(-1), 0
		for _, piece := range p.Draw(width, 150).Pieces {
			if piece.Text == "" || piece.align != draw.AlignCenter {
				continue
			}
			labels++
			if left := piece.at.X - textWidth(piece.Text)/2; left < end {
				t.Errorf("%q begins at %v, after %v", piece.Text, left, end)
			}
			end = piece.at.X + textWidth(piece.Text)/2
		}
		if labels == 0 {
			t.Error("there are no labels")
		}
	})
}
