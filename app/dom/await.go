package dom

import "github.com/maxence-charriere/go-app/v9/pkg/app"

// Await waits for a promise, outside of the UI goroutine, and is what came of it and whether it was kept.
func Await(part string, promise app.Value) (result app.Value, kept bool) {
	type answer struct {
		value app.Value
		kept  bool
	}
	answers := make(chan answer, 1)
	on := func(kept bool) app.Func {
		return CallbackOf(part, func(args []app.Value) { answers <- answer{args[0], kept} })
	}
	then, fail := on(true), on(false)
	defer then.Release()
	defer fail.Release()
	promise.Call("then", then, fail)
	a := <-answers
	return a.value, a.kept
}
