package app

import (
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker/lab/scenario"
)

func TestAPointHitsTheEventThenTheBufferThenTheBroker(t *testing.T) {
	m := paused(scenario.Classic(), 9900*time.Millisecond) // 3 wait, all at rest
	s := drawing(m)
	l := &s.Layout
	slot := l.Lanes[0].Slots[2]
	ring, _ := l.ring(0, 0)
	first := waiting(m)[0]
	for _, c := range []struct {
		what string
		at   Point
		want Selection
	}{
		{"the first in line", l.Lanes[0].place(0), eventSelection(first)},
		{"the corner of its place", Point{slot.X + 2, slot.Y + 2}, Selection{Role: scenario.OfConsumer, Part: Buffer}},
		{"the event at work", ring, eventSelection(m.View().Consumers[0].Working[0].Event)},
		{"the consumer", Point{l.Consumers[0].X + 5, l.Consumers[0].Y + 5}, Selection{Role: scenario.OfConsumer}},
		{"the producer", l.Producers[0].middle(), Selection{Role: scenario.OfProducer}},
		{"the broker", Point{l.Broker.middle().X, l.Broker.Y + 3}, Selection{Role: scenario.OfBroker}},
		{"the tank", l.Tanks[Dropped].middle(), Selection{Role: scenario.OfBroker, Part: Dropped}},
		{"nothing", Point{1, 1}, Selection{}},
	} {
		if got := s.Hit(c.at, 2); got != c.want {
			t.Errorf("%s: a click hits %+v, want %+v", c.what, got, c.want)
		}
	}
}

func TestAnEventIsWhereItIsDrawnOrWhereItHasEnded(t *testing.T) {
	m := paused(scenario.Classic(), 7200*time.Millisecond)
	Update(m, Select{m.Roster.Subject(eventOf(0, 6))})
	for _, c := range []struct {
		at    time.Duration
		ended Selection
		want  func(l *Layout) Rect
	}{
		{7200, Selection{Role: scenario.OfBroker, Part: Dropped}, func(l *Layout) Rect {
			return Rect{l.Producers[0].right(), 0, l.Broker.X - l.Producers[0].right(), high}
		}},
		{9000, Selection{Role: scenario.OfBroker, Part: Dropped}, func(l *Layout) Rect { return l.Tanks[Dropped] }},
		{6000, Selection{Role: scenario.OfProducer}, func(l *Layout) Rect { return l.Producers[0] }}, // it will come from there
	} {
		Update(m, Seek{At: c.at * time.Millisecond})
		Update(m, Frame{More: yes})
		s := drawing(m)
		if r, ok := s.Where(m.Moment().Looked(), c.ended); !ok || !in(r.middle(), c.want(&s.Layout)) {
			t.Errorf("at %v it is at %v, not in %v", m.At(), r, c.want(&s.Layout))
		}
	}
}

func TestACardIsOnTheStageAndBesideItsThingWhereThereIsRoom(t *testing.T) {
	for _, stage := range []Point{{360, 320}, {760, 520}, {1400, 900}} {
		l := NewLayout(stage.X, stage.Y, planOf(2, 2, 3, 1, false, Dropped))
		targets := l.Targets(nil)
		for _, card := range []Point{{306, 140}, {306, 300}} {
			for _, thing := range targets {
				p := beside(thing.Rect, targets, stage, card, nil)
				r := Rect{p.X, p.Y, card.X, card.Y}
				if !within(r, Rect{0, 0, stage.X, stage.Y}) {
					t.Errorf("on %v the card of %+v is at %v", stage, thing, r)
				}
				if stage.X > 1000 && overlap(r, thing.Rect) {
					t.Errorf("on %v the card at %v hides %+v", stage, r, thing)
				}
			}
		}
	}
}

func TestACardStaysWhereItIsRatherThanToJump(t *testing.T) {
	l := NewLayout(1000, 600, planOf(1, 1, 3, 1, false, Dropped))
	targets, stage, card := l.Targets(nil), Point{1000, 600}, Point{306, 200}
	was := beside(around(l.producerOut(0), 10), targets, stage, card, nil)
	for t0 := 0.0; t0 <= 1; t0 += 0.1 {
		at := beside(around(between(l.producerOut(0), l.brokerIn(0), t0), 10), targets, stage, card, &was)
		if distance(at, was) > 60 {
			t.Errorf("%v of the way it jumps from %v to %v", t0, was, at)
		}
		was = at
	}
}
