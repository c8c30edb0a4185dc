package chart

import (
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/spillway-go/spillway/app/draw"
)

func TestAStepIsANumberAPersonWouldSay(t *testing.T) {
	for v, want := range map[float64]float64{0.9: 1, 1: 1, 1.1: 2, 2: 2, 3: 5, 7: 10, 0.03: 0.05, 1234: 2000, 0: 1, math.Inf(1): 1, 1e-7: 1e-7} {
		if got := niceStep(v); math.Abs(got-want) > 1e-9*want {
			t.Errorf("for %v it is %v, want %v", v, got, want)
		}
	}
}

func TestAScaleHoldsItsValuesInSoManySteps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		high := rapid.Float64Range(0, 1e9).Draw(t, "high")
		steps := rapid.IntRange(1, 8).Draw(t, "steps")
		whole := rapid.Bool().Draw(t, "whole")
		s := newScale(high, steps, whole)
		ticks := s.ticks()
		if s.top < high*(1-1e-9) || len(ticks)-1 > steps || math.Abs(ticks[len(ticks)-1]-s.top) > 1e-9*s.top {
			t.Fatalf("up to %v in %d steps it is %+v: %v", high, steps, s, ticks)
		}
		if whole && s.step != math.Trunc(s.step) || high > 0 && niceStep(s.step) != s.step && math.Abs(niceStep(s.step)-s.step) > 1e-9*s.step {
			t.Fatalf("the step is %v", s.step)
		}
		for i := 1; i < len(ticks); i++ {
			if ticks[i] <= ticks[i-1] || short(ticks[i]) == short(ticks[i-1]) {
				t.Fatalf("the ticks are %v: %s and %s", ticks, short(ticks[i-1]), short(ticks[i]))
			}
		}
		f := Figure{plot: draw.Rect{X: 0, Y: 10, W: 100, H: 80}}
		if f.y(s, 0) != 90 || math.Abs(f.y(s, s.top)-10) > 1e-9 || high > 0 && f.y(s, high) > f.y(s, high/2) {
			t.Fatalf("the scale %+v is not monotone", s)
		}
	})
}

func TestANumberOnAnAxisHasRoom(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0", 0.05: "0.05", 0.25: "0.25", 1: "1", 1.5: "1.5", 20: "20", 500: "500", 1000: "1000", 2500: "2500",
		10_000: "10k", 25_000: "25k", 500_000: "500k", 1e6: "1M", 2.5e6: "2.5M", 1e9: "1G", 2e12: "2T",
	} {
		if got := short(v); got != want || len(got) > 5 {
			t.Errorf("%v is %q, want %q", v, got, want)
		}
	}
}

func TestTicksOfTimeAreInsideAndNotTooMany(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		end := time.Duration(rapid.Int64Range(1, int64(24*time.Hour)).Draw(t, "end"))
		most := rapid.IntRange(1, 12).Draw(t, "most")
		ticks := timeTicks(end, most)
		if len(ticks)-1 > most || ticks[0] != 0 || ticks[len(ticks)-1] > end {
			t.Fatalf("up to %v there are %v", end, ticks)
		}
		for i := 1; i < len(ticks); i++ {
			if ticks[i]-ticks[i-1] != ticks[1] {
				t.Fatalf("they are not even: %v", ticks)
			}
		}
	})
	for end, want := range map[time.Duration]string{
		10 * time.Second: "0 2 s 4 s 6 s 8 s 10 s", time.Minute: "0 15 s 30 s 45 s 1 min", time.Hour: "0 15 min 30 min 45 min 1 h",
		32 * time.Second: "0 10 s 20 s 30 s", 24 * time.Hour: "0 6 h 12 h 18 h 24 h", 40 * time.Millisecond: "0 10 ms 20 ms 30 ms 40 ms",
	} {
		var labels []string
		for _, d := range timeTicks(end, 5) {
			labels = append(labels, timeLabel(d))
		}
		if got := strings.Join(labels, " "); got != want {
			t.Errorf("up to %v they are %s, want %s", end, got, want)
		}
	}
}

func TestTheHorizonOfALongRunGrowsWithIt(t *testing.T) {
	for _, c := range [][3]time.Duration{
		{10 * time.Second, 0, 10 * time.Second}, {10 * time.Second, 9 * time.Second, 10 * time.Second},
		{time.Hour, 0, time.Minute}, {time.Hour, 61 * time.Second, 2 * time.Minute}, {time.Hour, 59 * time.Minute, time.Hour},
		{90 * time.Second, 80 * time.Second, 90 * time.Second}, {24 * time.Hour, 13 * time.Hour, 24 * time.Hour}, {0, 0, 1},
	} {
		if got := horizon(c[0], c[1]); got != c[2] {
			t.Errorf("of %v at %v it is %v, want %v", c[0], c[1], got, c[2])
		}
	}
}

func TestColumnsCoverTheAxisAndAreOneOrTwoPixelsWide(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		end := time.Duration(rapid.Int64Range(int64(time.Millisecond), int64(24*time.Hour)).Draw(t, "end"))
		pixels := float64(rapid.IntRange(100, 900).Draw(t, "pixels"))
		c := newColumns(end, pixels)
		if c.end() < end || c.end()-c.width >= end || float64(c.count) > pixels+1 || float64(c.count) < pixels/2-1 {
			t.Fatalf("%v in %v pixels are %+v", end, pixels, c)
		}
		if c.at(0) != 0 || c.at(end-1) != c.count-1 || c.at(2*end) != c.count-1 {
			t.Fatalf("the last of %+v is %d", c, c.at(end-1))
		}
		whole := c.end()
		if c.divide(4); c.end() != whole {
			t.Fatalf("divided they end at %v, not at %v", c.end(), whole)
		}
	})
}

func TestAPixelIsWrittenToATenth(t *testing.T) {
	for v, want := range map[float64]string{0: "0", 1: "1", 1.25: "1.3", 12.04: "12", -0.5: "-0.5", -0.04: "0", 1234.5: "1234.5"} {
		if got := string(appendPixel(nil, v)); got != want {
			t.Errorf("%v is %s, want %s", v, got, want)
		}
	}
}
