package app

import (
	"math"
	"slices"
)

// Point and Rect are in pixels of the stage, from its upper left corner.
type (
	Point struct{ X, Y float64 }
	Rect  struct{ X, Y, W, H float64 }
)

func (r Rect) right() float64  { return r.X + r.W }
func (r Rect) bottom() float64 { return r.Y + r.H }
func (r Rect) middle() Point   { return Point{r.X + r.W/2, r.Y + r.H/2} }
func (r Rect) has(p Point) bool {
	return p.X >= r.X && p.Y >= r.Y && p.X <= r.right() && p.Y <= r.bottom()
}

// around is the square around a circle.
func around(p Point, r float64) Rect { return Rect{p.X - r, p.Y - r, 2 * r, 2 * r} }

// between is the point a fraction t of the way from a to b.
func between(a, b Point, t float64) Point { return Point{a.X + (b.X-a.X)*t, a.Y + (b.Y-a.Y)*t} }

// Plan is what a layout has to find room for.
type Plan struct {
	Producers int
	Buffers   []int       // by consumer
	Workers   []int       // by consumer
	Topics    bool        // events have topics, which the nodes name
	Tanks     [parts]bool // which of the tanks there are
}

func (p *Plan) equal(o *Plan) bool {
	return p.Producers == o.Producers && p.Topics == o.Topics && p.Tanks == o.Tanks &&
		slices.Equal(p.Buffers, o.Buffers) && slices.Equal(p.Workers, o.Workers)
}

// set makes p equal to o, in the memory p already has.
func (p *Plan) set(o *Plan) {
	buffers, workers := append(p.Buffers[:0], o.Buffers...), append(p.Workers[:0], o.Workers...)
	*p = *o
	p.Buffers, p.Workers = buffers, workers
}

// Detail is how much a node has room for.
type Detail uint8

const (
	Full  Detail = iota // some lines
	Brief               // two lines
	Line                // one
	Dense               // one, and close together
)

// Layout says where everything on the stage is.
type Layout struct {
	Scale     float64 // pixels for one unit of the drawing
	Detail    Detail
	Narrow    bool // few words
	Topics    bool
	Producers []Rect
	Consumers []Rect
	Broker    Rect
	Lanes     []Lane // the consumers' buffers, inside the broker
	Tanks     [parts]Rect
	workers   []int
}

// Lane is one consumer's buffer.
type Lane struct {
	Rect
	Slots []Rect // one for each place, the next to leave last; none: a gauge
}

const (
	maxSlots = 6 // how many places of a buffer are drawn one by one
	maxRings = 8 // and how many workers
)

// measures are the sizes of the drawing, in units of about a pixel. The pipe is
// as short as it may be.
type measures struct {
	nodeW, producerH, consumerH, nodeGap, pipe float64
	brokerW, pad, head, foot                   float64
	laneH, label, laneGap                      float64 // label: what stands above a lane
	aside                                      float64 // what stands to the left of the slots
	dot                                        float64 // radius
	fall, tankW, tankH, tankGap                float64
}

func (m *measures) width() float64 { return 2*m.nodeW + 2*m.pipe + m.brokerW }

var (
	wideMeasures   = measures{nodeW: 132, nodeGap: 14, pipe: 40, brokerW: 232, pad: 14, tankW: 158, tankH: 44, tankGap: 14}
	narrowMeasures = measures{nodeW: 106, nodeGap: 10, pipe: 26, brokerW: 156, pad: 9, tankW: 140, tankH: 44, tankGap: 8}
)

// detailed are the measures of a plan at a level of detail.
func detailed(narrow bool, p *Plan, d Detail) measures {
	m := wideMeasures
	if narrow {
		m = narrowMeasures
	}
	switch d {
	case Full:
		m.producerH, m.consumerH = 82, 82
		if p.Topics {
			m.producerH, m.consumerH = 99, 99
		}
		m.consumerH += 26 * float64(ringRows(p.Workers))
		m.head, m.foot, m.laneH, m.label, m.laneGap, m.dot, m.fall = 38, 38, 46, 22, 8, 10, 54
		if narrow {
			m.laneH, m.fall = 42, 46
		}
	case Brief:
		m.producerH, m.consumerH, m.nodeGap = 52, 52, 10
		m.head, m.foot, m.laneH, m.label, m.laneGap, m.dot, m.fall = 36, 34, 28, 20, 8, 10, 42
	case Line:
		m.producerH, m.consumerH, m.nodeGap = 34, 34, 8
		m.head, m.foot, m.laneH, m.laneGap, m.dot, m.fall, m.aside = 36, 34, 26, 12, 8, 36, 44
	case Dense:
		m.producerH, m.consumerH, m.nodeGap = 24, 24, 4
		m.head, m.foot, m.laneH, m.laneGap, m.dot, m.fall, m.aside = 31, 26, 20, 8, 8, 22, 44
		m.tankH = 40
	}
	if len(p.Buffers) == 1 { // a lone buffer needs no label of its own
		m.label, m.aside = 0, 0
	}
	return m
}

// widen takes what room there is in width: pipes first and, where nodes have room
// for few words, then these.
func (m *measures) widen(room float64, d Detail) {
	m.pipe += min(max((room-m.width())/2, 0), longestPipe-m.pipe)
	if d > Full {
		m.nodeW += min(max((room-m.width())/2, 0), 0.6*m.nodeW)
	}
}

// ringRows is how many rows of rings a consumer has at the foot of its node. One
// ring has room beside the text.
func ringRows(workers []int) int {
	rows := 0
	for _, w := range workers {
		switch {
		case w > maxRings:
			rows = max(rows, 1) // a gauge
		case w > 1:
			rows = max(rows, (w+3)/4)
		}
	}
	return rows
}

// What stays free around the drawing, in pixels: above it is the caption.
const marginX, marginTop, marginBottom = 14, 44, 16

const (
	longestPipe = 106  // how far the nodes move away from the broker before they grow
	readable    = 0.85 // the scale below which there had better be less detail
)

// extents are the heights of a drawing, from its axis, in its units.
type extents struct {
	pitch                   float64 // from a lane to the next, and from a consumer to the next
	brokerTop, brokerBottom float64
	producerPitch, tanksTop float64
	above, below            float64
	tanks                   int
	tankW                   float64
}

func (m *measures) extents(p *Plan) extents {
	n := float64(len(p.Buffers))
	e := extents{
		pitch:         max(m.consumerH+m.nodeGap, m.laneH+m.label+m.laneGap),
		producerPitch: m.producerH + m.nodeGap,
	}
	lanes := ((n-1)*e.pitch + m.laneH) / 2
	e.brokerTop, e.brokerBottom = -lanes-m.label-m.head, lanes+m.foot
	nodes := max((n-1)*e.pitch+m.consumerH, float64(p.Producers-1)*e.producerPitch+m.producerH) / 2
	e.above, e.below = max(nodes, -e.brokerTop), max(nodes, e.brokerBottom)
	for _, there := range p.Tanks {
		if there {
			e.tanks++
		}
	}
	if e.tanks == 0 {
		return e
	}
	count := float64(e.tanks)
	room, all := m.brokerW+2*(m.pipe-m.tankGap), count*m.tankW+(count-1)*m.tankGap
	e.tankW = m.tankW
	e.tanksTop = e.brokerBottom + m.fall
	if all > room { // then they are in the way of the nodes
		e.tanksTop = max(e.tanksTop, nodes+m.nodeGap)
		e.tankW = min(m.tankW, (m.width()-(count-1)*m.tankGap)/count)
	}
	e.below = max(e.below, e.tanksTop+m.tankH)
	return e
}

// NewLayout lays out a stage of so many pixels.
func NewLayout(width, height float64, p Plan) Layout {
	l := Layout{Topics: p.Topics, workers: p.Workers}
	free := Point{width - 2*marginX, height - marginTop - marginBottom}
	l.Narrow = free.X < wideMeasures.width()

	// As much detail as can be read.
	var m measures
	var e extents
	for l.Detail = Full; ; l.Detail++ {
		m = detailed(l.Narrow, &p, l.Detail)
		m.widen(free.X, l.Detail)
		e = m.extents(&p)
		s := free.Y / (e.above + e.below)
		if l.Detail == Dense || s >= readable {
			if s < 1 { // then there is more room in width
				m = detailed(l.Narrow, &p, l.Detail)
				m.widen(free.X/s, l.Detail)
				e = m.extents(&p)
			}
			break
		}
	}

	s := max(min(free.X/m.width(), free.Y/(e.above+e.below), 1.5), 0.2)
	l.Scale = s
	left := (width - m.width()*s) / 2
	axis := marginTop + (free.Y-(e.above+e.below)*s)/2 + e.above*s
	// at is a rectangle in units: from the left of the drawing, and from its axis.
	at := func(x, y, w, h float64) Rect { return Rect{left + x*s, axis + y*s, w * s, h * s} }

	column := func(n int, x, h, pitch float64) []Rect {
		rects := make([]Rect, n)
		for i := range rects {
			rects[i] = at(x, (float64(i)-float64(n-1)/2)*pitch-h/2, m.nodeW, h)
		}
		return rects
	}
	brokerX := m.nodeW + m.pipe
	l.Producers = column(p.Producers, 0, m.producerH, e.producerPitch)
	l.Consumers = column(len(p.Buffers), m.width()-m.nodeW, m.consumerH, e.pitch)
	l.Broker = at(brokerX, e.brokerTop, m.brokerW, e.brokerBottom-e.brokerTop)
	for i, buffer := range p.Buffers {
		y := (float64(i)-float64(len(p.Buffers)-1)/2)*e.pitch - m.laneH/2
		lane := at(brokerX+m.pad+m.aside, y, m.brokerW-2*m.pad-m.aside, m.laneH)
		l.Lanes = append(l.Lanes, Lane{Rect: lane, Slots: slots(lane, buffer, 2*m.dot*s, s)})
	}
	l.placeTanks(&p, &m, &e, at)
	return l
}

// placeTanks puts the tanks in a row under the broker: one alone where its events
// leave.
func (l *Layout) placeTanks(p *Plan, m *measures, e *extents, at func(x, y, w, h float64) Rect) {
	if e.tanks == 0 {
		return
	}
	brokerX := m.nodeW + m.pipe
	all := float64(e.tanks)*e.tankW + float64(e.tanks-1)*m.tankGap
	x := brokerX + m.brokerW/2 - all/2
	if e.tanks == 1 {
		switch {
		case p.Tanks[Dropped]:
			x = brokerX + m.brokerW - e.tankW
		case p.Tanks[Rejected]:
			x = brokerX - 0.4*m.pipe
		case p.Tanks[DeadLetters]:
			x = brokerX + m.brokerW + 0.4*m.pipe - e.tankW
		}
	}
	for part := range p.Tanks {
		if p.Tanks[part] {
			l.Tanks[part] = at(x, e.tanksTop, e.tankW, m.tankH)
			x += e.tankW + m.tankGap
		}
	}
}

// slots are the places of a buffer, if there is room for each.
func slots(lane Rect, buffer int, dot, s float64) []Rect {
	if buffer < 1 || buffer > min(maxSlots, int(lane.W/(dot+2*s))) {
		return nil
	}
	gap := min(7*s, (lane.W-float64(buffer)*(dot+2*s))/float64(max(buffer-1, 1)))
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

// dot is the radius of an event.
func (l *Layout) dot() float64 {
	if l.Detail >= Line {
		return 8 * l.Scale
	}
	return 10 * l.Scale
}

// inset is the space between a node's edge and what is in it, in units.
func (l *Layout) inset() float64 {
	if l.Narrow {
		return 9
	}
	return 14
}

// rings is how many of a consumer's workers have a ring of their own; 0 means
// that a gauge stands for all of them.
func (l *Layout) rings(consumer int) int {
	most := maxRings
	if l.Detail > Full {
		most = 3
	}
	if w := l.workers[consumer]; w <= most {
		return w
	}
	return 0
}

// ring is the middle of a worker's progress ring, and its radius.
func (l *Layout) ring(consumer, worker int) (Point, float64) {
	r, s, n := l.Consumers[consumer], l.Scale, l.rings(consumer)
	if n == 0 {
		b := l.gauge(consumer)
		return b.middle(), b.H / 2
	}
	switch l.Detail {
	case Full:
		if n == 1 && ringRows(l.workers) == 0 {
			return Point{r.right() - 24*s, r.bottom() - 24*s}, 11 * s
		}
		cell := (r.W - 2*l.inset()*s) / 4
		rows := float64((n + 3) / 4)
		row, column := float64(worker/4), float64(worker%4)
		return Point{r.X + l.inset()*s + (column+0.5)*cell, r.bottom() - 8*s - (rows-row-0.5)*26*s}, min(10.5*s, cell/2-1.5*s)
	case Brief:
		return Point{r.right() - (17+20*float64(n-1-worker))*s, r.bottom() - 16*s}, []float64{0, 10, 8.5, 8}[n] * s
	default:
		return Point{r.right() - (15+18*float64(n-1-worker))*s, r.middle().Y}, 8 * s
	}
}

// gauge is where it says how many of a consumer's workers are busy.
func (l *Layout) gauge(consumer int) Rect {
	r, s := l.Consumers[consumer], l.Scale
	switch l.Detail {
	case Full:
		return Rect{r.X + l.inset()*s, r.bottom() - 32*s, r.W - 2*l.inset()*s, 20 * s}
	case Brief:
		return Rect{r.right() - 66*s, r.bottom() - 24*s, 58 * s, 17 * s}
	default:
		return Rect{r.right() - 62*s, r.middle().Y - 8.5*s, 56 * s, 17 * s}
	}
}

// ease is slow at both ends of 0 to 1.
func ease(t float64) float64 {
	t = math.Min(math.Max(t, 0), 1)
	return t * t * (3 - 2*t)
}
