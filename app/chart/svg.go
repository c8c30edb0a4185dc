package chart

import (
	"html"
	"strconv"
	"strings"

	"github.com/spillway-go/spillway/app/draw"
	"github.com/spillway-go/spillway/app/play"
)

// SVGSpace is the namespace of SVG.
const SVGSpace = "http://www.w3.org/2000/svg"

// SVG is a chart as a file of its own, with a title, its axes and its
// legend, in the colours of a theme: of the whole run so far, with a line where
// the playhead is.
func (k *Kind) SVG(m *play.Moment, theme draw.Theme) string {
	const width, height, margin, head = 880.0, 420.0, 24.0, 44.0
	inner := width - 2*margin
	colors, ok := draw.ThemeColors[theme]
	if !ok {
		colors = draw.ThemeColors[draw.Dark]
	}
	p := k.Plot(new(Plotter), m, inner)
	base := p.Draw(inner, height-head-margin)
	over := p.Overlay(base, -1)

	var b strings.Builder
	b.WriteString(`<svg xmlns="` + SVGSpace + `"`)
	attr(&b, "width", pixels(width))
	attr(&b, "height", pixels(height))
	attr(&b, "viewBox", "0 0 "+pixels(width)+" "+pixels(height))
	attr(&b, "role", "img")
	attr(&b, "font-family", draw.FontMono)
	attr(&b, "font-size", pixels(chartFont))
	b.WriteString(">\n<title>" + html.EscapeString(k.Title) + "</title>\n<desc>" + html.EscapeString(k.Words(m, p)) + "</desc>\n<rect")
	attr(&b, "width", pixels(width))
	attr(&b, "height", pixels(height))
	attr(&b, "fill", colors[draw.InkSurface])
	b.WriteString("/>\n<text")
	attr(&b, "x", pixels(margin))
	attr(&b, "y", pixels(margin+8))
	attr(&b, "font-family", draw.FontUI)
	attr(&b, "font-size", "15")
	attr(&b, "font-weight", "600")
	attr(&b, "fill", colors[draw.InkText])
	b.WriteString(">" + html.EscapeString(k.Title) + "</text>\n<g")
	attr(&b, "transform", "translate("+pixels(margin)+" "+pixels(head)+")")
	b.WriteString(">\n")
	for _, f := range []*Figure{base, over} {
		for i := range f.Pieces {
			f.Pieces[i].write(&b, func(ink draw.Ink) string { return colors[ink] })
		}
	}
	b.WriteString("</g>\n</svg>\n")
	return b.String()
}

func pixels(v float64) string { return string(appendPixel(nil, v)) }

func attr(b *strings.Builder, name, value string) {
	b.WriteString(" " + name + `="` + html.EscapeString(value) + `"`)
}

// write writes a piece as an element.
func (p *Piece) write(b *strings.Builder, color func(draw.Ink) string) {
	b.WriteString("<" + p.Tag())
	for _, a := range p.Attributes(color) {
		attr(b, a.Name, a.Value)
	}
	if p.Text == "" {
		b.WriteString("/>\n")
		return
	}
	b.WriteString(">" + html.EscapeString(p.Text) + "</text>\n")
}

func (p *Piece) Tag() string {
	if p.Text != "" {
		return "text"
	}
	return "path"
}

type attribute struct{ Name, Value string }

var anchors = [...]string{draw.AlignLeft: "start", draw.AlignCenter: "middle", draw.AlignRight: "end"}

// Attributes are what SVG has for the fields of a piece, but its text.
func (p *Piece) Attributes(color func(draw.Ink) string) []attribute {
	var as []attribute
	set := func(name, value string) { as = append(as, attribute{name, value}) }
	fill := "none"
	if p.fill != draw.NoInk {
		fill = color(p.fill)
	}
	if p.Text != "" {
		set("x", pixels(p.at.X))
		set("y", pixels(p.at.Y))
		set("text-anchor", anchors[p.align])
		if p.bold {
			set("font-weight", "600")
		}
	} else {
		set("d", p.Path)
	}
	set("fill", fill)
	if p.stroke != draw.NoInk {
		set("stroke", color(p.stroke))
		set("stroke-width", strconv.FormatFloat(p.width, 'g', -1, 64))
		set("stroke-linejoin", "round")
	}
	if p.dash != "" {
		set("stroke-dasharray", p.dash)
	}
	if p.alpha != 0 {
		set("opacity", strconv.FormatFloat(p.alpha, 'g', -1, 64))
	}
	return as
}
