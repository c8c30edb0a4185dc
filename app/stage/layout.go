package stage

import (
	"slices"

	"github.com/spillway-go/spillway/app/draw"
	"github.com/spillway-go/spillway/app/play"
)

// Plan is what a layout has to find room for.
type Plan struct {
	Producers int
	Buffers   []int            // by consumer
	Workers   []int            // by consumer
	Topics    bool             // events have topics, which the nodes name
	Tanks     [play.Parts]bool // which of the tanks there are
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
	Producers []draw.Rect
	Consumers []draw.Rect
	Broker    draw.Rect
	Lanes     []Lane // the consumers' buffers, inside the broker
	Tanks     [play.Parts]draw.Rect
	workers   []int
}

// Lane is one consumer's buffer.
type Lane struct {
	draw.Rect
	Slots []draw.Rect // one for each place, the next to leave last; none: a gauge
}

const (
	maxSlots = 6 // how many places of a buffer are drawn one by one
	maxRings = 8 // and how many workers
)

// What stays free around the drawing, in pixels: above it is the caption.
const marginX, marginTop, marginBottom = 14, 44, 16

const (
	longestPipe = 106  // how far the nodes move away from the broker before they grow
	readable    = 0.85 // the scale below which there had better be less detail
)

// NewLayout lays out a stage of so many pixels.
func NewLayout(width, height float64, p Plan) Layout {
	l := Layout{Topics: p.Topics, workers: p.Workers}
	free := draw.Point{X: max(1, width-2*marginX), Y: max(1, height-marginTop-marginBottom)}
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
	at := func(x, y, w, h float64) draw.Rect { return draw.Rect{X: left + x*s, Y: axis + y*s, W: w * s, H: h * s} }

	column := func(n int, x, h, pitch float64) []draw.Rect {
		rects := make([]draw.Rect, n)
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
		lane := at(brokerX+m.pad+m.labelLeft, y, m.brokerW-2*m.pad-m.labelLeft, m.laneH)
		l.Lanes = append(l.Lanes, Lane{Rect: lane, Slots: slots(lane, buffer, 2*m.dot*s, s)})
	}
	l.placeTanks(&p, &m, &e, at)
	return l
}

// placeTanks puts the tanks in a row under the broker: one alone where its events
// leave.
func (l *Layout) placeTanks(p *Plan, m *measures, e *extents, at func(x, y, w, h float64) draw.Rect) {
	if e.tanks == 0 {
		return
	}
	brokerX := m.nodeW + m.pipe
	all := float64(e.tanks)*e.tankW + float64(e.tanks-1)*m.tankGap
	x := brokerX + m.brokerW/2 - all/2
	if e.tanks == 1 {
		switch {
		case p.Tanks[play.Dropped]:
			x = brokerX + m.brokerW - e.tankW
		case p.Tanks[play.Rejected]:
			x = brokerX - 0.4*m.pipe
		case p.Tanks[play.DeadLetters]:
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
func slots(lane draw.Rect, buffer int, dot, s float64) []draw.Rect {
	if buffer < 1 || buffer > min(maxSlots, int(lane.W/(dot+2*s))) {
		return nil
	}
	gap := min(7*s, (lane.W-float64(buffer)*(dot+2*s))/float64(max(buffer-1, 1)))
	w := (lane.W - gap*float64(buffer-1)) / float64(buffer)
	rects := make([]draw.Rect, buffer)
	for i := range rects {
		rects[i] = draw.Rect{X: lane.X + float64(i)*(w+gap), Y: lane.Y, W: w, H: lane.H}
	}
	return rects
}

// place is where the i-th event of the waiting line stands, the next to leave
// being the 0th.
func (l *Lane) place(i int) draw.Point {
	if n := len(l.Slots); n > 0 {
		return l.Slots[max(n-1-i, 0)].Middle()
	}
	return draw.Point{X: l.Right() - l.H/2, Y: l.Middle().Y} // the mouth of the gauge
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
