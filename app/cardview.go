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
	return app.Div().ID(cardID).Class(class).Role("group").Aria("label", "About "+c.Title).OnKeyDown(v.onKey).Body(
		app.Div().Class("top").Body(
			app.Span().Class("swatch "+c.Ink),
			app.Strong().Text(c.Title),
			app.If(c.Pinned, app.Button().Type("button").Class("btn small").Aria("label", "Close the card").Title("Close (Esc)").Text("×").
				OnClick(func(ctx app.Context, e app.Event) { v.close(ctx) })),
		),
		app.If(c.Note != "", app.P().Class("note").Text(c.Note)),
		app.If(c.Why != "", app.P().Class("why").Body(
			app.Text(c.Why),
			app.If(c.WhatIf != "", app.Span().Text("; "), app.B().Text(c.WhatIf)),
			app.Text("."),
		)),
		app.If(len(c.Facts) > 0, app.Dl().Class("facts").Body(app.Range(c.Facts).Slice(func(i int) app.UI {
			f := c.Facts[i]
			return app.Div().Body(app.Dt().Text(f.Name), app.Dd().Class(f.Ink).Text(f.Value))
		}))),
		app.If(len(c.Story) > 0, app.Ol().Class("story").Body(app.Range(c.Story).Slice(func(i int) app.UI {
			p := c.Story[i]
			return app.Li().Class(p.Tone).Body(app.Span().Class("when").Text(p.when()), app.Span().Text(p.Text))
		}))),
		app.If(len(c.Events) > 0, app.Div().Class("events").Body(
			app.Span().Text(c.List),
			app.Range(c.Events).Slice(func(i int) app.UI {
				sel := eventSelection(c.Events[i])
				if !c.Pinned {
					return app.Span().Class("chip").Text(c.Names[i])
				}
				return app.Button().Type("button").Class("chip").Aria("label", "Look at event "+c.Names[i]).Text(c.Names[i]).
					OnClick(func(ctx app.Context, e app.Event) { v.To.Send(ctx, Select{sel}) }, sel)
			}),
		)),
		app.If(c.Pinned && len(c.Actions) > 0, app.Div().Class("actions").Body(app.Range(c.Actions).Slice(func(i int) app.UI {
			a := c.Actions[i]
			return app.Button().Type("button").Class("btn small").Aria("keyshortcuts", a.Key).
				Body(app.Text(a.Text+" "), app.Kbd().Aria("hidden", true).Text(a.Key)).
				OnClick(func(ctx app.Context, e app.Event) { v.To.Send(ctx, Change{a.Do}) }, a)
		}))),
		app.If(!c.Pinned, app.P().Class("hint").Text(v.hint())),
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
