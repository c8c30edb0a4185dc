package panel

import (
	"math/rand/v2"
	"strconv"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"github.com/spillway-go/spillway/app/dom"
	"github.com/spillway-go/spillway/app/format"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// field shows one value of the scenario and changes it: with a slider and typed
// beside it, from a few buttons, from a menu, or as a text.
//
// What is typed stays until it is a valid value, or until Escape restores the value. The browser holds what is typed and where a slider was dragged, and go-app
// renders a value only where it differs from what it rendered last: so settle
// puts the value back where a change was refused.
type field struct {
	app.Compo

	Panel *Panel
	Of    *control
	Actor play.Actor
	Who   string // the actor's name
	Load  int    // of the scenario
	Value int64
	Text  string

	draft   draft
	editing bool   // something is typed that is not yet a value
	held    string // what is rendered meanwhile
	dragged bool   // a move of this drag has been sent
	sliding bool   // the slider is dragged, and the change is sent when it is released
	to      int64  // the value it is dragged to
	problem string // why a change was refused
	box     app.Value
}

// name is the accessible name.
func (f *field) name() string {
	if f.Who == "" {
		return f.Of.says
	}
	return f.Who + ": " + f.Of.says
}

func (f *field) elementID() string { return f.Actor.ElementID() + "-" + f.Of.id }

// shown is the value as text.
func (f *field) shown() string {
	if f.Of.Form == scenario.Text {
		return f.Text
	}
	if f.sliding {
		return f.Of.narrow(f.to)
	}
	return f.Of.narrow(f.Value)
}

func (f *field) Render() app.UI { return dom.Contained(dom.TheScenario, "field", f.render) }

func (f *field) render() app.UI {
	c := f.Of
	switch {
	case c.Form == scenario.Choice && c.menu:
		return f.frame("field", app.Elem("label").Attr("for", f.elementID()).Title(c.title()).Text(c.label), f.options())
	case c.Form == scenario.Choice && c.Role == scenario.OfBroker:
		return f.frame("question", app.Elem("div").ID(f.elementID()+"-label").Text(c.label), f.chips(),
			dom.Text("p", "hint", policySays(f.Value)))
	case c.Form == scenario.Choice:
		return f.frame("field", app.Elem("span").ID(f.elementID()+"-label").Title(c.title()).Text(c.label), f.chips())
	}
	return f.frame("field",
		app.Elem("label").Attr("for", f.elementID()).Title(c.title()).Text(c.label),
		f.slider(),
		f.input(),
		dom.When(c.seed, dom.Button().Class("btn small").Aria("label", "New seed").Title("Another seed, by chance").Text("new").OnClick(f.onNewSeed)),
	)
}

func (f *field) onNewSeed(ctx app.Context, e app.Event) {
	f.forget(ctx)
	f.set(ctx, int64(newSeed()), "", play.NoSlide)
}

// frame is a row with what belongs to it, and with what is wrong.
func (f *field) frame(class string, body ...app.UI) app.UI {
	if f.Of.note != "" {
		body = append(body, dom.Text("p", "hint", f.Of.note))
	}
	if f.problem != "" {
		body = append(body, app.Elem("p").ID(f.elementID()+"-problem").Class("field-error").Role("alert").Text(f.problem))
	}
	return dom.El("div", class, body...)
}

func (f *field) slider() app.UI {
	c, v := f.Of, f.Value
	if c.stops == nil {
		return nil
	}
	if f.sliding {
		v = f.to
	}
	e := app.Elem("input").ID(f.elementID()+"-slider").Attr("type", "range").Attr("min", 0).Attr("max", len(c.stops)-1).Attr("step", 1).Attr("value", nearest(c.stops, v)).
		Aria("label", f.name()).Aria("valuetext", c.show(v)).Title(c.title()).
		On("pointerdown", f.onPointerDown).OnInput(f.onSlide).OnChange(f.onSlideEnd).OnKeyDown(f.onKey).OnBlur(f.onBlur)
	return f.described(e)
}

func (f *field) input() app.UI {
	c := f.Of
	name, class, text := f.name(), "typed", f.shown()
	if c.stops != nil {
		name += ", typed"
	} else if !c.seed {
		class = "typed wide"
	}
	if f.editing {
		text = f.held
	}
	e := app.Elem("input").ID(f.elementID()).Class(class).Attr("type", "text").Attr("autocomplete", "off").Spellcheck(false).Attr("enterkeyhint", "done").
		Attr("placeholder", c.empty).Aria("label", name).Title(c.title()).Attr("value", text).
		OnInput(f.onType).OnChange(f.onChange).OnKeyDown(f.onKey).OnBlur(f.onBlur)
	if f.problem != "" && f.editing {
		e = e.Aria("invalid", true)
	}
	return f.described(e)
}

// described connects an element with what is wrong.
func (f *field) described(e app.HTMLElem) app.UI {
	if f.problem != "" {
		return e.Aria("describedby", f.elementID()+"-problem")
	}
	return e
}

func (f *field) chips() app.UI {
	c := f.Of
	return app.Elem("div").Class("chips").Role("group").Aria("labelledby", f.elementID()+"-label").Body(
		dom.RangeOf(len(c.words[c.Low:]), func(i int) app.UI {
			v := c.Low + int64(i)
			e := dom.Button().Class("chip").Aria("pressed", v == f.Value).Text(c.words[v]).OnClick(f.choose(v), v)
			if f.Who != "" { // elsewhere the words alone tell which
				e = e.Aria("label", f.name()+" "+c.words[v])
			}
			return e
		}),
	)
}

func (f *field) options() app.UI {
	c := f.Of
	return app.Elem("select").ID(f.elementID()).Class("btn wide").Aria("label", f.name()).Title(c.title()).OnChange(f.onOption).Body(
		dom.RangeOf(len(c.words), func(i int) app.UI {
			return app.Elem("option").Attr("value", i).Text(c.words[i]).Attr("selected", int64(i) == f.Value)
		}),
	)
}

// policySays is a sentence about a policy.
func policySays(v int64) string {
	for o, p := range policies {
		if int64(o) == v {
			return p.says
		}
	}
	return ""
}

// set sends a new value, and says whether it is accepted. If not, the field shows why.
func (f *field) set(ctx app.Context, v int64, text string, slide play.Slide) bool {
	f.problem = ""
	if err := f.Panel.To.Try(ctx, play.Set{Actor: f.Actor, Field: f.Of.field, Value: v, Text: text, Slide: slide}); err != nil {
		f.problem = format.Sentence(err.Error())
		return false
	}
	return true
}

// onPointerDown begins another drag of the slider.
func (f *field) onPointerDown(ctx app.Context, e app.Event) { f.dragged = false }

// onSlide handles each move of the slider. A change that begins a new run waits until the
// slider is released, and so does every change of a run that is too long to be run again
// on each move.
func (f *field) onSlide(ctx app.Context, e app.Event) {
	f.box, f.editing = ctx.JSSrc(), false
	stop := f.box.Get("valueAsNumber").Int()
	v := f.Of.stops[min(max(stop, 0), len(f.Of.stops)-1)]
	if f.Of.rerun || f.Panel.Long {
		f.sliding, f.to, f.problem = true, v, ""
		return
	}
	f.set(ctx, v, "", f.slide())
	f.settle(ctx)
}

// onSlideEnd handles the release of the slider.
func (f *field) onSlideEnd(ctx app.Context, e app.Event) {
	if f.sliding {
		f.sliding = false
		f.set(ctx, f.to, "", f.slide())
	}
	f.dragged = false
	f.settle(ctx)
}

// slide is which move of a slider comes next: the first of a drag, or a further one.
func (f *field) slide() play.Slide {
	switch {
	case f.Of.rerun:
		return play.NoSlide
	case f.dragged:
		return play.SlideGoesOn
	default:
		f.dragged = true
		return play.SlideBegins
	}
}

func (f *field) choose(v int64) app.EventHandler {
	return func(ctx app.Context, e app.Event) { f.set(ctx, v, "", play.NoSlide) }
}

func (f *field) onOption(ctx app.Context, e app.Event) {
	f.box = ctx.JSSrc()
	if v, err := strconv.ParseInt(f.box.Get("value").String(), 10, 64); err == nil {
		f.set(ctx, v, "", play.NoSlide)
	}
	f.settle(ctx)
}

// newSeed is another seed, one that is easy to say.
func newSeed() uint64 { return 1 + rand.Uint64N(9999) }
