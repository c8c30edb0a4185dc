//go:build !js

package screen

// screenPainter is what draws a screen, in a browser.
//
//lint:ignore U1000 here there is none
type screenPainter struct{}
