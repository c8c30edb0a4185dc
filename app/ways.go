package app

// Where events go in and out of things, and the ways between them.

func (l *Layout) producerOut(i int) Point {
	return Point{l.Producers[i].right(), l.Producers[i].middle().Y}
}

// brokerIn is where a producer's pipe meets the broker: straight across if it can.
func (l *Layout) brokerIn(i int) Point {
	edge := min(24*l.Scale, l.Broker.H/2)
	y := min(max(l.Producers[i].middle().Y, l.Broker.Y+edge), l.Broker.bottom()-edge)
	return Point{l.Broker.X, y}
}

func (l *Layout) laneOut(i int) Point {
	return Point{l.Broker.right(), l.Lanes[i].middle().Y}
}

func (l *Layout) consumerIn(i int) Point {
	return Point{l.Consumers[i].X, l.Consumers[i].middle().Y}
}

// door is where the i-th event in line stands that waits outside of the broker.
func (l *Layout) door(producer, i int) Point {
	at, from := l.brokerIn(producer), l.producerOut(producer)
	room := max(at.X-from.X, 1)
	back := min((1.2+2.2*float64(i))*l.dot(), room)
	return between(at, from, back/room)
}

// curve is a way that leaves downwards, as water does, and arrives from the side.
type curve struct{ from, to Point }

func (c curve) at(t float64) Point {
	a := Point{c.from.X, c.from.Y + 0.75*(c.to.Y-c.from.Y)}
	b := Point{c.from.X + 0.4*(c.to.X-c.from.X), c.to.Y}
	u := 1 - t
	mix := func(p, q, r, s float64) float64 { return u*u*u*p + 3*u*u*t*q + 3*u*t*t*r + t*t*t*s }
	return Point{mix(c.from.X, a.X, b.X, c.to.X), mix(c.from.Y, a.Y, b.Y, c.to.Y)}
}

// fall is the way of a dropped event from a point in or at the broker into the
// tank of the dropped.
func (l *Layout) fall(from Point) curve {
	tank := l.Tanks[Dropped]
	return curve{from, Point{tank.X + 16*l.Scale, tank.Y + tank.H*0.4}}
}

// spout is where events leave the broker for a tank: over the tank if it can be,
// so that what goes there falls straight down. Only the dropped always leave on
// the side where they came in.
func (l *Layout) spout(tank Part) Point {
	edge := 34 * l.Scale
	if tank == Dropped && l.Tanks[Repository].W == 0 && l.Tanks[Rejected].W == 0 {
		return Point{l.Broker.X + edge, l.Broker.bottom()}
	}
	x := min(max(l.mouth(tank).X, l.Broker.X+edge), l.Broker.right()-edge)
	return Point{x, l.Broker.bottom()}
}

// mouth is where events come into a tank from above.
func (l *Layout) mouth(tank Part) Point {
	r := l.Tanks[tank]
	return Point{r.X + r.W/2, r.Y}
}

// way is a way along straight lines.
type way struct {
	points [5]Point
	n      int
}

func through(points ...Point) (w way) {
	w.n = copy(w.points[:], points)
	return w
}

// at is the point a fraction t of the way.
func (w *way) at(t float64) Point {
	total := 0.0
	for i := 1; i < w.n; i++ {
		total += distance(w.points[i-1], w.points[i])
	}
	left := t * total
	for i := 1; i < w.n; i++ {
		d := distance(w.points[i-1], w.points[i])
		if left <= d && d > 0 {
			return between(w.points[i-1], w.points[i], max(left, 0)/d)
		}
		left -= d
	}
	return w.points[max(w.n-1, 0)]
}

// spill is the way of an event into the repository, from where it came in.
func (l *Layout) spill(producer int) way {
	door, spout, tank := l.brokerIn(producer), l.spout(Repository), l.Tanks[Repository]
	aside, low := door.X-14*l.Scale, l.Broker.bottom()+0.4*(tank.Y-l.Broker.bottom())
	x := spout.X - l.lift()
	return through(door, Point{aside, min(door.Y+14*l.Scale, low)}, Point{aside, low}, Point{x, low}, Point{x, tank.Y + tank.H*0.3})
}

// refill is the way back, into a place of a lane.
func (l *Layout) refill(lane int, to Point) way {
	spout, tank := l.spout(Repository), l.Tanks[Repository]
	x := spout.X + l.lift()
	gutter := l.Broker.X + 7*l.Scale
	if len(l.Lanes) == 1 {
		return through(Point{x, tank.Y + tank.H*0.3}, Point{x, l.Broker.bottom()}, to)
	}
	foot := l.Broker.bottom() - 7*l.Scale
	return through(Point{x, tank.Y + tank.H*0.3}, Point{x, foot}, Point{gutter, foot}, Point{gutter, to.Y}, to)
}

// lift is how far the ways to and from the repository lie from their middle.
func (l *Layout) lift() float64 { return 14 * l.Scale }

// bury is the way of a dead letter, from beside the consumer whose it was.
func (l *Layout) bury(consumer int) curve {
	in := l.consumerIn(consumer)
	from := Point{in.X - 14*l.Scale, in.Y}
	return curve{from, l.entrance(DeadLetters, from)}
}

// turn is the way of a rejected event: it turns back at the door, and its producer
// gets it back no more than anybody else.
func (l *Layout) turn(producer int) curve {
	back := between(l.brokerIn(producer), l.producerOut(producer), 0.4)
	return curve{back, l.entrance(Rejected, back)}
}

// entrance is where a curve comes into a tank, from the side it comes from.
func (l *Layout) entrance(tank Part, from Point) Point {
	r := l.Tanks[tank]
	edge := min(16*l.Scale, r.W/2)
	return Point{max(min(from.X, r.right()-edge), r.X+edge), r.Y + r.H*0.3}
}
