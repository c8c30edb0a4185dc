package stage

import (
	"github.com/spillway-go/spillway/app/draw"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// Target is a thing on the stage that can be looked at, and where it is.
type Target struct {
	play.Selection
	draw.Rect
}

// Targets appends what can be looked at, but for the events, in the order in
// which one goes from thing to thing: as events do.
func (l *Layout) Targets(dst []Target) []Target {
	for i, r := range l.Producers {
		dst = append(dst, Target{play.Selection{Role: scenario.OfProducer, Actor: i}, r})
	}
	if l.Broker.W > 0 {
		dst = append(dst, Target{play.Selection{Role: scenario.OfBroker}, l.Broker})
	}
	for i := range l.Lanes {
		dst = append(dst, Target{play.Selection{Role: scenario.OfConsumer, Actor: i, Part: play.Buffer}, l.Lanes[i].Rect})
	}
	for i, r := range l.Consumers {
		dst = append(dst, Target{play.Selection{Role: scenario.OfConsumer, Actor: i}, r})
	}
	for part := play.Rejected; part < play.Parts; part++ {
		if r := l.Tanks[part]; r.W > 0 {
			dst = append(dst, Target{play.Selection{Role: scenario.OfBroker, Part: part}, r})
		}
	}
	return dst
}

// Hit is what is at a point, events before what they are in. An event counts
// that is not farther away than reach.
func (s *Scene) Hit(p draw.Point, reach float64) play.Selection {
	best, nearest := play.Selection{}, s.Layout.dot()+reach
	for _, d := range s.dots {
		if away := draw.Distance(p, d.at); away <= nearest {
			best, nearest = d.selection(), away
		}
	}
	if best.Selected() {
		return best
	}
	for _, t := range s.Targets { // the broker comes before the buffers in it
		if t.Has(p) {
			best = t.Selection
		}
	}
	return best
}

func (d *dot) selection() play.Selection {
	return play.EventSelection(journal.Event{Producer: d.producer, Number: d.number})
}

// Where is where a thing is on the stage: an event where it is drawn or else,
// having come to its end, there.
func (s *Scene) Where(sel play.Selection, ended play.Selection) (draw.Rect, bool) {
	if sel.HasEvent {
		for i := len(s.dots) - 1; i >= 0; i-- {
			if s.dots[i].selection() == sel {
				return draw.Around(s.dots[i].at, s.Layout.dot()), true
			}
		}
		sel = ended
	}
	for _, t := range s.Targets {
		if t.Selection == sel {
			return t.Rect, true
		}
	}
	return draw.Rect{}, false
}

// Beside is where a card of that size goes on a stage of that size: beside the
// thing that it is about or in a corner, wherever it hides the least and is near
// to the thing, and to where it has been if it has been anywhere.
func Beside(thing draw.Rect, others []Target, stage, card draw.Point, was *draw.Point) draw.Point {
	const gap, edge = 12, 8
	m := thing.Middle()
	left, right := float64(edge), stage.X-card.X-edge
	top, bottom := float64(edge), stage.Y-card.Y-edge
	best, least := draw.Point{}, 0.0
	for i, p := range [...]draw.Point{
		{X: thing.Right() + gap, Y: m.Y - card.Y/2}, {X: thing.X - gap - card.X, Y: m.Y - card.Y/2},
		{X: m.X - card.X/2, Y: thing.Bottom() + gap}, {X: m.X - card.X/2, Y: thing.Y - gap - card.Y},
		{X: thing.Right() + gap, Y: thing.Y}, {X: thing.X - gap - card.X, Y: thing.Y},
		{X: thing.Right() + gap, Y: thing.Bottom() - card.Y}, {X: thing.X - gap - card.X, Y: thing.Bottom() - card.Y},
		{X: left, Y: top}, {X: right, Y: top}, {X: left, Y: bottom}, {X: right, Y: bottom},
		{X: m.X - card.X/2, Y: top}, {X: m.X - card.X/2, Y: bottom},
	} {
		p = draw.Point{X: max(min(p.X, right), left), Y: max(min(p.Y, bottom), top)}
		r := draw.Rect{X: p.X, Y: p.Y, W: card.X, H: card.Y}
		cost := 20*r.Shared(thing) + 90*draw.Distance(r.Middle(), m)
		for o := range others {
			if t := &others[o]; t.Part != play.Buffer { // which lies in the broker
				cost += r.Shared(t.Rect)
			}
		}
		if was != nil {
			cost += 30 * draw.Distance(p, *was)
		}
		if i == 0 || cost < least {
			best, least = p, cost
		}
	}
	return best
}

// Handle is the point that stands for a target: that of the broker is its title,
// above the buffers in it.
func (t *Target) Handle() draw.Point {
	if t.Role == scenario.OfBroker && t.Part == play.Whole {
		return draw.Point{X: t.Middle().X - 1, Y: t.Y}
	}
	return t.Middle()
}
