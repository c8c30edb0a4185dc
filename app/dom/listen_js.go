//go:build js

package dom

import "syscall/js"

// Element is ByID without go-app, for what is asked for often.
func Element(id string) (js.Value, bool) {
	e := js.Global().Get("document").Call("getElementById", id)
	return e, e.Truthy()
}

// Listen has the events of an element handled by a part, until release.
func Listen(part string, element js.Value, handle func(event js.Value), events ...string) (release func()) {
	f := Callback(part, func(_ js.Value, args []js.Value) { handle(args[0]) })
	for _, name := range events {
		element.Call("addEventListener", name, f)
	}
	return func() {
		for _, name := range events {
			element.Call("removeEventListener", name, f)
		}
		f.Release()
	}
}
