package shelf

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"github.com/spillway-go/spillway/app/dom"
)

// readFile reads a file as text; then runs when it is done.
func readFile(ctx app.Context, file app.Value, then func(ctx app.Context, text string, ok bool)) {
	dom.Aside(dom.TheDialog, func() {
		text := ""
		value, ok := dom.Await(dom.TheDialog, file.Call("text"))
		if ok {
			text = value.String()
		}
		ctx.Dispatch(func(ctx app.Context) { then(ctx, text, ok) })
	})
}
