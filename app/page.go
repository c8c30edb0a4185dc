package app

import (
	"strings"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// Sender takes the messages of the components. The page is one.
type Sender interface {
	Send(ctx app.Context, msg Msg)
}

// Page is the root component. It owns the model; its children get plain values
// of it and send messages back.
type Page struct {
	app.Compo

	model    *Model
	theme    Theme
	address  address
	summary  summary
	stop     func() // ends the loop and the listeners
	dirty    bool   // something changed that is not yet drawn
	rendered moment // what the HTML shows
}

// Mount makes the page what the browser shows, whatever its path.
func Mount() {
	app.RouteWithRegexp(".*", &Page{})
	app.RunWhenOnBrowser()
}

// OnInit comes before the first rendering.
func (p *Page) OnInit() {
	p.model = NewModel()
	p.theme = currentTheme()
	if prefersReducedMotion() {
		p.model.Still = true
		Update(p.model, Pause{})
	}
}

// OnMount starts what runs until the page goes.
func (p *Page) OnMount(ctx app.Context) {
	stopLoop := p.startLoop(ctx)
	stopKeys := app.Window().AddEventListener("keydown", p.onKey)
	p.stop = func() { stopKeys(); stopLoop() }
}

// OnDismount stops it.
func (p *Page) OnDismount() {
	if p.stop != nil {
		p.stop()
	}
}

// OnNav opens the link in the address: at the start, and when the user changes it.
func (p *Page) OnNav(ctx app.Context) {
	link := "#" + ctx.Page().URL().Fragment
	if link == "#" || link == p.address.link {
		return
	}
	p.address.link = link
	p.Send(ctx, LoadLink{Link: link})
}

// Send lets a message change the model, and shows it.
func (p *Page) Send(ctx app.Context, msg Msg) {
	Update(p.model, msg)
	p.dirty = true
	p.render(ctx)
}

// render renders at go-app's next tick.
func (p *Page) render(ctx app.Context) { ctx.Dispatch(func(app.Context) {}) }

// tick lets the HTML and the address follow what the canvas shows. The loop calls
// it ten times a second.
func (p *Page) tick(ctx app.Context) {
	now := time.Now()
	p.address.follow(ctx, p.model, now)
	spoken := p.summary.update(p.model, now)
	if m := p.model.moment(); spoken || m != p.rendered {
		p.rendered = m
		p.render(ctx)
	}
}

// Render lays the page out.
func (p *Page) Render() app.UI {
	m := p.model
	return app.Div().ID("app").Class("app").Body(
		&header{To: p, Preset: m.Preset, Theme: p.theme},
		&panel{To: p, Settings: m.Settings()},
		app.Main().Class("main").Body(
			&stage{Caption: m.Caption, Speed: speedNote(m), Summary: p.summary.text},
			&transport{To: p, Playing: m.Playing, Over: m.Over(), Speed: m.Speed, At: m.At(), Duration: m.Duration()},
		),
		app.Aside().Class("rail").Aria("label", "Results").Body(
			&tiles{Numbers: numbersOf(m)},
			&log{Lines: linesOf(m), Total: lineCount(m.View())},
		),
		&notice{To: p, Notice: m.Notice},
	)
}

// onKey is the keyboard, wherever the focus is.
func (p *Page) onKey(ctx app.Context, e app.Event) {
	if e.Get("ctrlKey").Bool() || e.Get("metaKey").Bool() || e.Get("altKey").Bool() {
		return
	}
	target := e.Get("target")
	tag, id := "", ""
	if name := target.Get("tagName"); name.Truthy() {
		tag = strings.ToLower(name.String())
	}
	if tag == "input" {
		id = target.Get("id").String()
	}
	if msg := keyMessage(e.Get("key").String(), tag, id == timeID, p.model); msg != nil {
		e.PreventDefault()
		p.Send(ctx, msg)
	}
}
