package chart

import (
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/spillway-go/spillway/app/format"
)

// niceStep is the least of 1, 2 and 5 times a power of ten that is not below v.
func niceStep(v float64) float64 {
	if v <= 0 || math.IsInf(v, 0) || math.IsNaN(v) {
		return 1
	}
	power := math.Pow(10, math.Floor(math.Log10(v)))
	for _, n := range []float64{1, 2, 5, 10} {
		if n*power >= v*(1-1e-9) {
			return n * power
		}
	}
	return 10 * power
}

// scale is a vertical axis from 0 up: its top is not below the values, and a
// multiple of its step.
type scale struct{ top, step float64 }

// newScale is for values up to high, in at most so many steps. A whole scale has
// no step below 1.
func newScale(high float64, steps int, whole bool) scale {
	if high <= 0 {
		return scale{1, 1}
	}
	step := niceStep(high / float64(max(1, steps)))
	if whole {
		step = max(1, step)
	}
	return scale{step * math.Ceil(high/step*(1-1e-9)), step}
}

// ticks are the multiples of the step from 0 to the top.
func (s scale) ticks() []float64 {
	var ticks []float64
	for i := 0; float64(i)*s.step <= s.top*(1+1e-9); i++ {
		ticks = append(ticks, float64(i)*s.step)
	}
	return ticks
}

// short is a number for an axis, in at most five characters up to a million
// millions.
func short(v float64) string {
	for _, u := range []struct {
		unit float64
		name string
	}{{1e12, "T"}, {1e9, "G"}, {1e6, "M"}, {1e4, "k"}} {
		if math.Abs(v) >= u.unit*(1-1e-9) {
			return format.Number(v/min(u.unit, unitOf(u.name)), 3) + u.name
		}
	}
	return format.Number(v, 3)
}

// unitOf is what a k stands for: short writes 1500, but 15k.
func unitOf(name string) float64 {
	if name == "k" {
		return 1e3
	}
	return math.Inf(1)
}

// longSteps are the steps of a time axis from a second on; those below go by 1, 2
// and 5.
var longSteps = []time.Duration{
	1 * time.Second, 2 * time.Second, 5 * time.Second, 10 * time.Second, 15 * time.Second, 30 * time.Second,
	1 * time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute,
	1 * time.Hour, 2 * time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour,
}

// niceTime is the least step of a time axis that is not below d.
func niceTime(d time.Duration) time.Duration {
	if d < time.Second {
		return max(1, time.Duration(math.Round(niceStep(float64(d)))))
	}
	i, _ := slices.BinarySearch(longSteps, d)
	return longSteps[min(i, len(longSteps)-1)]
}

// timeTicks are moments from 0 to the end, at most so many after 0.
func timeTicks(end time.Duration, most int) []time.Duration {
	step := niceTime(end / time.Duration(max(1, most)))
	for end/step > time.Duration(max(1, most)) { // the division was rounded down
		step = niceTime(step + 1)
	}
	var ticks []time.Duration
	for t := time.Duration(0); t <= end; t += step {
		ticks = append(ticks, t)
	}
	return ticks
}

// timeLabel is a moment on an axis.
func timeLabel(d time.Duration) string {
	if d == 0 {
		return "0"
	}
	return format.Time(d)
}

// shortRun is how long a run may be for its charts to have room for all of it
// from the start.
const shortRun = time.Minute

// horizons are where the charts of longer runs end, until the run comes there.
var horizons = []time.Duration{
	shortRun, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 20 * time.Minute,
	1 * time.Hour, 2 * time.Hour, 6 * time.Hour, 12 * time.Hour,
}

// horizon is where the time axis ends of a run that may last so long and has
// been reached so far.
func horizon(duration, reached time.Duration) time.Duration {
	if duration > shortRun {
		for _, h := range horizons {
			if h >= reached && h < duration {
				return h
			}
		}
	}
	return max(duration, 1)
}

// columns divide a time axis: a line has one value, or one span of values, in
// each. They end where the buckets of the journal's series do, so that nothing
// shows in two of them.
type columns struct {
	width time.Duration // a power of two, in µs
	count int
}

// newColumns are for an axis that is so many pixels wide: each has one or two.
func newColumns(end time.Duration, pixels float64) columns {
	width := time.Microsecond
	for float64(width)*max(1, pixels) < float64(end) {
		width *= 2
	}
	return columns{width, int((end + width - 1) / width)}
}

// divide makes n of each, as far as the width allows.
func (c *columns) divide(n int) {
	for ; n > 1 && c.width > time.Microsecond; n /= 2 {
		c.width, c.count = c.width/2, c.count*2
	}
}

// at is the column of a moment.
func (c columns) at(t time.Duration) int {
	return min(max(0, int(t/c.width)), max(0, c.count-1))
}

// end is where the last one ends.
func (c columns) end() time.Duration { return c.width * time.Duration(c.count) }

// appendPixel writes a coordinate to a tenth of a pixel: faster than strconv,
// which matters for a path of a thousand of them.
func appendPixel(b []byte, v float64) []byte {
	tenths := int64(math.Round(v * 10))
	if tenths < 0 {
		b = append(b, '-')
		tenths = -tenths
	}
	b = strconv.AppendInt(b, tenths/10, 10)
	if rest := tenths % 10; rest != 0 {
		b = append(b, '.', byte('0'+rest))
	}
	return b
}
