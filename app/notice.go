package app

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"github.com/spillway-go/spillway/app/boundary"
	"github.com/spillway-go/spillway/app/dom"
	"github.com/spillway-go/spillway/app/play"
)

// notice is what the user should read, until it is dismissed.
type notice struct {
	app.Compo

	To     dom.Sender[play.Msg]
	Notice play.Notice
}

func (n *notice) Render() app.UI { return dom.Contained(dom.TheNotice, "notices", n.render) }

func (n *notice) render() app.UI {
	class, role := "notice", "status"
	if n.Notice.Error {
		class, role = "notice error", "alert"
	}
	// The region is always there: a screen reader announces only what changes in
	// a region it knows.
	return app.Elem("div").Class("notices").Role(role).Body(
		dom.When(n.Notice.Text != "", dom.El("div", class,
			dom.Text("span", "", n.Notice.Text),
			dom.When(n.Notice.Retry, dom.TryAgain(n.retry)),
			dom.When(n.Notice.Expensive, dom.Button().Class("btn small").Text("Run").OnClick(n.run)),
			dom.When(n.Notice.Expensive, dom.Button().Class("btn small").Text("Change it").OnClick(n.dismiss)),
			dom.Button().Class("btn small").Aria("label", "Dismiss").Text("×").OnClick(n.dismiss),
		)),
	)
}

func (n *notice) retry(ctx app.Context, e app.Event) {
	boundary.Retry()
	n.dismiss(ctx, e)
}

func (n *notice) dismiss(ctx app.Context, e app.Event) { n.To.Send(ctx, play.Notify{}) }

func (n *notice) run(ctx app.Context, e app.Event) { n.To.Send(ctx, play.RunExpensive{}) }
