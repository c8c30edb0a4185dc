//go:build js

package app

import (
	"errors"
	"syscall/js"

	"github.com/spillway-go/spillway/app/dom"
)

// saveStage saves the stage as it is painted, on the background of the theme, with
// its caption above and the moment below. It waits for the browser.
func saveStage(id, name, caption, moment string) error {
	document := js.Global().Get("document")
	stage, ok := dom.Element(id)
	if !ok || stage.Get("width").Int() == 0 {
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
	dom.Download(name, blob)
	return nil
}
