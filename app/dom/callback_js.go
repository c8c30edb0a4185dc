//go:build js

package dom

import (
	"syscall/js"

	"github.com/spillway-go/spillway/app/boundary"
)

// Callback is a function of a part for JavaScript to call, which may be often.
func Callback(part string, f func(this js.Value, args []js.Value)) js.Func {
	return js.FuncOf(func(this js.Value, args []js.Value) any {
		boundary.Repeat(part, func() { f(this, args) })
		return nil
	})
}
