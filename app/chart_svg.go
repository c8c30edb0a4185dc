package app

import (
	"encoding/xml"
	"strconv"
	"strings"
)

// svgSpace is the namespace of SVG.
const svgSpace = "http://www.w3.org/2000/svg"

// svg is a chart as a file of its own, with a title, its axes and its
// legend, in the colours of a theme: of the whole run so far, with a line where
// the playhead is.
func (k *chartKind) svg(m *Moment, theme Theme) string {
	const width, height, margin, head = 880.0, 420.0, 24.0, 44.0
	inner := width - 2*margin
	colors, ok := themeColors[theme]
	if !ok {
		colors = themeColors[Dark]
	}
	p := k.plot(new(plotter), m, inner)
	base := p.draw(inner, height-head-margin)
	over := p.overlay(base, -1)

	var b strings.Builder
	b.WriteString(`<svg xmlns="` + svgSpace + `"`)
	attr(&b, "width", pixels(width))
	attr(&b, "height", pixels(height))
	attr(&b, "viewBox", "0 0 "+pixels(width)+" "+pixels(height))
	attr(&b, "role", "img")
	attr(&b, "font-family", fontMono)
	attr(&b, "font-size", pixels(chartFont))
	b.WriteString(">\n<title>" + escaped(k.title) + "</title>\n<desc>" + escaped(k.words(m, p)) + "</desc>\n<rect")
	attr(&b, "width", pixels(width))
	attr(&b, "height", pixels(height))
	attr(&b, "fill", colors[InkSurface])
	b.WriteString("/>\n<text")
	attr(&b, "x", pixels(margin))
	attr(&b, "y", pixels(margin+8))
	attr(&b, "font-family", fontUI)
	attr(&b, "font-size", "15")
	attr(&b, "font-weight", "600")
	attr(&b, "fill", colors[InkText])
	b.WriteString(">" + escaped(k.title) + "</text>\n<g")
	attr(&b, "transform", "translate("+pixels(margin)+" "+pixels(head)+")")
	b.WriteString(">\n")
	for _, f := range []*figure{base, over} {
		for i := range f.pieces {
			f.pieces[i].write(&b, func(ink Ink) string { return colors[ink] })
		}
	}
	b.WriteString("</g>\n</svg>\n")
	return b.String()
}

func pixels(v float64) string { return string(appendPixel(nil, v)) }

func attr(b *strings.Builder, name, value string) {
	b.WriteString(" " + name + `="` + escaped(value) + `"`)
}

func escaped(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a Builder takes everything
	return b.String()
}

// write writes a piece as an element.
func (p *chartPiece) write(b *strings.Builder, color func(Ink) string) {
	b.WriteString("<" + p.tag())
	for _, a := range p.attributes(color) {
		attr(b, a.name, a.value)
	}
	if p.text == "" {
		b.WriteString("/>\n")
		return
	}
	b.WriteString(">" + escaped(p.text) + "</text>\n")
}

func (p *chartPiece) tag() string {
	if p.text != "" {
		return "text"
	}
	return "path"
}

type attribute struct{ name, value string }

var anchors = [...]string{AlignLeft: "start", AlignCenter: "middle", AlignRight: "end"}

// attributes are what SVG has for the fields of a piece, but its text.
func (p *chartPiece) attributes(color func(Ink) string) []attribute {
	var as []attribute
	set := func(name, value string) { as = append(as, attribute{name, value}) }
	fill := "none"
	if p.fill != NoInk {
		fill = color(p.fill)
	}
	if p.text != "" {
		set("x", pixels(p.at.X))
		set("y", pixels(p.at.Y))
		set("text-anchor", anchors[p.align])
		if p.bold {
			set("font-weight", "600")
		}
	} else {
		set("d", p.path)
	}
	set("fill", fill)
	if p.stroke != NoInk {
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
