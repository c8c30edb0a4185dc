package dom

import "github.com/maxence-charriere/go-app/v9/pkg/app"

// The elements of the page are made with app.Elem, whatever their tag: each
// typed element of go-app, such as app.Div, is a type of its own with some
// sixty methods, and a program carries all of them for each type it names.
//
// What is made here is an app.UI already: to chain go-app's methods and then put
// the element into another takes a call for each and a conversion, and with all
// elements of the page that is a twentieth of the code of this package.

// El is an element with what is in it; its class may be empty.
func El(tag, class string, body ...app.UI) app.UI { return app.Elem(tag).Class(class).Body(body...) }

// Text is an element with a text in it.
func Text(tag, class, text string) app.UI { return app.Elem(tag).Class(class).Text(text) }

// When is what is there only if something is so.
func When(so bool, body ...app.UI) app.UI { return app.If(so, body...) }

// RangeOf is one for each of so many things.
func RangeOf(n int, one func(i int) app.UI) app.UI { return app.Range(make([]struct{}, n)).Slice(one) }

// Button is a button that does what its handler does, and submits no form.
func Button() app.HTMLElem { return app.Elem("button").Attr("type", "button") }
