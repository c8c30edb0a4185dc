package shelf

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"github.com/spillway-go/spillway/app/dom"
)

// readFile reads a file as text; then runs when it is done.
func readFile(ctx app.Context, file app.Value, then func(ctx app.Context, text string, ok bool)) {
	var done, failed app.Func
	answer := func(ok bool) app.Func {
		return dom.CallbackOf(dom.TheDialog, func(args []app.Value) {
			text := ""
			if ok {
				text = args[0].String()
			}
			// Not in what is dispatched, which is not done any more when the element of
			// the context has gone.
			done.Release()
			failed.Release()
			ctx.Dispatch(func(ctx app.Context) { then(ctx, text, ok) })
		})
	}
	done, failed = answer(true), answer(false)
	file.Call("text").Call("then", done, failed)
}
