package chart

import (
	"math"
	"unicode/utf8"

	"github.com/spillway-go/spillway/app/draw"
	"github.com/spillway-go/spillway/app/format"
)

// Piece is one thing in a chart: a path or, if it has a text, that.
type Piece struct {
	Path string

	Text  string
	at    draw.Point
	align draw.Align
	bold  bool

	fill   draw.Ink
	stroke draw.Ink
	width  float64 // of the stroke
	dash   string  // of the stroke, as SVG has it
	alpha  float64 // 0 counts as 1: opaque
}

// Figure is a chart as it is drawn, the hindmost piece first. The page puts it
// into an svg element, a file has it as text.
type Figure struct {
	width, height float64
	plot          draw.Rect // where the data is
	Pieces        []Piece
}

// The measures of a chart, in pixels. Numbers are set in a font whose characters
// are all 0.6 of its size wide.
const (
	chartLeft  = 34 // room for numbers of five characters
	chartRight = 8
	chartFoot  = 18
	chartUnit  = 18 // above the plot, where the unit stands
	chartFont  = 10.5
	charWidth  = 0.605 * chartFont
	legendRow  = 16
	swatchW    = 14
	swatchGap  = 4
	entryGap   = 9
)

// textWidth is about how wide a text is.
func textWidth(s string) float64 {
	w := 0.0
	for _, r := range s {
		if draw.Square(r) {
			w += chartFont
		} else {
			w += charWidth
		}
	}
	return w
}

// fitting shortens a text to a width.
func fitting(s string, width float64) string {
	for n := utf8.RuneCountInString(s); n > 1 && textWidth(s) > width; n-- {
		s = format.Clip(s, n-1)
	}
	return s
}

func (f *Figure) add(p Piece) { f.Pieces = append(f.Pieces, p) }

func (f *Figure) write(at draw.Point, align draw.Align, ink draw.Ink, text string) {
	if text != "" {
		f.add(Piece{Text: text, at: at, align: align, fill: ink})
	}
}

// entry is a line of a legend.
type entry struct {
	name, value string
	ink         draw.Ink
	dash        string
	loud        bool // its value is a warning
	faint       bool
}

func (e entry) width() float64 { return swatchW + swatchGap + textWidth(e.name+" "+e.value) + entryGap }

// legend draws the entries in as many rows as there may be, and returns how many
// it took. What has no room is counted.
func (f *Figure) legend(entries []entry, most int) (rows int) {
	x, rows := 0.0, 1
	for i, e := range entries {
		rest := len(entries) - i
		room := f.width + entryGap
		if rows == most && rest > 1 {
			room = f.width - textWidth("+99") // to say how many are left out
		}
		e.name = fitting(e.name, f.width-swatchW-swatchGap-entryGap-textWidth(" "+e.value))
		if x > 0 && x+e.width() > room {
			if rows == most {
				f.write(draw.Point{X: x, Y: f.rowAt(rows)}, draw.AlignLeft, draw.InkMuted, "+"+format.Count(uint64(rest)))
				return rows
			}
			x, rows = 0, rows+1
		}
		f.entry(e, x, f.rowAt(rows))
		x += e.width()
	}
	return rows
}

func (f *Figure) rowAt(row int) float64 { return float64(row)*legendRow - 4 }

func (f *Figure) entry(e entry, x, y float64) {
	alpha := 0.0
	if e.faint {
		alpha = 0.5
	}
	f.add(Piece{Path: horizontal(x, x+swatchW, y-3.5), stroke: e.ink, width: 2, dash: e.dash, alpha: alpha})
	f.write(draw.Point{X: x + swatchW + swatchGap, Y: y}, draw.AlignLeft, draw.InkMuted, e.name)
	ink := draw.InkText
	if e.loud {
		ink = draw.InkWarn
	}
	f.write(draw.Point{X: x + swatchW + swatchGap + textWidth(e.name+" "), Y: y}, draw.AlignLeft, ink, e.value)
}

// legendRows is how many rows a legend may have in a chart of that height.
func legendRows(height float64) int { return max(1, int(height/70)) }

// frame lays the plot out below so many rows of a legend, and writes the unit of
// the vertical axis.
func (f *Figure) frame(rows int, unit string) {
	top := float64(rows)*legendRow + chartUnit
	f.plot = draw.Rect{X: chartLeft, Y: top, W: max(1, f.width-chartLeft-chartRight), H: max(1, f.height-top-chartFoot)}
	f.write(draw.Point{X: chartLeft, Y: f.plot.Y - 6}, draw.AlignLeft, draw.InkFaint, fitting(unit, f.plot.W))
}

// steps is how many steps a vertical axis has room for.
func (f *Figure) steps() int { return min(max(1, int(f.plot.H/26)), 6) }

// grid draws the lines of the vertical axis and its numbers.
func (f *Figure) grid(s scale) {
	path := []byte(nil)
	for _, v := range s.ticks() {
		y := math.Round(f.y(s, v)) + 0.5
		path = appendLine(path, f.plot.X, y, f.plot.Right(), y)
		f.write(draw.Point{X: f.plot.X - 6, Y: y + 3.5}, draw.AlignRight, draw.InkFaint, short(v))
	}
	f.add(Piece{Path: string(path), stroke: draw.InkLineStrong, width: 1, alpha: 0.6})
}

// y is where a value lies on a scale.
func (f *Figure) y(s scale, v float64) float64 {
	return f.plot.Bottom() - v/s.top*f.plot.H
}

// below writes a label under the plot and returns where its middle is: one near an
// end keeps inside.
func (f *Figure) below(x float64, text string) float64 {
	half := textWidth(text) / 2
	x = min(max(x, f.plot.X-6+half), f.width-half)
	f.write(draw.Point{X: x, Y: f.plot.Bottom() + 14}, draw.AlignCenter, draw.InkFaint, text)
	return x
}

// nothing says why there is nothing.
func (f *Figure) nothing(text string) {
	at := f.plot.Middle()
	f.write(draw.Point{X: at.X, Y: at.Y + 4}, draw.AlignCenter, draw.InkMuted, fitting(text, f.plot.W))
}

func appendLine(b []byte, x0, y0, x1, y1 float64) []byte {
	b = appendPixel(append(b, 'M'), x0)
	b = appendPixel(append(b, ' '), y0)
	b = appendPixel(append(b, 'L'), x1)
	return appendPixel(append(b, ' '), y1)
}

func horizontal(x0, x1, y float64) string { return string(appendLine(nil, x0, y, x1, y)) }

func vertical(x, y0, y1 float64) string { return string(appendLine(nil, x, y0, x, y1)) }

// box is a rectangle with round corners.
func box(r draw.Rect, radius float64) string {
	radius = max(0, min(radius, r.W/2, r.H/2))
	b := appendPixel([]byte{'M'}, r.X+radius)
	b = appendPixel(append(b, ' '), r.Y)
	arc := func(dx, dy float64) {
		b = append(b, 'a')
		for _, v := range []float64{radius, radius} {
			b = append(appendPixel(b, v), ' ')
		}
		b = append(b, "0 0 1 "...)
		b = appendPixel(b, dx)
		b = appendPixel(append(b, ' '), dy)
	}
	b = appendPixel(append(b, 'h'), r.W-2*radius)
	arc(radius, radius)
	b = appendPixel(append(b, 'v'), r.H-2*radius)
	arc(-radius, radius)
	b = appendPixel(append(b, 'h'), 2*radius-r.W)
	arc(-radius, -radius)
	b = appendPixel(append(b, 'v'), 2*radius-r.H)
	arc(radius, -radius)
	return string(append(b, 'z'))
}

// reading is what a chart says at one place.
type reading struct {
	title string
	lines []entry
}

// text is the reading in words.
func (r reading) Words() string {
	text := r.title
	sep := ": "
	for _, l := range r.lines {
		text += sep + l.name
		if l.value != "" {
			text += " " + l.value
		}
		sep = ", "
	}
	return text
}

// readout draws a reading beside a place of the plot.
func (f *Figure) readout(x float64, r reading) {
	const line, pad = 14, 7
	most := max(1, int((f.plot.H+chartUnit-2*pad)/line)-1)
	lines := r.lines
	if len(lines) > most {
		lines = append(lines[:most-1:most-1], entry{name: "+" + format.Count(uint64(len(lines)-most+1)) + " more"})
	}
	width := textWidth(r.title)
	for _, l := range lines {
		width = max(width, textWidth(l.name+"  "+l.value)+swatchW/2+4)
	}
	width = min(width+2*pad, f.width)
	r0 := draw.Rect{X: x + 10, Y: f.plot.Y - chartUnit + 2, W: width, H: float64(len(lines)+1)*line + 2*pad - 4}
	if r0.Right() > f.width {
		r0.X = x - 10 - width
	}
	r0.X = min(max(r0.X, 0), f.width-width)
	f.add(Piece{Path: box(r0, 6), fill: draw.InkRaised, stroke: draw.InkLineStrong, width: 1, alpha: 0.96})
	y := r0.Y + pad + 8
	f.add(Piece{Text: fitting(r.title, width-2*pad), at: draw.Point{X: r0.X + pad, Y: y}, fill: draw.InkText, bold: true})
	for _, l := range lines {
		y += line
		left := r0.X + pad
		if l.ink != draw.NoInk {
			f.add(Piece{Path: horizontal(left, left+swatchW/2, y-3.5), stroke: l.ink, width: 2, dash: l.dash})
			left += swatchW/2 + 4
		}
		room := r0.Right() - pad - left - textWidth(l.value+" ")
		f.write(draw.Point{X: left, Y: y}, draw.AlignLeft, draw.InkMuted, fitting(l.name, room))
		f.write(draw.Point{X: r0.Right() - pad, Y: y}, draw.AlignRight, draw.InkText, l.value)
	}
}
