package app

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"github.com/spillway-go/spillway/app/chart"
	"github.com/spillway-go/spillway/app/dom"
	"github.com/spillway-go/spillway/app/draw"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// brand is the mark of the shell's skeleton, which the header takes the place of.
func brand() app.UI {
	el := func(tag string, attributes ...string) app.HTMLElem {
		e := app.Elem(tag).XMLNS(chart.SVGSpace)
		for i := 0; i < len(attributes); i += 2 {
			e = e.Attr(attributes[i], attributes[i+1])
		}
		return e
	}
	return el("svg", "width", "24", "height", "24", "viewBox", "0 0 24 24", "aria-hidden", "true").Body(
		el("g", "fill", "none", "stroke", "var(--flow)", "stroke-width", "2.4", "stroke-linecap", "round").Body(
			el("path", "d", "M3 5h10v8c0 3 3 6 8 6"),
			el("path", "d", "M3 10h10", "opacity", ".55"),
		),
		el("circle", "cx", "19", "cy", "8", "r", "2.2", "fill", "var(--drop)"),
	)
}

// header has what concerns the whole page.
type header struct {
	app.Compo

	To               dom.Sender[play.Msg]
	Preset           string
	Title            string // of a scenario that is no preset, or no longer
	Theme            draw.Theme
	CanUndo, CanRedo bool
}

func (h *header) Render() app.UI { return dom.Contained(dom.TheHeader, "head", h.render) }

func (h *header) render() app.UI {
	presets := scenario.Presets()
	return dom.El("header", "head",
		dom.El("h1", "brand",
			brand(),
			app.Text("Spillway"),
			dom.Text("small", "", "event broker playground"),
		),
		app.Elem("select").Class("btn preset wide").Aria("label", "Preset").OnChange(h.choose).Body(
			// Always there: if the places of the others changed, the browser would go on to
			// select the place that was chosen, and go-app, to which nothing has changed, let it.
			app.Elem("option").Attr("value", "").Attr("hidden", h.Title == "").Text(h.Title).Attr("selected", h.Title != ""),
			dom.RangeOf(len(presets), func(i int) app.UI {
				p := presets[i]
				return app.Elem("option").Attr("value", p.ID).Text(p.Title).Attr("selected", h.Title == "" && p.ID == h.Preset)
			}),
		),
		dom.El("div", "group",
			h.button("Undo", "↶", "Undo the last edit (Ctrl Z)", play.Undo{}, h.CanUndo),
			h.button("Redo", "↷", "Redo it (Ctrl Shift Z)", play.Redo{}, h.CanRedo),
		),
		app.Elem("span").Class("spacer"),
		dom.Button().Class("btn wide").Title("Presets, and scenarios of yours (O)").Text("Scenarios").OnClick(h.open(play.ScenariosDialog), "scenarios"),
		dom.Button().Class("btn wide").Title("Save the journal, the stage or the charts (E)").Text("Export").OnClick(h.open(play.ExportDialog), "export"),
		dom.El("div", "group joined",
			dom.Button().Class("btn primary").Title("Copy a link to what you see").Text("Share link").OnClick(h.share),
			dom.Button().Class("btn primary icon narrow").Aria("label", "More ways to share").Title("The link, and a frame for another page (S)").Text("▾").OnClick(h.open(play.ShareDialog), "share"),
		),
		dom.Button().Class("btn icon").Aria("label", "Theme: switch to "+string(h.Theme.Other())).
			Title("Dark or light (T)").Text("◐").OnClick(h.toggleTheme),
		dom.Button().Class("btn icon").Aria("label", "Help").Title("Help and shortcuts (?)").Text("?").OnClick(h.open(play.HelpDialog), "help"),
	)
}

func (h *header) button(name, symbol, title string, msg play.Msg, can bool) app.UI {
	return dom.Button().Class("btn icon").Aria("label", name).Title(title).Attr("disabled", !can).
		Text(symbol).OnClick(func(ctx app.Context, e app.Event) { h.To.Send(ctx, msg) }, name)
}

func (h *header) choose(ctx app.Context, e app.Event) {
	h.To.Send(ctx, play.LoadPreset{ID: ctx.JSSrc().Get("value").String()})
}

func (h *header) open(d play.Dialog) app.EventHandler {
	return func(ctx app.Context, e app.Event) { h.To.Send(ctx, play.Open{Dialog: d}) }
}

func (h *header) toggleTheme(ctx app.Context, e app.Event) { h.To.Send(ctx, play.ToggleTheme{}) }

func (h *header) share(ctx app.Context, e app.Event) { h.To.Send(ctx, play.CopyLink{}) }
