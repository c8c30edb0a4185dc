package dom

// DialogID is the ID of the dialog that lies over the page: there is one at a time.
const DialogID = "dialog"

// CloseDialog closes the dialog as Escape does: the browser then says so.
func CloseDialog() {
	if e, ok := ByID(DialogID); ok {
		e.Call("close")
	}
}
