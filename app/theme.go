package app

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"github.com/spillway-go/spillway/app/draw"
)

// themeKey is where the choice is kept; theme.js reads it.
const themeKey = "spillway.theme"

func currentTheme() draw.Theme {
	if app.IsServer {
		return draw.Dark
	}
	return draw.Theme(app.Window().Get("document").Get("documentElement").Get("dataset").Get("theme").String())
}

// setTheme shows a theme and remembers it, if the browser lets it.
func (p *Page) setTheme(ctx app.Context, t draw.Theme) {
	p.theme = t
	app.Window().Get("document").Get("documentElement").Get("dataset").Set("theme", string(t))
	_ = ctx.LocalStorage().Set(themeKey, t) // blocked storage costs the memory, not the theme
	p.loop.readTheme()
}

func prefersReducedMotion() bool {
	return app.IsClient && app.Window().Call("matchMedia", "(prefers-reduced-motion: reduce)").Get("matches").Bool()
}
