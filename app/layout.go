package app

import "math"

// Point and Rect are in pixels of the stage, from its upper left corner.
type (
	Point struct{ X, Y float64 }
	Rect  struct{ X, Y, W, H float64 }
)

func (r Rect) right() float64  { return r.X + r.W }
func (r Rect) bottom() float64 { return r.Y + r.H }
func (r Rect) middle() Point   { return Point{r.X + r.W/2, r.Y + r.H/2} }

// between is the point a fraction t of the way from a to b.
func between(a, b Point, t float64) Point { return Point{a.X + (b.X-a.X)*t, a.Y + (b.Y-a.Y)*t} }

// Layout says where everything on the stage is.
type Layout struct {
	Scale     float64 // pixels for one unit of the drawing
	Compact   bool    // nodes have room for one line only
	Narrow    bool    // and few words
	Producers []Rect
	Consumers []Rect
	Broker    Rect
	Lanes     []Lane // the consumers' buffers, inside the broker
	Tray      Rect   // where dropped events fall
}

// Lane is one consumer's buffer.
type Lane struct {
	Rect
	Slots []Rect // one for each place, the next to leave last; none: a gauge
}

// maxSlots is how many places of a buffer are drawn one by one.
const maxSlots = 6

// measures are the sizes of the drawing, in units of about a pixel. The pipe is
// as short as it may be.
type measures struct{ nodeW, nodeH, nodeGap, pipe, brokerW, head, foot, laneH, laneGap, pad, fall, trayW, trayH float64 }

func (m measures) width() float64 { return 2*m.nodeW + 2*m.pipe + m.brokerW }

var (
	roomy  = measures{nodeW: 132, nodeH: 82, nodeGap: 14, pipe: 40, brokerW: 232, head: 38, foot: 38, laneH: 46, laneGap: 30, pad: 14, fall: 54, trayW: 158, trayH: 44}
	narrow = measures{nodeW: 106, nodeH: 82, nodeGap: 10, pipe: 26, brokerW: 156, head: 38, foot: 38, laneH: 42, laneGap: 28, pad: 9, fall: 46, trayW: 140, trayH: 44}
)

// What stays free around the drawing, in pixels: above it is the caption.
const marginX, marginTop, marginBottom = 14, 44, 16

// longestPipe is how far the nodes move away from the broker before they grow.
const longestPipe = 106

// rowsWithDetail is how many nodes of a column have room for more than a name.
const rowsWithDetail = 4

// NewLayout lays out a stage of so many pixels. Buffers has the size of each
// consumer's buffer.
func NewLayout(width, height float64, producers int, buffers []int) Layout {
	m := roomy
	l := Layout{Compact: max(producers, len(buffers)) > rowsWithDetail}
	if l.Narrow = width-2*marginX < m.width(); l.Narrow {
		m = narrow
	}
	if l.Compact {
		m.nodeH, m.nodeGap, m.laneH, m.laneGap = 34, 8, 24, 20
	}

	column := func(n int) float64 { return float64(n)*(m.nodeH+m.nodeGap) - m.nodeGap }
	lanes := float64(len(buffers))
	first := 0.0 // a lone buffer needs no label of its own
	if lanes > 1 {
		first = m.laneGap - 8
	}
	brokerH := m.head + first + lanes*m.laneH + (lanes-1)*m.laneGap + m.foot
	// The pipes take what room there is at the size of a pixel for a unit.
	m.pipe += min(max((width-2*marginX-m.width())/2, 0), longestPipe-m.pipe)
	drawnW := m.width()
	above := max(column(producers), column(len(buffers)), brokerH) / 2
	below := max(above, brokerH/2+m.fall+m.trayH)

	s := min((width-2*marginX)/drawnW, (height-marginTop-marginBottom)/(above+below), 1.5)
	s = max(s, 0.2)
	l.Scale = s
	left := (width - drawnW*s) / 2
	axis := marginTop + (height-marginTop-marginBottom-(above+below)*s)/2 + above*s

	place := func(n int, x float64) []Rect {
		rects := make([]Rect, n)
		for i := range rects {
			y := -column(n)/2 + float64(i)*(m.nodeH+m.nodeGap)
			rects[i] = Rect{left + x*s, axis + y*s, m.nodeW * s, m.nodeH * s}
		}
		return rects
	}
	l.Producers = place(producers, 0)
	l.Consumers = place(len(buffers), m.nodeW+2*m.pipe+m.brokerW)
	l.Broker = Rect{left + (m.nodeW+m.pipe)*s, axis - brokerH/2*s, m.brokerW * s, brokerH * s}
	l.Tray = Rect{l.Broker.right() - m.trayW*s, l.Broker.bottom() + m.fall*s, m.trayW * s, m.trayH * s}
	for i, buffer := range buffers {
		y := m.head + first + float64(i)*(m.laneH+m.laneGap)
		lane := Rect{l.Broker.X + m.pad*s, l.Broker.Y + y*s, l.Broker.W - 2*m.pad*s, m.laneH * s}
		l.Lanes = append(l.Lanes, Lane{Rect: lane, Slots: slots(lane, buffer, 7*s)})
	}
	return l
}

func slots(lane Rect, buffer int, gap float64) []Rect {
	if buffer < 1 || buffer > maxSlots {
		return nil
	}
	w := (lane.W - gap*float64(buffer-1)) / float64(buffer)
	rects := make([]Rect, buffer)
	for i := range rects {
		rects[i] = Rect{lane.X + float64(i)*(w+gap), lane.Y, w, lane.H}
	}
	return rects
}

// place is where the i-th event of the waiting line stands, the next to leave
// being the 0th.
func (l *Lane) place(i int) Point {
	if n := len(l.Slots); n > 0 {
		return l.Slots[max(n-1-i, 0)].middle()
	}
	return Point{l.right() - l.H/2, l.middle().Y} // the mouth of the gauge
}

// Where events go in and out of things.
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

// ring is the middle of a consumer's progress ring, and its radius.
func (l *Layout) ring(i int) (Point, float64) {
	c, s := l.Consumers[i], l.Scale
	if l.Compact {
		return Point{c.right() - 17*s, c.middle().Y}, 9 * s
	}
	return Point{c.right() - 24*s, c.bottom() - 24*s}, 11 * s
}

// fall is where an event is that has fallen a fraction t of the way from a point
// in or at the broker into the tray.
func (l *Layout) fall(from Point, t float64) Point {
	to := Point{l.Tray.X + 16*l.Scale, l.Tray.Y + l.Tray.H*0.4}
	// A curve that leaves downwards, as water does.
	a, b := Point{from.X, from.Y + 0.75*(to.Y-from.Y)}, Point{from.X + 0.4*(to.X-from.X), to.Y}
	u := 1 - t
	mix := func(p, q, r, s float64) float64 { return u*u*u*p + 3*u*u*t*q + 3*u*t*t*r + t*t*t*s }
	return Point{mix(from.X, a.X, b.X, to.X), mix(from.Y, a.Y, b.Y, to.Y)}
}

// spout is where dropped events leave the broker.
func (l *Layout) spout() Point { return Point{l.Broker.X + 34*l.Scale, l.Broker.bottom()} }

// ease is slow at both ends of 0 to 1.
func ease(t float64) float64 {
	t = math.Min(math.Max(t, 0), 1)
	return t * t * (3 - 2*t)
}
