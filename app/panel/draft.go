package panel

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"github.com/spillway-go/spillway/app/dom"
	"github.com/spillway-go/spillway/app/format"
	"github.com/spillway-go/spillway/app/play"
)

// draft identifies what is edited: a value, or the name, of an actor in one of the
// scenarios that have been opened. What is typed for one is not for another.
type draft struct {
	actor play.Actor
	load  int // of the scenario
	of    *control
}

// OnUpdate forgets what was typed for another.
func (f *field) OnUpdate(ctx app.Context) {
	if d := (draft{f.Actor, f.Load, f.Of}); d != f.draft {
		f.draft = d
		f.forget(ctx)
	}
}

func (f *field) OnInit() { f.draft = draft{f.Actor, f.Load, f.Of} }

func (f *field) forget(ctx app.Context) {
	f.editing, f.dragged, f.sliding, f.problem = false, false, false, ""
	f.settle(ctx)
}

// settle lets the browser show the value, unless it holds what is still typed. It
// waits for the next rendering, which has the value of then.
func (f *field) settle(ctx app.Context) {
	box := f.box
	if box == nil || !box.Truthy() {
		return
	}
	dom.AfterRendering(ctx, func() {
		row := box.Get("parentNode")
		if !f.Mounted() || !row.Truthy() {
			return
		}
		set := func(selector, value string) {
			if e, ok := dom.Within(row, selector); ok && e.Get("value").String() != value {
				e.Set("value", value)
			}
		}
		if f.Of.menu {
			set("select", strconv.FormatInt(f.Value, 10))
		}
		if f.Of.stops != nil && !f.sliding {
			set("input[type=range]", strconv.Itoa(nearest(f.Of.stops, f.Value)))
		}
		if !f.editing {
			set("input[type=text]", f.shown())
		}
	})
}

// onType handles each change of the text. A problem is shown when the text is complete,
// and updated or removed while it is corrected.
func (f *field) onType(ctx app.Context, e app.Event) {
	if !f.editing {
		f.held, f.editing = f.shown(), true
	}
	f.box = ctx.JSSrc()
	if f.problem != "" {
		f.problem = ""
		if _, _, err := f.Of.read(f.box.Get("value").String(), f.Value); err != nil {
			f.problem = format.Sentence(err.Error())
		}
	}
}

// onChange handles the complete text: after Enter, or when the focus leaves.
func (f *field) onChange(ctx app.Context, e app.Event) {
	f.box = ctx.JSSrc()
	f.commit(ctx, f.box.Get("value").String())
}

// commit sends what was typed as the new value, or shows what is wrong with it.
func (f *field) commit(ctx app.Context, typed string) {
	if !f.editing {
		f.held, f.editing = f.shown(), true
	}
	if typed == f.held { // perhaps shorter than what is meant
		f.forget(ctx)
		return
	}
	v, text, err := f.Of.read(typed, f.Value)
	if err != nil {
		f.problem = format.Sentence(err.Error())
		return
	}
	f.editing = !f.set(ctx, v, text, play.NoSlide)
	f.settle(ctx)
}

// onBlur forgets what is typed, unless it is a draft with a problem.
func (f *field) onBlur(ctx app.Context, e app.Event) {
	f.box = ctx.JSSrc()
	if !f.editing || f.problem == "" {
		f.forget(ctx)
	}
}

// onKey restores the value with Escape. The page leaves a field its keys, so the field
// sends Undo and Redo itself where nothing is typed.
func (f *field) onKey(ctx app.Context, e app.Event) {
	f.box, f.dragged = ctx.JSSrc(), false
	key := e.Get("key").String()
	command := e.Get("ctrlKey").Bool() || e.Get("metaKey").Bool()
	switch {
	case key == "Escape" && (f.editing || f.problem != ""):
		e.PreventDefault()
		f.forget(ctx)
	case command && !f.editing && (key == "z" || key == "Z" || key == "y"):
		e.PreventDefault()
		if key == "z" {
			f.Panel.To.Send(ctx, play.Undo{})
		} else {
			f.Panel.To.Send(ctx, play.Redo{})
		}
		f.settle(ctx)
	}
}
