package stage

import (
	"time"

	"github.com/spillway-go/spillway/app/draw"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

const (
	// flightFraction is how much of the period of what happens a flight takes, where
	// that is less than flightTime.
	flightFraction = 0.42

	// tooFast is a flight, on the screen, that the eye can't follow any more.
	tooFast = 60 * time.Millisecond

	// scan is how many records back the moving events are looked for.
	scan = 1024
	// periodGaps is how many mean gaps between events count as a period.
	periodGaps = 4
	// stagger is how far apart the events of a burst fly, in flights, and burstTime
	// how much of the time between two bursts they take at the most.
	stagger      = 0.2
	burstTime    = 0.3
	longestBurst = 600 * time.Millisecond
)

// flight draws what moves in a scene.
type flight struct {
	scene   *Scene
	shown   *play.Moment
	journal *journal.Journal
	state   *journal.State
	now     time.Duration
	glided  float64       // flights since the last step
	wall    time.Duration // on the screen
	gap     time.Duration // the mean time between two events of any producer
	flowing bool          // too fast for single events
	recent  []journal.Record
	lags    []time.Duration // of recent: how much later than it happens each is seen, for bursts
	late    [scenario.MaxProducers][]late
	entries [scenario.MaxConsumers][]int32
	waiting []journal.Event

	// Where it flows: what happens a second.
	rates       [scenario.MaxConsumers]journal.Rate // by consumer
	productions [scenario.MaxProducers]float64
	everyone    journal.Rate

	crash crash
}

func newFlight(s *Scene, m *play.Moment, wall time.Duration) *flight {
	f := &s.flight
	old := *f
	*f = flight{
		scene: s, shown: m, journal: m.Journal(), state: m.State, now: m.At, wall: wall,
		recent: old.recent[:0], lags: old.lags[:0], entries: old.entries, late: old.late, waiting: old.waiting[:0],
	}
	if old.crash.journal == f.journal { // else it would keep another run in memory
		f.crash = old.crash
	}
	switch {
	case m.ReducedMotion:
		f.glided = 2 * play.MaxFlights // everything is where it goes
	case m.Stepped:
		f.glided = float64(m.Glide) / float64(play.FlightTime)
	}
	rate := 0.0
	for i := range s.settings.Producers {
		rate += 1 / float64(s.settings.Producers[i].Interval)
	}
	f.gap = time.Duration(1 / rate)
	if f.flowing = f.tooFast(); f.flowing {
		f.measure()
	} else {
		f.look()
	}
	return f
}

// inTime is how long an event of a producer flies to the broker: where many
// producers share the buffers, not so long that these seem empty.
func (f *flight) inTime(p int) time.Duration {
	return f.lasting(min(time.Duration(f.scene.settings.Producers[p].Interval), periodGaps*f.gap))
}

func (f *flight) outTime(c int) time.Duration {
	of := &f.scene.settings.Consumers[c]
	return f.lasting(time.Duration(of.Service) / time.Duration(min(max(1, of.Workers), 4)))
}

// lasting is how long a flight takes where something happens every period.
func (f *flight) lasting(period time.Duration) time.Duration {
	return max(min(play.FlightTime, time.Duration(flightFraction*float64(period))), 1)
}

// tooFast says whether the speed leaves nothing to see of the slowest flight.
func (f *flight) tooFast() bool {
	if f.shown.ReducedMotion || !f.shown.Playing && !f.shown.CatchingUp() {
		return false
	}
	slowest := time.Duration(0)
	for p := range f.scene.settings.Producers {
		slowest = max(slowest, f.inTime(p))
	}
	return float64(slowest) < float64(tooFast)*max(f.shown.Actual, 0.1)
}

// measure finds out how much happened lately, in about half a second on the screen.
func (f *flight) measure() {
	lately := max(time.Duration(float64(500*time.Millisecond)*max(f.shown.Actual, 0.1)), 2*f.gap, f.journal.Resolution())
	from := max(0, f.now-lately)
	var one [1]journal.Rate
	rates := func(c int) journal.Rate {
		for _, r := range f.journal.Rates(one[:0], c, from, f.now, 1) {
			return r
		}
		return journal.Rate{}
	}
	for c := range f.state.Consumers {
		f.rates[c] = rates(c)
	}
	f.everyone = rates(journal.Everyone)
	var produced [1]float64
	for p := range f.state.Producers {
		for _, r := range f.journal.Productions(produced[:0], p, from, f.now, 1) {
			f.productions[p] = r
		}
	}
}

// look collects the newest records that may still be seen moving, newest first.
func (f *flight) look() {
	longest := time.Duration(0)
	for p := range f.scene.settings.Producers {
		longest = max(longest, f.inTime(p), f.burstTime(p)/play.MaxFlights)
	}
	for c := range f.scene.settings.Consumers {
		longest = max(longest, f.outTime(c))
	}
	for p := f.state.Position; p > f.journal.First() && len(f.recent) < scan; p-- {
		r := f.journal.At(p - 1)
		if r.At < f.now-2*play.MaxFlights*longest {
			break
		}
		f.recent = append(f.recent, r)
	}
	f.lag()
	for c := range f.entries {
		f.entries[c] = f.entries[c][:0]
	}
	for i := range f.recent {
		switch r := &f.recent[i]; r.Kind {
		case journal.Buffered, journal.Refilled:
			f.entries[r.Consumer] = append(f.entries[r.Consumer], int32(i))
		}
	}
}

// flown is how many flights lie between a moment and now: the first takes so
// long, the ones after it as long as the next. It is less than 0 before.
func (f *flight) flown(since, first, next time.Duration) float64 {
	d := f.now - since
	if d < first {
		return float64(d)/float64(first) + f.glided
	}
	return 1 + float64(d-first)/float64(next) + f.glided
}

// stood says whether an event stood at the broker's door before it was let in.
func (f *flight) stood(r *journal.Record) bool { return r.Born < r.At && !f.early(r.At, r.Event()) }

// early says whether at t an event is not yet seen to be at the broker.
func (f *flight) early(t time.Duration, e journal.Event) bool {
	return t-f.born(e) < f.inTime(int(e.Producer))
}

// arrived says whether an event that a consumer has at work is seen there by now.
func (f *flight) arrived(c int, w *journal.Work) bool {
	for i := range f.recent {
		r := &f.recent[i]
		if r.Kind == journal.Delivered && int(r.Consumer) == c && r.Event() == w.Event {
			_, t := f.delivery(i)
			return t >= 1
		}
	}
	return true
}

// delivery is where the event of a Delivered record comes from, and how much of
// the way to its worker it has flown.
func (f *flight) delivery(i int) (from draw.Point, t float64) {
	r, l := &f.recent[i], &f.scene.Layout
	p, c := int(r.Producer), int(r.Consumer)
	out, lag := f.outTime(c), f.lags[i]
	switch k := f.before(i); {
	case k == journal.Unblocked && f.stood(r):
		return l.door(p, 0), f.flown(r.At+lag, out, out)
	case k == journal.Buffered || k == journal.Refilled || !f.early(r.At, r.Event()):
		return l.Lanes[c].place(0), f.flown(r.At, out, out)
	default: // handed on as it comes in
		return l.brokerIn(p), f.flown(f.born(r.Event()), f.inTime(p), out) - 1
	}
}

// before is what happened to the event of a record before, at the same moment.
func (f *flight) before(i int) journal.Kind {
	r := &f.recent[i]
	waitedHere := journal.Kind(0)
	for j := i + 1; j < len(f.recent) && f.recent[j].At == r.At; j++ {
		o := &f.recent[j]
		if o.Event() != r.Event() {
			continue
		}
		switch o.Kind {
		case journal.Buffered, journal.Refilled:
			if o.Consumer == r.Consumer && o.Born != o.At {
				return o.Kind
			}
		case journal.Unblocked:
			return o.Kind
		}
	}
	// The hook of the event that goes on comes after those of its consumers.
	if r.Born < r.At {
		for j := i - 1; j >= 0 && f.recent[j].At == r.At; j-- {
			if o := &f.recent[j]; o.Kind == journal.Unblocked && o.Event() == r.Event() {
				return o.Kind
			}
		}
	}
	return waitedHere
}
