package panel

import (
	"slices"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// A slider moves through stops, which lie about evenly on a logarithmic scale and
// are numbers a person would say.

// TimeStops are for intervals and service times.
var TimeStops = func() []time.Duration {
	var stops []time.Duration
	for unit := time.Millisecond; unit <= 10*time.Second; unit *= 10 {
		for _, tenths := range []time.Duration{10, 12, 15, 20, 25, 30, 40, 50, 60, 80} {
			stops = append(stops, tenths*unit/10)
		}
	}
	return slices.DeleteFunc(stops, func(d time.Duration) bool { return d > time.Minute })
}()

// DurationStops are for how long a run lasts.
var DurationStops = func() []time.Duration {
	var stops []time.Duration
	for _, s := range []time.Duration{1, 2, 3, 5, 8, 10, 15, 20, 30, 45} {
		stops = append(stops, s*time.Second)
	}
	for _, m := range []time.Duration{1, 2, 3, 5, 10, 15, 20, 30, 45} {
		stops = append(stops, m*time.Minute)
	}
	return append(stops, time.Hour, 2*time.Hour, 6*time.Hour, 12*time.Hour, scenario.MaxDuration)
}()

// startStops are for when somebody begins.
var startStops = append([]time.Duration{0, 500 * time.Millisecond}, DurationStops...)

// BufferStops are for the size of a buffer.
var BufferStops = func() []int {
	stops := upTo(0, 10)
	stops = append(stops, 12, 14, 16, 20, 24, 32, 50, 64)
	for unit := 100; unit < broker.MaxBuffer; unit *= 10 {
		stops = append(stops, unit, 2*unit, 5*unit)
	}
	return append(stops, broker.MaxBuffer)
}()

var (
	burstStops   = append(upTo(1, 10), 12, 15, 20, 25, 30, 40, 50, 75, 100, 200, 300, 500, scenario.MaxBurst)
	workerStops  = append(upTo(1, 12), 14, 16, 20, 24, 32, 48, scenario.MaxWorkers)
	attemptStops = upTo(1, scenario.MaxAttempts)
	percentStops = []int{0, 1, 2, 3, 5, 7, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90, 95, 98, 99, 100}
)

func upTo(low, high int) []int {
	var all []int
	for n := low; n <= high; n++ {
		all = append(all, n)
	}
	return all
}

// nearest is the stop that is nearest to v from below, or the first.
func nearest[T int | int64 | time.Duration](stops []T, v T) int {
	i, found := slices.BinarySearch(stops, v)
	if !found && i > 0 {
		i--
	}
	return i
}
