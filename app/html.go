package app

import "github.com/maxence-charriere/go-app/v9/pkg/app"

// The elements of the page are made with app.Elem, whatever their tag: each
// typed element of go-app, such as app.Div, is a type of its own with some
// sixty methods, and a program carries all of them for each type it names.

// button is a button that does what its handler does, and submits no form.
func button() app.HTMLElem { return app.Elem("button").Attr("type", "button") }
