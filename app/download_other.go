//go:build !js

package app

import "github.com/spillway-go/spillway/app/dom"

// Outside of a browser, as in native tests, no file is saved.
func saveStage(id, name, caption, moment string) error { return dom.ErrNoBrowser }
