package stage

import (
	"strconv"
	"time"

	"github.com/spillway-go/spillway/app/draw"
	"github.com/spillway-go/spillway/app/format"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// The nodes of a scene: producers, the broker, and consumers.

func (s *Scene) producer(f *flight, i int) {
	l, r, p, st := &s.Layout, s.Layout.Producers[i], &s.settings.Producers[i], &f.state.Producers[i]
	away := s.cast.producerAway(i, f.now, st.Published)
	waits := st.Waiting > 0
	stroke, width := draw.InkLineStrong, 1.0
	if waits {
		stroke, width = draw.InkWarn, 1.6
	}
	gone := away != "" && away != "is done"
	s.node(r, play.Selection{Role: scenario.OfProducer, Actor: i}, stroke, s.px(width), gone)

	count, how, ink := format.Count(st.Published), Pace(p), draw.InkMuted
	switch {
	case waits:
		how, ink = "waiting for room", draw.InkWarn
	case away != "":
		how = away
	}
	x, room := r.X+s.px(l.inset()), r.W-2*s.px(l.inset())
	switch l.Detail {
	case Full:
		s.title(r, draw.InkFlow, s.letter(i), p.Name, 0, gone)
		y := r.Y + s.px(48)
		if l.Topics {
			s.text(x, r.Y+s.px(43), room, topicText(p.Topic), draw.InkFaint, draw.FaceMono, draw.AlignLeft)
			y = r.Y + s.px(65)
		}
		s.text(x, y, room, how, ink, draw.FaceUI, draw.AlignLeft)
		if waits {
			count = "for " + SoFar(f.now-st.Since)
		} else {
			count += " published"
		}
		s.text(x, y+s.px(20), room, count, draw.InkMuted, draw.FaceMono, draw.AlignLeft)
	case Brief:
		s.title(r, draw.InkFlow, s.letter(i), p.Name, s.wide(count, draw.FaceMono)+s.px(5), gone)
		s.text(r.Right()-s.px(8), r.Y+s.px(22), s.px(60), count, draw.InkMuted, draw.FaceMono, draw.AlignRight)
		if l.Topics && p.Topic != "" && !waits && away == "" {
			how, ink = p.Topic, draw.InkFaint
		}
		s.text(x, r.Y+s.px(40), room, how, ink, draw.FaceUI, draw.AlignLeft)
	default:
		if waits {
			count, ink = "waits "+SoFar(f.now-st.Since), draw.InkWarn
		} else if away != "" {
			count = away
		}
		s.title(r, draw.InkFlow, s.letter(i), p.Name, s.wide(count, draw.FaceMono)+s.px(5), gone)
		s.text(r.Right()-s.px(8), r.Middle().Y+s.px(4), r.W*0.6, count, ink, draw.FaceMono, draw.AlignRight)
	}
}

// SoFar is a length of time that goes on, in tenths.
func SoFar(d time.Duration) string {
	if d < time.Minute {
		return strconv.FormatFloat(d.Truncate(100*time.Millisecond).Seconds(), 'f', 1, 64) + " s"
	}
	return format.Time(d.Truncate(time.Second))
}

// Pace is how often a producer publishes.
func Pace(p *scenario.Producer) string {
	text := format.Rate(time.Duration(p.Interval))
	if p.Burst > 1 {
		text = format.Count(uint64(p.Burst)) + " every " + format.Time(time.Duration(p.Interval))
	}
	if p.Arrivals == scenario.Poisson {
		text = "≈ " + text
	}
	return text
}

// Each is how long a consumer needs for an event.
func Each(c *scenario.Consumer) string {
	text := format.Time(time.Duration(c.Service)) + " each"
	if c.Times != scenario.Fixed {
		text = "≈ " + text
	}
	return text
}

func topicText(topic string) string {
	if topic == "" {
		return "no topic"
	}
	return topic
}

func patternsText(topics string) string {
	if topics == "" {
		return "all events"
	}
	return topics
}

func (s *Scene) consumer(f *flight, i int) {
	l, r, c, st := &s.Layout, s.Layout.Consumers[i], &s.settings.Consumers[i], &f.state.Consumers[i]
	away := s.cast.consumerAway(i, f.now)
	gone := away != ""
	stroke, width := draw.InkLineStrong, 1.0
	if st.Paused && !gone {
		stroke, width = draw.InkWarn, 1.6
	}
	s.node(r, play.Selection{Role: scenario.OfConsumer, Actor: i}, stroke, s.px(width), gone)

	how, ink := Each(c), draw.InkMuted
	resting, again := f.resting(i)
	switch {
	case gone:
		how = away
	case st.Paused:
		how, ink = "paused", draw.InkWarn
	case resting:
		how, ink = "retry in "+SoFar(again), draw.InkWarn
	}
	x, room := r.X+s.px(l.inset()), r.W-2*s.px(l.inset())
	pause := 0.0
	if st.Paused && !gone {
		pause = s.px(15)
	}
	ring, radius := l.ring(i, 0) // the one at the left
	ends := ring.X - radius - s.px(5)
	if l.rings(i) == 0 {
		ends = l.gauge(i).X - s.px(5)
	}
	below := l.Detail == Full && (ringRows(l.workers) > 0 || l.rings(i) == 0) // the rings are below the text
	if below {
		ends = x + room
	}
	done := format.Count(st.Handled) + " done"
	switch l.Detail {
	case Full:
		s.title(r, draw.InkOK, "", c.Name, 0, gone)
		y := r.Y + s.px(48)
		if l.Topics {
			s.text(x, r.Y+s.px(43), room, patternsText(c.Topics), draw.InkFaint, draw.FaceMono, draw.AlignLeft)
			y = r.Y + s.px(65)
		}
		s.pauseSign(draw.Point{X: x + s.px(5), Y: y - s.px(4.2)}, pause)
		free := room
		if s.wide(how, draw.FaceUI) > ends-x-pause {
			free = ends - x // the ring reaches up to this line
		}
		s.text(x+pause, y, free-pause, how, ink, draw.FaceUI, draw.AlignLeft)
		s.text(x, y+s.px(20), ends-x, done, draw.InkMuted, draw.FaceMono, draw.AlignLeft)
	case Brief:
		s.title(r, draw.InkOK, "", c.Name, 0, gone)
		s.pauseSign(draw.Point{X: x + s.px(5), Y: r.Y + s.px(35.8)}, pause)
		if l.Topics && ink == draw.InkMuted && !gone {
			how, ink = patternsText(c.Topics), draw.InkFaint
		}
		if room := ends - x - pause; room > s.px(36) {
			s.text(x+pause, r.Y+s.px(40), room, s.fit(how, draw.FaceUI, 1.3*room), ink, draw.FaceUI, draw.AlignLeft)
		}
	default:
		if gone {
			s.title(r, draw.InkOK, "", c.Name, s.wide(away, draw.FaceUI), gone)
			s.text(r.Right()-s.px(8), r.Middle().Y+s.px(4), r.W*0.6, away, draw.InkFaint, draw.FaceUI, draw.AlignRight)
			return // nor is there room for rings
		}
		s.title(r, draw.InkOK, "", c.Name, r.Right()-ends-s.px(8)+pause, gone)
		s.pauseSign(draw.Point{X: ends - s.px(5), Y: r.Middle().Y}, pause)
	}
	if n := l.rings(i); !gone || len(st.Working) > 0 {
		for slot := range n {
			at, radius := l.ring(i, slot)
			s.add(draw.Shape{Form: draw.FormArc, Rect: draw.Rect{X: at.X, Y: at.Y}, R: radius, T: 1, Stroke: draw.InkLineStrong, Line: s.px(3.4)})
		}
		if n == 0 {
			s.busy(f, i)
		}
	}
}

// pauseSign is two bars in a room of that width, or nothing in none.
func (s *Scene) pauseSign(at draw.Point, room float64) {
	if room == 0 {
		return
	}
	for _, x := range []float64{-4, 1} {
		s.add(draw.Shape{Form: draw.FormRect, Rect: draw.Rect{X: at.X + s.px(x), Y: at.Y - s.px(5), W: s.px(3), H: s.px(10)}, R: s.px(1), Fill: draw.InkWarn})
	}
}

func (s *Scene) broker(f *flight) {
	l, r, b, st := &s.Layout, s.Layout.Broker, s.settings.Broker, f.state
	stroke, width, ink := draw.InkLineStrong, 1.0, draw.InkMuted
	alike := true
	for i := range st.Consumers {
		if room := s.plan.Buffers[i]; room > 0 && st.Consumers[i].Depth >= room {
			stroke, width, ink = draw.InkWarn, 1.6, draw.InkWarn
		}
		alike = alike && s.plan.Buffers[i] == s.plan.Buffers[0]
	}
	s.node(r, play.Selection{Role: scenario.OfBroker}, stroke, s.px(width), false)
	x, inset := r.X+s.px(l.inset()), s.px(l.inset())
	s.text(x, r.Y+s.px(24), 0, "broker", draw.InkText, draw.FaceStrong, draw.AlignLeft)
	depth, buffer := "buffers differ", s.plan.Buffers[0]
	switch {
	case l.Narrow && !alike:
		depth = ""
	case alike && buffer == 0:
		depth = "no buffer"
	case l.Narrow && len(st.Consumers) > 1:
		depth = format.Count(uint64(buffer)) + " each"
	case len(st.Consumers) == 1 && l.Narrow:
		depth = Fraction(st.Consumers[0].Depth, buffer)
	case len(st.Consumers) == 1:
		depth = "buffer " + Fraction(st.Consumers[0].Depth, buffer)
	case alike:
		depth = "buffers of " + format.Count(uint64(buffer))
	}
	if depth != "" {
		s.text(r.Right()-inset, r.Y+s.px(24), r.W*0.6, depth, ink, draw.FaceMono, draw.AlignRight)
	}
	policy := "when full: "
	if l.Narrow {
		policy = ""
	}
	switch {
	case s.cast.shared:
		policy += format.Words(s.cast.policies[0].String())
	case l.Narrow:
		policy = "own policies"
	case l.Detail <= Brief:
		policy = "each buffer has its own policy"
	default:
		policy += format.Words(b.Overflow.String()) + ", or its own"
	}
	foot := s.px(16)
	if l.Detail >= Brief {
		foot = s.px(12)
	}
	s.text(x, r.Bottom()-foot, r.W-2*inset, policy, draw.InkMuted, draw.FaceUI, draw.AlignLeft)
}
