//go:build js

package screen

import (
	"math"
	"syscall/js"
	"time"

	"github.com/spillway-go/spillway/app/dom"
	"github.com/spillway-go/spillway/app/draw"
	"github.com/spillway-go/spillway/app/inspect"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/app/stage"
)

// stagePointer is the pointer on a stage: what it is on is looked at, and what it
// clicks is selected. It also keeps the card beside the thing it is about.
type stagePointer struct {
	screen  *Screen
	send    func(play.Msg)
	element js.Value // the stage
	removes []func()
	over    bool // something to click

	card draw.Point // where it is
	goal draw.Point // and where it goes
	size draw.Point // of the card
	open bool
	of   play.Selection
	last js.Value // the card's element
}

// listen listens to the stage whose canvas that is.
func (p *stagePointer) listen(canvas js.Value) {
	p.element = canvas.Get("parentElement")
	p.on("pointermove", p.move)
	p.on("pointerleave", func(e js.Value) { p.hover(play.Selection{}) })
	p.on("click", p.click)
}

func (p *stagePointer) on(event string, handle func(js.Value)) {
	p.removes = append(p.removes, dom.Listen(dom.ThePicture, p.element, handle, event))
}

func (p *stagePointer) release() {
	for _, remove := range p.removes {
		remove()
	}
	p.removes = nil
}

// at is what the pointer is on; false on the card.
func (p *stagePointer) at(e js.Value) (play.Selection, bool) {
	if p.onCard(e) {
		return play.Selection{}, false
	}
	box := p.screen.painter.canvas.Element.Call("getBoundingClientRect")
	at := draw.Point{X: e.Get("clientX").Float() - box.Get("left").Float(), Y: e.Get("clientY").Float() - box.Get("top").Float()}
	reach := 2.0
	if e.Get("pointerType").String() == "touch" {
		reach = 8
	}
	return p.screen.scene.Hit(at, reach), true
}

func (p *stagePointer) onCard(e js.Value) bool {
	return e.Get("target").Call("closest", ".closeup").Truthy()
}

func (p *stagePointer) move(e js.Value) {
	if e.Get("pointerType").String() == "touch" {
		return // which has no way to hover
	}
	sel, ok := p.at(e)
	if !ok {
		return
	}
	p.hover(sel)
	if over := sel.Selected(); over != p.over {
		p.over = over
		cursor := ""
		if over {
			cursor = "pointer"
		}
		p.screen.painter.canvas.Element.Get("style").Set("cursor", cursor)
	}
}

func (p *stagePointer) hover(sel play.Selection) {
	if sel != p.screen.Moment().Hover {
		p.send(play.Hover{Subject: p.screen.scene.Roster.Subject(sel)})
	}
}

func (p *stagePointer) click(e js.Value) {
	if e.Get("detail").Int() == 0 {
		return // of the keyboard, on a spot, which knows what it is
	}
	if sel, ok := p.at(e); ok {
		p.send(play.Pick{Subject: p.screen.scene.Roster.Subject(sel)})
	}
}

// placeCard moves the card beside its thing. It follows a thing that moves a
// little behind, so that it can be read.
func (p *stagePointer) placeCard(m *play.Moment, elapsed time.Duration) {
	of := m.Looked()
	if !of.Selected() {
		p.open = false
		return
	}
	element, ok := dom.Element(p.screen.IDs.Of(inspect.CardName))
	if !ok {
		p.open = false
		return
	}
	p.open = p.open && element.Equal(p.last)
	p.last = element
	p.size = draw.Point{X: element.Get("offsetWidth").Float(), Y: element.Get("offsetHeight").Float()}
	thing, ok := p.screen.scene.Where(of, p.screen.Closeup.Ended(m))
	if !ok {
		thing = p.screen.scene.Layout.Broker
	}
	var was *draw.Point
	if p.open && of == p.of {
		was = &p.goal
	}
	to := stage.Beside(thing, p.screen.scene.Targets, draw.Point{X: p.screen.painter.canvas.Width, Y: p.screen.painter.canvas.Height}, p.size, was)
	p.goal = to
	if p.open && of == p.of && of.HasEvent && !m.ReducedMotion {
		share := 1 - math.Exp(-elapsed.Seconds()/0.12)
		to = draw.Between(p.card, to, share)
	}
	if !p.open || draw.Distance(to, p.card) > 0.05 {
		style := element.Get("style")
		style.Set("left", cssPixels(to.X))
		style.Set("top", cssPixels(to.Y))
		style.Set("visibility", "visible")
	}
	p.card, p.open, p.of = to, true, of
}
