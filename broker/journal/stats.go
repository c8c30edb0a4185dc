package journal

import (
	"math"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// Stats add a whole run up, however long it is: they need no journal and keep no
// record.
type Stats struct {
	cast  Cast
	state State
	all   *timeInSystem
	each  []*timeInSystem // by consumer
}

// NewStats is for a run with that cast of so many producers and consumers.
func NewStats(cast Cast, producers, consumers int) *Stats {
	s := &Stats{cast: cast, state: newState(producers, consumers), all: newTimeInSystem()}
	for range consumers {
		s.each = append(s.each, newTimeInSystem())
	}
	return s
}

// Observe takes the next record of the run.
func (s *Stats) Observe(r Record) {
	s.state.apply(&r)
	if r.Kind == Handled {
		s.all.add(r.At - r.Born)
		s.each[r.Consumer].add(r.At - r.Born)
	}
}

// Report is the sum of a run, as JSON says it.
type Report struct {
	Published    uint64         `json:"published"`
	Handled      uint64         `json:"handled"`
	Dropped      uint64         `json:"dropped"`
	Loss         float64        `json:"loss"`           // dropped deliveries / offered deliveries
	Utilisation  float64        `json:"utilisation"`    // fraction of the time at work, mean of the consumers
	TimeInSystem Seconds        `json:"time_in_system"` // of handled events
	Duration     float64        `json:"duration"`       // seconds the run lasted
	Consumers    []ConsumerPart `json:"consumers"`
}

// ConsumerPart is one consumer's part of a Report.
type ConsumerPart struct {
	Name         string  `json:"name"`
	Handled      uint64  `json:"handled"`
	Dropped      uint64  `json:"dropped"`
	Loss         float64 `json:"loss"`
	Utilisation  float64 `json:"utilisation"`
	TimeInSystem Seconds `json:"time_in_system"`
	Waiting      int     `json:"waiting"` // in the buffer at the end
}

// Seconds sum times up, in seconds; all are null when there was none.
type Seconds struct {
	Mean *float64 `json:"mean"`
	P50  *float64 `json:"p50"`
	P99  *float64 `json:"p99"`
}

// Report is the sum up to now.
func (s *Stats) Report() Report {
	st := &s.state
	r := Report{
		Published:    st.Published,
		Handled:      st.Handled,
		Dropped:      st.Dropped,
		Loss:         rounded(st.Loss()),
		TimeInSystem: s.all.seconds(),
		Duration:     st.At.Seconds(),
	}
	var busy float64
	for i := range st.Consumers {
		c := &st.Consumers[i]
		busy += c.Utilisation(st.At)
		loss := 0.0
		if st.Published > 0 {
			loss = float64(c.Dropped) / float64(st.Published)
		}
		r.Consumers = append(r.Consumers, ConsumerPart{
			Name:         s.cast.ConsumerName(i),
			Handled:      c.Handled,
			Dropped:      c.Dropped,
			Loss:         rounded(loss),
			Utilisation:  rounded(c.Utilisation(st.At)),
			TimeInSystem: s.each[i].seconds(),
			Waiting:      c.Depth,
		})
	}
	r.Utilisation = rounded(busy / float64(len(st.Consumers)))
	return r
}

// timeInSystem is a distribution of the time from an event's birth to the end of
// its handling.
type timeInSystem struct {
	sum    time.Duration
	count  uint64
	counts *hdrhistogram.Histogram
}

// percentileDigits is the precision of a percentile: four significant digits,
// an error below 0.01 %, which rounding to three then hides. The mean is exact.
const percentileDigits = 4

func newTimeInSystem() *timeInSystem {
	// In units of 100 ns up to a day and an hour: no event can be older than a run is long.
	return &timeInSystem{counts: hdrhistogram.New(1, int64(25*time.Hour/histogramUnit), percentileDigits)}
}

const histogramUnit = 100 * time.Nanosecond

func (t *timeInSystem) add(d time.Duration) {
	t.sum += d
	t.count++
	// It fails beyond its range only, which no run reaches.
	_ = t.counts.RecordValue(int64(d / histogramUnit))
}

func (t *timeInSystem) seconds() Seconds {
	if t.count == 0 {
		return Seconds{}
	}
	percentile := func(p uint64) *float64 {
		// By nearest rank; the histogram alone would round the rank down too.
		rank := (p*t.count + 99) / 100
		v := float64(t.counts.ValueAtQuantile(100*float64(rank)/float64(t.count))) * histogramUnit.Seconds()
		v = significant(v, percentileDigits-1)
		return &v
	}
	mean := rounded(t.sum.Seconds() / float64(t.count))
	return Seconds{Mean: &mean, P50: percentile(50), P99: percentile(99)}
}

// rounded keeps nine decimals, which is a nanosecond where seconds are meant and
// the same text on every machine.
func rounded(v float64) float64 { return math.Round(v*1e9) / 1e9 }

// significant rounds to so many significant digits.
func significant(v float64, digits int) float64 {
	if v == 0 {
		return 0
	}
	scale := math.Pow(10, float64(digits-1)-math.Floor(math.Log10(math.Abs(v))))
	return math.Round(v*scale) / scale
}
