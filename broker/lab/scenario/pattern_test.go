package scenario

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"testing"
	"time"
)

func TestThePatternOfNumbersMatchesThemAndNoOthers(t *testing.T) {
	for _, low := range []int64{0, 1} {
		for _, high := range []int64{1, 2, 9, 10, 11, 19, 20, 59, 99, 100, 101, 109, 110, 199, 899, 989, 998, 999, 1000, 1001, 3599, 86_399, 999_999, 1_000_000} {
			p := regexp.MustCompile("^" + upTo(low, high) + "$")
			for _, n := range []int64{0, 1, 9, 10, high / 10, high/10 + 1, high / 2, high - 1, high, high + 1, 2 * high, 10 * high, 10*high + 9} {
				if got, want := p.MatchString(fmt.Sprint(n)), low <= n && n <= high; got != want {
					t.Errorf("%d to %d, %s: %d fits: %v", low, high, p, n, got)
				}
			}
			for _, text := range []string{"", "01", "-1", "+1", "1.0", "1 "} {
				if p.MatchString(text) {
					t.Errorf("%d to %d, %s: %q fits", low, high, p, text)
				}
			}
		}
	}
}

func TestThePatternOfATimeMatchesWhatGoPrintsWithinLimits(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, limit := range []struct{ low, high time.Duration }{{MinTime, MaxTime}, {MinTime, MaxDuration}, {0, MaxDuration}} {
		p := regexp.MustCompile(timePattern(limit.low, limit.high))
		times := []time.Duration{0, 1, limit.low - 1, limit.low, limit.low + 1, limit.high - 1, limit.high, limit.high + 1, 2 * limit.high, -time.Second}
		for range 5_000 {
			d := time.Duration(r.Int64N(1 << r.IntN(48)))
			unit := []time.Duration{1, time.Microsecond, time.Millisecond, time.Second, time.Minute}[r.IntN(5)]
			times = append(times, d-d%unit)
		}
		for _, d := range times {
			if got, want := p.MatchString(d.String()), limit.low <= d && d <= limit.high; got != want {
				t.Errorf("%v to %v: %v fits: %v", limit.low, limit.high, d, got)
			}
		}
		for range 5_000 { // what fits is a time within the limits, however it is written
			text := fmt.Sprintf("%.*f%s", r.IntN(8), float64(r.Int64N(1<<r.IntN(24)))*[]float64{1, 0.5, 0.001, 0.000001}[r.IntN(4)],
				[]string{"ns", "us", "µs", "ms", "s", "m", "h"}[r.IntN(7)])
			d, err := time.ParseDuration(text)
			if p.MatchString(text) && (err != nil || d < limit.low || d > limit.high) {
				t.Errorf("%v to %v: %s fits, and is %v, %v", limit.low, limit.high, text, d, err)
			}
		}
	}
}
