//go:build js

package app

import (
	"errors"
	"syscall/js"

	"github.com/spillway-go/spillway/app/boundary"
	"github.com/spillway-go/spillway/app/dom"
)

// blobFile is a file that grows in the browser.
type blobFile struct {
	parts js.Value
	size  int
}

func newBlobFile() *blobFile { return &blobFile{parts: js.Global().Get("Array").New()} }

// add appends a piece; it may be used again.
func (f *blobFile) add(piece []byte) {
	if len(piece) == 0 {
		return
	}
	bytes := js.Global().Get("Uint8Array").New(len(piece))
	js.CopyBytesToJS(bytes, piece)
	part := js.Global().Get("Blob").New(js.ValueOf([]any{bytes}))
	f.parts.Call("push", part)
	f.size += len(piece)
}

// save lets the browser save it.
func (f *blobFile) save(name, mediaType string) error {
	return boundary.Try(func() {
		download(name, js.Global().Get("Blob").New(f.parts, map[string]any{"type": mediaType}))
	})
}

func download(name string, blob js.Value) {
	url := js.Global().Get("URL")
	address := url.Call("createObjectURL", blob)
	// It is not in the document, where go-app would take the click for its own.
	link := js.Global().Get("document").Call("createElement", "a")
	link.Set("href", address)
	link.Set("download", name)
	link.Call("click")
	var revoke js.Func
	revoke = dom.Callback(dom.TheExport, func(js.Value, []js.Value) {
		revoke.Release()
		url.Call("revokeObjectURL", address)
	})
	js.Global().Call("setTimeout", revoke, 60_000) // by when it has begun to read
}

func saveBlob(name, mediaType string, pieces [][]byte) error {
	f := newBlobFile()
	for _, p := range pieces {
		f.add(p)
	}
	return f.save(name, mediaType)
}

// saveStage saves the stage as it is painted, on the background of the theme, with
// its caption above and the moment below. It waits for the browser.
func saveStage(id, name, caption, moment string) error {
	document := js.Global().Get("document")
	stage := document.Call("getElementById", id)
	if !stage.Truthy() || stage.Get("width").Int() == 0 {
		return errors.New("the stage is not on the screen")
	}
	ratio := stage.Get("width").Float() / max(1, stage.Get("clientWidth").Float())
	width, height := stage.Get("width").Float(), stage.Get("height").Float()
	margin := 44 * ratio
	picture := document.Call("createElement", "canvas")
	picture.Set("width", width)
	picture.Set("height", height+2*margin)
	to := picture.Call("getContext", "2d")
	style := js.Global().Call("getComputedStyle", document.Get("documentElement"))
	read := func(name string) string { return style.Call("getPropertyValue", name).String() }
	to.Set("fillStyle", read("--bg"))
	to.Call("fillRect", 0, 0, width, height+2*margin)
	to.Call("drawImage", stage, 0, margin)
	write := func(text, ink, face string, size, y float64) {
		to.Set("fillStyle", read(ink))
		to.Set("textBaseline", "middle")
		to.Set("font", js.Global().Call("String", size*ratio).String()+"px "+read(face))
		to.Call("fillText", text, 16*ratio, y, width-32*ratio)
	}
	write(caption, "--muted", "--font-ui", 14, margin/2)
	write(moment, "--faint", "--font-mono", 13, height+margin*3/2)

	made := make(chan js.Value, 1)
	done := dom.Callback(dom.TheExport, func(_ js.Value, args []js.Value) { made <- args[0] })
	defer done.Release()
	picture.Call("toBlob", done, stageFile.mediaType)
	blob := <-made
	if !blob.Truthy() {
		return errors.New("the browser makes no picture of that size")
	}
	download(name, blob)
	return nil
}
