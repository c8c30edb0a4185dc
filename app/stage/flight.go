package stage

import (
	"time"

	"github.com/spillway-go/spillway/app/draw"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

const (
	scan = 1024 // how many records back and ahead the moving events are looked for

	moveUp = play.EntryTime // how long a line is seen to move up
	// workShare is how much of the time that an event is worked on it flies to its worker, at the most.
	workShare = 0.5
)

// flight draws what moves in a scene. A record counts from when it is seen on the visual clock: what moves
// because of it begins to do so before then, but for an event that is delivered, which leaves at that time.
type flight struct {
	scene   *Scene
	shown   *play.Moment
	journal *journal.Journal
	state   *journal.State
	now     time.Duration // on the run's clock
	seen    time.Duration // on the visual clock
	wall    time.Duration // on the screen
	still   bool          // no single event is seen to move
	flowing bool          // since they are too fast

	around []play.Sighting // the records around what is shown, in order
	begins []time.Duration // of those: when it is seen to begin
	counts int             // so many of those count
	lanes  [scenario.MaxConsumers]lane
	out    []leaving
	crash  int // which of those around is a crash that is seen and does not count yet, or -1

	waiting []journal.Event
	filled  journal.State  // the state once an event has come into the place of the one that was replaced
	lines   *journal.State // of which state the waiting events are drawn: that one, or the one that counts

	// Where it flows: what happens a second.
	rates       [scenario.MaxConsumers]journal.Rate // by consumer
	productions [scenario.MaxProducers]float64
	everyone    journal.Rate

	apart     bool                             // few enough to be told apart
	arriving  [scenario.MaxProducers][]float64 // how far from the broker they are on their way to it
	departing [scenario.MaxConsumers][]float64 // and from it
}

// lane is what is known of a buffer.
type lane struct {
	changed time.Duration // when it was last another, so far
	left    []departure
}

// departure is when an event has left a line.
type departure struct {
	at, age time.Duration
	room    time.Duration // how long there is room behind the line: until the next comes in
}

// leaving is an event that is on its way out, though it counts where it has been.
type leaving struct {
	journal.Event
	consumer int
	working  bool
}

func newFlight(s *Scene, m *play.Moment, wall time.Duration) *flight {
	f := &s.flight
	old := *f
	*f = flight{
		scene: s, shown: m, journal: m.Journal(), state: m.State, now: m.At, seen: m.Seen, wall: wall,
		flowing: m.Flows, still: m.Flows || m.ReducedMotion, crash: -1,
		lines: m.State, around: old.around[:0], begins: old.begins[:0], lanes: old.lanes, out: old.out[:0], waiting: old.waiting[:0],
	}
	for p := range f.arriving {
		f.arriving[p] = old.arriving[p][:0]
	}
	for c := range f.lanes {
		f.departing[c] = old.departing[c][:0]
		f.lanes[c] = lane{left: f.lanes[c].left[:0]}
	}
	switch {
	case f.flowing:
		f.measure()
		f.pass()
	case !f.still:
		f.look()
	}
	return f
}

// look collects the records that are seen to come about, or what comes of them.
func (f *flight) look() {
	f.around = f.shown.Sightings(f.around, play.Horizon, play.Horizon, scan)
	for i := range f.around {
		if f.around[i].Position < f.state.Position {
			f.counts = i + 1
		}
	}
	if i := f.counts; i > 0 && i < len(f.around) && f.around[i].Kind == journal.Buffered && replaced(f.around[i-1].Record) {
		f.filled = journal.State{} // it may be of another run
		f.journal.Seek(&f.filled, f.state.Position+1)
		f.lines = &f.filled
	}
	var changed time.Duration // everything, last
	for i := range f.around {
		r := &f.around[i]
		begins := r.Seen - play.Travel(r.Kind)
		switch r.Kind {
		case journal.Dropped, journal.Spilled, journal.Rejected, journal.Refilled, journal.Returned:
			// What leaves does so from the buffer as it is drawn then.
			begins = max(begins, min(r.Seen, max(f.lanes[r.Consumer].changed, changed)))
		case journal.DeadLettered, journal.Crashed:
			if i > 0 {
				begins = max(begins, f.around[i-1].Seen)
			}
		}
		if r.Kind == journal.Buffered {
			begins = max(begins, f.waited(i))
		}
		f.begins = append(f.begins, begins)
		f.note(i)
		if r.Kind.OfConsumer() {
			f.lanes[r.Consumer].changed = r.Seen
		} else if !r.Kind.OfEvent() {
			changed = r.Seen
		}
	}
}

// replaced says whether a record is of an event whose place another one takes at the same time.
func replaced(r journal.Record) bool {
	return r.Kind == journal.Dropped && broker.DropReason(r.Cause) == broker.Replaced
}

// note notes what a record does to its lane.
func (f *flight) note(i int) {
	r := &f.around[i]
	l := &f.lanes[r.Consumer]
	if i < f.counts {
		if r.Kind == journal.Delivered && f.fromLine(i) || r.Kind == journal.Dropped && broker.DropReason(r.Cause) == broker.Displaced || r.Kind == journal.Returned {
			l.left = append(l.left, departure{r.Seen, f.age(i), moveUp})
		}
	}
	if r.Kind == journal.Buffered || r.Kind == journal.Refilled {
		for k := range l.left {
			l.left[k].room = min(l.left[k].room, r.Seen-l.left[k].at)
		}
	}
	switch {
	case !f.moves(i):
	case r.Kind == journal.Dropped && broker.DropReason(r.Cause) != broker.Full, r.Kind == journal.Returned:
		f.out = append(f.out, leaving{r.Event(), int(r.Consumer), false})
	case r.Kind == journal.DeadLettered:
		f.out = append(f.out, leaving{r.Event(), int(r.Consumer), true})
	case r.Kind == journal.Crashed:
		f.crash = i
	}
}

// clock is what the visual clock shows as far as a record is concerned. A step to one of several records of an
// instant takes its time, and what comes after that instant waits.
func (f *flight) clock(i int) time.Duration {
	if f.shown.Stepped && f.around[i].At > f.shown.StepAt {
		return min(f.seen, f.shown.StepAt)
	}
	return f.seen
}

// moves says whether what a record tells is seen to come about.
func (f *flight) moves(i int) bool {
	return i >= f.counts && f.begins[i] < f.clock(i) && f.clock(i) < f.around[i].Seen
}

// progress is how much of that is over.
func (f *flight) progress(i int) float64 {
	return float64(f.clock(i)-f.begins[i]) / float64(max(1, f.around[i].Seen-f.begins[i]))
}

// age is for how long a record has been seen.
func (f *flight) age(i int) time.Duration {
	switch {
	case !f.shown.Stepped:
		return f.seen - f.around[i].Seen
	case i == f.counts-1 && f.shown.After >= 0:
		return f.shown.After
	default:
		return play.Horizon // it is over
	}
}

// leaves says whether an event is on its way out of where it waits, or is worked on.
func (f *flight) leaves(e journal.Event, consumer int, working bool) bool {
	for i := range f.out {
		if f.out[i] == (leaving{e, consumer, working}) {
			return true
		}
	}
	return f.crash >= 0
}

// inTime is how long the event of a record flies to the broker: those of a burst are faster, so that there is
// room between them.
func (f *flight) inTime(i int) time.Duration {
	r, l := &f.around[i], &f.scene.Layout
	p := int(r.Producer)
	in := f.shown.InTime(p)
	if f.scene.settings.Producers[p].Burst <= 1 {
		return in
	}
	for k := i - 1; k >= 0 && f.around[k].At == r.At; k-- {
		if o := &f.around[k]; o.Kind == journal.Produced && o.Producer == r.Producer {
			room := draw.Distance(l.producerOut(p), l.brokerIn(p)) / (2.2 * l.dot())
			return max(min(in, time.Duration(room*float64(r.Seen-o.Seen))), in/4)
		}
	}
	return in
}

// flown is how much of the way to its worker an event has flown by now.
func (f *flight) flown(i, c int, w *journal.Work) float64 {
	if i < 0 {
		return 1
	}
	left := w.Since + f.shown.Lasts(c, w) - f.around[i].Seen
	takes := max(min(f.shown.OutTime(c), time.Duration(workShare*float64(left))), 1)
	return min(float64(f.age(i))/float64(takes), 1)
}
