package app

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"github.com/spillway-go/spillway/app/boundary"
)

// The parts of the page that can fail without the others, as subjects of a sentence.
const (
	thePage     = "The page"
	theAction   = "What was done last"
	theRun      = "The run"
	theHeader   = "The header"
	theScenario = "The scenario"
	theStage    = "The stage"
	theCard     = "The card"
	theTimeLine = "The time line"
	theControls = "The transport"
	theCharts   = "The chart area"
	thePicture  = "The picture of the stage"
	theDrawing  = "The drawing of the charts"
	theLines    = "The list of log lines"
	theTiles    = "The result"
	theTheory   = "The theory"
	theLog      = "The log"
	theNotice   = "The notice"
	theDialog   = "The dialog"
	theExport   = "The export"
	theCopying  = "The copying"
)

// contained is what render makes of a part of the page. When it has failed, a sentence of
// the same class stands in its place.
func contained(part, class string, render func() app.UI) (ui app.UI) {
	if boundary.Repeat(part, func() { ui = render() }) {
		return ui
	}
	return el("section", class+" failed", text("p", "", part+" can’t be shown."), tryAgain(func(app.Context, app.Event) { boundary.Retry() }))
}

// tryAgain is a button that switches on again what has failed too often.
func tryAgain(retry app.EventHandler) app.UI {
	return button().Class("btn small").Text("Try again").OnClick(retry)
}

// afterRendering does something to the page once it has been rendered.
func afterRendering(ctx app.Context, f func()) {
	ctx.Defer(func(app.Context) { boundary.Contain(thePage, f) })
}

// aside does something that waits, beside everything else.
func aside(part string, f func()) { go boundary.Contain(part, f) }

// callbackOf is a function for JavaScript to call.
func callbackOf(part string, f func(args []app.Value)) app.Func {
	return app.FuncOf(func(_ app.Value, args []app.Value) any {
		boundary.Contain(part, func() { f(args) })
		return nil
	})
}
