//go:build js

package app

import "syscall/js"

// layer is a group of elements in an svg, one for each piece.
type layer struct {
	group js.Value
	shown []shownPiece
}

type shownPiece struct {
	chartPiece
	element js.Value
}

func newLayer(svg js.Value) layer {
	group := js.Global().Get("document").Call("createElementNS", svgSpace, "g")
	svg.Call("appendChild", group)
	return layer{group: group}
}

// put shows the pieces.
func (l *layer) put(pieces []chartPiece) {
	for i := range pieces {
		p := &pieces[i]
		if i == len(l.shown) {
			element := newPiece(p)
			l.group.Call("appendChild", element)
			l.shown = append(l.shown, shownPiece{*p, element})
			continue
		}
		s := &l.shown[i]
		if s.chartPiece.tag() != p.tag() {
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
func variable(ink Ink) string { return "var(" + inkVariables[ink] + ")" }

// newPiece is the element of a piece.
func newPiece(p *chartPiece) js.Value {
	element := js.Global().Get("document").Call("createElementNS", svgSpace, p.tag())
	for _, a := range p.attributes(variable) {
		element.Call("setAttribute", a.name, a.value)
	}
	if p.text != "" {
		element.Set("textContent", p.text)
	}
	return element
}

// change makes the element what p says, which is mostly another path.
func (s *shownPiece) change(p *chartPiece) {
	old := s.chartPiece
	s.chartPiece = *p
	if old.path != p.path {
		s.element.Call("setAttribute", "d", p.path)
	}
	if old.text != p.text {
		s.element.Set("textContent", p.text)
	}
	old.path, old.text = p.path, p.text
	if old == *p {
		return
	}
	for _, name := range []string{"stroke", "stroke-width", "stroke-linejoin", "stroke-dasharray", "opacity", "font-weight"} {
		s.element.Call("removeAttribute", name)
	}
	for _, a := range p.attributes(variable) {
		if a.name != "d" {
			s.element.Call("setAttribute", a.name, a.value)
		}
	}
}
