package stage

import (
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/spillway-go/spillway/app/draw"
	"github.com/spillway-go/spillway/app/format"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// Scene draws a moment: a pure function of it and of the size of the stage. It keeps its memory from frame to frame.
type Scene struct {
	Shapes []draw.Shape
	Fixed  int // so many shapes come first that nearly never change from frame to frame
	Layout Layout

	cast     cast
	settings *scenario.Scenario
	Roster   play.Roster
	plan     Plan // what is laid out
	wanted   Plan
	size     draw.Point
	flight   flight
	dots     []dot // the events that are drawn
	Targets  []Target
	selected play.Selection // what is marked
	hovered  play.Selection
}

// Draw makes the shapes for a stage of so many pixels. Wall is the time on the
// screen, which moves what flows.
func (s *Scene) Draw(m *play.Moment, width, height float64, wall time.Duration) {
	s.cast.of(m)
	s.settings, s.Roster = m.Now, *m.Roster
	s.selected, s.hovered = m.Selection, m.Hover
	s.layOut(m, width, height)
	s.Shapes, s.dots = s.Shapes[:0], s.dots[:0]
	f := newFlight(s, m, wall)
	f.pipes()
	f.tanks()
	for i := range s.settings.Producers {
		s.producer(f, i)
	}
	s.broker(f)
	f.links()
	for i := range s.settings.Consumers {
		s.lane(f, i)
		s.consumer(f, i)
		f.line(i, true)
	}
	s.Fixed = len(s.Shapes)
	for i := range s.settings.Consumers {
		s.workers(f, i)
	}
	f.drawDots()
	f.lost()
}

func (s *Scene) layOut(m *play.Moment, width, height float64) {
	s.wanted = s.cast.plan(s.wanted, m)
	if size := (draw.Point{X: width, Y: height}); size != s.size || !s.wanted.equal(&s.plan) {
		s.plan.set(&s.wanted)
		s.size = size
		s.Layout = NewLayout(width, height, s.plan)
		s.Targets = s.Layout.Targets(s.Targets[:0])
	}
}

func (s *Scene) add(shape draw.Shape) { s.Shapes = append(s.Shapes, shape) }

// px turns units of the drawing into pixels.
func (s *Scene) px(units float64) float64 { return units * s.Layout.Scale }

// size is how large a face is set, in units.
func faceSize(face draw.Face) float64 {
	if face == draw.FaceStrong {
		return 13
	}
	return 12
}

// text sets a line of text, squeezed where it would be wider than room.
func (s *Scene) text(x, y, room float64, text string, ink draw.Ink, face draw.Face, align draw.Align) {
	s.add(draw.Shape{Form: draw.FormText, Rect: draw.Rect{X: x, Y: y, W: room}, Text: text, Fill: ink, Face: face, Size: s.px(faceSize(face)), Align: align})
}

// wide is about how wide a text is, in pixels, where the fonts are wide ones.
func (s *Scene) wide(text string, face draw.Face) float64 {
	per := [draw.Faces]float64{draw.FaceUI: 0.58, draw.FaceStrong: 0.66, draw.FaceMono: 0.61, draw.FaceDot: 0.66}[face]
	w := 0.0
	for _, r := range text {
		if draw.Square(r) {
			w++
		} else {
			w += per
		}
	}
	return s.px(faceSize(face)) * w
}

// fit is a text as far as there is room for it.
func (s *Scene) fit(text string, face draw.Face, room float64) string {
	wide := s.wide(text, face)
	if wide <= 1.04*room {
		return text
	}
	return clipMiddle(text, int(1.04*room/wide*float64(utf8.RuneCountInString(text))))
}

// clipMiddle shortens a text to so many characters. Names in a list differ at
// their ends as often as not, so both ends stay.
func clipMiddle(text string, most int) string {
	r := []rune(text)
	if len(r) <= most {
		return text
	}
	if most < 4 {
		return format.Clip(text, max(most, 1))
	}
	tail := min((most-1)/2, 3)
	return string(r[:most-1-tail]) + "…" + string(r[len(r)-tail:])
}

// is says whether a thing is what is selected, or else hovered over.
func (s *Scene) is(sel play.Selection) bool { return s.selected == sel || s.hovered == sel }

// node draws the box of a thing, marked if it is the one looked at.
func (s *Scene) node(r draw.Rect, sel play.Selection, stroke draw.Ink, width float64, faint bool) {
	box := draw.Shape{Form: draw.FormRect, Rect: r, R: s.px(12), Fill: draw.InkSurface, Stroke: stroke, Line: width}
	if s.Layout.Detail == Dense {
		box.R = s.px(8)
	}
	if faint {
		box.Fill, box.Dashed = draw.NoInk, true
	}
	s.add(box)
	s.mark(r, box.R, sel)
}

// mark draws a second line around what is selected or hovered over.
func (s *Scene) mark(r draw.Rect, radius float64, sel play.Selection) {
	if !s.is(sel) {
		return
	}
	line, gap := 1.0, s.px(3)
	if sel == s.selected {
		line = 2
	}
	s.add(draw.Shape{Form: draw.FormRect, Rect: draw.Rect{X: r.X - gap, Y: r.Y - gap, W: r.W + 2*gap, H: r.H + 2*gap}, R: radius + gap, Stroke: draw.InkText, Line: line})
}

// title is a node's coloured point, with its letter if it has one, and its name, with room for so much at the right.
func (s *Scene) title(r draw.Rect, ink draw.Ink, letter, name string, right float64, faint bool) {
	y := r.Y + s.px(22)
	switch s.Layout.Detail {
	case Brief:
		y = r.Y + s.px(18)
	case Line, Dense:
		y = r.Middle().Y
	}
	point := draw.Shape{Form: draw.FormCircle, Rect: draw.Rect{X: r.X + s.px(s.Layout.inset()+4), Y: y}, R: s.px(5), Fill: ink}
	text := draw.InkText
	if faint {
		point.Fill, point.Stroke, point.Line = draw.NoInk, ink, 1
		text = draw.InkFaint
	}
	if letter != "" {
		point.R = s.px(8)
	}
	s.add(point)
	if letter != "" {
		on := draw.InkOnAccent
		if faint {
			on = ink
		}
		s.add(draw.Shape{
			Form: draw.FormText, Rect: draw.Rect{X: point.X, Y: y + s.px(3.6)}, Text: letter, Fill: on,
			Face: draw.FaceStrong, Size: s.px(10), Align: draw.AlignCenter,
		})
	}
	left := s.px(s.Layout.inset() + 16)
	room := max(r.W-left-s.px(8)-right, s.px(12))
	s.text(r.X+left, y+s.px(4.5), room, s.fit(name, draw.FaceStrong, room), text, draw.FaceStrong, draw.AlignLeft)
}

// Fraction is how many of how many.
func Fraction(n, of int) string { return format.Count(uint64(n)) + " / " + format.Count(uint64(of)) }

// dotLabel is an event's number as far as a dot has room: its last three digits.
func dotLabel(n uint64) string {
	if n < 1000 {
		return strconv.FormatUint(n, 10)
	}
	return strconv.FormatUint(1000+n%1000, 10)[1:]
}

// letter tells the events of a producer from those of the others; none, if there are no others.
func (s *Scene) letter(producer int) string {
	if len(s.settings.Producers) == 1 {
		return ""
	}
	return string(rune('A' + producer))
}

// label is what is written on an event: its number and, where there are several producers, whose it is. Then there
// is room for two digits.
func (s *Scene) label(producer int, n uint64) string {
	letter := s.letter(producer)
	if letter != "" && n >= 100 {
		return letter + dotLabel(100 + n%100)[1:]
	}
	return letter + dotLabel(n)
}

// number writes an event's label around a point.
func (s *Scene) number(at draw.Point, producer uint8, n uint64, ink draw.Ink, size, alpha float64) {
	label := s.label(int(producer), n)
	if len(label) > 2 {
		size *= 0.8
	}
	s.add(draw.Shape{
		Form: draw.FormText, Rect: draw.Rect{X: at.X, Y: at.Y + s.px(0.35*size)},
		Text: label, Fill: ink, Face: draw.FaceDot, Size: s.px(size), Align: draw.AlignCenter, Alpha: alpha,
	})
}

// seen notes where an event is drawn, and marks it if it is the one looked at.
func (s *Scene) seen(d dot, radius float64) {
	s.dots = append(s.dots, d)
	if sel := d.selection(); s.is(sel) {
		line := 1.2
		if sel == s.selected {
			line = 2
		}
		s.add(draw.Shape{Form: draw.FormCircle, Rect: draw.Rect{X: d.at.X, Y: d.at.Y}, R: radius + s.px(3), Stroke: draw.InkText, Line: line})
	}
}
