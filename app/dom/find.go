package dom

import "github.com/maxence-charriere/go-app/v9/pkg/app"

// ByID is the element of that ID, and whether there is one.
func ByID(id string) (app.Value, bool) {
	e := app.Window().GetElementByID(id)
	return e, e.Truthy()
}

// Within is the first element in another that a selector fits, and whether there is one.
func Within(e app.Value, selector string) (app.Value, bool) {
	found := e.Call("querySelector", selector)
	return found, found.Truthy()
}
