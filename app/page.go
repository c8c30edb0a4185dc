package app

import (
	"strings"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"github.com/spillway-go/spillway/app/boundary"
	"github.com/spillway-go/spillway/app/chart"
	"github.com/spillway-go/spillway/app/dom"
	"github.com/spillway-go/spillway/app/draw"
	"github.com/spillway-go/spillway/app/logbook"
	"github.com/spillway-go/spillway/app/panel"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/app/screen"
	"github.com/spillway-go/spillway/app/shelf"
)

// Page is the root component. It owns the model; its children get plain values
// of it and send messages back.
type Page struct {
	app.Compo

	model    *play.Model
	theme    draw.Theme
	embed    Embed
	address  address
	judged   judgements
	screen   screen.Screen
	book     logbook.Book
	loop     *loop
	ctx      app.Context
	version  string      // of the program
	stop     func()      // ends the loop and the listeners
	dirty    bool        // something changed that is not yet drawn
	stale    bool        // something changed that is not yet rendered
	rendered rendered    // what the HTML shows
	shelf    shelf.Shelf // the user's own scenarios
	focusing time.Time   // when the focus was sent on its way to an element, if it is not there
	session  *session    // nil in tests
}

// rendered is what decides whether two renderings of the page differ.
type rendered struct {
	moment *play.Moment
	answer string // of the card
	lines  int    // of the log, as far as they have been looked for
	behind uint64 // records that have not been looked at
}

// OnInit comes before the first rendering.
func (p *Page) OnInit() {
	again := p.model != nil
	if !again {
		p.model = play.NewModel(chart.IDs()...)
	}
	p.screen = screen.Screen{To: p, Moment: p.moment}
	p.book = logbook.Book{Of: func() (*play.Moment, *play.LogView) { return p.moment(), &p.model.Log }}
	p.theme = currentTheme()
	if again {
		play.Update(p.model, play.Renew{})
	} else if prefersReducedMotion() {
		p.model.ReducedMotion = true
		play.Update(p.model, play.Pause{})
	}
}

// moment is what is shown now.
func (p *Page) moment() *play.Moment { return p.model.Moment() }

// OnMount starts what runs until the page goes.
func (p *Page) OnMount(ctx app.Context) {
	p.ctx = ctx
	stopLoop := p.startLoop(ctx)
	stopKeys := app.Window().AddEventListener("keydown", p.onKey)
	stopTheme := app.Window().AddEventListener("spillway:theme", func(app.Context, app.Event) {
		p.theme = currentTheme()
		p.loop.readTheme()
	})
	p.stop = func() { stopTheme(); stopKeys(); stopLoop() }
	if p.session != nil {
		p.session.serve(p, ctx)
	}
}

// OnDismount stops it.
func (p *Page) OnDismount() {
	if p.stop != nil {
		p.stop()
		p.stop = nil
	}
}

// OnNav opens the link in the address: at the start, and when the user changes it.
func (p *Page) OnNav(ctx app.Context) {
	first := p.address.link == ""
	changed := p.address.read(ctx)
	p.embed = embedOf(p.address.page.Query())
	if changed {
		p.Send(ctx, play.LoadLink{Link: p.address.link, First: first})
	}
}

// Send lets a message change the model, and shows it, or what is wrong with it.
func (p *Page) Send(ctx app.Context, msg play.Msg) {
	if err := p.Try(ctx, msg); err != nil {
		play.Update(p.model, play.Refusal(err))
	}
}

// Try is Send for who tells in their own place what is wrong.
func (p *Page) Try(ctx app.Context, msg play.Msg) error {
	switch msg.(type) {
	case play.Restart, play.LoadPreset, play.LoadLink, play.LoadScenario:
		boundary.Retry() // what has failed may have been because of the run before
	}
	effects, err := play.Update(p.model, msg)
	p.screen.Closeup.Look(p.moment(), 0)
	p.book.Follow(play.ClickBudget())
	p.dirty = true
	p.render(ctx)
	for _, e := range effects {
		p.perform(ctx, e)
	}
	return err
}

// render lets go-app render the page. It does so after each event that it handles, and
// need not once more for what that event has changed.
func (p *Page) render(ctx app.Context) {
	if p.stale {
		return
	}
	p.stale = true
	ctx = p.own(ctx)
	ctx.Dispatcher().Dispatch(app.Dispatch{Mode: app.Next, Function: func(app.Context) {
		if p.stale {
			ctx.Dispatch(func(app.Context) {})
		}
	}})
}

// own is the page's context. Another one renders only the component it is of, and
// does nothing any more when that has gone, as a dialog may have.
func (p *Page) own(ctx app.Context) app.Context {
	if p.ctx != nil {
		return p.ctx
	}
	return ctx
}

// tick lets the HTML and the address follow what the canvas shows. The loop calls
// it ten times a second.
func (p *Page) tick(ctx app.Context) {
	now := time.Now()
	p.book.Follow(play.ClickBudget())
	p.address.follow(ctx, p.model, now)
	m, spoken := p.moment(), p.screen.Follow(now)
	if r := (rendered{m, p.screen.Closeup.Answer(), p.book.Index.Count(), p.book.Behind()}); spoken || r != p.rendered {
		p.rendered = r
		p.render(ctx)
	}
}

// tellFailures shows what has failed since it did so last.
func (p *Page) tellFailures(ctx app.Context) {
	if f, ok := boundary.News(); ok {
		p.Send(ctx, play.Notify{Notice: play.Notice{Text: f.String(), Error: true, Retry: f.Off}})
	}
}

// Render lays the page out.
func (p *Page) Render() app.UI {
	p.stale = false
	m, now := p.model, p.moment()
	var theory []judgement
	boundary.Repeat(dom.TheTheory, func() { theory = p.judged.of(now) })
	return app.Elem("div").ID("app").Class(p.embed.class()).Body(
		&header{To: p, Preset: m.Preset, Title: m.Title(), Theme: p.theme, CanUndo: m.CanUndo(), CanRedo: m.CanRedo()},
		dom.Contained(dom.TheScenario, "side", func() app.UI { return panelOf(p) }),
		dom.El("main", "main",
			dom.Contained(dom.TheStage, "stage", func() app.UI { return p.screen.Stage(m.Caption()) }),
			&transport{To: p, Playing: now.Playing, Over: now.Over(), Speed: now.Speed, Auto: now.Auto, At: now.At, Duration: now.Duration()},
			dom.Contained(dom.TheCharts, "charts", func() app.UI { return p.screen.Charts(m.Chart) }),
		),
		app.Elem("aside").Class("rail").Aria("label", "Results").Body(
			dom.Contained(dom.TheTiles, "tiles", func() app.UI { return &tiles{All: tilesOf(now, theory)} }),
			dom.Contained(dom.TheTheory, "theory", func() app.UI { return &theories{Said: predictionsOf(now, theory)} }),
			dom.Contained(dom.TheLog, "log", func() app.UI { return &logbook.Log{To: p, Head: p.book.Shown().Head()} }),
		),
		dom.When(p.embed.On, dom.Button().Class("btn small openout").Title("Open this run in a page of its own").Text("Spillway ↗").OnClick(p.openOut)),
		dom.When(m.Dialog == play.NoDialog, &notice{To: p, Notice: m.Notice}),
		dom.When(m.Dialog != play.NoDialog, dom.Contained(dom.TheDialog, "", p.dialog)),
	)
}

// dialog is the one that is open.
func (p *Page) dialog() app.UI {
	switch p.model.Dialog {
	case play.HelpDialog:
		return dialogOf(p, "Help", &help{Version: p.version})
	case play.NoDialog:
		return nil
	case play.ExportDialog:
		return dialogOf(p, "Export", exporterOf(p))
	case play.ShareDialog:
		return dialogOf(p, "Share", &share{To: p, Address: p.address.outside(), Link: p.model.Link()})
	case play.ScenariosDialog:
		return dialogOf(p, "Scenarios", scenariosOf(p))
	default:
		return dialogOf(p, "Nothing here")
	}
}

// openOut opens what a frame shows in a page of its own.
func (p *Page) openOut(ctx app.Context, e app.Event) {
	app.Window().Call("open", p.address.outside()+p.model.Link(), "_blank", "noopener")
}

// onKey is the keyboard, wherever the focus is. While the focus is on its way to an
// element, keys are meant for that.
func (p *Page) onKey(ctx app.Context, e app.Event) {
	if e.Get("altKey").Bool() || e.Get("defaultPrevented").Bool() || p.awaitsFocus() {
		return
	}
	key := e.Get("key").String()
	if e.Get("ctrlKey").Bool() || e.Get("metaKey").Bool() {
		key = ctrl + key
	}
	target := e.Get("target")
	tag, id := "", ""
	if name := target.Get("tagName"); name.Truthy() {
		tag = strings.ToLower(name.String())
	}
	if tag == "input" {
		id = target.Get("id").String()
	}
	msg := keyMessage(key, tag, id == timeName, p.model)
	if msg == nil {
		return
	}
	e.PreventDefault()
	if e.Get("repeat").Truthy() && !repeats(msg) {
		return
	}
	p.Send(ctx, msg)
}

// panelOf is the panel of a page.
func panelOf(p *Page) *panel.Panel {
	m := p.model
	now := m.Moment()
	v := &panel.Panel{
		To: p, Settings: *now.Now, Stopped: now.Stopped(), Left: now.Left(),
		Roster: m.Roster, Selection: now.Selection, Load: m.Load, Long: now.Records > play.ReplayLimit, Ended: now.Ended(),
	}
	for i := range now.State.Consumers {
		if now.State.Consumers[i].Paused {
			v.Paused.Add(i)
		}
	}
	return v
}

// scenariosOf is the dialog of a page.
func scenariosOf(p *Page) *shelf.Dialog {
	m := p.model
	return &shelf.Dialog{To: p, Shelf: &p.shelf, Preset: m.Preset, Settings: m.Settings(), Run: m.Scenario}
}
