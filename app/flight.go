package app

import (
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/journal"
)

const (
	// flightTime is how long an event is seen to move from one thing to the next,
	// at the most; where things happen faster it is a fraction of their period.
	flightTime     = 450 * time.Millisecond
	flightFraction = 0.42

	// tooFast is a flight, on the screen, that the eye can't follow any more.
	tooFast = 60 * time.Millisecond

	// scan is how many records back the moving events are looked for.
	scan = 512
	// legs is how many flights after its record an event may still be seen moving.
	legs = 3
	// crowd is how many mean gaps between events count as a period.
	crowd = 4
)

// headStart is how much of a glide is over when a step shows a record, if the
// record before it was of the same moment: an event that was just published has
// flown to the broker before the broker can drop it.
func headStart(r journal.Record) time.Duration {
	switch {
	case r.Kind == journal.Buffered,
		r.Kind == journal.Dropped && arrives(r),
		r.Kind == journal.Delivered && r.Born == r.At:
		return flightTime
	default:
		return 0
	}
}

// arrives says whether a drop happens because an event comes in, which then has
// to be seen coming first.
func arrives(r journal.Record) bool {
	why := broker.DropReason(r.Cause)
	return why == broker.Full || why == broker.Displaced
}

// flight draws what moves in a scene.
type flight struct {
	scene   *Scene
	model   *Model
	journal *journal.Journal
	state   *journal.State
	now     time.Duration
	glided  float64       // flights since the last step
	wall    time.Duration // on the screen
	gap     time.Duration // the mean time between two events of any producer
	flowing bool          // too fast for single events
	recent  []journal.Record
	waiting []journal.Event
}

func newFlight(s *Scene, m *Model, wall time.Duration) *flight {
	f := &s.flight
	*f = flight{
		scene: s, model: m, journal: m.Journal(), state: m.View(), now: m.At(), wall: wall,
		recent: f.recent[:0], waiting: f.waiting[:0],
	}
	switch {
	case m.Still:
		f.glided = legs // everything is where it goes
	case m.stepped:
		f.glided = float64(m.glide) / float64(flightTime)
	}
	rate := 0.0
	for _, p := range s.settings.Producers {
		rate += 1 / float64(p.Interval)
	}
	f.gap = time.Duration(1 / rate)
	f.flowing = f.tooFast()
	f.look()
	return f
}

// inTime is how long an event of a producer flies to the broker: where many
// producers share the buffers, not so long that these seem empty.
func (f *flight) inTime(p int) time.Duration {
	return f.lasting(min(time.Duration(f.scene.settings.Producers[p].Interval), crowd*f.gap))
}

func (f *flight) outTime(c int) time.Duration {
	return f.lasting(time.Duration(f.scene.settings.Consumers[c].Service))
}

// lasting is how long a flight takes where something happens every period.
func (f *flight) lasting(period time.Duration) time.Duration {
	return max(min(flightTime, time.Duration(flightFraction*float64(period))), 1)
}

// tooFast says whether the speed leaves nothing to see of the slowest flight.
func (f *flight) tooFast() bool {
	if f.model.Still || !f.model.Playing && !f.model.CatchingUp() {
		return false
	}
	slowest := time.Duration(0)
	for p := range f.scene.settings.Producers {
		slowest = max(slowest, f.inTime(p))
	}
	return float64(slowest) < float64(tooFast)*max(f.model.Actual, 0.1)
}

// look collects the newest records that may still be seen moving, newest first.
func (f *flight) look() {
	longest := time.Duration(0)
	for p := range f.scene.settings.Producers {
		longest = max(longest, f.inTime(p))
	}
	for c := range f.scene.settings.Consumers {
		longest = max(longest, f.outTime(c))
	}
	for p := f.state.Position; p > f.journal.First() && len(f.recent) < scan; p-- {
		r := f.journal.At(p - 1)
		if !f.flowing && r.At < f.now-legs*longest {
			break
		}
		f.recent = append(f.recent, r)
	}
}

// flown is how many flights lie between a moment and now: the first takes so
// long, the ones after it as long as the next.
func (f *flight) flown(since, first, next time.Duration) float64 {
	d := f.now - since
	if d < first {
		return float64(d)/float64(first) + f.glided
	}
	return 1 + float64(d-first)/float64(next) + f.glided
}

// early says whether at t an event is not yet seen to be at the broker.
func (f *flight) early(t time.Duration, e journal.Event) bool {
	return t-e.Born < f.inTime(int(e.Producer))
}

// progress is how much of the event at work a consumer has done.
func (f *flight) progress(c int) float64 {
	st := &f.state.Consumers[c]
	if f.flowing {
		return min(st.Utilisation(f.now), 1)
	}
	service := f.model.serviceAt(c, st.Since)
	return min(max(float64(f.now-st.Since)/float64(service), 0.01), 1)
}

// arrived says whether the event a consumer has at work is seen there by now.
func (f *flight) arrived(c int) bool {
	st := &f.state.Consumers[c]
	if f.flowing || !st.Busy {
		return false
	}
	if e := st.Handling; f.early(st.Since, e) {
		return f.flown(e.Born, f.inTime(int(e.Producer)), f.outTime(c)) >= 2
	}
	return f.flown(st.Since, f.outTime(c), f.outTime(c)) >= 1
}
