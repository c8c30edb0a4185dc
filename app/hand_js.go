//go:build js

package app

import (
	"math"
	"syscall/js"
	"time"
)

// hand is the pointer on the stage: what it is on is looked at, and what it
// clicks is selected. It also keeps the card beside the thing it is about.
type hand struct {
	loop    *loop
	element js.Value // the stage
	removes []func()
	over    bool // something to click

	card Point // where it is
	goal Point // and where it goes
	size Point // of the card
	open bool
	of   Selection
	last js.Value // the card's element
}

func newHand(l *loop) *hand {
	h := &hand{loop: l, element: l.stage.element.Get("parentElement")}
	h.on("pointermove", h.move)
	h.on("pointerleave", func(e js.Value) { h.hover(Selection{}) })
	h.on("click", h.click)
	return h
}

func (h *hand) on(event string, handle func(js.Value)) {
	f := js.FuncOf(func(_ js.Value, args []js.Value) any {
		handle(args[0])
		return nil
	})
	h.element.Call("addEventListener", event, f)
	h.removes = append(h.removes, func() {
		h.element.Call("removeEventListener", event, f)
		f.Release()
	})
}

func (h *hand) release() {
	for _, remove := range h.removes {
		remove()
	}
}

// at is what the pointer is on; false on the card.
func (h *hand) at(e js.Value) (Selection, bool) {
	if h.onCard(e) {
		return Selection{}, false
	}
	box := h.loop.stage.element.Call("getBoundingClientRect")
	p := Point{e.Get("clientX").Float() - box.Get("left").Float(), e.Get("clientY").Float() - box.Get("top").Float()}
	reach := 2.0
	if e.Get("pointerType").String() == "touch" {
		reach = 8
	}
	return h.loop.page.scene.Hit(p, reach), true
}

func (h *hand) onCard(e js.Value) bool {
	return e.Get("target").Call("closest", ".closeup").Truthy()
}

func (h *hand) move(e js.Value) {
	if e.Get("pointerType").String() == "touch" {
		return // which has no way to hover
	}
	sel, ok := h.at(e)
	if !ok {
		return
	}
	h.hover(sel)
	if over := sel.Selected(); over != h.over {
		h.over = over
		cursor := ""
		if over {
			cursor = "pointer"
		}
		h.loop.stage.element.Get("style").Set("cursor", cursor)
	}
}

func (h *hand) hover(sel Selection) {
	if sel != h.loop.page.model.Hover {
		h.loop.page.Send(h.loop.ctx, Hover{sel})
	}
}

func (h *hand) click(e js.Value) {
	if e.Get("detail").Int() == 0 {
		return // of the keyboard, on a spot, which knows what it is
	}
	if sel, ok := h.at(e); ok {
		h.loop.page.Send(h.loop.ctx, Pick{sel})
	}
}

// placeCard moves the card beside its thing. It follows a thing that moves a
// little behind, so that it can be read.
func (h *hand) placeCard(m *Moment, elapsed time.Duration) {
	of := m.Looked()
	if !of.Selected() {
		h.open = false
		return
	}
	element := js.Global().Get("document").Call("getElementById", cardID)
	if !element.Truthy() {
		h.open = false
		return
	}
	h.open = h.open && element.Equal(h.last)
	h.last = element
	h.size = Point{element.Get("offsetWidth").Float(), element.Get("offsetHeight").Float()}
	thing, ok := h.loop.page.scene.Where(of, h.loop.page.closeup.ended(m))
	if !ok {
		thing = h.loop.page.scene.Layout.Broker
	}
	var was *Point
	if h.open && of == h.of {
		was = &h.goal
	}
	to := beside(thing, h.loop.page.scene.targets, Point{h.loop.stage.width, h.loop.stage.height}, h.size, was)
	h.goal = to
	if h.open && of == h.of && of.HasEvent && !m.ReducedMotion {
		share := 1 - math.Exp(-elapsed.Seconds()/0.12)
		to = between(h.card, to, share)
	}
	if !h.open || distance(to, h.card) > 0.05 {
		style := element.Get("style")
		style.Set("left", cssPixels(to.X))
		style.Set("top", cssPixels(to.Y))
		style.Set("visibility", "visible")
	}
	h.card, h.open, h.of = to, true, of
}
