//go:build js

package dom

import (
	"syscall/js"

	"github.com/spillway-go/spillway/app/boundary"
)

// File is a file that grows in the browser, outside of the program's memory.
type File struct {
	parts js.Value
	Size  int
}

// NewFile is an empty one.
func NewFile() *File { return &File{parts: js.Global().Get("Array").New()} }

// Add appends a piece; it may be used again.
func (f *File) Add(piece []byte) {
	if len(piece) == 0 {
		return
	}
	bytes := js.Global().Get("Uint8Array").New(len(piece))
	js.CopyBytesToJS(bytes, piece)
	part := js.Global().Get("Blob").New(js.ValueOf([]any{bytes}))
	f.parts.Call("push", part)
	f.Size += len(piece)
}

// Save lets the browser save it.
func (f *File) Save(name, mediaType string) error {
	return boundary.Try(func() {
		Download(name, js.Global().Get("Blob").New(f.parts, map[string]any{"type": mediaType}))
	})
}

// Download lets the browser save a blob.
func Download(name string, blob js.Value) {
	url := js.Global().Get("URL")
	address := url.Call("createObjectURL", blob)
	// It is not in the document, where go-app would take the click for its own.
	link := js.Global().Get("document").Call("createElement", "a")
	link.Set("href", address)
	link.Set("download", name)
	link.Call("click")
	var revoke js.Func
	revoke = Callback(TheExport, func(js.Value, []js.Value) {
		revoke.Release()
		url.Call("revokeObjectURL", address)
	})
	js.Global().Call("setTimeout", revoke, 60_000) // by when it has begun to read
}
