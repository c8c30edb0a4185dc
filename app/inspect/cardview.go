package inspect

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"github.com/spillway-go/spillway/app/dom"
	"github.com/spillway-go/spillway/app/format"
	"github.com/spillway-go/spillway/app/play"
)

const CardName = "card"

// View shows a card. Where it is, the loop says, which knows where the thing
// is that it is about.
type View struct {
	app.Compo

	To   dom.Sender[play.Msg]
	IDs  dom.IDs
	Card Card
}

func (v *View) Render() app.UI { return dom.Contained(dom.TheCard, "closeup", v.render) }

func (v *View) render() app.UI {
	c := v.Card
	class := "closeup"
	if c.Pinned {
		class += " pinned"
	}
	return app.Elem("div").ID(v.IDs.Of(CardName)).Class(class).Role("group").Aria("label", "About "+c.Title).OnKeyDown(v.onKey).Body(
		dom.El("div", "top",
			app.Elem("span").Class("swatch "+c.Ink),
			dom.Text("strong", "", c.Title),
			dom.When(c.Pinned, dom.Button().Class("btn small").Aria("label", "Close the card").Title("Close (Esc)").Text("×").
				OnClick(func(ctx app.Context, e app.Event) { v.close(ctx) })),
		),
		dom.When(c.Note != "", dom.Text("p", "note", c.Note)),
		dom.When(c.Why != "", dom.El("p", "why",
			app.Text(c.Why),
			dom.When(c.WhatIf != "", dom.Text("span", "", "; "), dom.Text("b", "", c.WhatIf)),
			app.Text("."),
		)),
		dom.When(len(c.Facts) > 0, dom.El("dl", "facts", dom.RangeOf(len(c.Facts), func(i int) app.UI {
			f := c.Facts[i]
			return dom.El("div", "", dom.Text("dt", "", f.Name), dom.Text("dd", f.Ink, f.Value))
		}))),
		dom.When(len(c.Story) > 0, dom.El("ol", "story", dom.RangeOf(len(c.Story), func(i int) app.UI {
			p := c.Story[i]
			return dom.El("li", p.Tone, dom.Text("span", "when", p.when()), dom.Text("span", "", p.Text))
		}))),
		dom.When(len(c.Events) > 0, dom.El("div", "events",
			dom.Text("span", "", c.List),
			dom.RangeOf(len(c.Events), func(i int) app.UI {
				of := c.Chips[i]
				if !c.Pinned {
					return dom.Text("span", "chip", c.Names[i])
				}
				return dom.Button().Class("chip").Aria("label", "Look at event "+c.Names[i]).Text(c.Names[i]).
					OnClick(func(ctx app.Context, e app.Event) { v.To.Send(ctx, play.Select{Subject: of}) }, of)
			}),
		)),
		dom.When(c.Pinned && len(c.Actions) > 0, dom.El("div", "actions", dom.RangeOf(len(c.Actions), func(i int) app.UI {
			a := c.Actions[i]
			return dom.Button().Class("btn small").Aria("keyshortcuts", a.Key).
				Body(app.Text(a.Text+" "), app.Elem("kbd").Aria("hidden", true).Text(a.Key)).
				OnClick(func(ctx app.Context, e app.Event) { v.To.Send(ctx, a.Msg) }, a)
		}))),
		dom.When(!c.Pinned, dom.Text("p", "hint", v.hint())),
	)
}

func (v *View) hint() string {
	if len(v.Card.Actions) > 0 {
		return "Select it for what can be done with it."
	}
	return "Select it to keep this open."
}

// close lets go of what is selected, and gives the focus back, without a card.
func (v *View) close(ctx app.Context) {
	focusSpot(ctx.JSSrc().Call("closest", ".stage"))
	ctx.Dispatch(func(ctx app.Context) { // after the focus has said what it is on
		v.To.Send(ctx, play.Select{})
		v.To.Send(ctx, play.Hover{})
	})
}

// onKey gives the focus back before the card goes.
func (v *View) onKey(ctx app.Context, e app.Event) {
	if e.Get("key").String() == "Escape" {
		e.PreventDefault()
		v.close(ctx)
	}
}

// focusSpot focuses the thing on a stage that is in the order of the Tab key.
func focusSpot(stage app.Value) {
	if !stage.Truthy() {
		return
	}
	if spot, ok := dom.Within(stage, `.spot[tabindex="0"]`); ok {
		spot.Call("focus")
	}
}

// when is the time of a passage, as it is read.
func (p *Passage) when() string {
	switch {
	case p.To == lasting:
		return format.Exactly(p.From) + " …"
	case p.To == p.From:
		return format.Exactly(p.From)
	default:
		return format.Exactly(p.From) + "–" + format.Exactly(p.To)
	}
}
