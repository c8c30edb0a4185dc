//go:build !js

package app

import "github.com/maxence-charriere/go-app/v9/pkg/app"

// Outside of a browser, as in native tests, there are no frames.

func (p *Page) startLoop(app.Context) (stop func()) { return func() {} }

func (p *Page) rethemed() {}
