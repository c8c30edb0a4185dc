package journal

import (
	"math"
	"time"
)

const (
	// firstWidth is how long a bucket of the series is at first.
	firstWidth = time.Microsecond
	// maxBuckets is how many there are at most; then each two become one.
	maxBuckets = 4096
)

// series is what the charts are drawn from: the whole run so far in buckets of
// time. All are equally long, and that doubles whenever there are too many, so
// there are from 2,048 to 4,096 of them once a run is older than 2 ms, and the
// memory they take is bounded: 360 KB for each consumer, 32 KB for each producer.
//
// A bucket knows the extremes of what rises and falls, and of what is only
// counted, the count up to its end. So what happened in any stretch is a
// difference, and nothing is counted here that the State doesn't count already.
type series struct {
	width time.Duration
	end   time.Duration // of the bucket that is open

	levels    [][2]level // by consumer, of the bucket that is open: of what waits inBuffer and what inRepository
	consumers [][]bucket // by consumer; buckets[i] lasts from i×width to (i+1)×width
	producers [][]uint64 // by producer: published
	rejected  []uint64
}

const (
	inBuffer = iota
	inRepository
)

// bucket is a consumer's part of a stretch of time.
type bucket struct {
	extents [2]extent // of what waits inBuffer and what inRepository
	total   tally     // since the start of the run
}

// extent is how far something rose and fell.
type extent struct{ low, high, last uint32 }

// tally is what is counted of a consumer.
type tally struct {
	offered, delivered, handled, dropped, spilled, failed, deadLettered uint64

	worked time.Duration // by all workers
}

// level is what rises and falls, and its extremes in the bucket that is open.
type level struct {
	value     uint32
	low, high uint32
	since     time.Duration // when it came to the value or, if that was before, when the bucket began
}

// set notes a change. Every value counts as a high, however short it is. A low
// has to last: where one event makes room for another there is a dip of no
// length, and a buffer that is always full would not look like it.
func (l *level) set(v uint32, at time.Duration) {
	if v == l.value {
		return
	}
	if l.since < at {
		l.low = min(l.low, l.value)
	}
	l.high = max(l.high, v)
	l.value, l.since = v, at
}

func (l *level) extent() extent { return extent{min(l.low, l.value), l.high, l.value} }

// begin opens a bucket.
func (l *level) begin(at time.Duration) { l.low, l.high, l.since = math.MaxUint32, l.value, at }

func newSeries(producers, consumers int) series {
	s := series{
		width: firstWidth, end: firstWidth,
		levels:    make([][2]level, consumers),
		consumers: make([][]bucket, consumers),
		producers: make([][]uint64, producers),
		rejected:  make([]uint64, 0, maxBuckets),
	}
	for i := range s.producers {
		s.producers[i] = make([]uint64, 0, maxBuckets)
	}
	for i := range s.levels {
		s.consumers[i] = make([]bucket, 0, maxBuckets)
		s.levels[i][inBuffer].begin(0)
		s.levels[i][inRepository].begin(0)
	}
	return s
}

// watchDepth takes a record that tells how many events wait in a buffer.
func (s *series) watchDepth(r *Record) { s.levels[r.Consumer][inBuffer].set(r.Depth, r.At) }

// watch takes what a consumer's state has become. Before either, the bucket is opened
// that the moment lies in; see rollOver.
func (s *series) watch(consumer int, c *ConsumerState, at time.Duration) {
	l := &s.levels[consumer]
	l[inBuffer].set(uint32(max(0, c.Depth)), at)
	l[inRepository].set(uint32(max(0, c.Backlog)), at)
}

// rollOver closes buckets until the one is open that t lies in.
func (s *series) rollOver(t time.Duration, st *State) {
	for t/maxBuckets >= s.width {
		s.halve()
	}
	for t >= s.end {
		s.close(st)
		s.end += s.width
	}
}

// close appends the open bucket to the others, and opens the next.
func (s *series) close(st *State) {
	for i := range s.consumers {
		l := &s.levels[i]
		s.consumers[i] = append(s.consumers[i], bucket{
			extents: [2]extent{l[inBuffer].extent(), l[inRepository].extent()},
			total:   tallyOf(&st.Consumers[i], s.end),
		})
		l[inBuffer].begin(s.end)
		l[inRepository].begin(s.end)
	}
	for i := range s.producers {
		s.producers[i] = append(s.producers[i], st.Producers[i].Published)
	}
	s.rejected = append(s.rejected, st.Rejected)
}

// halve makes one bucket of each two. If the open one is the second of two, it
// goes on as both.
func (s *series) halve() {
	for i := range s.consumers {
		closed := s.consumers[i]
		if n := len(closed); n%2 == 1 {
			l, first := &s.levels[i], &closed[n-1]
			l[inBuffer].join(first.extents[inBuffer])
			l[inRepository].join(first.extents[inRepository])
		}
		for b := range len(closed) / 2 {
			first, second := &closed[2*b], &closed[2*b+1]
			closed[b] = bucket{extents: [2]extent{
				first.extents[inBuffer].and(second.extents[inBuffer]),
				first.extents[inRepository].and(second.extents[inRepository]),
			}, total: second.total}
		}
		s.consumers[i] = closed[:len(closed)/2]
	}
	for i := range s.producers {
		s.producers[i] = everySecond(s.producers[i])
	}
	if len(s.rejected)%2 == 0 {
		s.end += s.width
	}
	s.rejected = everySecond(s.rejected)
	s.width *= 2
}

func everySecond(counts []uint64) []uint64 {
	for b := range len(counts) / 2 {
		counts[b] = counts[2*b+1]
	}
	return counts[:len(counts)/2]
}

// join adds what was in the bucket before.
func (l *level) join(before extent) { l.low, l.high = min(l.low, before.low), max(l.high, before.high) }

// and is both, one after the other.
func (e extent) and(next extent) extent {
	return extent{min(e.low, next.low), max(e.high, next.high), next.last}
}

// tallyOf is what has been counted of a consumer if nothing happens up to t.
func tallyOf(c *ConsumerState, t time.Duration) tally {
	return tally{
		offered: c.Offered(), delivered: c.Delivered, handled: c.Handled, dropped: c.Dropped,
		spilled: c.Spilled, failed: c.Failed, deadLettered: c.DeadLettered,
		worked: c.worked(t),
	}
}

// index is the bucket a moment lies in.
func (s *series) index(t time.Duration) int { return int(t / s.width) }

// share is the bucket a moment lies in, and how much of it has passed. The open
// one goes as far as the head, and has passed from there on.
func (s *series) share(t, head time.Duration) (i int, passed float64) {
	open := len(s.rejected)
	if t >= head {
		return open, 1
	}
	i = s.index(t)
	begin, end := time.Duration(i)*s.width, time.Duration(i+1)*s.width
	if i == open {
		end = head
	}
	return i, float64(t-begin) / float64(end-begin)
}
