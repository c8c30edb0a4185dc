package journal

import (
	"math"
	"time"
)

// Stats add a whole run up, however long it is: they need no journal and keep no
// record.
type Stats struct {
	cast    Cast
	state   State
	last    Record // that it has seen
	latency *Latency
	waiting []occupancy // by consumer
	present []occupancy // in the system, by consumer
}

// statsDigits are one more than the three that percentiles are told in, so that
// those are rounded rightly.
const statsDigits = 4

// NewStats is for a run with that cast of so many producers and consumers.
func NewStats(cast Cast, producers, consumers int) *Stats {
	return &Stats{
		cast: cast, state: newState(cast, producers, consumers), latency: newLatency(consumers, statsDigits),
		waiting: make([]occupancy, consumers), present: make([]occupancy, consumers),
	}
}

// Observe takes the next record of the run.
func (s *Stats) Observe(r Record) {
	s.last = r
	s.state.apply(&s.last)
	s.latency.Observe(r)
	if r.Kind.of().queue == empties {
		for i := range s.waiting {
			s.occupy(i, r.At)
		}
		return
	}
	s.occupy(int(r.Consumer), r.At)
}

// occupy notes where a consumer's events are now.
func (s *Stats) occupy(consumer int, at time.Duration) {
	c := &s.state.Consumers[consumer]
	s.waiting[consumer].set(c.Depth+c.Backlog, at)
	s.present[consumer].set(c.Depth+c.Backlog+len(c.Working), at)
}

// Report is the sum of a run, as JSON says it. Numbers of events are counts, but
// for means over time, and times are seconds.
type Report struct {
	Published    uint64         `json:"published"`
	Rejected     uint64         `json:"rejected"` // of the published, refused: nobody got them
	Handled      uint64         `json:"handled"`  // from here on of all consumers together
	Dropped      uint64         `json:"dropped"`
	Spilled      uint64         `json:"spilled"`       // to the repository
	Failed       uint64         `json:"failed"`        // attempts
	DeadLettered uint64         `json:"dead_lettered"` // events that no attempt could handle
	Lost         uint64         `json:"lost"`          // in crashes, from memory
	Loss         float64        `json:"loss"`          // dropped deliveries / offered deliveries
	Utilisation  float64        `json:"utilisation"`   // mean of the consumers
	TimeInSystem Seconds        `json:"time_in_system"`
	Duration     float64        `json:"duration"` // of the run
	Producers    []ProducerPart `json:"producers"`
	Consumers    []ConsumerPart `json:"consumers"`
}

// ProducerPart is one producer's part of a Report.
type ProducerPart struct {
	Name      string  `json:"name"`
	Published uint64  `json:"published"`
	Rejected  uint64  `json:"rejected"`
	Lost      uint64  `json:"lost"`    // in crashes, while they waited for room
	Blocked   float64 `json:"blocked"` // how long it waited for room
}

// ConsumerPart is one consumer's part of a Report.
type ConsumerPart struct {
	Name         string  `json:"name"`
	Offered      uint64  `json:"offered"` // events that it was to get
	Handled      uint64  `json:"handled"`
	Dropped      uint64  `json:"dropped"`
	Spilled      uint64  `json:"spilled"`
	Failed       uint64  `json:"failed"`
	DeadLettered uint64  `json:"dead_lettered"`
	Lost         uint64  `json:"lost"`
	Recovered    uint64  `json:"recovered"` // events back after a crash, as the repository still had them: of the lost, and of the handled
	Loss         float64 `json:"loss"`
	Utilisation  float64 `json:"utilisation"` // see ConsumerState
	TimeInSystem Seconds `json:"time_in_system"`

	// The means are what queueing theory calls Wq, Lq and L. They are those of the
	// whole run, its start included. What waits in the repository counts as
	// waiting, and what rests before another attempt is still in the system.
	MeanWaitingTime *float64 `json:"mean_waiting_time"` // until a worker begins, of delivered events; null if there was none
	MeanWaiting     float64  `json:"mean_waiting"`      // events, over time
	MeanInSystem    float64  `json:"mean_in_system"`    // events, over time

	Waiting int `json:"waiting"` // in the buffer at the end
	Backlog int `json:"backlog"` // in the repository at the end
}

// Seconds sum up the times in the system of handled events; all are null when
// there was none. Percentiles have three digits.
type Seconds struct {
	Mean *float64 `json:"mean"`
	P50  *float64 `json:"p50"`
	P95  *float64 `json:"p95"`
	P99  *float64 `json:"p99"`
	Max  *float64 `json:"max"`
}

// Report is the sum up to now.
func (s *Stats) Report() Report {
	st := &s.state
	r := Report{
		Published:    st.Published,
		Rejected:     st.Rejected,
		Handled:      st.Handled,
		Dropped:      st.Dropped,
		Spilled:      st.Spilled,
		Failed:       st.Failed,
		DeadLettered: st.DeadLettered,
		Lost:         st.Lost,
		Loss:         rounded(st.Loss()),
		TimeInSystem: secondsOf(s.latency.Times(Everyone)),
		Duration:     st.At.Seconds(),
	}
	for i := range st.Producers {
		p := &st.Producers[i]
		r.Producers = append(r.Producers, ProducerPart{
			Name:      s.cast.ProducerName(i),
			Published: p.Published,
			Rejected:  p.Rejected,
			Lost:      p.Lost,
			Blocked:   p.Blocked(st.At).Seconds(),
		})
	}
	var busy float64
	for i := range st.Consumers {
		c, times := &st.Consumers[i], s.latency.Times(i)
		utilisation := c.Utilisation(st.At)
		busy += utilisation
		r.Consumers = append(r.Consumers, ConsumerPart{
			Name:            s.cast.ConsumerName(i),
			Offered:         c.Offered(),
			Handled:         c.Handled,
			Dropped:         c.Dropped,
			Spilled:         c.Spilled,
			Failed:          c.Failed,
			DeadLettered:    c.DeadLettered,
			Lost:            c.Lost,
			Recovered:       c.Again,
			Loss:            rounded(c.Loss()),
			Utilisation:     rounded(utilisation),
			TimeInSystem:    secondsOf(times),
			MeanWaitingTime: secondsUnless(times.Begun == 0, times.Waiting),
			MeanWaiting:     rounded(s.waiting[i].mean(st.At)),
			MeanInSystem:    rounded(s.present[i].mean(st.At)),
			Waiting:         c.Depth,
			Backlog:         c.Backlog,
		})
	}
	r.Utilisation = rounded(busy / float64(len(st.Consumers)))
	return r
}

func secondsOf(t Times) Seconds {
	none := t.Count == 0
	return Seconds{
		Mean: secondsUnless(none, t.Mean),
		P50:  secondsUnless(none, significant(t.P50)),
		P95:  secondsUnless(none, significant(t.P95)),
		P99:  secondsUnless(none, significant(t.P99)),
		Max:  secondsUnless(none, t.Max),
	}
}

func secondsUnless(none bool, d time.Duration) *float64 {
	if none {
		return nil
	}
	seconds := d.Seconds()
	return &seconds
}

// rounded keeps nine decimals, which is a nanosecond where seconds are meant and
// the same text on every machine.
func rounded(v float64) float64 { return math.Round(v*1e9) / 1e9 }

// significant rounds to three digits.
func significant(d time.Duration) time.Duration {
	unit := time.Duration(1)
	for d/unit >= 1000 {
		unit *= 10
	}
	return (d + unit/2) / unit * unit
}
