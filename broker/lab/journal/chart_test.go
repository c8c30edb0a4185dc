package journal_test

import (
	"math"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
	"pgregory.net/rapid"
)

// naiveSpan is what a depth did from one moment up to, not including, another.
func naiveSpan(moments []moment, from, to time.Duration, depth func(moment) int) journal.Span {
	low, high, last := math.MaxInt, 0, 0
	for i, m := range moments {
		begin, end := m.At, time.Duration(math.MaxInt64) // how long it is so
		if i == 0 {
			begin = -1
		}
		if i+1 < len(moments) {
			end = moments[i+1].At
		}
		if d := depth(m); begin < to && end >= from {
			high = max(high, d)
			if begin < end && end > from {
				low = min(low, d)
			}
			last = d
		}
	}
	return journal.Span{Low: low, High: high, Last: last}
}

func TestNoPeakAndNoDipIsLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := labtest.Busy().Scenario().Draw(t, "scenario")
		records := play(t, s, 800)
		moments := naiveMoments(t, records, len(s.Producers), len(s.Consumers))
		j := journal.New(0, s, len(s.Producers), len(s.Consumers)) // much falls out
		for _, r := range records {
			j.Append(&r)
		}
		from := time.Duration(rapid.Int64Range(0, int64(s.Duration)).Draw(t, "from"))
		to := from + time.Duration(rapid.Int64Range(0, int64(s.Duration)).Draw(t, "length"))
		pixels := min(rapid.IntRange(0, 20).Draw(t, "pixels"), int(to-from))
		checkSpans(t, j, moments, rapid.IntRange(0, len(s.Consumers)-1).Draw(t, "consumer"), from, to, pixels)
	})
}

// At random as scenarios seldom are: at any nanosecond, with any gap, and often
// on the edge of a bucket.
func TestNoPeakOfARandomWalkIsLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		j := journal.New(0, cast{}, 1, 1)
		moments := []moment{{Consumers: make([]consumerMoment, 1)}}
		at := time.Duration(0)
		for range rapid.IntRange(0, 60).Draw(t, "records") {
			at += time.Duration(rapid.Int64Range(0, 1<<rapid.IntRange(0, 24).Draw(t, "size")).Draw(t, "gap"))
			if rapid.Bool().Draw(t, "on the edge") {
				w := max(j.Resolution(), time.Microsecond)
				at = (at + w - 1) / w * w
			}
			c := moments[len(moments)-1].Consumers[0]
			r := journal.Record{At: at, Kind: journal.Spilled, Depth: uint32(rapid.IntRange(0, 5).Draw(t, "depth"))}
			switch {
			case rapid.Bool().Draw(t, "in the repository"):
				c.Backlog = int(r.Depth)
			case int(r.Depth) > c.Depth:
				r.Kind, c.Depth = journal.Buffered, int(r.Depth)
			default:
				r.Kind, r.Cause, c.Depth = journal.Dropped, uint8(broker.Shrunk), int(r.Depth)
			}
			j.Append(&r)
			moments = append(moments, moment{At: at, Consumers: []consumerMoment{c}})
		}
		// A long stretch, and a short one about a record.
		from := time.Duration(rapid.Int64Range(0, int64(at)).Draw(t, "from"))
		to := from + time.Duration(rapid.Int64Range(0, int64(at)).Draw(t, "length"))
		pixels := rapid.IntRange(1, 20).Draw(t, "pixels")
		checkSpans(t, j, moments, 0, from, to, min(pixels, int(to-from)))
		w := int64(j.Resolution())
		from = max(0, rapid.SampledFrom(moments).Draw(t, "moment").At-time.Duration(rapid.Int64Range(0, 2*w).Draw(t, "before")))
		to = from + time.Duration(rapid.Int64Range(0, 4*w).Draw(t, "short length"))
		checkSpans(t, j, moments, 0, from, to, min(pixels, int(to-from)))
	})
}

// checkSpans compares depths and backlogs with those of a naive replay.
func checkSpans(t labtest.T, j *journal.Journal, moments []moment, consumer int, from, to time.Duration, pixels int) {
	t.Helper()
	w, head := j.Resolution(), j.Head().At
	if head >= 4096*w || head >= 2048*time.Microsecond && head < 2048*w {
		t.Fatalf("at %v the resolution is %v", head, w)
	}
	depths := j.Depths(nil, consumer, from, to, pixels)
	backlogs := j.Backlogs(nil, consumer, from, to, pixels)
	if len(depths) != pixels || len(backlogs) != pixels {
		t.Fatalf("it has %d and %d pixels of %d", len(depths), len(backlogs), pixels)
	}
	for p := range depths {
		begin, end := edge(from, to, pixels, p), edge(from, to, pixels, p+1)
		if begin > head {
			begin, end = head+1, head+2
		} else { // all buckets that the pixel touches; the open one goes as far as the head
			begin, end = begin/w*w, (end+w-1)/w*w
		}
		if want := naiveSpan(moments, begin, end, func(m moment) int { return m.Consumers[consumer].Depth }); depths[p] != want {
			t.Fatalf("from %v to %v the depth is %+v, want %+v", begin, end, depths[p], want)
		}
		if want := naiveSpan(moments, begin, end, func(m moment) int { return m.Consumers[consumer].Backlog }); backlogs[p] != want {
			t.Fatalf("from %v to %v the backlog is %+v, want %+v", begin, end, backlogs[p], want)
		}
	}
}

// edge is where a pixel begins.
func edge(from, to time.Duration, pixels, p int) time.Duration {
	return from + (to-from)*time.Duration(p)/time.Duration(pixels)
}

func TestRatesAddUpToTheCounts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := labtest.Busy().Scenario().Draw(t, "scenario")
		records := play(t, s, 800)
		moments := naiveMoments(t, records, len(s.Producers), len(s.Consumers))
		j := journal.New(0, s, len(s.Producers), len(s.Consumers))
		for _, r := range records {
			j.Append(&r)
		}
		pixels := rapid.IntRange(1, 3000).Draw(t, "pixels")
		from := time.Duration(rapid.Int64Range(0, int64(s.Duration)).Draw(t, "from"))
		to := from + time.Duration(rapid.Int64Range(int64(pixels), int64(s.Duration)+int64(pixels)).Draw(t, "length"))
		for c := journal.Everyone; c < len(s.Consumers); c++ {
			sum := journal.Rate{}
			for p, r := range j.Rates(nil, c, from, to, pixels) {
				seconds := (edge(from, to, pixels, p+1) - edge(from, to, pixels, p)).Seconds()
				sum = plus(sum, r, seconds)
			}
			least := minus(ratesAt(moments, c, to, -j.Resolution()), ratesAt(moments, c, from, j.Resolution()))
			most := minus(ratesAt(moments, c, to, j.Resolution()), ratesAt(moments, c, from, -j.Resolution()))
			if from == 0 && to > j.Head().At {
				least, most = ratesAt(moments, c, to, 0), ratesAt(moments, c, to, 0)
			}
			const e = 1e-6
			for i, got := range fields(sum) {
				if low, high := fields(least)[i], fields(most)[i]; got < low-e || got > high+e {
					t.Fatalf("of %d, field %d adds up to %v from %v to %v, want %v to %v", c, i, got, from, to, low, high)
				}
			}
		}
		for p := range s.Producers {
			sum := 0.0
			for x, r := range j.Productions(nil, p, 0, to, pixels) {
				sum += r * (edge(0, to, pixels, x+1) - edge(0, to, pixels, x)).Seconds()
			}
			i := after(records, to)
			if got, want := sum, float64(moments[i].Producers[p].Published); math.Abs(got-want) > 1e-6 && to > j.Head().At {
				t.Fatalf("producer %d produced %v, want %v", p, got, want)
			}
		}
	})
}

// ratesAt is what a naive replay has counted up to a bucket before or after t.
func ratesAt(moments []moment, consumer int, t, off time.Duration) (r journal.Rate) {
	m := moments[0]
	for _, next := range moments {
		if next.At <= t+off {
			m = next
		}
	}
	if consumer != journal.Everyone {
		return rateOf(m.Consumers[consumer], max(0, t+off)-m.At)
	}
	for _, c := range m.Consumers {
		r = plus(r, rateOf(c, max(0, t+off)-m.At), 1)
	}
	r.Offered, r.Rejected = float64(m.Published), float64(m.Rejected)
	return r
}

func rateOf(c consumerMoment, since time.Duration) journal.Rate {
	return journal.Rate{
		Offered: float64(c.Offered), Delivered: float64(c.Delivered), Handled: float64(c.Handled), Dropped: float64(c.Dropped),
		Spilled: float64(c.Spilled), Failed: float64(c.Failed), DeadLettered: float64(c.DeadLettered),
		Busy: (c.WorkedBy + time.Duration(c.Busy)*since).Seconds(),
	}
}

func fields(r journal.Rate) []float64 {
	return []float64{r.Offered, r.Rejected, r.Delivered, r.Handled, r.Dropped, r.Spilled, r.Failed, r.DeadLettered, r.Busy}
}

func fromFields(f []float64) journal.Rate {
	return journal.Rate{Offered: f[0], Rejected: f[1], Delivered: f[2], Handled: f[3], Dropped: f[4], Spilled: f[5], Failed: f[6], DeadLettered: f[7], Busy: f[8]}
}

// plus is a and so much of b.
func plus(a, b journal.Rate, much float64) journal.Rate {
	x, y := fields(a), fields(b)
	for i := range x {
		x[i] += y[i] * much
	}
	return fromFields(x)
}

func minus(a, b journal.Rate) journal.Rate { return plus(a, b, -1) }

func TestAChartOfNothingIsFlat(t *testing.T) {
	j := journal.New(0, cast{}, 1, 1)
	if got := j.Depths(nil, 0, 0, time.Hour, 3); len(got) != 3 || got[0] != (journal.Span{}) || got[2] != (journal.Span{}) {
		t.Errorf("the depths are %v", got)
	}
	if got := j.Rates(nil, journal.Everyone, 0, time.Hour, 3); len(got) != 3 || got[0] != (journal.Rate{}) {
		t.Errorf("the rates are %v", got)
	}
	for _, x := range []struct {
		from, to time.Duration
		pixels   int
	}{{0, time.Second, 0}, {0, time.Second, -1}, {time.Second, time.Second, 5}, {time.Second, 0, 5}, {-2, -1, 5}} {
		if d, r, p := j.Depths(nil, 0, x.from, x.to, x.pixels), j.Rates(nil, 0, x.from, x.to, x.pixels), j.Productions(nil, 0, x.from, x.to, x.pixels); len(d)+len(r)+len(p) > 0 {
			t.Errorf("%+v has %v, %v, %v", x, d, r, p)
		}
	}
	if got := len(j.Rates(nil, 0, 0, 3, 700)); got != 3 {
		t.Errorf("3 ns have %d pixels", got)
	}
	if got := len(j.Depths(nil, 0, 0, math.MaxInt64, 700)); got != 700 {
		t.Errorf("for ever has %d pixels", got)
	}
}

func TestWhatHappenedLastHasHappenedByTheHead(t *testing.T) {
	j := journal.New(0, cast{}, 1, 1)
	for n := range uint64(10) {
		j.Append(&journal.Record{Kind: journal.Produced, At: 600, Number: n}) // in the first microsecond
	}
	for to, want := range map[time.Duration]float64{300: 5, 600: 10, 900: 10} {
		if got := j.Productions(nil, 0, 0, to, 1)[0] * to.Seconds(); math.Abs(got-want) > 1e-9 {
			t.Errorf("until %v it produced %v, want %v", to, got, want)
		}
	}
}

func TestADayHasItsResolution(t *testing.T) {
	j := journal.New(0, cast{}, 1, 1)
	produced := func(at time.Duration, n uint64) {
		j.Append(&journal.Record{Kind: journal.Produced, At: at, Born: at, Number: n})
	}
	produced(0, 0)
	produced(time.Microsecond, 1)
	if got := j.Resolution(); got != time.Microsecond {
		t.Errorf("after 1 µs it is %v", got)
	}
	produced(scenario.MaxDuration, 2)
	if got := j.Resolution(); got != time.Microsecond<<25 {
		t.Errorf("after a day it is %v", got)
	}
	got := j.Productions(nil, 0, 0, 2*scenario.MaxDuration, 4)
	for p, want := range []float64{2, 1, 0, 0} { // the day's last event comes after it, to the nearest bucket before
		if n := got[p] * scenario.MaxDuration.Seconds() / 2; math.Abs(n-want) > 1e-9 {
			t.Errorf("in half day %d were %v, want %v", p, n, want)
		}
	}
}

func TestAPeakOfNoLengthIsSeenAndADipIsNot(t *testing.T) {
	j := journal.New(0, cast{}, 1, 1)
	depth := uint32(0)
	tell := func(kind journal.Kind, at time.Duration, to uint32) {
		depth = to
		j.Append(&journal.Record{Kind: kind, At: at, Depth: depth})
	}
	tell(journal.Buffered, 0, 1)
	tell(journal.Buffered, 0, 2)
	tell(journal.Delivered, 10*time.Microsecond, 1) // and one comes in
	tell(journal.Buffered, 10*time.Microsecond, 2)
	tell(journal.Buffered, 20*time.Microsecond, 3) // and is lost
	tell(journal.Dropped, 20*time.Microsecond, 2)
	tell(journal.Delivered, 30*time.Microsecond, 1)
	tell(journal.Buffered, 31*time.Microsecond, 2)
	got := j.Depths(nil, 0, 0, 40*time.Microsecond, 4)
	for p, want := range []journal.Span{{0, 2, 2}, {2, 2, 2}, {2, 3, 2}, {1, 2, 2}} {
		want.Low = max(want.Low, map[int]int{0: 2}[p])
		if got[p] != want {
			t.Errorf("pixel %d is %+v, want %+v", p, got[p], want)
		}
	}
}

func TestAChartAllocatesNothing(t *testing.T) {
	j := recorded(play(t, everything(), 3*smallest), 0)
	spans, rates := make([]journal.Span, 700), make([]journal.Rate, 700)
	if n := testing.AllocsPerRun(10, func() {
		spans = j.Depths(spans[:0], 1, 0, j.Head().At, 700)
		rates = j.Rates(rates[:0], journal.Everyone, 0, j.Head().At, 700)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkDepths(b *testing.B) {
	j := recorded(play(b, everything(), 1<<16), 0)
	spans := make([]journal.Span, 700)
	b.ReportAllocs()
	for b.Loop() {
		spans = j.Depths(spans[:0], 1, 0, j.Head().At, 700)
	}
}

func BenchmarkRates(b *testing.B) {
	j := recorded(play(b, everything(), 1<<16), 0)
	rates := make([]journal.Rate, 700)
	b.ReportAllocs()
	for b.Loop() {
		rates = j.Rates(rates[:0], journal.Everyone, 0, j.Head().At, 700)
	}
}
