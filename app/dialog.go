package app

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"github.com/spillway-go/spillway/app/boundary"
	"github.com/spillway-go/spillway/app/dom"
	"github.com/spillway-go/spillway/app/play"
)

// dialog is what lies over the page, with a title and a way out. It is the
// browser's own, which keeps the focus inside and gives it back afterwards.
type dialog struct {
	app.Compo

	To     dom.Sender[play.Msg]
	Title  string
	Notice play.Notice // the page's own lie under a dialog
	Body   []app.UI
}

// dialogOf is a dialog with that body.
func dialogOf(p *Page, title string, body ...app.UI) app.UI {
	return &dialog{To: p, Title: title, Notice: p.model.Notice, Body: body}
}

// OnMount opens it, once it is in the page. One that the browser does not open is
// not there.
func (d *dialog) OnMount(ctx app.Context) {
	dom.AfterRendering(ctx, func() {
		if !boundary.Contain(dom.TheDialog, showDialog) {
			d.To.Send(ctx, play.Open{Dialog: play.NoDialog})
		}
	})
}

func showDialog() {
	if e, ok := dom.ByID(dom.DialogID); ok && !e.Get("open").Bool() {
		e.Call("showModal")
	}
}

func (d *dialog) Render() app.UI { return dom.Contained(dom.TheDialog, "", d.render) }

func (d *dialog) render() app.UI {
	return app.Elem("dialog").ID(dom.DialogID).Class("dialog").Aria("labelledby", dom.DialogID+"-title").
		On("close", func(ctx app.Context, e app.Event) { d.To.Send(ctx, play.Open{Dialog: play.NoDialog}) }).
		OnClick(func(ctx app.Context, e app.Event) {
			if e.Get("target").Get("id").String() == dom.DialogID { // the backdrop: all inside is in the sheet
				dom.CloseDialog()
			}
		}).
		Body(dom.El("div", "sheet",
			dom.El("div", "top",
				app.Elem("h2").ID(dom.DialogID+"-title").Text(d.Title),
				dom.Button().Class("btn icon").Aria("label", "Close").Title("Close (Esc)").Text("×").
					OnClick(func(ctx app.Context, e app.Event) { dom.CloseDialog() }),
			),
			&notice{To: d.To, Notice: d.Notice},
			dom.El("div", "body", d.Body...),
		))
}
