//go:build !js

package app

import "github.com/maxence-charriere/go-app/v9/pkg/app"

// loop is nothing outside of a browser, as in native tests: there are no frames.
type loop struct{}

func (p *Page) startLoop(app.Context) (stop func()) { return func() {} }

func (l *loop) readTheme() {}
