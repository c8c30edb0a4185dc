//go:build !js

package app

// screenPainter is what draws a screen, in a browser.
type screenPainter struct{}
