package app

import "github.com/maxence-charriere/go-app/v9/pkg/app"

// perform does in the browser what an update wants done.
func (p *Page) perform(ctx app.Context, e Effect) {
	switch e := e.(type) {
	case FocusOn:
		p.focusing++
		p.own(ctx).Defer(func(app.Context) {
			p.focusing--
			for _, id := range e {
				if focus(id, true) {
					return
				}
			}
		})
	case FocusNow:
		focus(string(e), false)
	case SwitchTheme:
		p.setTheme(ctx, p.theme.other())
	}
}

// focus moves the focus to an element, and says whether it could. Of a field the text
// can be selected.
func focus(id string, all bool) bool {
	e := app.Window().GetElementByID(id)
	if !e.Truthy() || e.Get("disabled").Truthy() {
		return false
	}
	e.Call("focus")
	if all && e.Get("select").Truthy() {
		e.Call("select")
	}
	return true
}
