package journal

import "time"

// Everyone stands for all consumers together.
const Everyone = -1

// Span is how far a depth rose and fell in a stretch of time.
type Span struct {
	Low  int // the least that lasted: a dip that is over at the moment it begins is none
	High int // the most, however short
	Last int // at the end
}

// Rate is how much happened in a stretch of time, in events a second.
type Rate struct {
	Offered      float64 // events that a consumer was to get; of Everyone, that were produced
	Rejected     float64 // of Everyone
	Delivered    float64
	Handled      float64
	Dropped      float64
	Spilled      float64
	Failed       float64 // attempts
	DeadLettered float64

	Busy float64 // how many workers were at work, on average
}

// Resolution is how long a bucket of the series is that charts are drawn from:
// 1 µs at first, and never more than 1/2048 of the run so far, which is 34 s for
// a run of a day.
func (j *Journal) Resolution() time.Duration { return j.series.width }

// Depths appends how many events waited in a consumer's buffer, in so many
// pixels, which are stretches of equal length between two moments. No peak is
// lost, however long the run is and however few the pixels are.
//
// What happened in a bucket is told by every pixel that touches it. So a peak can
// show to either side of a pixel's edge; many pixels can show the same bucket,
// where they are shorter than the Resolution; and the last one can show what came
// right after to, if that is before the head. After the head nothing changes.
//
// There are fewer pixels where they would be shorter than 1 ns, and none if to
// isn't after from; from is 0 at least. With room in dst nothing is allocated.
func (j *Journal) Depths(dst []Span, consumer int, from, to time.Duration, pixels int) []Span {
	return j.spans(dst, consumer, newScreen(from, to, pixels), inBuffer)
}

// Backlogs is Depths for the events that waited in the repository.
func (j *Journal) Backlogs(dst []Span, consumer int, from, to time.Duration, pixels int) []Span {
	return j.spans(dst, consumer, newScreen(from, to, pixels), inRepository)
}

// Rates appends what became of a consumer's events, or of Everyone's, in so many
// pixels, as Depths does. Times the length of a pixel they are counts, which add
// up to those of the State. In a bucket everything is taken to have happened
// evenly, and after the head workers go on with what they are at.
func (j *Journal) Rates(dst []Rate, consumer int, from, to time.Duration, pixels int) []Rate {
	s := newScreen(from, to, pixels)
	before := j.sums(consumer, s.edge(0))
	for p := range s.pixels {
		after := j.sums(consumer, s.edge(p+1))
		dst = append(dst, after.since(&before, s.seconds(p)))
		before = after
	}
	return dst
}

// Productions appends how many events a producer produced a second, in so many
// pixels, as Rates does.
func (j *Journal) Productions(dst []float64, producer int, from, to time.Duration, pixels int) []float64 {
	s := newScreen(from, to, pixels)
	counts, head := j.series.producers[producer], j.head.Producers[producer].Published
	before := j.count(counts, head, s.edge(0))
	for p := range s.pixels {
		after := j.count(counts, head, s.edge(p+1))
		dst = append(dst, (after-before)/s.seconds(p))
		before = after
	}
	return dst
}

// screen is a stretch of time in pixels.
type screen struct {
	from, length time.Duration
	pixels       int
}

func newScreen(from, to time.Duration, pixels int) screen {
	from = max(0, from)
	length := max(0, to-from)
	return screen{from, length, int(min(max(0, time.Duration(pixels)), length))}
}

// edge is where a pixel begins, and the one before it ends.
func (s screen) edge(p int) time.Duration {
	if s.pixels == 0 {
		return s.from
	}
	n, i := time.Duration(s.pixels), time.Duration(p)
	return s.from + s.length/n*i + s.length%n*i/n // which doesn't overflow
}

func (s screen) seconds(p int) float64 { return (s.edge(p+1) - s.edge(p)).Seconds() }

func (j *Journal) spans(dst []Span, consumer int, s screen, where int) []Span {
	closed := j.series.consumers[consumer]
	open := j.series.levels[consumer][where].extent()
	for p := range s.pixels {
		if s.edge(p) > j.head.At {
			dst = append(dst, Span{int(open.last), int(open.last), int(open.last)})
			continue
		}
		i, last := j.series.index(s.edge(p)), j.series.index(s.edge(p+1)-1)
		e := open
		if last < len(closed) {
			e = closed[last].extents[where]
		}
		for ; i < min(last, len(closed)); i++ {
			e = closed[i].extents[where].and(e)
		}
		dst = append(dst, Span{int(e.low), int(e.high), int(e.last)})
	}
	return dst
}

// sums are counts up to a moment, with fractions where that is inside a bucket.
type sums Rate

// sums are those of a consumer or of Everyone.
func (j *Journal) sums(consumer int, t time.Duration) (sum sums) {
	if consumer != Everyone {
		j.addUp(&sum, consumer, t)
		return sum
	}
	for c := range j.head.Consumers {
		j.addUp(&sum, c, t)
	}
	sum.Offered = 0
	for p := range j.head.Producers {
		sum.Offered += j.count(j.series.producers[p], j.head.Producers[p].Published, t)
	}
	sum.Rejected = j.count(j.series.rejected, j.head.Rejected, t)
	return sum
}

func (j *Journal) addUp(sum *sums, consumer int, t time.Duration) {
	closed := j.series.consumers[consumer]
	i, share := j.series.share(t, j.head.At)
	if i > 0 {
		sum.add(&closed[i-1].total, 1-share)
	}
	switch {
	case i < len(closed):
		sum.add(&closed[i].total, share)
	default:
		now := tallyOf(&j.head.Consumers[consumer], max(t, j.head.At))
		sum.add(&now, share)
	}
}

// count is a count up to t, which has been closed at the end of each bucket, and
// is head now.
func (j *Journal) count(closed []uint64, head uint64, t time.Duration) float64 {
	i, share := j.series.share(t, j.head.At)
	before, after := 0.0, float64(head)
	if i > 0 {
		before = float64(closed[i-1])
	}
	if i < len(closed) {
		after = float64(closed[i])
	}
	return before*(1-share) + after*share
}

func (s *sums) add(t *tally, share float64) {
	s.Offered += share * float64(t.offered)
	s.Delivered += share * float64(t.delivered)
	s.Handled += share * float64(t.handled)
	s.Dropped += share * float64(t.dropped)
	s.Spilled += share * float64(t.spilled)
	s.Failed += share * float64(t.failed)
	s.DeadLettered += share * float64(t.deadLettered)
	s.Busy += share * t.worked.Seconds()
}

// since is what has come to the sums since they were before, a second.
func (s *sums) since(before *sums, seconds float64) Rate {
	return Rate{
		Offered:      (s.Offered - before.Offered) / seconds,
		Rejected:     (s.Rejected - before.Rejected) / seconds,
		Delivered:    (s.Delivered - before.Delivered) / seconds,
		Handled:      (s.Handled - before.Handled) / seconds,
		Dropped:      (s.Dropped - before.Dropped) / seconds,
		Spilled:      (s.Spilled - before.Spilled) / seconds,
		Failed:       (s.Failed - before.Failed) / seconds,
		DeadLettered: (s.DeadLettered - before.DeadLettered) / seconds,
		Busy:         (s.Busy - before.Busy) / seconds,
	}
}
