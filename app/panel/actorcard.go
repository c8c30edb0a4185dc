package panel

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"github.com/spillway-go/spillway/app/dom"
	"github.com/spillway-go/spillway/app/format"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// actorCard is the card of a producer or of a consumer.
type actorCard struct {
	app.Compo

	Panel    *Panel
	Actor    play.Actor
	Producer scenario.Producer
	Consumer scenario.Consumer
	Load     int // of the scenario

	First, Last bool // of those who are listed
	Open        bool // all settings are shown
	Paused      bool
	Ended       bool // the run
	Selected    bool

	draft    draft
	renaming bool
	problem  string // with the new name
	chosen   bool   // it was selected here
}

func (a *actorCard) id() string { return a.Actor.ElementID() }

func (a *actorCard) name() string {
	if a.Actor.Role == scenario.OfProducer {
		return a.Producer.Name
	}
	return a.Consumer.Name
}

func (a *actorCard) OnInit() { a.draft = draft{actor: a.Actor, load: a.Load} }

// OnUpdate forgets the new name of another actor, and scrolls to the card when its actor
// was selected elsewhere.
func (a *actorCard) OnUpdate(ctx app.Context) {
	if d := (draft{actor: a.Actor, load: a.Load}); d != a.draft {
		a.draft, a.renaming, a.problem = d, false, ""
	}
	if a.Selected && !a.chosen {
		dom.AfterRendering(ctx, func() { reveal(a.id()) })
	}
	a.chosen = a.Selected
}

// reveal scrolls the panel, and nothing else, to one of its elements.
func reveal(id string) {
	e, ok := dom.ByID(id)
	if !ok {
		return
	}
	side := e.Call("closest", ".side")
	card, frame := e.Call("getBoundingClientRect"), side.Call("getBoundingClientRect")
	const space = 12
	above := card.Get("top").Float() - space - frame.Get("top").Float()
	below := card.Get("bottom").Float() + space - frame.Get("bottom").Float()
	if by := min(above, max(below, 0)); by != 0 {
		side.Set("scrollTop", side.Get("scrollTop").Float()+by)
	}
}

func (a *actorCard) Render() app.UI { return dom.Contained(dom.TheScenario, "", a.render) }

func (a *actorCard) render() app.UI {
	name, only := a.name(), a.First && a.Last
	s := &scenario.Scenario{Producers: []scenario.Producer{a.Producer}, Consumers: []scenario.Consumer{a.Consumer}}
	// go-app compares children by their places, and a field that changed its place
	// would take over the draft of another: so nothing comes and goes before them.
	body := append([]app.UI{a.top(name, only)}, a.Panel.Fields(s, a.Actor, name, false)...)
	var more []app.UI
	if a.Open {
		more = append(a.Panel.Fields(s, a.Actor, name, true), a.order(name))
	}
	return app.Elem("div").ID(a.id()).Class(cardClass(a.Selected)).Role("group").Aria("label", name).Body(append(body,
		app.Elem("div").ID(a.id()+"-more").Class("more").Hidden(!a.Open).Body(more...),
		a.acts(name),
	)...)
}

// top has the name, and the buttons to rename and remove the actor.
func (a *actorCard) top(name string, only bool) app.UI {
	ink := "flow"
	if a.Actor.Role == scenario.OfConsumer {
		ink = "ok"
	}
	if a.renaming {
		e := app.Elem("input").ID(a.id()+"-rename").Class("typed").Attr("type", "text").Attr("autocomplete", "off").Spellcheck(false).Attr("maxlength", 2*scenario.MaxName).
			Attr("enterkeyhint", "done").Aria("label", "New name of "+name).Title("1 to "+strconv.Itoa(scenario.MaxName)+" characters").Attr("value", name).
			OnKeyDown(a.onNameKey).OnBlur(a.onNameBlur)
		body := []app.UI{app.Elem("span").Class("swatch " + ink), e}
		if a.problem != "" {
			e.Aria("invalid", true).Aria("describedby", a.id()+"-problem")
			body = append(body, app.Elem("p").ID(a.id()+"-problem").Class("field-error").Role("alert").Text(a.problem))
		}
		return dom.El("div", "top", body...)
	}
	remove := "Remove " + name
	if only {
		remove = "A run has at least one " + a.kind()
	}
	return dom.El("div", "top",
		app.Elem("span").Class("swatch "+ink),
		dom.Button().ID(a.id()+"-name").Class("plain name").Aria("pressed", a.Selected).
			Title("Look at "+name+" closely").Text(name).OnClick(a.onLook),
		dom.When(a.Actor.Role == scenario.OfConsumer, app.Elem("span").Class("badge warn").Hidden(!a.Paused).Text("paused")),
		dom.Button().ID(a.id()+"-edit").Class("btn icon").Aria("label", "Rename "+name).Title("Rename").Text("✎").OnClick(a.onRename),
		dom.Button().Class("btn icon").Aria("label", "Remove "+name).Title(remove).Attr("disabled", only).Text("×").OnClick(a.onRemove),
	)
}

func (a *actorCard) kind() string { return play.RoleNames[a.Actor.Role] }

// acts has the buttons that intervene, and the one that shows all settings.
func (a *actorCard) acts(name string) app.UI {
	act, says, title := "Publish one", "Publish one by hand: ", "One event more, by hand (P)"
	switch {
	case a.Actor.Role == scenario.OfConsumer && a.Paused:
		act, says, title = "Resume", "Resume ", "It takes what waits for it again (H)"
	case a.Actor.Role == scenario.OfConsumer:
		act, says, title = "Pause", "Pause ", "It takes no further event; what it has begun goes on (H)"
	}
	more := "More ▾"
	if a.Open {
		more = "Less ▴"
	}
	return dom.El("div", "acts",
		dom.Button().Class("btn small").Aria("label", says+name).Title(title).Attr("disabled", a.Ended).Text(act).OnClick(a.onAct),
		dom.Button().Class("btn small quiet").Aria("label", "More settings of "+name).Aria("expanded", a.Open).
			Aria("controls", a.id()+"-more").Title("All settings of "+name).Text(more).OnClick(a.onMore),
	)
}

// order moves it up and down the list.
func (a *actorCard) order(name string) app.UI {
	button := func(by, symbol string, disabled bool, h app.EventHandler) app.UI {
		return dom.Button().ID(a.id()+"-"+by).Class("btn small").Attr("disabled", disabled).
			Aria("label", "Move "+name+" "+by).Title("Move " + by + " the list").Text(symbol + " " + by).OnClick(h)
	}
	return dom.El("div", "field order",
		dom.Text("span", "", "Order"),
		dom.El("div", "wide",
			button("up", "↑", a.First, a.onUp),
			button("down", "↓", a.Last, a.onDown),
		),
	)
}

func (a *actorCard) onLook(ctx app.Context, e app.Event) {
	a.chosen = !a.Selected
	a.Panel.To.Send(ctx, play.Pick{Subject: play.Subject{Actor: a.Actor}})
}

func (a *actorCard) onMore(ctx app.Context, e app.Event) { a.Panel.Toggle(a.Actor) }

func (a *actorCard) onAct(ctx app.Context, e app.Event) {
	if a.Actor.Role == scenario.OfProducer {
		a.Panel.To.Send(ctx, play.Do{Actor: a.Actor, Action: scenario.Publish})
	} else {
		a.Panel.To.Send(ctx, play.Hold{Actor: a.Actor})
	}
}

func (a *actorCard) onRemove(ctx app.Context, e app.Event) {
	a.Panel.To.Send(ctx, play.Remove{Actor: a.Actor})
}

func (a *actorCard) onUp(ctx app.Context, e app.Event) {
	a.Panel.To.Send(ctx, play.Move{Actor: a.Actor, By: -1})
}
func (a *actorCard) onDown(ctx app.Context, e app.Event) {
	a.Panel.To.Send(ctx, play.Move{Actor: a.Actor, By: 1})
}

func (a *actorCard) onRename(ctx app.Context, e app.Event) {
	a.renaming = true
	a.Panel.To.Send(ctx, play.FocusNext{ID: a.id() + "-rename"})
}

func (a *actorCard) onNameKey(ctx app.Context, e app.Event) {
	switch e.Get("key").String() {
	case "Enter":
		e.PreventDefault() // or it would also press the button that gets the focus
		if a.rename(ctx, ctx.JSSrc().Get("value").String()) {
			a.Panel.To.Send(ctx, play.FocusNext{ID: a.id() + "-edit"})
		}
	case "Escape":
		e.PreventDefault()
		a.renaming, a.problem = false, ""
		a.Panel.To.Send(ctx, play.FocusNext{ID: a.id() + "-edit"})
	}
}

func (a *actorCard) onNameBlur(ctx app.Context, e app.Event) {
	if a.renaming {
		a.rename(ctx, ctx.JSSrc().Get("value").String())
	}
}

// rename gives it another name, and says whether that is allowed.
func (a *actorCard) rename(ctx app.Context, name string) bool {
	if err := a.Panel.To.Try(ctx, play.Set{Actor: a.Actor, Field: play.NameField, Text: name}); err != nil {
		a.problem = format.Sentence(err.Error())
		return false
	}
	a.renaming, a.problem = false, ""
	return true
}
