package labtest

import (
	"fmt"
	"time"

	"pgregory.net/rapid"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// short draws the small values of a short run.
type short struct {
	// of draws a time up to the given one.
	of   func(t *rapid.T, label string, most time.Duration) scenario.Duration
	most time.Duration // of intervals, service times and backoffs
}

// crowded times are few and round, so that much happens at the same moment.
func crowded(t *rapid.T, label string, most time.Duration) scenario.Duration {
	parts := rapid.SampledFrom([]time.Duration{2, 4, 5, 8, 10, 16, 20}).Draw(t, label)
	return scenario.Duration(most * parts / 20)
}

// untied is a time between a third of the most and the most, to the nanosecond, so
// that nothing coincides with anything else but by a rare chance: rapid prefers small
// numbers, but not for bits.
func untied(t *rapid.T, label string, most time.Duration) scenario.Duration {
	part := int64(0)
	for range 32 {
		part <<= 1
		if rapid.Bool().Draw(t, label) {
			part++
		}
	}
	return scenario.Duration(int64(most/3)+int64(2*most/3)*part>>32) | 1
}

func (d short) time(t *rapid.T, label string, low, high scenario.Duration) scenario.Duration {
	return min(max(low, d.of(t, label, d.most)), high)
}

func (short) number(t *rapid.T, label string, low, high int64) int64 {
	switch high {
	case 100: // percent
		return rapid.SampledFrom([]int64{0, 0, 30, 100}).Draw(t, label)
	case broker.MaxBuffer:
		return max(low, rapid.SampledFrom([]int64{-1, 0, 1, 2, 3, 4, 5, 50}).Draw(t, label))
	default:
		return rapid.Int64Range(low, min(high, low+6)).Draw(t, label)
	}
}

func (d short) duration(t *rapid.T) scenario.Duration { return d.of(t, "duration", time.Second) }

func (short) start(*rapid.T) scenario.Start { return scenario.Classic().Start }

func (d short) actor(t *rapid.T, role string, taken []string) (name string, start scenario.Duration, count int) {
	if rapid.IntRange(0, 3).Draw(t, "late") == 0 {
		start = d.of(t, "start", 300*time.Millisecond)
	}
	if rapid.IntRange(0, 3).Draw(t, "few") == 0 {
		count = rapid.IntRange(1, 20).Draw(t, "count")
	}
	return fmt.Sprint(role, len(taken)), start, count
}

func (short) topic(t *rapid.T) string {
	return rapid.SampledFrom([]string{"", "a", "a.b", "a.c", "b"}).Draw(t, "topic")
}

func (short) topics(t *rapid.T) string {
	return rapid.SampledFrom([]string{"", "", "", ">", "a.*", "a.>", "b a.b", "x"}).Draw(t, "topics")
}

func (d short) next(t *rapid.T, at, _ scenario.Duration) scenario.Duration {
	if rapid.IntRange(0, 4).Draw(t, "together") == 0 {
		return at + d.of(t, "after", time.Millisecond)
	}
	return at + d.of(t, "after", 250*time.Millisecond)
}
