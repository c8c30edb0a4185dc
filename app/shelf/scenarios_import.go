package shelf

import (
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"github.com/spillway-go/spillway/app/dom"
	"github.com/spillway-go/spillway/app/format"
)

// imported is a text to import, or what is wrong with it already.
type imported struct{ name, text, problem string }

// add imports texts, each under the name of its file, and tells of all of them.
// It says whether they are all in.
func (s *Dialog) add(texts ...imported) bool {
	s.reload()
	list := s.list
	var names, problems []string
	for _, in := range texts {
		v := newSaved(freeName(list, in.name), in.text)
		if in.problem == "" {
			in.problem = v.Problem
		}
		if in.problem == "" {
			more, err := putSaved(list, v)
			if err == nil {
				list, names = more, append(names, "“"+v.Name+"”")
				continue
			}
			in.problem = format.Sentence(err.Error())
		}
		problems = append(problems, "“"+in.name+"” can’t be imported. "+in.problem)
	}
	said := strings.Join(problems, " ")
	switch len(names) {
	case 0:
		s.say(said, true)
		return false
	case 1:
		said = strings.TrimSpace(names[0] + " is imported. " + said)
	default:
		said = strings.TrimSpace(strings.Join(names, ", ") + " are imported. " + said)
	}
	s.keep(list, said, true)
	s.bad = s.bad || problems != nil
	return problems == nil
}

// onPaste imports a pasted text as soon as it is one, and says what is wrong with
// it when the reader is done.
func (s *Dialog) onPaste(ctx app.Context, e app.Event) {
	box := ctx.JSSrc()
	text := strings.TrimSpace(box.Get("value").String())
	pasted := e.Get("inputType").Truthy() && strings.HasPrefix(e.Get("inputType").String(), "insertFrom")
	if text == "" || e.Get("type").String() == "input" && !pasted {
		return
	}
	if s.add(imported{name: "pasted scenario", text: text}) {
		box.Set("value", "")
	}
}

func (s *Dialog) onChoose(ctx app.Context, e app.Event) {
	if e, ok := dom.ByID(chooseID); ok {
		e.Call("click")
	}
}

func (s *Dialog) onFiles(ctx app.Context, e app.Event) {
	src := ctx.JSSrc()
	s.addFiles(ctx, src.Get("files"))
	src.Set("value", "") // so that the same file can be chosen again
}

func (s *Dialog) onDragOver(ctx app.Context, e app.Event) {
	e.PreventDefault()
	s.over = true
}

func (s *Dialog) onDragLeave(ctx app.Context, e app.Event) { s.over = false }

func (s *Dialog) onDrop(ctx app.Context, e app.Event) {
	s.over = false
	data := e.Get("dataTransfer")
	if data.Truthy() && data.Get("files").Get("length").Int() > 0 {
		e.PreventDefault()
		s.addFiles(ctx, data.Get("files"))
	}
}

// addFiles imports files, once the last of them is read: what is wrong with one is
// told beside what came of the others.
func (s *Dialog) addFiles(ctx app.Context, files app.Value) {
	texts := make([]imported, min(files.Get("length").Int(), maxSaved))
	left := len(texts)
	done := func() {
		if left--; left == 0 {
			s.add(texts...)
		}
	}
	for i := range texts {
		file, in := files.Index(i), &texts[i]
		in.name = nameOfFile(file.Get("name").String())
		if size := file.Get("size").Float(); size > maxSavedText {
			in.problem = format.Sentence(tooLong(uint64(size)))
			done()
			continue
		}
		readFile(ctx, file, func(ctx app.Context, text string, ok bool) {
			if in.text = text; !ok {
				in.problem = "It can’t be read."
			}
			done()
		})
	}
}
