package journal

import (
	"math"
	"math/bits"
	"time"
)

// occupancy is how many events were somewhere, on average over time. It is the
// integral, not a sample, and exact: a million events for a day, in nanoseconds,
// need more than 64 bits.
type occupancy struct {
	events    uint64 // now
	since     time.Duration
	high, low uint64 // events × nanoseconds until since
}

// set notes how many there are from a moment on.
func (o *occupancy) set(events int, at time.Duration) {
	if uint64(events) != o.events {
		o.high, o.low = o.until(at)
		o.events, o.since = uint64(events), at
	}
}

func (o *occupancy) until(t time.Duration) (high, low uint64) {
	high, low = bits.Mul64(o.events, uint64(t-o.since))
	low, carry := bits.Add64(low, o.low, 0)
	return high + o.high + carry, low
}

// mean is the average from the start of the run up to t.
func (o *occupancy) mean(t time.Duration) float64 {
	if t <= 0 {
		return 0
	}
	high, low := o.until(t)
	return (float64(high)*math.Exp2(64) + float64(low)) / float64(t)
}
