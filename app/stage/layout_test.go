package stage

import (
	"fmt"
	"math"
	"testing"

	"github.com/spillway-go/spillway/app/draw"
	"github.com/spillway-go/spillway/app/play"
)

// within says whether a lies in b, to a hair.
func within(a, b draw.Rect) bool {
	const hair = 1e-6
	return a.X >= b.X-hair && a.Y >= b.Y-hair && a.Right() <= b.Right()+hair && a.Bottom() <= b.Bottom()+hair
}

func overlap(a, b draw.Rect) bool {
	const hair = 1e-6
	return a.X < b.Right()-hair && b.X < a.Right()-hair && a.Y < b.Bottom()-hair && b.Y < a.Bottom()-hair
}

func in(p draw.Point, r draw.Rect) bool { return within(draw.Rect{X: p.X, Y: p.Y}, r) }

// planOf is a plan with buffers that are all of one size, and such workers.
func planOf(producers, consumers, buffer, workers int, topics bool, tanks ...play.Part) Plan {
	p := Plan{Producers: producers, Topics: topics}
	for range consumers {
		p.Buffers, p.Workers = append(p.Buffers, buffer), append(p.Workers, workers)
	}
	for _, t := range tanks {
		p.Tanks[t] = true
	}
	return p
}

func TestEverythingOnTheStageHasItsPlace(t *testing.T) {
	counts := []int{1, 2, 3, 4, 5, 8, 16}
	tanks := [][]play.Part{{play.Dropped}, nil, {play.Repository}, {play.Rejected}, {play.DeadLetters}, {play.Repository, play.Dropped}, {play.Rejected, play.Repository, play.Dropped, play.DeadLetters}}
	n := 0
	for width := 360.0; width <= 2000; width += 83 {
		for height := 300.0; height <= 1200; height += 90 {
			for _, producers := range counts {
				for _, consumers := range counts {
					for _, buffer := range []int{0, 1, 3, 6, 7, 1000} {
						n++
						workers := []int{1, 1, 2, 3, 4, 8, 9, 64}[n%8]
						p := planOf(producers, consumers, buffer, workers, n%3 == 0, tanks[n%len(tanks)]...)
						if err := misplaced(width, height, p); err != nil {
							t.Fatalf("%v×%v, %+v: %v", width, height, p, err)
						}
					}
				}
			}
		}
	}
}

// misplaced says what lies where it must not.
func misplaced(width, height float64, p Plan) error {
	l := NewLayout(width, height, p)
	stage := draw.Rect{X: 0, Y: marginTop, W: width, H: height - marginTop - marginBottom}
	if !(l.Scale > 0 && l.Scale <= 1.5) {
		return fmt.Errorf("the scale is %v", l.Scale)
	}
	if len(l.Producers) != p.Producers || len(l.Consumers) != len(p.Buffers) || len(l.Lanes) != len(p.Buffers) {
		return fmt.Errorf("it has %d producers, %d consumers, %d lanes", len(l.Producers), len(l.Consumers), len(l.Lanes))
	}
	things := append(append([]draw.Rect{l.Broker}, l.Producers...), l.Consumers...)
	for part, there := range p.Tanks {
		if there != (l.Tanks[part].W > 0) {
			return fmt.Errorf("the tank of the %v is there: %v", play.Part(part), !there)
		}
		if there {
			things = append(things, l.Tanks[part])
		}
	}
	for i, r := range things {
		if !within(r, stage) || r.W <= 0 || r.H <= 0 {
			return fmt.Errorf("thing %d, %v, is not on the stage %v", i, r, stage)
		}
		for _, o := range things[:i] {
			if overlap(r, o) {
				return fmt.Errorf("%v overlaps %v", r, o)
			}
		}
	}
	for i, lane := range l.Lanes {
		if !within(lane.Rect, l.Broker) || i > 0 && overlap(lane.Rect, l.Lanes[i-1].Rect) {
			return fmt.Errorf("lane %d, %v, is out of place", i, lane.Rect)
		}
		if n := len(lane.Slots); n != 0 && n != p.Buffers[i] || p.Buffers[i] <= 3 && n != p.Buffers[i] || n > maxSlots {
			return fmt.Errorf("a buffer of %d has %d slots", p.Buffers[i], n)
		}
		for s, slot := range lane.Slots {
			if !within(slot, lane.Rect) || slot.W < 2*l.dot() || s > 0 && overlap(slot, lane.Slots[s-1]) {
				return fmt.Errorf("slot %d, %v, is out of place", s, slot)
			}
			if s > 0 && lane.place(s).X >= lane.place(s-1).X {
				return fmt.Errorf("place %d is not behind place %d", s, s-1)
			}
		}
		if !in(lane.place(0), lane.Rect) {
			return fmt.Errorf("the way out of lane %d is not in it", i)
		}
		if err := misplacedWorkers(&l, i, p.Workers[i]); err != nil {
			return err
		}
	}
	for i := range l.Producers {
		if p := l.brokerIn(i); p.X != l.Broker.X || !in(p, l.Broker) {
			return fmt.Errorf("pipe %d ends at %v, which is not the broker's edge", i, p)
		}
		for n := range 4 {
			if d := l.door(i, n); d.X > l.Broker.X || d.X < l.Producers[i].Right()-1e-6 {
				return fmt.Errorf("at the door of producer %d place %d is at %v", i, n, d)
			}
		}
	}
	return misled(&l, stage)
}

func misplacedWorkers(l *Layout, i, workers int) error {
	rings := l.rings(i)
	if rings == 0 {
		if !within(l.gauge(i), l.Consumers[i]) {
			return fmt.Errorf("the gauge of %d workers is not in consumer %d", workers, i)
		}
		return nil
	}
	for w := range rings {
		at, radius := l.ring(i, w)
		if !within(draw.Around(at, radius), l.Consumers[i]) {
			return fmt.Errorf("ring %d of %d is not in consumer %d", w, workers, i)
		}
		for o := range w {
			if other, _ := l.ring(i, o); draw.Distance(at, other) < 2*radius-1e-6 {
				return fmt.Errorf("rings %d and %d of %d overlap", w, o, workers)
			}
		}
	}
	return nil
}

// misled says which way leads out of the stage or not to its tank.
func misled(l *Layout, stage draw.Rect) error {
	type ways struct {
		name string
		tank play.Part
		at   func(t float64) draw.Point
	}
	var all []ways
	for i := range l.Producers {
		turn, spill := l.turn(i), l.spill(i)
		all = append(all, ways{"a rejected event", play.Rejected, turn.at}, ways{"a spilled event", play.Repository, spill.at})
	}
	for i := range l.Consumers {
		deadLetterPath := l.deadLetterPath(i)
		refill := l.refill(i, l.Lanes[i].place(0))
		all = append(all, ways{"a dead letter", play.DeadLetters, deadLetterPath.at},
			ways{"a refilled event", play.Repository, func(t float64) draw.Point { return refill.at(1 - t) }})
	}
	fall := l.fall(l.spout(play.Dropped))
	all = append(all, ways{"a dropped event", play.Dropped, fall.at})
	for _, w := range all {
		tank := l.Tanks[w.tank]
		if tank.W == 0 {
			continue
		}
		for t := 0.0; t <= 1; t += 0.125 {
			if p := w.at(t); !in(p, stage) {
				return fmt.Errorf("%s leaves the stage at %v", w.name, p)
			}
		}
		if p := w.at(1); !in(p, tank) {
			return fmt.Errorf("%s ends at %v, beside its tank %v", w.name, p, tank)
		}
	}
	return nil
}

func TestThereIsAsMuchDetailAsCanBeRead(t *testing.T) {
	for _, c := range []struct {
		width, height float64
		rows          int
		want          Detail
	}{
		{740, 560, 1, Full}, {740, 560, 4, Full}, {740, 560, 16, Dense}, {390, 320, 1, Full}, {1400, 1200, 8, Full},
	} {
		l := NewLayout(c.width, c.height, planOf(c.rows, c.rows, 3, 1, false, play.Dropped))
		if l.Detail != c.want {
			t.Errorf("%v×%v with %d rows has detail %d, want %d", c.width, c.height, c.rows, l.Detail, c.want)
		}
		if c.rows < 16 && l.Scale < 0.8 {
			t.Errorf("%v×%v with %d rows has the scale %v", c.width, c.height, c.rows, l.Scale)
		}
	}
}

func TestConsumersStandBesideTheirBuffers(t *testing.T) {
	for _, n := range []int{1, 3, 7, 16} {
		l := NewLayout(740, 560, planOf(2, n, 3, 1, false, play.Dropped))
		for i := range l.Lanes {
			if lane, node := l.Lanes[i].Middle().Y, l.Consumers[i].Middle().Y; math.Abs(lane-node) > 1e-6 {
				t.Errorf("of %d, buffer %d is at %v and its consumer at %v", n, i, lane, node)
			}
		}
	}
}

func TestEasingIsSlowAtBothEndsAndStaysBetweenThem(t *testing.T) {
	for in, want := range map[float64]float64{-1: 0, 0: 0, 0.5: 0.5, 1: 1, 2: 1} {
		if got := draw.Ease(in); got != want {
			t.Errorf("ease(%v) is %v, want %v", in, got, want)
		}
	}
	if start, middle := draw.Ease(0.1)-draw.Ease(0), draw.Ease(0.55)-draw.Ease(0.45); start >= middle/2 {
		t.Errorf("it starts with %v and is at %v in the middle", start, middle)
	}
	if math.Abs(draw.Ease(0.3)+draw.Ease(0.7)-1) > 1e-9 {
		t.Error("it is not the same at both ends")
	}
}
