package app

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"github.com/spillway-go/spillway/app/boundary"
)

// notice is what the user should read, until it is dismissed.
type notice struct {
	app.Compo

	To     Sender
	Notice Notice
}

func (n *notice) Render() app.UI { return contained(theNotice, "notices", n.render) }

func (n *notice) render() app.UI {
	class, role := "notice", "status"
	if n.Notice.Error {
		class, role = "notice error", "alert"
	}
	// The region is always there: a screen reader announces only what changes in
	// a region it knows.
	return app.Elem("div").Class("notices").Role(role).Body(
		when(n.Notice.Text != "", el("div", class,
			text("span", "", n.Notice.Text),
			when(n.Notice.Retry, tryAgain(n.retry)),
			when(n.Notice.Dear, button().Class("btn small").Text("Run").OnClick(n.run)),
			when(n.Notice.Dear, button().Class("btn small").Text("Change it").OnClick(n.dismiss)),
			button().Class("btn small").Aria("label", "Dismiss").Text("×").OnClick(n.dismiss),
		)),
	)
}

func (n *notice) retry(ctx app.Context, e app.Event) {
	boundary.Retry()
	n.dismiss(ctx, e)
}

func (n *notice) dismiss(ctx app.Context, e app.Event) { n.To.Send(ctx, Notify{}) }

func (n *notice) run(ctx app.Context, e app.Event) { n.To.Send(ctx, RunDear{}) }
