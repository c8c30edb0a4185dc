package stage

import (
	"github.com/spillway-go/spillway/app/draw"
)

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
func (l *Layout) ring(consumer, worker int) (draw.Point, float64) {
	r, s, n := l.Consumers[consumer], l.Scale, l.rings(consumer)
	if n == 0 {
		b := l.gauge(consumer)
		return b.Middle(), b.H / 2
	}
	switch l.Detail {
	case Full:
		if n == 1 && ringRows(l.workers) == 0 {
			return draw.Point{X: r.Right() - 24*s, Y: r.Bottom() - 24*s}, 11 * s
		}
		cell := (r.W - 2*l.inset()*s) / 4
		rows := float64((n + 3) / 4)
		row, column := float64(worker/4), float64(worker%4)
		return draw.Point{X: r.X + l.inset()*s + (column+0.5)*cell, Y: r.Bottom() - 8*s - (rows-row-0.5)*26*s}, min(10.5*s, cell/2-1.5*s)
	case Brief:
		return draw.Point{X: r.Right() - (17+20*float64(n-1-worker))*s, Y: r.Bottom() - 16*s}, []float64{0, 10, 8.5, 8}[n] * s
	default:
		return draw.Point{X: r.Right() - (15+18*float64(n-1-worker))*s, Y: r.Middle().Y}, 8 * s
	}
}

// gauge is where it says how many of a consumer's workers are busy.
func (l *Layout) gauge(consumer int) draw.Rect {
	r, s := l.Consumers[consumer], l.Scale
	switch l.Detail {
	case Full:
		return draw.Rect{X: r.X + l.inset()*s, Y: r.Bottom() - 32*s, W: r.W - 2*l.inset()*s, H: 20 * s}
	case Brief:
		return draw.Rect{X: r.Right() - 66*s, Y: r.Bottom() - 24*s, W: 58 * s, H: 17 * s}
	default:
		return draw.Rect{X: r.Right() - 62*s, Y: r.Middle().Y - 8.5*s, W: 56 * s, H: 17 * s}
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
