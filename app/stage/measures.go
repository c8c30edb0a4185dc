package stage

// measures are the sizes of the drawing, in units of about a pixel. The pipe is
// as short as it may be.
type measures struct {
	nodeW, producerH, consumerH, nodeGap, pipe float64
	brokerW, pad, head, foot                   float64
	laneH, label, laneGap                      float64 // label: what stands above a lane
	labelLeft                                  float64 // what stands to the left of the slots
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
		m.head, m.foot, m.laneH, m.laneGap, m.dot, m.fall, m.labelLeft = 36, 34, 26, 12, 8, 36, 44
	case Dense:
		m.producerH, m.consumerH, m.nodeGap = 24, 24, 4
		m.head, m.foot, m.laneH, m.laneGap, m.dot, m.fall, m.labelLeft = 31, 26, 20, 8, 8, 22, 44
		m.tankH = 40
	}
	if len(p.Buffers) == 1 { // a lone buffer needs no label of its own
		m.label, m.labelLeft = 0, 0
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
