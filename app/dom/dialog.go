package dom

import "github.com/maxence-charriere/go-app/v9/pkg/app"

// DialogID is the ID of the dialog that lies over the page: there is one at a time.
const DialogID = "dialog"

// CloseDialog closes the dialog as Escape does: the browser then says so.
func CloseDialog() {
	if e := app.Window().GetElementByID(DialogID); e.Truthy() {
		e.Call("close")
	}
}
