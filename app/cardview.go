package app

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

const cardName = "card"

// cardView shows a card. Where it is, the loop says, which knows where the thing
// is that it is about.
type cardView struct {
	app.Compo

	To   Sender
	IDs  ids
	Card Card
}

func (v *cardView) Render() app.UI { return contained(theCard, "closeup", v.render) }

func (v *cardView) render() app.UI {
	c := v.Card
	class := "closeup"
	if c.Pinned {
		class += " pinned"
	}
	return app.Elem("div").ID(v.IDs.of(cardName)).Class(class).Role("group").Aria("label", "About "+c.Title).OnKeyDown(v.onKey).Body(
		el("div", "top",
			app.Elem("span").Class("swatch "+c.Ink),
			text("strong", "", c.Title),
			when(c.Pinned, button().Class("btn small").Aria("label", "Close the card").Title("Close (Esc)").Text("×").
				OnClick(func(ctx app.Context, e app.Event) { v.close(ctx) })),
		),
		when(c.Note != "", text("p", "note", c.Note)),
		when(c.Why != "", el("p", "why",
			app.Text(c.Why),
			when(c.WhatIf != "", text("span", "", "; "), text("b", "", c.WhatIf)),
			app.Text("."),
		)),
		when(len(c.Facts) > 0, el("dl", "facts", rangeOf(len(c.Facts), func(i int) app.UI {
			f := c.Facts[i]
			return el("div", "", text("dt", "", f.Name), text("dd", f.Ink, f.Value))
		}))),
		when(len(c.Story) > 0, el("ol", "story", rangeOf(len(c.Story), func(i int) app.UI {
			p := c.Story[i]
			return el("li", p.Tone, text("span", "when", p.when()), text("span", "", p.Text))
		}))),
		when(len(c.Events) > 0, el("div", "events",
			text("span", "", c.List),
			rangeOf(len(c.Events), func(i int) app.UI {
				of := c.Chips[i]
				if !c.Pinned {
					return text("span", "chip", c.Names[i])
				}
				return button().Class("chip").Aria("label", "Look at event "+c.Names[i]).Text(c.Names[i]).
					OnClick(func(ctx app.Context, e app.Event) { v.To.Send(ctx, Select{of}) }, of)
			}),
		)),
		when(c.Pinned && len(c.Actions) > 0, el("div", "actions", rangeOf(len(c.Actions), func(i int) app.UI {
			a := c.Actions[i]
			return button().Class("btn small").Aria("keyshortcuts", a.Key).
				Body(app.Text(a.Text+" "), app.Elem("kbd").Aria("hidden", true).Text(a.Key)).
				OnClick(func(ctx app.Context, e app.Event) { v.To.Send(ctx, a.Msg) }, a)
		}))),
		when(!c.Pinned, text("p", "hint", v.hint())),
	)
}

func (v *cardView) hint() string {
	if len(v.Card.Actions) > 0 {
		return "Select it for what can be done with it."
	}
	return "Select it to keep this open."
}

// close lets go of what is selected, and gives the focus back, without a card.
func (v *cardView) close(ctx app.Context) {
	focusSpot(ctx.JSSrc().Call("closest", ".stage"))
	ctx.Dispatch(func(ctx app.Context) { // after the focus has said what it is on
		v.To.Send(ctx, Select{})
		v.To.Send(ctx, Hover{})
	})
}

// onKey gives the focus back before the card goes.
func (v *cardView) onKey(ctx app.Context, e app.Event) {
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
	if spot := stage.Call("querySelector", `.spot[tabindex="0"]`); spot.Truthy() {
		spot.Call("focus")
	}
}

// when is the time of a passage, as it is read.
func (p *Passage) when() string {
	switch {
	case p.To == lasting:
		return exactly(p.From) + " …"
	case p.To == p.From:
		return exactly(p.From)
	default:
		return exactly(p.From) + "–" + exactly(p.To)
	}
}
