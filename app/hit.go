package app

import (
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// Target is a thing on the stage that can be looked at, and where it is.
type Target struct {
	Selection
	Rect
}

// Targets appends what can be looked at, but for the events, in the order in
// which one goes from thing to thing: as events do.
func (l *Layout) Targets(dst []Target) []Target {
	for i, r := range l.Producers {
		dst = append(dst, Target{Selection{Role: scenario.OfProducer, Actor: i}, r})
	}
	if l.Broker.W > 0 {
		dst = append(dst, Target{Selection{Role: scenario.OfBroker}, l.Broker})
	}
	for i := range l.Lanes {
		dst = append(dst, Target{Selection{Role: scenario.OfConsumer, Actor: i, Part: Buffer}, l.Lanes[i].Rect})
	}
	for i, r := range l.Consumers {
		dst = append(dst, Target{Selection{Role: scenario.OfConsumer, Actor: i}, r})
	}
	for part := Rejected; part < parts; part++ {
		if r := l.Tanks[part]; r.W > 0 {
			dst = append(dst, Target{Selection{Role: scenario.OfBroker, Part: part}, r})
		}
	}
	return dst
}

// Hit is what is at a point, events before what they are in. An event counts
// that is not farther away than reach.
func (s *Scene) Hit(p Point, reach float64) Selection {
	best, nearest := Selection{}, s.Layout.dot()+reach
	for _, d := range s.dots {
		if away := distance(p, d.at); away <= nearest {
			best, nearest = d.selection(), away
		}
	}
	if best.Selected() {
		return best
	}
	for _, t := range s.targets { // the broker comes before the buffers in it
		if t.has(p) {
			best = t.Selection
		}
	}
	return best
}

func (d *dot) selection() Selection {
	return eventSelection(journal.Event{Producer: d.producer, Number: d.number})
}

// Where is where a thing is on the stage: an event where it is drawn or else,
// having come to its end, there.
func (s *Scene) Where(sel Selection, ended Selection) (Rect, bool) {
	if sel.HasEvent {
		for i := len(s.dots) - 1; i >= 0; i-- {
			if s.dots[i].selection() == sel {
				return around(s.dots[i].at, s.Layout.dot()), true
			}
		}
		sel = ended
	}
	for _, t := range s.targets {
		if t.Selection == sel {
			return t.Rect, true
		}
	}
	return Rect{}, false
}

// beside is where a card of that size goes on a stage of that size: beside the
// thing that it is about or in a corner, wherever it hides the least and is near
// to the thing, and to where it has been if it has been anywhere.
func beside(thing Rect, others []Target, stage, card Point, was *Point) Point {
	const gap, edge = 12, 8
	m := thing.middle()
	left, right := float64(edge), stage.X-card.X-edge
	top, bottom := float64(edge), stage.Y-card.Y-edge
	best, least := Point{}, 0.0
	for i, p := range [...]Point{
		{thing.right() + gap, m.Y - card.Y/2}, {thing.X - gap - card.X, m.Y - card.Y/2},
		{m.X - card.X/2, thing.bottom() + gap}, {m.X - card.X/2, thing.Y - gap - card.Y},
		{thing.right() + gap, thing.Y}, {thing.X - gap - card.X, thing.Y},
		{thing.right() + gap, thing.bottom() - card.Y}, {thing.X - gap - card.X, thing.bottom() - card.Y},
		{left, top}, {right, top}, {left, bottom}, {right, bottom},
		{m.X - card.X/2, top}, {m.X - card.X/2, bottom},
	} {
		p = Point{max(min(p.X, right), left), max(min(p.Y, bottom), top)}
		r := Rect{p.X, p.Y, card.X, card.Y}
		cost := 20*r.shared(thing) + 90*distance(r.middle(), m)
		for o := range others {
			if t := &others[o]; t.Part != Buffer { // which lies in the broker
				cost += r.shared(t.Rect)
			}
		}
		if was != nil {
			cost += 30 * distance(p, *was)
		}
		if i == 0 || cost < least {
			best, least = p, cost
		}
	}
	return best
}

// handle is the point that stands for a target: that of the broker is its title,
// above the buffers in it.
func (t *Target) handle() Point {
	if t.Role == scenario.OfBroker && t.Part == Whole {
		return Point{t.middle().X - 1, t.Y}
	}
	return t.middle()
}
