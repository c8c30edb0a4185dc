//go:build !js

package dom

import "errors"

// ErrNoBrowser says that outside of a browser, as in native tests, no file is saved.
var ErrNoBrowser = errors.New("there is no browser")

// File only counts, outside of a browser.
type File struct{ Size int }

// NewFile is an empty one.
func NewFile() *File { return &File{} }

// Add counts a piece.
func (f *File) Add(piece []byte) { f.Size += len(piece) }

// Save can't.
func (f *File) Save(name, mediaType string) error { return ErrNoBrowser }
