package app

import (
	"strconv"
	"time"

	"github.com/spillway-go/spillway/broker/journal"
	"github.com/spillway-go/spillway/broker/scenario"
)

// Scene draws the moment a model shows: a pure function of the journal, the
// playhead and the size of the stage. It keeps its memory from frame to frame.
type Scene struct {
	Shapes []Shape
	Layout Layout

	settings scenario.Scenario
	buffers  []int
	laidOut  layoutKey
	flight   flight
}

// layoutKey is what a layout depends on, but for the buffers.
type layoutKey struct {
	width, height float64
	producers     int
}

// Draw makes the shapes for a stage of so many pixels. Wall is the time on the
// screen, which moves what flows.
func (s *Scene) Draw(m *Model, width, height float64, wall time.Duration) {
	s.settings = m.Settings()
	s.layOut(width, height)
	s.Shapes = s.Shapes[:0]
	f := newFlight(s, m, wall)
	f.pipes()
	s.tray(m.View())
	for i := range s.settings.Producers {
		s.producer(m.View(), i)
	}
	s.broker(m.View())
	for i := range s.settings.Consumers {
		s.lane(f, i)
		s.consumer(f, i)
	}
	f.dots()
}

func (s *Scene) layOut(width, height float64) {
	key := layoutKey{width, height, len(s.settings.Producers)}
	same := key == s.laidOut && len(s.buffers) == len(s.settings.Consumers)
	for _, b := range s.buffers {
		same = same && b == s.settings.Broker.Buffer
	}
	if same {
		return
	}
	s.buffers = s.buffers[:0]
	for range s.settings.Consumers {
		s.buffers = append(s.buffers, s.settings.Broker.Buffer)
	}
	s.laidOut = key
	s.Layout = NewLayout(width, height, key.producers, s.buffers)
}

func (s *Scene) add(shape Shape) { s.Shapes = append(s.Shapes, shape) }

// px turns units of the drawing into pixels.
func (s *Scene) px(units float64) float64 { return units * s.Layout.Scale }

// text sets a line of text, squeezed where it would be wider than room.
func (s *Scene) text(x, y, room float64, text string, ink Ink, face Face, align Align) {
	size := 12.0
	if face == FaceStrong {
		size = 13
	}
	s.add(Shape{Form: FormText, Rect: Rect{X: x, Y: y, W: room}, Text: text, Fill: ink, Face: face, Size: s.px(size), Align: align})
}

func (s *Scene) node(r Rect, stroke Ink, width float64) {
	s.add(Shape{Form: FormRect, Rect: r, R: s.px(12), Fill: InkSurface, Stroke: stroke, Line: width})
}

// title is a node's coloured point and name.
func (s *Scene) title(r Rect, ink Ink, name string) {
	y := r.Y + s.px(22)
	if s.Layout.Compact {
		y = r.middle().Y
	}
	s.add(Shape{Form: FormCircle, Rect: Rect{X: r.X + s.px(s.inset()+4), Y: y}, R: s.px(5), Fill: ink})
	left := s.px(s.inset() + 15)
	room := r.W - left - s.px(8)
	if s.Layout.Compact {
		room -= s.px(24)
	}
	s.text(r.X+left, y+s.px(4.5), room, clip(name, int(room/s.px(6.5))), InkText, FaceStrong, AlignLeft)
}

func (s *Scene) producer(st *journal.State, i int) {
	r, p := s.Layout.Producers[i], s.settings.Producers[i]
	s.node(r, InkLineStrong, 1)
	s.title(r, InkFlow, p.Name)
	count, room := st.Producers[i].Published, r.W-2*s.px(s.inset())
	if s.Layout.Compact {
		s.text(r.right()-s.px(8), r.middle().Y+s.px(4), s.px(24), Count(count), InkMuted, FaceMono, AlignRight)
		return
	}
	s.text(r.X+s.px(s.inset()), r.Y+s.px(48), room, Rate(time.Duration(p.Interval)), InkMuted, FaceUI, AlignLeft)
	s.text(r.X+s.px(s.inset()), r.Y+s.px(68), room, Count(count)+" published", InkMuted, FaceMono, AlignLeft)
}

func (s *Scene) consumer(f *flight, i int) {
	r, c, st := s.Layout.Consumers[i], s.settings.Consumers[i], &f.state.Consumers[i]
	s.node(r, InkLineStrong, 1)
	s.title(r, InkOK, c.Name)
	if !s.Layout.Compact {
		room := r.W - 2*s.px(s.inset())
		s.text(r.X+s.px(s.inset()), r.Y+s.px(48), room, Time(time.Duration(c.Service))+" each", InkMuted, FaceUI, AlignLeft)
		s.text(r.X+s.px(s.inset()), r.Y+s.px(68), room-s.px(30), Count(st.Handled)+" done", InkMuted, FaceMono, AlignLeft)
	}
	at, radius := s.Layout.ring(i)
	ring := Shape{Form: FormArc, Rect: Rect{X: at.X, Y: at.Y}, R: radius, T: 1, Stroke: InkLineStrong, Line: s.px(3.4)}
	s.add(ring)
	if !st.Busy && !f.flowing {
		return
	}
	ring.Stroke, ring.T = InkOK, f.progress(i)
	s.add(ring)
	if f.arrived(i) {
		s.number(at, st.Handling.Number, InkText, 9.5, 1)
	}
}

func (s *Scene) broker(st *journal.State) {
	r, b := s.Layout.Broker, s.settings.Broker
	stroke, width := InkLineStrong, 1.0
	ink, deepest := InkMuted, 0
	for i := range st.Consumers {
		deepest = max(deepest, st.Consumers[i].Depth)
	}
	if b.Buffer > 0 && deepest >= b.Buffer {
		stroke, width, ink = InkWarn, 1.6, InkWarn
	}
	s.node(r, stroke, s.px(width))
	s.text(r.X+s.px(s.inset()), r.Y+s.px(24), 0, "broker", InkText, FaceStrong, AlignLeft)
	depth := "no buffer"
	switch {
	case b.Buffer > 0 && len(st.Consumers) == 1:
		depth = "buffer " + fraction(deepest, b.Buffer)
		if s.Layout.Narrow {
			depth = fraction(deepest, b.Buffer)
		}
	case b.Buffer > 0:
		depth = "buffers of " + Count(uint64(b.Buffer))
	}
	s.text(r.right()-s.px(s.inset()), r.Y+s.px(24), r.W*0.6, depth, ink, FaceMono, AlignRight)
	policy := "when full: "
	if s.Layout.Narrow {
		policy = ""
	}
	s.text(r.X+s.px(s.inset()), r.bottom()-s.px(16), r.W-2*s.px(s.inset()), policy+words(b.Overflow.String()), InkMuted, FaceUI, AlignLeft)
}

// lane draws a consumer's buffer: its places while they are few, else a gauge.
func (s *Scene) lane(f *flight, i int) {
	l, c := &s.Layout.Lanes[i], &f.state.Consumers[i]
	if len(s.Layout.Lanes) > 1 {
		ink := InkFaint
		if c.Depth > 0 && c.Depth >= s.buffers[i] {
			ink = InkWarn
		}
		y := l.Y - s.px(6)
		s.text(l.X, y, l.W*0.7, clip(s.settings.Consumers[i].Name, 18), InkFaint, FaceUI, AlignLeft)
		s.text(l.right(), y, l.W*0.5, fraction(c.Depth, s.buffers[i]), ink, FaceMono, AlignRight)
	}
	for _, slot := range l.Slots {
		s.add(Shape{Form: FormRect, Rect: slot, R: s.px(9), Fill: InkRaised, Stroke: InkLineStrong, Line: 1})
	}
	if len(l.Slots) == 0 && s.buffers[i] > 0 {
		s.gauge(l, c.Depth, s.buffers[i])
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

func (s *Scene) tray(st *journal.State) {
	r := s.Layout.Tray
	shape := Shape{Form: FormRect, Rect: r, R: s.px(10), Stroke: InkLineStrong, Line: 1, Dashed: true}
	ink, text := InkFaint, "nothing yet"
	if st.Dropped > 0 {
		shape.Fill, shape.Stroke, ink = InkDropSoft, InkDrop, InkDrop
		if text = Count(st.Dropped); st.Dropped < 1000 {
			text = plural(st.Dropped, "event")
		}
		text += " · " + Percent(st.Loss())
	}
	s.add(shape)
	s.text(r.X+s.px(16), r.Y+s.px(19), 0, "dropped", ink, FaceStrong, AlignLeft)
	s.text(r.X+s.px(16), r.Y+s.px(35), r.W-s.px(28), text, InkMuted, FaceMono, AlignLeft)
}

// inset is the space between a node's edge and what is in it.
func (s *Scene) inset() float64 {
	if s.Layout.Narrow {
		return 9
	}
	return 14
}

// fraction is how many of how many.
func fraction(n, of int) string { return Count(uint64(n)) + " / " + Count(uint64(of)) }

// dotLabel is an event's number as far as a dot has room: its last three digits.
func dotLabel(n uint64) string {
	if n < 1000 {
		return strconv.FormatUint(n, 10)
	}
	return strconv.FormatUint(1000+n%1000, 10)[1:]
}

// number writes an event's number around a point.
func (s *Scene) number(at Point, n uint64, ink Ink, size, alpha float64) {
	label := dotLabel(n)
	if len(label) > 2 {
		size *= 0.8
	}
	s.add(Shape{
		Form: FormText, Rect: Rect{X: at.X, Y: at.Y + s.px(0.35*size)},
		Text: label, Fill: ink, Face: FaceDot, Size: s.px(size), Align: AlignCenter, Alpha: alpha,
	})
}
