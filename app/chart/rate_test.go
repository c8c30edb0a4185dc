package chart

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/spillway-go/spillway/app/playtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

func TestAMovingMeanOfASteadyFlowIsItsRate(t *testing.T) {
	for _, width := range []float64{4, 8, 6.5, 1} {
		sums := []float64{0}
		for range 40 {
			sums = append(sums, sums[len(sums)-1]+3)
		}
		means := movingMean(nil, sums, width)
		if len(means) != 40 || means[0] > 3 {
			t.Fatalf("the means of %v columns are %v", width, means)
		}
		for i, m := range means {
			if float64(i) >= 1.5*width+1 && math.Abs(m-3) > 1e-9 {
				t.Errorf("the mean of %v columns is %v in column %d", width, m, i)
			}
			if i > 0 && m < means[i-1]-1e-9 {
				t.Errorf("the mean of %v columns falls to %v in column %d", width, m, i)
			}
		}
	}
}

func TestAMovingMeanLosesNoEvent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.Float64Range(1, 12).Draw(t, "width")
		sums := []float64{0}
		for range 30 {
			sums = append(sums, sums[len(sums)-1]+float64(rapid.IntRange(0, 9).Draw(t, "events")))
		}
		for range 40 { // until all of them have left the mean
			sums = append(sums, sums[30])
		}
		total := 0.0
		for _, m := range movingMean(nil, sums, width) {
			total += m
		}
		if math.Abs(total-sums[30]) > 1e-6 {
			t.Fatalf("of %v events the means have %v", sums[30], total)
		}
	})
}

func TestTheRatesOfTheClassicAreTheTrueOnes(t *testing.T) {
	m := playtest.Paused(scenario.Classic(), 9900*time.Millisecond)
	p := new(Plotter).ratePlot(m.Moment(), 300)
	want := map[string]string{"in": "1", "out": "0.5", "drop": "0.25"}
	for _, l := range p.lines {
		if l.name != "drop" && l.value != want[l.name] {
			t.Errorf("%s is %s, want %s", l.name, l.value, want[l.name])
		}
	}
	if p.unit != "events / s, mean of 3 s" || len(p.lines) != 3 {
		t.Errorf("the unit is %q, and there are %d lines", p.unit, len(p.lines))
	}
}

func TestARateHasAUnitInWhichItIsNoSmallFraction(t *testing.T) {
	for rate, want := range map[float64]string{0: "s", 1: "s", 1e6: "s", 0.2: "s", 0.1: "min", 0.01: "min", 0.001: "h"} {
		if got := rateUnit(rate).name; got != want {
			t.Errorf("%v a second are told a %s, want %s", rate, got, want)
		}
	}
}
