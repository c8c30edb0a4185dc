package stage

import (
	"strconv"

	"github.com/spillway-go/spillway/app/draw"
	"github.com/spillway-go/spillway/app/format"
	"github.com/spillway-go/spillway/app/play"
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
		s.text(b.Right()-s.px(s.Layout.inset()), b.Bottom()-s.px(16), b.W*0.4, stored(c.Backlog), draw.InkRepo, draw.FaceMono, draw.AlignRight)
	}
	for _, slot := range l.Slots {
		s.add(draw.Shape{Form: draw.FormRect, Rect: slot, R: min(s.px(9), slot.W/3), Fill: draw.InkRaised, Stroke: draw.InkLineStrong, Line: 1, Dashed: away})
	}
	switch {
	case len(l.Slots) == 0 && room > 0:
		s.gauge(l, c.Depth, room)
	case room == 0:
		s.add(draw.Shape{Form: draw.FormRect, Rect: l.Rect, R: s.px(9), Stroke: draw.InkLineStrong, Line: 1, Dashed: true})
	}
	s.mark(l.Rect, s.px(9), play.Selection{Role: scenario.OfConsumer, Actor: i, Part: play.Buffer})
}

// stored is a backlog, in words for little room.
func stored(backlog int) string { return "+" + format.Count(uint64(backlog)) + " stored" }

// laneLabel says whose buffer it is and how full.
func (s *Scene) laneLabel(f *flight, i int, away bool) {
	l, c, room := &s.Layout.Lanes[i], &f.state.Consumers[i], s.plan.Buffers[i]
	ink := draw.InkMuted
	if c.Depth > 0 && c.Depth >= room {
		ink = draw.InkWarn
	}
	if s.Layout.Detail >= Line {
		x := s.Layout.Broker.X + s.px(s.Layout.inset())
		depth := strconv.Itoa(c.Depth) + "/" + strconv.Itoa(room)
		switch {
		case room == 0:
			depth = "none"
		case c.Backlog > 0:
			depth, ink = "+"+format.Count(uint64(c.Backlog)), draw.InkRepo
		case len(l.Slots) == 0:
			depth = format.Percent(float64(c.Depth) / float64(max(room, 1)))
		}
		s.text(x, l.Middle().Y+s.px(4), l.X-x-s.px(6), depth, ink, draw.FaceMono, draw.AlignLeft)
		return
	}
	y, right := l.Y-s.px(6), l.Right()
	if c.Backlog > 0 {
		text := "+" + format.Count(uint64(c.Backlog))
		s.text(right, y, l.W*0.4, text, draw.InkRepo, draw.FaceMono, draw.AlignRight)
		right -= s.wide(text+" ", draw.FaceMono)
	}
	depth := "no buffer"
	if room > 0 {
		depth = Fraction(c.Depth, room)
	}
	s.text(right, y, l.W*0.6, depth, ink, draw.FaceMono, draw.AlignRight)
	right -= s.wide(depth, draw.FaceMono)
	left := right - l.X - s.px(8)
	name, more := s.settings.Consumers[i].Name, s.settings.Consumers[i].Topics
	if !s.cast.shared {
		more = policyWord(s.cast.policies[i])
	}
	s.text(l.X, y, left, s.fit(name, draw.FaceUI, left), draw.InkMuted, draw.FaceUI, draw.AlignLeft)
	at := s.wide(name, draw.FaceUI) + s.px(10)
	if rest := left - at; more != "" && rest >= s.wide(more, draw.FaceUI) {
		s.text(l.X+at, y, rest, more, draw.InkFaint, draw.FaceUI, draw.AlignLeft)
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
	s.add(draw.Shape{Form: draw.FormRect, Rect: l.Rect, R: s.px(9), Fill: draw.InkRaised, Stroke: draw.InkLineStrong, Line: 1})
	if depth > 0 {
		inset := s.px(4)
		w := max((l.W-2*inset)*min(float64(depth)/float64(buffer), 1), s.px(6))
		level := draw.Rect{X: l.Right() - inset - w, Y: l.Y + inset, W: w, H: l.H - 2*inset}
		ink := draw.InkFlow
		if depth >= buffer {
			ink = draw.InkWarn
		}
		s.add(draw.Shape{Form: draw.FormRect, Rect: level, R: s.px(6), Fill: ink, Alpha: 0.55})
	}
	m := l.Middle()
	s.text(m.X, m.Y+s.px(4), l.W, Fraction(depth, buffer), draw.InkText, draw.FaceMono, draw.AlignCenter)
}
