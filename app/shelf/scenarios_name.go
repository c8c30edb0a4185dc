package shelf

import (
	"slices"
	"strconv"
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"github.com/spillway-go/spillway/app/format"
)

// rename begins to edit a name.
func (s *Dialog) rename(ctx app.Context, name string) {
	s.renaming, s.problem = name, ""
	s.focus(ctx, renameID)
}

// renameButtonID is the ID of the button that renames one of a list.
func renameButtonID(list []saved, name string) string {
	return renameID + "-" + strconv.Itoa(indexOf(list, name))
}

func (s *Dialog) onNameKey(ctx app.Context, e app.Event) {
	switch e.Get("key").String() {
	case "Enter":
		e.PreventDefault() // or it would also press the button that gets the focus
		name := strings.TrimSpace(ctx.JSSrc().Get("value").String())
		if s.renamed(name); s.renaming == "" {
			s.focus(ctx, renameButtonID(s.list, name))
		}
	case "Escape":
		e.PreventDefault() // which would close the dialog
		s.focus(ctx, renameButtonID(s.list, s.renaming))
		s.renaming, s.problem = "", ""
	}
}

func (s *Dialog) onNameBlur(ctx app.Context, e app.Event) {
	if s.renaming != "" {
		s.renamed(ctx.JSSrc().Get("value").String())
	}
}

// renamed gives the one whose name is edited another.
func (s *Dialog) renamed(name string) {
	s.reload()
	name = strings.TrimSpace(name)
	i := indexOf(s.list, s.renaming)
	if i < 0 {
		s.renaming = ""
		return
	}
	if err := checkSavedName(s.list, i, name); err != nil {
		s.problem = format.Sentence(err.Error())
		return
	}
	if old := s.renaming; name != old {
		list := slices.Clone(s.list)
		list[i].Name = name
		s.keep(list, "“"+old+"” is now called “"+name+"”.", true)
	}
	s.renaming, s.problem = "", ""
}
