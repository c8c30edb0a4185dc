package app

import (
	"slices"
	"time"

	"github.com/spillway-go/spillway/broker"
)

// A slider moves through stops, which lie about evenly on a logarithmic scale and
// are numbers a person would say.

// timeStops are for intervals and service times.
var timeStops = func() []time.Duration {
	var stops []time.Duration
	for unit := time.Millisecond; unit <= 10*time.Second; unit *= 10 {
		for _, tenths := range []time.Duration{10, 12, 15, 20, 25, 30, 40, 50, 60, 80} {
			stops = append(stops, tenths*unit/10)
		}
	}
	return slices.DeleteFunc(stops, func(d time.Duration) bool { return d > time.Minute })
}()

// bufferStops are for the size of a buffer.
var bufferStops = func() []int {
	var stops []int
	for n := range 11 {
		stops = append(stops, n)
	}
	stops = append(stops, 12, 14, 16, 20, 24, 32, 50, 64)
	for unit := 100; unit < broker.MaxBuffer; unit *= 10 {
		stops = append(stops, unit, 2*unit, 5*unit)
	}
	return append(stops, broker.MaxBuffer)
}()

// nearest is the stop that is nearest to v from below, or the first.
func nearest[T int | time.Duration](stops []T, v T) int {
	i, found := slices.BinarySearch(stops, v)
	if !found && i > 0 {
		i--
	}
	return i
}
