package app

import (
	"fmt"
	"math"
	"testing"
)

// within says whether a lies in b, to a hair.
func within(a, b Rect) bool {
	const hair = 1e-6
	return a.X >= b.X-hair && a.Y >= b.Y-hair && a.right() <= b.right()+hair && a.bottom() <= b.bottom()+hair
}

func overlap(a, b Rect) bool {
	const hair = 1e-6
	return a.X < b.right()-hair && b.X < a.right()-hair && a.Y < b.bottom()-hair && b.Y < a.bottom()-hair
}

func in(p Point, r Rect) bool { return within(Rect{X: p.X, Y: p.Y}, r) }

func TestEverythingOnTheStageHasItsPlace(t *testing.T) {
	counts := []int{1, 2, 4, 5, 16}
	for width := 360.0; width <= 2000; width += 41 {
		for height := 250.0; height <= 1200; height += 50 {
			for _, producers := range counts {
				for _, consumers := range counts {
					for _, buffer := range []int{0, 1, 3, 6, 7, 1000} {
						buffers := make([]int, consumers)
						for i := range buffers {
							buffers[i] = buffer
						}
						if err := misplaced(width, height, producers, buffers); err != nil {
							t.Fatalf("%v×%v, %d producers, %d buffers of %d: %v", width, height, producers, consumers, buffer, err)
						}
					}
				}
			}
		}
	}
}

// misplaced says what lies where it must not.
func misplaced(width, height float64, producers int, buffers []int) error {
	l := NewLayout(width, height, producers, buffers)
	stage := Rect{0, marginTop, width, height - marginTop - marginBottom}
	if !(l.Scale > 0 && l.Scale <= 1.5) {
		return fmt.Errorf("the scale is %v", l.Scale)
	}
	if len(l.Producers) != producers || len(l.Consumers) != len(buffers) || len(l.Lanes) != len(buffers) {
		return fmt.Errorf("it has %d producers, %d consumers, %d lanes", len(l.Producers), len(l.Consumers), len(l.Lanes))
	}
	things := append(append([]Rect{l.Broker, l.Tray}, l.Producers...), l.Consumers...)
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
		want := buffers[i]
		if want > maxSlots {
			want = 0
		}
		if len(lane.Slots) != want {
			return fmt.Errorf("a buffer of %d has %d slots", buffers[i], len(lane.Slots))
		}
		for s, slot := range lane.Slots {
			if !within(slot, lane.Rect) || slot.W <= 0 || s > 0 && overlap(slot, lane.Slots[s-1]) {
				return fmt.Errorf("slot %d, %v, is out of place", s, slot)
			}
			if s > 0 && lane.place(s).X >= lane.place(s-1).X {
				return fmt.Errorf("place %d is not behind place %d", s, s-1)
			}
		}
		if !in(lane.place(0), lane.Rect) {
			return fmt.Errorf("the way out of lane %d is not in it", i)
		}
		if at, radius := l.ring(i); !within(Rect{at.X - radius, at.Y - radius, 2 * radius, 2 * radius}, l.Consumers[i]) {
			return fmt.Errorf("ring %d is not in its consumer", i)
		}
	}
	for i := range l.Producers {
		if p := l.brokerIn(i); p.X != l.Broker.X || !in(p, l.Broker) {
			return fmt.Errorf("pipe %d ends at %v, which is not the broker's edge", i, p)
		}
	}
	for t := 0.0; t <= 1; t += 0.25 {
		if p := l.fall(l.spout(), t); !in(p, stage) {
			return fmt.Errorf("a dropped event falls out of the stage at %v", p)
		}
	}
	if p := l.fall(l.spout(), 1); !in(p, l.Tray) {
		return fmt.Errorf("a dropped event falls beside the tray at %v", p)
	}
	return nil
}

func TestEasingIsSlowAtBothEndsAndStaysBetweenThem(t *testing.T) {
	for in, want := range map[float64]float64{-1: 0, 0: 0, 0.5: 0.5, 1: 1, 2: 1} {
		if got := ease(in); got != want {
			t.Errorf("ease(%v) is %v, want %v", in, got, want)
		}
	}
	if start, middle := ease(0.1)-ease(0), ease(0.55)-ease(0.45); start >= middle/2 {
		t.Errorf("it starts with %v and is at %v in the middle", start, middle)
	}
	if math.Abs(ease(0.3)+ease(0.7)-1) > 1e-9 {
		t.Error("it is not the same at both ends")
	}
}
