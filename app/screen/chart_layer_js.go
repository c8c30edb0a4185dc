//go:build js

package screen

import (
	"syscall/js"

	"github.com/spillway-go/spillway/app/chart"
	"github.com/spillway-go/spillway/app/draw"
)

// layer is a group of elements in an svg, one for each piece.
type layer struct {
	group js.Value
	shown []shownPiece
}

type shownPiece struct {
	chart.Piece
	element js.Value
}

func newLayer(svg js.Value) layer {
	group := js.Global().Get("document").Call("createElementNS", chart.SVGSpace, "g")
	svg.Call("appendChild", group)
	return layer{group: group}
}

// put shows the pieces.
func (l *layer) put(pieces []chart.Piece) {
	for i := range pieces {
		p := &pieces[i]
		if i == len(l.shown) {
			element := newPiece(p)
			l.group.Call("appendChild", element)
			l.shown = append(l.shown, shownPiece{*p, element})
			continue
		}
		s := &l.shown[i]
		if s.Piece.Tag() != p.Tag() {
			element := newPiece(p)
			s.element.Call("replaceWith", element)
			*s = shownPiece{*p, element}
			continue
		}
		s.change(p)
	}
	for len(l.shown) > len(pieces) {
		last := len(l.shown) - 1
		l.shown[last].element.Call("remove")
		l.shown = l.shown[:last]
	}
}

// variable is an ink as a custom property, which follows the theme.
func variable(ink draw.Ink) string { return "var(" + draw.Variables[ink] + ")" }

// newPiece is the element of a piece.
func newPiece(p *chart.Piece) js.Value {
	element := js.Global().Get("document").Call("createElementNS", chart.SVGSpace, p.Tag())
	for _, a := range p.Attributes(variable) {
		element.Call("setAttribute", a.Name, a.Value)
	}
	if p.Text != "" {
		element.Set("textContent", p.Text)
	}
	return element
}

// change makes the element what p says, which is mostly another path.
func (s *shownPiece) change(p *chart.Piece) {
	old := s.Piece
	s.Piece = *p
	if old.Path != p.Path {
		s.element.Call("setAttribute", "d", p.Path)
	}
	if old.Text != p.Text {
		s.element.Set("textContent", p.Text)
	}
	old.Path, old.Text = p.Path, p.Text
	if old == *p {
		return
	}
	for _, name := range []string{"stroke", "stroke-width", "stroke-linejoin", "stroke-dasharray", "opacity", "font-weight"} {
		s.element.Call("removeAttribute", name)
	}
	for _, a := range p.Attributes(variable) {
		if a.Name != "d" {
			s.element.Call("setAttribute", a.Name, a.Value)
		}
	}
}
