package stage

import (
	"fmt"
	"slices"

	"github.com/spillway-go/spillway/app/draw"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/journal"
)

// What a scene shows and what it counts agree: the conditions, each a predicate over a scene and its moment.

// truth is a scene and its moment, and what of it does not agree.
type truth struct {
	s     *Scene
	m     *play.Moment
	wrong []string
}

// contradictions are what in a scene does not agree with its moment.
func contradictions(s *Scene, m *play.Moment) []string {
	t := &truth{s: s, m: m}
	t.clock()
	t.glow()
	if m.Flows {
		return t.wrong
	}
	t.once()
	t.published()
	for c := range m.State.Consumers {
		t.line(c)
		t.work(c)
	}
	t.falls()
	t.doors()
	return t.wrong
}

func (t *truth) fail(format string, args ...any) {
	t.wrong = append(t.wrong, fmt.Sprintf(format, args...))
}

// dots are those of which is holds.
func (t *truth) dots(is func(*dot) bool) (all []dot) {
	for i := range t.s.dots {
		if is(&t.s.dots[i]) {
			all = append(all, t.s.dots[i])
		}
	}
	return all
}

func (d *dot) of(e journal.Event) bool { return d.producer == e.Producer && d.number == e.Number }

// What counts has happened by the time that the clock says, and what has happened before that time counts.
func (t *truth) clock() {
	j, at := t.m.Journal(), t.m.State.Position
	if at > j.First() && j.At(at-1).At > t.m.At {
		t.fail("record %d of %v counts", at-1, j.At(at-1).At)
	}
	if at < j.Next() && j.At(at).At < t.m.At {
		t.fail("record %d of %v does not count", at, j.At(at).At)
	}
	if t.m.Seen < t.m.At && !t.m.Stepped {
		t.fail("the visual clock shows %v", t.m.Seen)
	}
}

// The broker glows if, and only if, a buffer in it is drawn full.
func (t *truth) glow() {
	full := false
	for c := range t.m.State.Consumers {
		room := t.s.plan.Buffers[c]
		full = full || room > 0 && t.m.State.Consumers[c].Depth >= room
	}
	glows := slices.ContainsFunc(t.s.Shapes, func(s draw.Shape) bool { return s.Rect == t.s.Layout.Broker && s.Stroke == draw.InkWarn })
	if glows != full {
		t.fail("the broker glows: %v", glows)
	}
}

// No event is drawn twice on its way to one consumer, nor twice outside of the broker.
func (t *truth) once() {
	type copyOf struct {
		producer uint8
		number   uint64
		outside  bool
		consumer uint8
	}
	seen := map[copyOf]spot{}
	for _, d := range t.s.dots {
		c := copyOf{d.producer, d.number, d.spot <= atDoor && len(t.m.State.Consumers) > 1, d.consumer}
		if before, twice := seen[c]; twice {
			t.fail("event %d of %d is at %v and %v on its way to %d", d.number, d.producer, before, d.spot, d.consumer)
		}
		seen[c] = d.spot
	}
}

// An event in the pipe is not yet published, one that waits or is worked on is.
func (t *truth) published() {
	for _, d := range t.s.dots {
		counts := d.number < t.m.State.Producers[d.producer].Published
		if d.spot == inPipe && counts || d.spot >= inLine && d.spot != falling && !counts {
			t.fail("event %d of %d at %v: counts as published is %v", d.number, d.producer, d.spot, counts)
		}
	}
}

// As many events are drawn in a buffer as are counted, each in a place of its own, or on their way out of it.
func (t *truth) line(c int) {
	l := &t.s.Layout.Lanes[c]
	if len(l.Slots) == 0 {
		return
	}
	here := t.dots(func(d *dot) bool { return int(d.consumer) == c && (d.spot == inLine || d.spot == goingOut) })
	j, st := t.m.Journal(), t.m.State
	if at := st.Position; at > j.First() && at < j.Next() && replaced(j.At(at-1)) { // who takes the place has it
		st = new(journal.State)
		j.Seek(st, at+1)
	}
	waiting := j.Waiting(nil, st, c, 1<<20)
	if n := min(len(waiting), len(l.Slots)); t.m.State.Consumers[c].Depth != len(waiting) {
		t.fail("%d wait for %d, and it counts %d", n, c, t.m.State.Consumers[c].Depth)
	}
	if len(waiting) > len(l.Slots) {
		waiting = waiting[:len(l.Slots)]
	}
	for _, e := range waiting {
		if !slices.ContainsFunc(here, func(d dot) bool { return d.of(e) }) {
			t.fail("event %d of %d waits for %d and is not there", e.Number, e.Producer, c)
		}
	}
	var standing []dot
	for _, d := range here {
		if d.spot == inLine {
			standing = append(standing, d)
			if !slices.ContainsFunc(waiting, d.of) {
				t.fail("event %d of %d does not wait for %d", d.number, d.producer, c)
			}
		}
	}
	for i := range standing {
		for k := range i {
			if draw.Distance(standing[i].at, standing[k].at) < 1.9*t.s.Layout.dot() {
				t.fail("events %d and %d stand in one place", standing[i].number, standing[k].number)
			}
		}
	}
}

// Who has an event at work is drawn at work once the event has arrived, and not before.
func (t *truth) work(c int) {
	rings, st := t.s.Layout.rings(c), &t.m.State.Consumers[c]
	at := t.dots(func(d *dot) bool { return int(d.consumer) == c && d.spot == inRing })
	for i := range st.Working {
		w := &st.Working[i]
		there := len(t.dots(func(d *dot) bool { return int(d.consumer) == c && d.spot >= goingOut && d.of(w.Event) }))
		if rings > 0 && there == 0 {
			t.fail("event %d of %d is with a worker of %d, and nowhere", w.Number, w.Producer, c)
		}
	}
	for _, d := range at {
		if !slices.ContainsFunc(st.Working, func(w journal.Work) bool { return d.of(w.Event) }) {
			t.fail("event %d of %d is drawn at work", d.number, d.producer)
		}
	}
	for _, d := range t.dots(func(d *dot) bool { return int(d.consumer) == c && d.spot == flying }) {
		if !slices.ContainsFunc(st.Working, func(w journal.Work) bool { return d.of(w.Event) }) {
			t.fail("event %d of %d flies to a worker that does not have it", d.number, d.producer)
		}
	}
}

// What falls, turns back or spills is not counted yet, and the buffer that has no room for it is drawn full.
func (t *truth) falls() {
	for _, d := range t.dots(func(d *dot) bool { return d.spot == falling }) {
		r, ok := t.next(&d)
		if !ok {
			t.fail("event %d of %d falls, and nothing becomes of it", d.number, d.producer)
			continue
		}
		st, room := &t.m.State.Consumers[d.consumer], t.s.plan.Buffers[d.consumer]
		switch {
		case r.Kind == journal.Spilled && st.Backlog > 0, r.Kind == journal.Rejected && journal.Refusal(r.Cause) == journal.FullRepository:
		case r.Kind == journal.Dropped && broker.DropReason(r.Cause) != broker.Full:
			t.fail("event %d of %d falls from the door, though it was in", d.number, d.producer)
		case st.Depth < room:
			t.fail("event %d of %d falls from a buffer of %d that holds %d", d.number, d.producer, room, st.Depth)
		}
	}
}

// next is what becomes of the event of a dot.
func (t *truth) next(d *dot) (journal.Record, bool) {
	j := t.m.Journal()
	for p := t.m.State.Position; p < min(j.Next(), t.m.State.Position+5000); p++ {
		if r := j.At(p); r.Kind != journal.Produced && r.Kind.OfConsumer() && r.Consumer == d.consumer && d.of(r.Event()) {
			return r, true
		}
	}
	return journal.Record{}, false
}

// Who waits for room has its events at the door, as many as there is room for, or on their way in.
func (t *truth) doors() {
	for p := range t.m.State.Producers {
		st := &t.m.State.Producers[p]
		for i := range min(st.Waiting, 4) {
			e := journal.Event{Number: st.FirstWaiting() + uint64(i), Producer: uint8(p)}
			if len(t.dots(func(d *dot) bool { return d.of(e) })) == 0 && !t.goesOn(e) {
				t.fail("event %d of %d waits for room, and is nowhere", e.Number, p)
			}
		}
	}
}

// goesOn says whether all that becomes of an event that has waited counts, but that its producer goes on.
func (t *truth) goesOn(e journal.Event) bool {
	j := t.m.Journal()
	for p := t.m.State.Position; p < j.Next(); p++ {
		if r := j.At(p); r.Kind.OfEvent() && r.Producer == e.Producer && r.Number == e.Number {
			return r.Kind == journal.Unblocked
		}
	}
	return false
}
