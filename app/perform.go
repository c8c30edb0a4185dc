package app

import (
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"github.com/spillway-go/spillway/app/dom"
	"github.com/spillway-go/spillway/app/play"
)

// perform does in the browser what an update wants done.
func (p *Page) perform(ctx app.Context, e play.Effect) {
	switch e := e.(type) {
	case play.FocusOn:
		p.focusing = time.Now()
		dom.AfterRendering(p.own(ctx), func() {
			p.focusing = time.Time{}
			for _, id := range e {
				if focus(id, true) {
					return
				}
			}
		})
	case play.FocusNow:
		focus(string(e), false)
	case play.Copy:
		p.copy(ctx, e)
	case play.SaveFile:
		p.save(ctx, string(e))
	case play.SwitchTheme:
		p.setTheme(ctx, p.theme.Other())
	}
}

// awaitsFocus says that the focus is on its way. What should have moved it may have
// failed, which is no reason to wait for long.
func (p *Page) awaitsFocus() bool {
	return !p.focusing.IsZero() && time.Since(p.focusing) < time.Second
}

// focus moves the focus to an element, and says whether it could. Of a field the text
// can be selected.
func focus(id string, all bool) bool {
	e, ok := dom.ByID(id)
	if !ok || e.Get("disabled").Truthy() {
		return false
	}
	e.Call("focus")
	if all && e.Get("select").Truthy() {
		e.Call("select")
	}
	return true
}
