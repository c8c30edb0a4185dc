package app

import (
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// add imports texts, each under the name of its file.
func (s *scenarios) add(name, text string) bool {
	s.reload()
	v := newSaved(freeName(s.list, name), text)
	if v.Problem != "" {
		s.say("“"+name+"” can’t be imported. "+v.Problem, true)
		return false
	}
	list, err := putSaved(s.list, v)
	if err != nil {
		s.say(sentence(err.Error()), true)
		return false
	}
	s.keep(list, "“"+v.Name+"” is imported.", true)
	return true
}

// onPaste imports a pasted text as soon as it is one, and says what is wrong with
// it when the reader is done.
func (s *scenarios) onPaste(ctx app.Context, e app.Event) {
	box := ctx.JSSrc()
	text := strings.TrimSpace(box.Get("value").String())
	pasted := e.Get("inputType").Truthy() && strings.HasPrefix(e.Get("inputType").String(), "insertFrom")
	if text == "" || e.Get("type").String() == "input" && !pasted {
		return
	}
	if s.add("pasted scenario", text) {
		box.Set("value", "")
	}
}

func (s *scenarios) onChoose(ctx app.Context, e app.Event) {
	if e := app.Window().GetElementByID(chooseID); e.Truthy() {
		e.Call("click")
	}
}

func (s *scenarios) onFiles(ctx app.Context, e app.Event) {
	src := ctx.JSSrc()
	s.addFiles(ctx, src.Get("files"))
	src.Set("value", "") // so that the same file can be chosen again
}

func (s *scenarios) onDragOver(ctx app.Context, e app.Event) {
	e.PreventDefault()
	s.over = true
}

func (s *scenarios) onDragLeave(ctx app.Context, e app.Event) { s.over = false }

func (s *scenarios) onDrop(ctx app.Context, e app.Event) {
	s.over = false
	data := e.Get("dataTransfer")
	if data.Truthy() && data.Get("files").Get("length").Int() > 0 {
		e.PreventDefault()
		s.addFiles(ctx, data.Get("files"))
	}
}

// addFiles imports files.
func (s *scenarios) addFiles(ctx app.Context, files app.Value) {
	for i := range min(files.Get("length").Int(), maxSaved) {
		file := files.Index(i)
		name := nameOfFile(file.Get("name").String())
		if size := file.Get("size").Float(); size > maxSavedText {
			s.say("“"+name+"” can’t be imported. "+sentence(tooLong(uint64(size))), true)
			continue
		}
		readFile(ctx, file, func(ctx app.Context, text string, ok bool) {
			if !ok {
				s.say("“"+name+"” can’t be read.", true)
				return
			}
			s.add(name, text)
		})
	}
}
