package journal

import (
	"math/bits"
	"time"
)

// histogram counts times by their first significant decimal digits; the rest is
// cut off. To 3 digits 1.2345 s is counted as 1.23 s, so what it answers is short
// by less than 1 %, and exact for times of so few digits, as those of a
// simulation often are. They are decimal because the edges of a chart are: no
// time is counted on the wrong side of one. Count, mean, least and most are exact.
//
// It takes 7 KB (to 4 digits: 72 KB) for each power of ten that there was a time
// of, which are seldom more than four and never more than 13.
type histogram struct {
	digits  int
	decades [decades][]uint64 // decades[e][n] counts the times of lowest+n units of 10^e ns; decades[0], of n ns
	mean    mean
	min     time.Duration
	max     time.Duration
}

const (
	decades     = 13
	longestTime = 1e15 - 1 // 11 days, longer than a run: what is longer counts as that
)

var powers = [...]uint64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}

func (h *histogram) add(d time.Duration) {
	d = min(max(0, d), longestTime)
	if h.mean.count == 0 {
		h.min = d
	}
	h.min, h.max = min(h.min, d), max(h.max, d)
	h.mean.add(d)
	e, n := h.place(uint64(d))
	if h.decades[e] == nil {
		h.decades[e] = make([]uint64, powers[h.digits]-h.lowest(e))
	}
	h.decades[e][n]++
}

// place is where a time is counted.
func (h *histogram) place(v uint64) (e int, n uint64) {
	digits := bits.Len64(v) * 1233 >> 12 // 1233/4096 is the logarithm of 2
	if v >= powers[digits] {
		digits++
	}
	e = max(0, digits-h.digits)
	return e, v/powers[e] - h.lowest(e)
}

// lowest is the least number of units that a decade counts.
func (h *histogram) lowest(e int) uint64 {
	if e == 0 {
		return 0
	}
	return powers[h.digits-1]
}

// each yields the times that there were, the shortest first.
func (h *histogram) each(yield func(d time.Duration, count uint64) bool) {
	for e, counts := range h.decades {
		lowest := h.lowest(e)
		for n, count := range counts {
			if count > 0 && !yield(time.Duration((lowest+uint64(n))*powers[e]), count) {
				return
			}
		}
	}
}

// percentile is the least time that so many percent of the times don't exceed,
// by nearest rank.
func (h *histogram) percentile(p uint64) time.Duration {
	hundreds, rest := h.mean.count/100, h.mean.count%100
	rank := hundreds*p + (rest*p+99)/100
	for d, count := range h.each {
		if rank <= count {
			return max(d, h.min)
		}
		rank -= count
	}
	return h.max
}

// mean is that of times. Their sum has 128 bits: days of a million events
// overflow 64.
type mean struct{ count, high, low uint64 }

func (m *mean) add(d time.Duration) {
	var carry uint64
	m.low, carry = bits.Add64(m.low, uint64(d), 0)
	m.high += carry
	m.count++
}

// value is the mean to the nearest nanosecond, or 0 of nothing.
func (m *mean) value() time.Duration {
	if m.count == 0 {
		return 0
	}
	v, rest := bits.Div64(m.high, m.low, m.count)
	if rest >= m.count-rest {
		v++
	}
	return time.Duration(v)
}

// Bin is a bar of a histogram: how many times there were from From up to, not
// including, To.
type Bin struct {
	From, To time.Duration
	Count    uint64
}

const (
	// leastBins are enough for any times.
	leastBins = 8
	// wide is how many times the least the most is, for bins to become wider.
	wide = 20
)

// bins appends at most so many bins, but leastBins are always allowed, without a
// gap from the least time to the most. Their edges are round numbers: of one
// width if the most is less than wide times the least, else with the same number
// of bins to each power of ten.
func (h *histogram) bins(dst []Bin, most int) []Bin {
	if h.mean.count == 0 {
		return dst
	}
	edge := h.linear(most)
	if h.max >= wide*h.min {
		edge = h.logarithmic(most)
	}
	bin := len(dst)
	for i := h.after(edge, h.min) - 1; edge(i) <= h.max; i++ {
		dst = append(dst, Bin{From: edge(i), To: edge(i + 1)})
	}
	for d, count := range h.each {
		for d >= dst[bin].To {
			bin++
		}
		dst[bin].Count += count
	}
	return dst
}

// linear are edges 1, 2 or 5 times a power of ten apart, but no closer than times
// are told apart.
func (h *histogram) linear(most int) func(i int) time.Duration {
	e, _ := h.place(uint64(h.max))
	for n := 3 * e; ; n++ {
		step := time.Duration([]uint64{1, 2, 5}[n%3] * powers[n/3])
		if h.max/step-h.min/step < time.Duration(max(most, leastBins)) {
			return func(i int) time.Duration { return time.Duration(i) * step }
		}
	}
}

// preferred are the numbers that divide a decade into ten nearly equal ratios, of
// ISO 3. Each second one, and so on, does so too.
var preferred = [10]uint64{100, 125, 160, 200, 250, 315, 400, 500, 630, 800}

// logarithmic are edges of 10, 5, 2, 1 or ½ to a power of ten, from 100 ns on.
func (h *histogram) logarithmic(most int) (edge func(i int) time.Duration) {
	for _, stride := range []int{1, 2, 5, 10, 20} { // with the last, leastBins are enough for any times
		edge = func(i int) time.Duration {
			if i == 0 {
				return 0
			}
			n := i * stride
			return time.Duration(preferred[n%10] * powers[n/10])
		}
		if h.after(edge, h.max)-h.after(edge, h.min) < max(most, leastBins) {
			break
		}
	}
	return edge
}

// after is the first edge after a time.
func (h *histogram) after(edge func(i int) time.Duration, d time.Duration) int {
	i := 1
	for edge(i) <= d {
		i++
	}
	return i
}
