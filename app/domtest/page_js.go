package domtest

import (
	"syscall/js"
	"testing"

	"github.com/spillway-go/spillway/app/draw"
)

// Put adds an element to the page for the time of a test.
func Put(t *testing.T, tag, id string, attributes map[string]string) js.Value {
	document := js.Global().Get("document")
	e := document.Call("createElement", tag)
	e.Set("id", id)
	for name, value := range attributes {
		e.Call("setAttribute", name, value)
	}
	document.Get("body").Call("appendChild", e)
	t.Cleanup(func() { e.Call("remove") })
	return e
}

// Dress gives the page colours and fonts, as its style sheet does.
func Dress(t *testing.T) {
	style := js.Global().Get("document").Get("documentElement").Get("style")
	set := func(name, value string) {
		style.Call("setProperty", name, value)
		t.Cleanup(func() { style.Call("removeProperty", name) })
	}
	for ink := draw.NoInk + 1; ink < draw.Inks; ink++ {
		set(draw.Variables[ink], "#"+string("0123456789abcdef"[ink])+"08040")
	}
	set("--font-ui", "sans-serif")
	set("--font-mono", "monospace")
}
