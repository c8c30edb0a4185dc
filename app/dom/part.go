package dom

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"github.com/spillway-go/spillway/app/boundary"
)

// The parts of the page that can fail without the others, as subjects of a sentence.
const (
	ThePage     = "The page"
	TheAction   = "What was done last"
	TheRun      = "The run"
	TheHeader   = "The header"
	TheScenario = "The scenario"
	TheStage    = "The stage"
	TheCard     = "The card"
	TheTimeLine = "The time line"
	TheControls = "The transport"
	TheCharts   = "The chart area"
	ThePicture  = "The picture of the stage"
	TheDrawing  = "The drawing of the charts"
	TheLines    = "The list of log lines"
	TheTiles    = "The result"
	TheTheory   = "The theory"
	TheLog      = "The log"
	TheNotice   = "The notice"
	TheDialog   = "The dialog"
	TheExport   = "The export"
	TheCopying  = "The copying"
)

// Contained is what render makes of a part of the page. When it has failed, a sentence of
// the same class stands in its place.
func Contained(part, class string, render func() app.UI) (ui app.UI) {
	if boundary.Repeat(part, func() { ui = render() }) {
		return ui
	}
	return El("section", class+" failed", Text("p", "", part+" can’t be shown."), TryAgain(func(app.Context, app.Event) { boundary.Retry() }))
}

// TryAgain is a button that switches on again what has failed too often.
func TryAgain(retry app.EventHandler) app.UI {
	return Button().Class("btn small").Text("Try again").OnClick(retry)
}

// AfterRendering does something to the page once it has been rendered.
func AfterRendering(ctx app.Context, f func()) {
	ctx.Defer(func(app.Context) { boundary.Contain(ThePage, f) })
}

// Aside does something that waits, beside everything else.
func Aside(part string, f func()) { go boundary.Contain(part, f) }

// CallbackOf is a function for JavaScript to call.
func CallbackOf(part string, f func(args []app.Value)) app.Func {
	return app.FuncOf(func(_ app.Value, args []app.Value) any {
		boundary.Contain(part, func() { f(args) })
		return nil
	})
}
