package app

import (
	"strconv"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// The buffers of a scene, inside the broker.

// lane draws a consumer's buffer: its places while they are few, else a gauge.
func (s *Scene) lane(f *flight, i int) {
	l, c, room := &s.Layout.Lanes[i], &f.state.Consumers[i], s.plan.Buffers[i]
	away := s.cast.consumerAway(i, f.now) != ""
	if len(s.Layout.Lanes) > 1 {
		s.laneLabel(f, i, away)
	} else if c.Backlog > 0 {
		b := s.Layout.Broker
		s.text(b.right()-s.px(s.Layout.inset()), b.bottom()-s.px(16), b.W*0.4, stored(c.Backlog), InkRepo, FaceMono, AlignRight)
	}
	for _, slot := range l.Slots {
		s.add(Shape{Form: FormRect, Rect: slot, R: min(s.px(9), slot.W/3), Fill: InkRaised, Stroke: InkLineStrong, Line: 1, Dashed: away})
	}
	switch {
	case len(l.Slots) == 0 && room > 0:
		s.gauge(l, c.Depth, room)
	case room == 0:
		s.add(Shape{Form: FormRect, Rect: l.Rect, R: s.px(9), Stroke: InkLineStrong, Line: 1, Dashed: true})
	}
	s.mark(l.Rect, s.px(9), Selection{Role: scenario.OfConsumer, Actor: i, Part: Buffer})
}

// stored is a backlog, in words for little room.
func stored(backlog int) string { return "+" + Count(uint64(backlog)) + " stored" }

// laneLabel says whose buffer it is and how full.
func (s *Scene) laneLabel(f *flight, i int, away bool) {
	l, c, room := &s.Layout.Lanes[i], &f.state.Consumers[i], s.plan.Buffers[i]
	ink := InkMuted
	if c.Depth > 0 && c.Depth >= room {
		ink = InkWarn
	}
	if s.Layout.Detail >= Line {
		x := s.Layout.Broker.X + s.px(s.Layout.inset())
		depth := strconv.Itoa(c.Depth) + "/" + strconv.Itoa(room)
		switch {
		case room == 0:
			depth = "none"
		case c.Backlog > 0:
			depth, ink = "+"+Count(uint64(c.Backlog)), InkRepo
		case len(l.Slots) == 0:
			depth = Percent(float64(c.Depth) / float64(max(room, 1)))
		}
		s.text(x, l.middle().Y+s.px(4), l.X-x-s.px(6), depth, ink, FaceMono, AlignLeft)
		return
	}
	y, right := l.Y-s.px(6), l.right()
	if c.Backlog > 0 {
		text := "+" + Count(uint64(c.Backlog))
		s.text(right, y, l.W*0.4, text, InkRepo, FaceMono, AlignRight)
		right -= s.wide(text+" ", FaceMono)
	}
	depth := "no buffer"
	if room > 0 {
		depth = fraction(c.Depth, room)
	}
	s.text(right, y, l.W*0.6, depth, ink, FaceMono, AlignRight)
	right -= s.wide(depth, FaceMono)
	left := right - l.X - s.px(8)
	name, more := s.settings.Consumers[i].Name, s.settings.Consumers[i].Topics
	if !s.cast.shared {
		more = policyWord(s.cast.policies[i])
	}
	s.text(l.X, y, left, s.fit(name, FaceUI, left), InkMuted, FaceUI, AlignLeft)
	at := s.wide(name, FaceUI) + s.px(10)
	if rest := left - at; more != "" && rest >= s.wide(more, FaceUI) {
		s.text(l.X+at, y, rest, more, InkFaint, FaceUI, AlignLeft)
	}
}

// policyWord is a policy where there is little room.
func policyWord(o broker.Overflow) string {
	switch o {
	case broker.DropNewest:
		return "drops new"
	case broker.DropOldest:
		return "drops old"
	case broker.KeepLatest:
		return "latest"
	case broker.Reject:
		return "rejects"
	case broker.Block:
		return "blocks"
	default:
		return "spills"
	}
}

// gauge is a buffer of many places: how full it is, filling from the way out.
func (s *Scene) gauge(l *Lane, depth, buffer int) {
	s.add(Shape{Form: FormRect, Rect: l.Rect, R: s.px(9), Fill: InkRaised, Stroke: InkLineStrong, Line: 1})
	if depth > 0 {
		inset := s.px(4)
		w := max((l.W-2*inset)*min(float64(depth)/float64(buffer), 1), s.px(6))
		level := Rect{l.right() - inset - w, l.Y + inset, w, l.H - 2*inset}
		ink := InkFlow
		if depth >= buffer {
			ink = InkWarn
		}
		s.add(Shape{Form: FormRect, Rect: level, R: s.px(6), Fill: ink, Alpha: 0.55})
	}
	m := l.middle()
	s.text(m.X, m.Y+s.px(4), l.W, fraction(depth, buffer), InkText, FaceMono, AlignCenter)
}
