package stage

import (
	"testing"
	"time"

	"github.com/spillway-go/spillway/app/draw"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/app/playtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

func TestAPointHitsTheEventThenTheBufferThenTheBroker(t *testing.T) {
	m := playtest.Paused(scenario.Classic(), 9900*time.Millisecond) // 3 wait, all at rest
	s := drawing(m)
	l := &s.Layout
	slot := l.Lanes[0].Slots[2]
	ring, _ := l.ring(0, 0)
	first := playtest.Waiting(m)[0]
	for _, c := range []struct {
		what string
		at   draw.Point
		want play.Selection
	}{
		{"the first in line", l.Lanes[0].place(0), play.EventSelection(first)},
		{"the corner of its place", draw.Point{X: slot.X + 2, Y: slot.Y + 2}, play.Selection{Role: scenario.OfConsumer, Part: play.Buffer}},
		{"the event at work", ring, play.EventSelection(m.View().Consumers[0].Working[0].Event)},
		{"the consumer", draw.Point{X: l.Consumers[0].X + 5, Y: l.Consumers[0].Y + 5}, play.Selection{Role: scenario.OfConsumer}},
		{"the producer", l.Producers[0].Middle(), play.Selection{Role: scenario.OfProducer}},
		{"the broker", draw.Point{X: l.Broker.Middle().X, Y: l.Broker.Y + 3}, play.Selection{Role: scenario.OfBroker}},
		{"the tank", l.Tanks[play.Dropped].Middle(), play.Selection{Role: scenario.OfBroker, Part: play.Dropped}},
		{"nothing", draw.Point{X: 1, Y: 1}, play.Selection{}},
	} {
		if got := s.Hit(c.at, 2); got != c.want {
			t.Errorf("%s: a click hits %+v, want %+v", c.what, got, c.want)
		}
	}
}

func TestAnEventIsWhereItIsDrawnOrWhereItHasEnded(t *testing.T) {
	m := playtest.Paused(scenario.Classic(), 7200*time.Millisecond)
	play.Update(m, play.Select{Subject: m.Roster.Subject(playtest.EventOf(0, 6))})
	for _, c := range []struct {
		at    time.Duration
		ended play.Selection
		want  func(l *Layout) draw.Rect
	}{
		{6800, play.Selection{Role: scenario.OfBroker, Part: play.Dropped}, func(l *Layout) draw.Rect {
			return draw.Rect{X: l.Producers[0].Right(), Y: 0, W: l.Broker.X - l.Producers[0].Right(), H: high}
		}},
		{9000, play.Selection{Role: scenario.OfBroker, Part: play.Dropped}, func(l *Layout) draw.Rect { return l.Tanks[play.Dropped] }},
		{6000, play.Selection{Role: scenario.OfProducer}, func(l *Layout) draw.Rect { return l.Producers[0] }}, // it will come from there
	} {
		play.Update(m, play.Seek{At: c.at * time.Millisecond})
		play.Update(m, play.Frame{More: playtest.Yes})
		s := drawing(m)
		if r, ok := s.Where(m.Moment().Looked(), c.ended); !ok || !in(r.Middle(), c.want(&s.Layout)) {
			t.Errorf("at %v it is at %v, not in %v", m.At(), r, c.want(&s.Layout))
		}
	}
}

func TestACardIsOnTheStageAndBesideItsThingWhereThereIsRoom(t *testing.T) {
	for _, stage := range []draw.Point{{X: 360, Y: 320}, {X: 760, Y: 520}, {X: 1400, Y: 900}} {
		l := NewLayout(stage.X, stage.Y, planOf(2, 2, 3, 1, false, play.Dropped))
		targets := l.Targets(nil)
		for _, card := range []draw.Point{{X: 306, Y: 140}, {X: 306, Y: 300}} {
			for _, thing := range targets {
				p := Beside(thing.Rect, targets, stage, card, nil)
				r := draw.Rect{X: p.X, Y: p.Y, W: card.X, H: card.Y}
				if !within(r, draw.Rect{X: 0, Y: 0, W: stage.X, H: stage.Y}) {
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
	l := NewLayout(1000, 600, planOf(1, 1, 3, 1, false, play.Dropped))
	targets, stage, card := l.Targets(nil), draw.Point{X: 1000, Y: 600}, draw.Point{X: 306, Y: 200}
	was := Beside(draw.Around(l.producerOut(0), 10), targets, stage, card, nil)
	for t0 := 0.0; t0 <= 1; t0 += 0.1 {
		at := Beside(draw.Around(draw.Between(l.producerOut(0), l.brokerIn(0), t0), 10), targets, stage, card, &was)
		if draw.Distance(at, was) > 60 {
			t.Errorf("%v of the way it jumps from %v to %v", t0, was, at)
		}
		was = at
	}
}
