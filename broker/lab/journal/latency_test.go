package journal_test

import (
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker/lab/journal"
	"pgregory.net/rapid"
)

var anyDuration = rapid.Custom(func(t *rapid.T) time.Duration {
	if rapid.Bool().Draw(t, "round") {
		return time.Duration(rapid.IntRange(0, 30).Draw(t, "times")) * rapid.SampledFrom([]time.Duration{time.Microsecond, time.Millisecond, time.Second}).Draw(t, "unit")
	}
	return time.Duration(rapid.Int64Range(0, 1<<rapid.IntRange(1, 47).Draw(t, "size")).Draw(t, "time"))
})

// latencies are handled events of two consumers, and their records.
func latencies(t *rapid.T) (*journal.Latency, []journal.Record) {
	l := journal.NewLatency(2)
	var records []journal.Record
	for n, d := range rapid.SliceOfN(anyDuration, 1, 300).Draw(t, "times") {
		born := time.Duration(n) * time.Second
		r := journal.Record{Kind: journal.Delivered, At: born + d/2, Born: born, Consumer: uint8(n % 2)}
		records = append(records, r)
		r.Kind, r.At = journal.Handled, born+d
		records = append(records, r)
	}
	for _, r := range records {
		l.Observe(r)
	}
	return l, records
}

func TestPercentilesAreShortByLessThanOnePercent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l, records := latencies(t)
		for c := journal.Everyone; c < 2; c++ {
			got, sorted := l.Times(c), times(records, journal.Handled, c)
			if got.Count != uint64(len(sorted)) || got.Begun != got.Count {
				t.Fatalf("there are %+v, want %d", got, len(sorted))
			}
			if len(sorted) == 0 {
				if got != (journal.Times{}) {
					t.Fatalf("of none it is %+v", got)
				}
				continue
			}
			if got.Mean != meanOf(sorted) || got.Min != sorted[0] || got.Max != sorted[len(sorted)-1] || got.Waiting != meanOf(times(records, journal.Delivered, c)) {
				t.Fatalf("of %v it is %+v", sorted, got)
			}
			if got.P50 < got.Min || got.P95 < got.P50 || got.P99 < got.P95 || got.Max < got.P99 {
				t.Fatalf("of %v it is %+v", sorted, got)
			}
			for percent, p := range map[int]time.Duration{50: got.P50, 95: got.P95, 99: got.P99} {
				if want := nearestRank(sorted, percent); p > want || float64(p) <= 0.99*float64(want)-1e-9 && want > 0 {
					t.Fatalf("p%d is %v, want %v", percent, p, want)
				}
			}
		}
	})
}

// meanOf rounds to the nearest nanosecond.
func meanOf(all []time.Duration) time.Duration {
	var sum time.Duration // of the few here it doesn't overflow
	for _, d := range all {
		sum += d
	}
	n := time.Duration(len(all))
	return (2*sum + n) / (2 * n)
}

func TestRoundTimesHaveExactPercentiles(t *testing.T) {
	l := journal.NewLatency(1)
	for range 10 {
		l.Observe(journal.Record{Kind: journal.Handled, At: 3 * time.Second})
		l.Observe(journal.Record{Kind: journal.Handled, At: 3450 * time.Millisecond})
	}
	if got := l.Times(0); got.P50 != 3*time.Second || got.P99 != 3450*time.Millisecond {
		t.Errorf("they are %+v", got)
	}
}

func TestEveryTimeIsInItsBin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l, records := latencies(t)
		most := rapid.IntRange(-1, 60).Draw(t, "most")
		for c := journal.Everyone; c < 2; c++ {
			bins, sorted := l.Bins(nil, c, most), times(records, journal.Handled, c)
			if len(sorted) == 0 {
				if len(bins) > 0 {
					t.Fatalf("of none there are %v", bins)
				}
				continue
			}
			if len(bins) == 0 || len(bins) > max(most, 8) {
				t.Fatalf("there are %d bins of %d", len(bins), most)
			}
			if first, last := bins[0], bins[len(bins)-1]; sorted[0] >= first.To || sorted[len(sorted)-1] < last.From {
				t.Fatalf("of %v to %v the bins are %v", sorted[0], sorted[len(sorted)-1], bins)
			}
			for i, b := range bins {
				if b.From >= b.To || i > 0 && b.From != bins[i-1].To {
					t.Fatalf("bin %d of %v doesn't fit", i, bins)
				}
				want := uint64(0)
				for _, d := range sorted {
					if b.From <= d && d < b.To {
						want++
					}
				}
				if b.Count != want {
					t.Fatalf("bin %v of %v has %d, want %d", b, sorted, b.Count, want)
				}
			}
		}
	})
}

func TestBinsHaveRoundEdges(t *testing.T) {
	const ms = time.Millisecond
	for _, test := range []struct {
		times []time.Duration
		most  int
		want  []time.Duration // the edges
	}{
		{[]time.Duration{2 * time.Second, 5 * time.Second}, 8,
			[]time.Duration{2000 * ms, 2500 * ms, 3000 * ms, 3500 * ms, 4000 * ms, 4500 * ms, 5000 * ms, 5500 * ms}},
		{[]time.Duration{2 * time.Second}, 20, []time.Duration{2000 * ms, 2010 * ms}},
		{[]time.Duration{3 * ms, 99 * ms}, 20,
			[]time.Duration{2500_000, 3150_000, 4 * ms, 5 * ms, 6300_000, 8 * ms, 10 * ms, 12_500_000, 16 * ms, 20 * ms, 25 * ms, 31_500_000, 40 * ms, 50 * ms, 63 * ms, 80 * ms, 100 * ms}},
		{[]time.Duration{3 * ms, 99 * ms}, 8, []time.Duration{2500_000, 4 * ms, 6300_000, 10 * ms, 16 * ms, 25 * ms, 40 * ms, 63 * ms, 100 * ms}},
		{[]time.Duration{1, 24 * time.Hour}, 1, []time.Duration{0, 10_000, ms, 100 * ms, 10_000 * ms, 1_000_000 * ms, 100_000_000 * ms}},
	} {
		l := journal.NewLatency(1)
		for _, d := range test.times {
			l.Observe(journal.Record{Kind: journal.Handled, At: d})
		}
		bins := l.Bins(nil, 0, test.most)
		ok := len(bins) == len(test.want)-1
		for i, b := range bins {
			ok = ok && b.From == test.want[i] && b.To == test.want[i+1]
		}
		if !ok {
			t.Errorf("the bins of %v are %v, want edges %v", test.times, bins, test.want)
		}
	}
}

func TestObservingAllocatesNothingInTheSteadyState(t *testing.T) {
	records := play(t, everything(), 20*smallest)
	l := journal.NewLatency(3)
	for _, r := range records {
		l.Observe(r)
	}
	if n := testing.AllocsPerRun(1, func() {
		for _, r := range records {
			l.Observe(r)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkObserve(b *testing.B) {
	records := play(b, everything(), 1<<16)
	l := journal.NewLatency(3)
	b.ReportAllocs()
	for i := range b.N {
		l.Observe(records[i%len(records)])
	}
}

func BenchmarkTimes(b *testing.B) {
	l := journal.NewLatency(3)
	for _, r := range play(b, everything(), 1<<16) {
		l.Observe(r)
	}
	b.ReportAllocs()
	for b.Loop() {
		l.Times(journal.Everyone)
	}
}
