// Command wasm is the program of the page.
package main

import "github.com/maxence-charriere/go-app/v9/pkg/app"

type page struct{ app.Compo }

func (p *page) Render() app.UI {
	return app.Div().Class("app").ID("app").Body(
		app.Header().Class("head").Body(app.Div().Class("brand").Text("Spillway")),
		app.Main().Class("main"),
	)
}

func main() {
	app.RouteWithRegexp(".*", &page{})
	app.RunWhenOnBrowser()
}
