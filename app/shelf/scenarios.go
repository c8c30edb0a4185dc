package shelf

import (
	"slices"
	"strconv"
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"github.com/spillway-go/spillway/app/dom"
	"github.com/spillway-go/spillway/app/format"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

const (
	saveNameID  = "save-name"
	pasteID     = "paste-scenario"
	chooseID    = "choose-scenario"
	renameID    = "rename-scenario"
	savedListID = "saved-scenarios"
	undoID      = "undo-scenarios"
)

// Dialog is the dialog of what there is to play: the presets, and what the user
// has saved.
type Dialog struct {
	app.Compo

	To       dom.Sender[play.Msg]
	Shelf    *Shelf
	Preset   string            // the one in use
	Settings scenario.Scenario // of now, for a new run
	Run      scenario.Scenario // with what the user did in it

	list     []saved
	said     string  // what has come of the last thing that was done
	bad      bool    // it is an error
	from, to []saved // the change that can be taken back
	canUndo  bool
	renaming string // whose name is edited
	problem  string // with the new name
	over     bool   // a file is dragged over it
}

// OnInit looks at what is kept.
func (s *Dialog) OnInit() { s.reload() }

// reload takes the list as it is now: another tab may have changed it.
func (s *Dialog) reload() {
	text, err := s.Shelf.read()
	if err != nil {
		s.say(format.Sentence(err.Error()), true)
	}
	s.list = decodeSaved(text)
}

// say tells what has come of something.
func (s *Dialog) say(text string, bad bool) { s.said, s.bad, s.canUndo = text, bad, false }

// keep replaces the list, says so, and offers to take it back if there is a way.
func (s *Dialog) keep(list []saved, said string, undo bool) {
	before := s.list
	s.list = list
	s.say(said, false)
	text := encodeSaved(list)
	if err := s.Shelf.write(text); err != nil {
		s.say(said+" "+format.Sentence(err.Error()), true)
	}
	if undo {
		s.from, s.to, s.canUndo = before, decodeSaved(text), true // as it is read back
	}
}

func (s *Dialog) Render() app.UI { return dom.Contained(dom.TheDialog, "", s.render) }

func (s *Dialog) render() app.UI {
	class := "scenarios"
	if s.over {
		class += " over"
	}
	said := "outcome"
	if s.bad {
		said += " field-error"
	}
	presets := scenario.Presets()
	return app.Elem("div").Class(class).On("dragover", s.onDragOver).On("dragleave", s.onDragLeave).On("drop", s.onDrop).Body(
		app.Elem("p").Class(said).Role("status").Body(
			dom.Text("span", "", s.said),
			dom.When(s.canUndo, dom.Button().ID(undoID).Class("btn small").Text("Undo").OnClick(s.onUndo)),
		),
		dom.Text("h3", "", "Yours"),
		dom.El("div", "save",
			app.Elem("input").ID(saveNameID).Class("typed").Attr("type", "text").Attr("autocomplete", "off").Attr("maxlength", maxSavedName).Aria("label", "Name to save under").
				Attr("placeholder", "Name of what is on the page").OnKeyDown(s.onSaveKey),
			dom.Button().Class("btn primary").Title("The settings of now, to begin with").Text("Save settings").OnClick(s.onSaveSettings),
			dom.Button().Class("btn").Title("With all that you changed on the way, at its moments").Text("Save whole run").OnClick(s.onSaveRun),
		),
		dom.When(s.list == nil, dom.Text("p", "hint", "Nothing is saved yet. What you save stays in this browser.")),
		app.Elem("ul").ID(savedListID).Class("rows").Aria("label", "Your scenarios").Hidden(s.list == nil).Body(
			dom.RangeOf(min(len(s.list), maxSaved), func(i int) app.UI { return s.row(s.list[i]) }),
		),
		dom.When(len(s.list) > maxSaved, dom.Text("p", "hint", format.Count(uint64(len(s.list)))+" are kept, and the first "+strconv.Itoa(maxSaved)+" are listed.")),
		dom.El("div", "import",
			app.Elem("label").Attr("for", pasteID).Text("Import a scenario: drop its JSON file here, or paste its text."),
			app.Elem("textarea").ID(pasteID).Attr("rows", 2).Spellcheck(false).Attr("placeholder", "{ … }").OnInput(s.onPaste).OnChange(s.onPaste),
			app.Elem("input").ID(chooseID).Class("sr").Attr("type", "file").Attr("accept", ".json,application/json").Attr("multiple", true).TabIndex(-1).Aria("label", "JSON files").OnChange(s.onFiles),
			dom.Button().Class("btn").Text("Choose a file…").OnClick(s.onChoose),
		),
		dom.Text("h3", "", "Presets"),
		app.Elem("ul").Class("rows presets").Aria("label", "Presets").Body(
			dom.RangeOf(len(presets), func(i int) app.UI {
				p := presets[i]
				button := dom.Button().Class("pick").OnClick(s.onPreset(p.ID), p.ID).Body(
					dom.Text("b", "", p.Title),
					dom.Text("span", "", p.Caption),
				)
				if p.ID == s.Preset {
					button = button.Aria("current", true)
				}
				return dom.El("li", "", button)
			}),
		),
	)
}

// row is one of the user's own.
func (s *Dialog) row(v saved) app.UI {
	if s.renaming == v.Name {
		e := app.Elem("input").ID(renameID).Class("typed").Attr("type", "text").Attr("autocomplete", "off").Aria("label", "New name of "+v.Name).Attr("value", v.Name).
			OnKeyDown(s.onNameKey, v.Name).OnBlur(s.onNameBlur, v.Name)
		body := []app.UI{e}
		if s.problem != "" {
			e.Aria("invalid", true).Aria("describedby", renameID+"-problem")
			body = append(body, app.Elem("p").ID(renameID+"-problem").Class("field-error").Role("alert").Text(s.problem))
		}
		return dom.El("li", "", dom.El("div", "what", body...))
	}
	facts, class := factsOf(v.Scenario), "facts"
	if v.Problem != "" {
		facts, class = "It can’t be opened. "+v.Problem, "facts field-error"
	}
	button := func(text string, h func(ctx app.Context, name string)) app.HTMLElem {
		return dom.Button().Class("btn small").Aria("label", text+" "+v.Name).Text(text).
			OnClick(func(ctx app.Context, e app.Event) { h(ctx, v.Name) }, text, v.Name)
	}
	return dom.El("li", "",
		dom.El("div", "what", dom.Text("b", "", v.Name), dom.Text("span", class, facts)),
		dom.El("div", "acts",
			button("Open", s.open).Attr("disabled", v.Problem != ""),
			button("Rename", s.rename).ID(renameButtonID(s.list, v.Name)),
			button("Export", s.export),
			button("Delete", s.remove),
		),
	)
}

func (s *Dialog) onPreset(id string) app.EventHandler {
	return func(ctx app.Context, e app.Event) {
		s.To.Send(ctx, play.LoadPreset{ID: id})
		dom.CloseDialog()
	}
}

func (s *Dialog) open(ctx app.Context, name string) {
	s.reload()
	i := indexOf(s.list, name)
	if i < 0 || s.list[i].Problem != "" {
		return
	}
	s.To.Send(ctx, play.LoadScenario{Caption: "Your scenario “" + name + "”.", Scenario: s.list[i].Scenario})
	dom.CloseDialog()
}

func (s *Dialog) onSaveSettings(ctx app.Context, e app.Event) {
	if s.save(typedIn(saveNameID), s.Settings) {
		emptyName()
	}
}

func (s *Dialog) onSaveRun(ctx app.Context, e app.Event) {
	if s.save(typedIn(saveNameID), s.Run) {
		emptyName()
	}
}

func (s *Dialog) onSaveKey(ctx app.Context, e app.Event) {
	if e.Get("key").String() == "Enter" {
		s.onSaveSettings(ctx, e)
	}
}

// typedIn is what an input holds.
func typedIn(id string) string {
	if e, ok := dom.ByID(id); ok {
		return e.Get("value").String()
	}
	return ""
}

// emptyName makes room for the next name.
func emptyName() {
	if e, ok := dom.ByID(saveNameID); ok {
		e.Set("value", "")
	}
}

// save puts a scenario into the list, and says whether it could. Without a name it
// gets one.
func (s *Dialog) save(name string, what scenario.Scenario) bool {
	s.reload()
	if strings.TrimSpace(name) == "" {
		name = freeName(s.list, "my scenario")
	}
	name = tidyName(name)
	replaces := indexOf(s.list, name) >= 0
	list, err := putSaved(s.list, newSaved(name, string(what.JSON())))
	if err != nil {
		s.say(format.Sentence(err.Error()), true)
		return false
	}
	said := "“" + name + "” is saved."
	if replaces {
		said = "“" + name + "” is saved in place of the one before."
	}
	s.keep(list, said, replaces)
	return true
}

// export saves it as a file, damaged or not.
func (s *Dialog) export(ctx app.Context, name string) {
	if i := indexOf(s.list, name); i >= 0 {
		text := s.list[i].Text
		if s.list[i].Problem == "" {
			text = string(s.list[i].Scenario.JSON())
		}
		if err := dom.SaveText(fileName(name), "application/json", text); err != nil {
			s.say("“"+name+"” can’t be exported: "+err.Error()+".", true)
		}
	}
}

func (s *Dialog) remove(ctx app.Context, name string) {
	s.reload()
	if i := indexOf(s.list, name); i >= 0 {
		s.keep(slices.Delete(slices.Clone(s.list), i, i+1), "“"+name+"” is deleted.", true)
		s.focus(ctx, undoID)
	}
}

// focus moves the focus from an element that goes.
func (s *Dialog) focus(ctx app.Context, id string) { s.To.Send(ctx, play.FocusNext{ID: id}) }

func (s *Dialog) onUndo(ctx app.Context, e app.Event) {
	s.reload()
	s.keep(revert(s.list, s.from, s.to), "It is as it was before.", false)
	s.focus(ctx, saveNameID)
}
