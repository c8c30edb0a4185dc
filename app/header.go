package app

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"github.com/spillway-go/spillway/broker/scenario"
)

// classicLink is the link of what an address without one shows.
var classicLink = scenario.Link(scenario.Classic(), 0)

// brand is the mark of the shell's skeleton, which the header takes the place of.
const brand = `<svg width="24" height="24" viewBox="0 0 24 24" aria-hidden="true"><g fill="none" stroke="var(--flow)" stroke-width="2.4" stroke-linecap="round"><path d="M3 5h10v8c0 3 3 6 8 6"/><path d="M3 10h10" opacity=".55"/></g><circle cx="19" cy="8" r="2.2" fill="var(--drop)"/></svg>`

// header has what concerns the whole page.
type header struct {
	app.Compo

	To     *Page
	Preset string
	Theme  Theme
}

func (h *header) Render() app.UI {
	presets := scenario.Presets()
	return app.Header().Class("head").Body(
		app.H1().Class("brand").Body(
			app.Raw(brand),
			app.Text("Spillway"),
			app.Small().Text("event broker playground"),
		),
		app.Select().Class("btn").Aria("label", "Preset").OnChange(h.choose).Body(
			app.If(h.Preset == "", app.Option().Value("").Text("from a link").Selected(true)),
			app.Range(presets).Slice(func(i int) app.UI {
				p := presets[i]
				return app.Option().Value(p.ID).Text(p.Title).Selected(p.ID == h.Preset)
			}),
		),
		app.Span().Class("spacer"),
		app.Button().Type("button").Class("btn primary").Title("Copy a link to what you see").
			Text("Share link").OnClick(h.share),
		app.Button().Type("button").Class("btn icon").Aria("label", "Theme: switch to "+string(h.Theme.other())).
			Text("◐").OnClick(h.toggleTheme),
	)
}

func (h *header) choose(ctx app.Context, e app.Event) {
	h.To.Send(ctx, LoadPreset{ID: ctx.JSSrc().Get("value").String()})
}

func (h *header) toggleTheme(ctx app.Context, e app.Event) { h.To.setTheme(ctx, h.Theme.other()) }

// share copies the link of what is shown, and puts it into the address bar. Where
// the browser does not let it copy, it shows the link.
func (h *header) share(ctx app.Context, e app.Event) {
	u := *ctx.Page().URL()
	u.Fragment = h.To.model.Link()[1:]
	link := u.String()
	copied := func(text string) {
		ctx.Dispatch(func(ctx app.Context) { h.To.Send(ctx, Notify{Notice{Text: text}}) })
	}
	clipboard := app.Window().Get("navigator").Get("clipboard")
	if !clipboard.Truthy() {
		copied("Copy this link: " + link)
		return
	}
	ctx.Async(func() {
		if await(clipboard.Call("writeText", link)) {
			copied("The link is copied: it brings back exactly this.")
		} else {
			copied("Copy this link: " + link)
		}
	})
}

// await waits for a promise, outside of the UI goroutine, and says whether it was kept.
func await(promise app.Value) bool {
	kept := make(chan bool, 1)
	answer := func(ok bool) app.Func {
		return app.FuncOf(func(app.Value, []app.Value) any { kept <- ok; return nil })
	}
	then, fail := answer(true), answer(false)
	defer then.Release()
	defer fail.Release()
	promise.Call("then", then, fail)
	return <-kept
}
