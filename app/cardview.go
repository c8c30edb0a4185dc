package app

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

const cardID = "card"

// cardView shows a card. Where it is, the loop says, which knows where the thing
// is that it is about.
type cardView struct {
	app.Compo

	To   Sender
	Card Card
}

func (v *cardView) Render() app.UI {
	c := v.Card
	class := "closeup"
	if c.Pinned {
		class += " pinned"
	}
	return app.Elem("div").ID(cardID).Class(class).Role("group").Aria("label", "About "+c.Title).OnKeyDown(v.onKey).Body(
		app.Elem("div").Class("top").Body(
			app.Elem("span").Class("swatch "+c.Ink),
			app.Elem("strong").Text(c.Title),
			app.If(c.Pinned, button().Class("btn small").Aria("label", "Close the card").Title("Close (Esc)").Text("×").
				OnClick(func(ctx app.Context, e app.Event) { v.close(ctx) })),
		),
		app.If(c.Note != "", app.Elem("p").Class("note").Text(c.Note)),
		app.If(c.Why != "", app.Elem("p").Class("why").Body(
			app.Text(c.Why),
			app.If(c.WhatIf != "", app.Elem("span").Text("; "), app.Elem("b").Text(c.WhatIf)),
			app.Text("."),
		)),
		app.If(len(c.Facts) > 0, app.Elem("dl").Class("facts").Body(app.Range(c.Facts).Slice(func(i int) app.UI {
			f := c.Facts[i]
			return app.Elem("div").Body(app.Elem("dt").Text(f.Name), app.Elem("dd").Class(f.Ink).Text(f.Value))
		}))),
		app.If(len(c.Story) > 0, app.Elem("ol").Class("story").Body(app.Range(c.Story).Slice(func(i int) app.UI {
			p := c.Story[i]
			return app.Elem("li").Class(p.Tone).Body(app.Elem("span").Class("when").Text(p.when()), app.Elem("span").Text(p.Text))
		}))),
		app.If(len(c.Events) > 0, app.Elem("div").Class("events").Body(
			app.Elem("span").Text(c.List),
			app.Range(c.Events).Slice(func(i int) app.UI {
				sel := eventSelection(c.Events[i])
				if !c.Pinned {
					return app.Elem("span").Class("chip").Text(c.Names[i])
				}
				return button().Class("chip").Aria("label", "Look at event "+c.Names[i]).Text(c.Names[i]).
					OnClick(func(ctx app.Context, e app.Event) { v.To.Send(ctx, Select{sel}) }, sel)
			}),
		)),
		app.If(c.Pinned && len(c.Actions) > 0, app.Elem("div").Class("actions").Body(app.Range(c.Actions).Slice(func(i int) app.UI {
			a := c.Actions[i]
			return button().Class("btn small").Aria("keyshortcuts", a.Key).
				Body(app.Text(a.Text+" "), app.Elem("kbd").Aria("hidden", true).Text(a.Key)).
				OnClick(func(ctx app.Context, e app.Event) { v.To.Send(ctx, Change{a.Do}) }, a)
		}))),
		app.If(!c.Pinned, app.Elem("p").Class("hint").Text(v.hint())),
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
	v.To.Send(ctx, Select{})
	focusSpot()
	ctx.Dispatch(func(ctx app.Context) { v.To.Send(ctx, Hover{}) })
}

// onKey gives the focus back before the card goes.
func (v *cardView) onKey(ctx app.Context, e app.Event) {
	if e.Get("key").String() == "Escape" {
		e.PreventDefault()
		v.close(ctx)
	}
}

// focusSpot focuses the thing on the stage that is in the order of the Tab key.
func focusSpot() {
	if spot := app.Window().Get("document").Call("querySelector", `.spot[tabindex="0"]`); spot.Truthy() {
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
