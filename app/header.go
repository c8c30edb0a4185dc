package app

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// brand is the mark of the shell's skeleton, which the header takes the place of.
const brand = `<svg width="24" height="24" viewBox="0 0 24 24" aria-hidden="true"><g fill="none" stroke="var(--flow)" stroke-width="2.4" stroke-linecap="round"><path d="M3 5h10v8c0 3 3 6 8 6"/><path d="M3 10h10" opacity=".55"/></g><circle cx="19" cy="8" r="2.2" fill="var(--drop)"/></svg>`

// header has what concerns the whole page.
type header struct {
	app.Compo

	To               Sender
	Preset           string
	Theme            Theme
	CanUndo, CanRedo bool
}

func (h *header) Render() app.UI { return contained(theHeader, "head", h.render) }

func (h *header) render() app.UI {
	presets := scenario.Presets()
	return el("header", "head",
		el("h1", "brand",
			app.Raw(brand),
			app.Text("Spillway"),
			text("small", "", "event broker playground"),
		),
		app.Elem("select").Class("btn preset wide").Aria("label", "Preset").OnChange(h.choose).Body(
			// Always there: if the places of the others changed, the browser would go on to
			// select the place that was chosen, and go-app, to which nothing has changed, let it.
			app.Elem("option").Attr("value", "").Attr("hidden", h.Preset != "").Text("your own").Attr("selected", h.Preset == ""),
			rangeOf(len(presets), func(i int) app.UI {
				p := presets[i]
				return app.Elem("option").Attr("value", p.ID).Text(p.Title).Attr("selected", p.ID == h.Preset)
			}),
		),
		el("div", "group",
			h.button("Undo", "↶", "Undo the last edit (Ctrl Z)", Undo{}, h.CanUndo),
			h.button("Redo", "↷", "Redo it (Ctrl Shift Z)", Redo{}, h.CanRedo),
		),
		app.Elem("span").Class("spacer"),
		button().Class("btn wide").Title("Presets, and scenarios of yours (O)").Text("Scenarios").OnClick(h.open(ScenariosDialog), "scenarios"),
		button().Class("btn wide").Title("Save the journal, the stage or the charts (E)").Text("Export").OnClick(h.open(ExportDialog), "export"),
		el("div", "group joined",
			button().Class("btn primary").Title("Copy a link to what you see").Text("Share link").OnClick(h.share),
			button().Class("btn primary icon narrow").Aria("label", "More ways to share").Title("The link, and a frame for another page (S)").Text("▾").OnClick(h.open(ShareDialog), "share"),
		),
		button().Class("btn icon").Aria("label", "Theme: switch to "+string(h.Theme.other())).
			Title("Dark or light (T)").Text("◐").OnClick(h.toggleTheme),
		button().Class("btn icon").Aria("label", "Help").Title("Help and shortcuts (?)").Text("?").OnClick(h.open(HelpDialog), "help"),
	)
}

func (h *header) button(name, symbol, title string, msg Msg, can bool) app.UI {
	return button().Class("btn icon").Aria("label", name).Title(title).Attr("disabled", !can).
		Text(symbol).OnClick(func(ctx app.Context, e app.Event) { h.To.Send(ctx, msg) }, name)
}

func (h *header) choose(ctx app.Context, e app.Event) {
	h.To.Send(ctx, LoadPreset{ID: ctx.JSSrc().Get("value").String()})
}

func (h *header) open(d Dialog) app.EventHandler {
	return func(ctx app.Context, e app.Event) { h.To.Send(ctx, Open{d}) }
}

func (h *header) toggleTheme(ctx app.Context, e app.Event) { h.To.Send(ctx, ToggleTheme{}) }

func (h *header) share(ctx app.Context, e app.Event) { h.To.Send(ctx, CopyLink{}) }
