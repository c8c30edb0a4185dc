package journal

import "time"

// Latency says how long events took in a run, however long it is. It is fed with
// the records, beside the Journal or without one, and is a few ten KB for each
// consumer.
//
// The time in the system is that from an event's birth to the end of its handling
// by a consumer. It includes what the producer waited for room, what the event
// spent in the repository, and the attempts that failed. The waiting time is that
// from its birth until a worker begins; an event that is delivered again after a
// crash has another. Of events that were never handled, or begun, nothing is told.
type Latency struct {
	all  latencies
	each []latencies // by consumer
}

type latencies struct {
	inSystem histogram
	waiting  mean
}

// Times sum up how long events took; all are zero if there was none.
type Times struct {
	Count uint64 // events that were handled

	// Of the time in the system. Percentiles are by nearest rank, and with their
	// fourth significant digit and all after it cut off, so short by less than
	// 1 %; the others are exact.
	Mean, Min, P50, P95, P99, Max time.Duration

	Begun   uint64        // events that were delivered
	Waiting time.Duration // the mean of their waiting time
}

// latencyDigits are those a Latency counts in.
const latencyDigits = 3

// NewLatency is for a run with so many consumers.
func NewLatency(consumers int) *Latency { return newLatency(consumers, latencyDigits) }

func newLatency(consumers, digits int) *Latency {
	l := &Latency{each: make([]latencies, consumers)}
	l.all.inSystem.digits = digits
	for i := range l.each {
		l.each[i].inSystem.digits = digits
	}
	return l
}

// Observe takes the next record of the run.
func (l *Latency) Observe(r Record) {
	switch r.Kind.of().time {
	case waited:
		l.all.waiting.add(r.At - r.Born)
		l.each[r.Consumer].waiting.add(r.At - r.Born)
	case took:
		l.all.inSystem.add(r.At - r.Born)
		l.each[r.Consumer].inSystem.add(r.At - r.Born)
	}
}

// Times are those of a consumer's events, or of Everyone's.
func (l *Latency) Times(consumer int) Times {
	of := l.of(consumer)
	h := &of.inSystem
	t := Times{Count: h.mean.count, Begun: of.waiting.count, Waiting: of.waiting.value()}
	if t.Count > 0 {
		t.Mean, t.Min, t.Max = h.mean.value(), h.min, h.max
		t.P50, t.P95, t.P99 = h.percentile(50), h.percentile(95), h.percentile(99)
	}
	return t
}

// Bins appends a histogram of the times in the system of a consumer's events, or
// of Everyone's, in at most so many bins; 8 are always allowed. It goes from the
// least time to the most without a gap, and its edges are round: if the most is
// less than 20 times the least, 1, 2 or 5 times a power of ten apart, and
// otherwise so that bins grow by nearly the same ratio, ten to a power of ten or
// fewer. Every event is in the bin it belongs to.
func (l *Latency) Bins(dst []Bin, consumer, most int) []Bin {
	return l.of(consumer).inSystem.bins(dst, most)
}

func (l *Latency) of(consumer int) *latencies {
	if consumer == Everyone {
		return &l.all
	}
	return &l.each[consumer]
}
