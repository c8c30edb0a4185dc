package stage

import (
	"github.com/spillway-go/spillway/app/draw"
	"github.com/spillway-go/spillway/app/play"
)

// Where events go in and out of things, and the ways between them.

func (l *Layout) producerOut(i int) draw.Point {
	return draw.Point{X: l.Producers[i].Right(), Y: l.Producers[i].Middle().Y}
}

// brokerIn is where a producer's pipe meets the broker: straight across if it can.
func (l *Layout) brokerIn(i int) draw.Point {
	edge := min(24*l.Scale, l.Broker.H/2)
	y := min(max(l.Producers[i].Middle().Y, l.Broker.Y+edge), l.Broker.Bottom()-edge)
	return draw.Point{X: l.Broker.X, Y: y}
}

func (l *Layout) laneOut(i int) draw.Point {
	return draw.Point{X: l.Broker.Right(), Y: l.Lanes[i].Middle().Y}
}

func (l *Layout) consumerIn(i int) draw.Point {
	return draw.Point{X: l.Consumers[i].X, Y: l.Consumers[i].Middle().Y}
}

// door is where the i-th event in line stands that waits outside of the broker.
func (l *Layout) door(producer, i int) draw.Point {
	at, from := l.brokerIn(producer), l.producerOut(producer)
	room := max(at.X-from.X, 1)
	back := min((1.2+2.2*float64(i))*l.dot(), room)
	return draw.Between(at, from, back/room)
}

// curve is a way that leaves downwards, as water does, and arrives from the side.
type curve struct{ from, to draw.Point }

func (c curve) at(t float64) draw.Point {
	a := draw.Point{X: c.from.X, Y: c.from.Y + 0.75*(c.to.Y-c.from.Y)}
	b := draw.Point{X: c.from.X + 0.4*(c.to.X-c.from.X), Y: c.to.Y}
	u := 1 - t
	mix := func(p, q, r, s float64) float64 { return u*u*u*p + 3*u*u*t*q + 3*u*t*t*r + t*t*t*s }
	return draw.Point{X: mix(c.from.X, a.X, b.X, c.to.X), Y: mix(c.from.Y, a.Y, b.Y, c.to.Y)}
}

// fall is the way of a dropped event from a point in or at the broker into the
// tank of the dropped.
func (l *Layout) fall(from draw.Point) curve {
	tank := l.Tanks[play.Dropped]
	return curve{from, draw.Point{X: tank.X + 16*l.Scale, Y: tank.Y + tank.H*0.4}}
}

// spout is where events leave the broker for a tank: over the tank if it can be,
// so that what goes there falls straight down. Only the dropped always leave on
// the side where they came in.
func (l *Layout) spout(tank play.Part) draw.Point {
	edge := 34 * l.Scale
	if tank == play.Dropped && l.Tanks[play.Repository].W == 0 && l.Tanks[play.Rejected].W == 0 {
		return draw.Point{X: l.Broker.X + edge, Y: l.Broker.Bottom()}
	}
	x := min(max(l.mouth(tank).X, l.Broker.X+edge), l.Broker.Right()-edge)
	return draw.Point{X: x, Y: l.Broker.Bottom()}
}

// mouth is where events come into a tank from above.
func (l *Layout) mouth(tank play.Part) draw.Point {
	r := l.Tanks[tank]
	return draw.Point{X: r.X + r.W/2, Y: r.Y}
}

// way is a way along straight lines.
type way struct {
	points [5]draw.Point
	n      int
}

func through(points ...draw.Point) (w way) {
	w.n = copy(w.points[:], points)
	return w
}

// at is the point a fraction t of the way.
func (w *way) at(t float64) draw.Point {
	total := 0.0
	for i := 1; i < w.n; i++ {
		total += draw.Distance(w.points[i-1], w.points[i])
	}
	left := t * total
	for i := 1; i < w.n; i++ {
		d := draw.Distance(w.points[i-1], w.points[i])
		if left <= d && d > 0 {
			return draw.Between(w.points[i-1], w.points[i], max(left, 0)/d)
		}
		left -= d
	}
	return w.points[max(w.n-1, 0)]
}

// spill is the way of an event into the repository, from where it came in.
func (l *Layout) spill(producer int) way {
	door, spout, tank := l.brokerIn(producer), l.spout(play.Repository), l.Tanks[play.Repository]
	aside, low := door.X-14*l.Scale, l.Broker.Bottom()+0.4*(tank.Y-l.Broker.Bottom())
	x := spout.X - l.lift()
	return through(door, draw.Point{X: aside, Y: min(door.Y+14*l.Scale, low)}, draw.Point{X: aside, Y: low}, draw.Point{X: x, Y: low}, draw.Point{X: x, Y: tank.Y + tank.H*0.3})
}

// refill is the way back, into a place of a lane.
func (l *Layout) refill(lane int, to draw.Point) way {
	spout, tank := l.spout(play.Repository), l.Tanks[play.Repository]
	x := spout.X + l.lift()
	gutter := l.Broker.X + 7*l.Scale
	if len(l.Lanes) == 1 {
		return through(draw.Point{X: x, Y: tank.Y + tank.H*0.3}, draw.Point{X: x, Y: l.Broker.Bottom()}, to)
	}
	foot := l.Broker.Bottom() - 7*l.Scale
	return through(draw.Point{X: x, Y: tank.Y + tank.H*0.3}, draw.Point{X: x, Y: foot}, draw.Point{X: gutter, Y: foot}, draw.Point{X: gutter, Y: to.Y}, to)
}

// lift is how far the ways to and from the repository lie from their middle.
func (l *Layout) lift() float64 { return 14 * l.Scale }

// deadLetterPath is the way of a dead letter, from beside the consumer whose it was.
func (l *Layout) deadLetterPath(consumer int) curve {
	in := l.consumerIn(consumer)
	from := draw.Point{X: in.X - 14*l.Scale, Y: in.Y}
	return curve{from, l.entrance(play.DeadLetters, from)}
}

// turn is the way of a rejected event: it turns back at the door, and its producer
// gets it back no more than anybody else.
func (l *Layout) turn(producer int) curve {
	back := draw.Between(l.brokerIn(producer), l.producerOut(producer), 0.4)
	return curve{back, l.entrance(play.Rejected, back)}
}

// entrance is where a curve comes into a tank, from the side it comes from.
func (l *Layout) entrance(tank play.Part, from draw.Point) draw.Point {
	r := l.Tanks[tank]
	edge := min(16*l.Scale, r.W/2)
	return draw.Point{X: max(min(from.X, r.Right()-edge), r.X+edge), Y: r.Y + r.H*0.3}
}
