package app

import (
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"github.com/spillway-go/spillway/broker/lab/scenario"
)

const (
	timeName  = "time"
	marksName = "marks"
	// timeSteps is into how many steps the slider of the time line divides a run.
	timeSteps = 10_000
	// thumb is the width of the slider's thumb, in pixels: its middle moves
	// between half of it from either end.
	thumb = 16
)

// transport moves the time.
type transport struct {
	app.Compo

	To       Sender
	Playing  bool
	Over     bool
	Speed    Speed
	At       time.Duration
	Duration time.Duration
}

func (t *transport) Render() app.UI { return contained(theControls, "transport", t.render) }

func (t *transport) render() app.UI {
	act, symbol := "Play", "▶"
	if t.Playing {
		act, symbol = "Pause", "❚❚"
	}
	return app.Elem("section").Class("transport").Aria("label", "Transport").Body(
		el("div", "row",
			el("div", "timeline",
				app.Elem("canvas").ID(marksName).Aria("hidden", "true"),
				app.Elem("input").ID(timeName).Attr("type", "range").Attr("min", 0).Attr("max", timeSteps).Attr("step", 1).Aria("label", "Time").
					OnInput(t.seek),
			),
			el("div", "clock num",
				app.Text(Clock(t.At)),
				text("span", "faint", " / "+Clock(t.Duration)),
			),
		),
		el("div", "row controls",
			el("div", "group",
				t.button("Restart", "↺", "Start again with the settings of now (R)", Restart{}),
				t.button("Step back", "◂", "One record back (←)", Step{By: -1}),
				button().Class("btn icon primary").Aria("label", act).Title(act+" (space)").
					Text(symbol).OnClick(t.send(Toggle{})),
				t.button("Step forward", "▸", "One record forward (→)", Step{By: 1}),
				button().Class("btn").Aria("label", "Ctrl-C: end the run gracefully").
					Title("Interrupt: the run ends gracefully").Attr("disabled", t.Over).Text("Ctrl-C").
					OnClick(t.send(Do{Action: scenario.Interrupt})),
			),
			app.Elem("div").Class("seg speeds").Role("group").Aria("label", "Speed").Body(
				rangeOf(len(Speeds()), func(i int) app.UI {
					s := Speeds()[i]
					return button().Aria("label", "Speed "+s.String()).
						Aria("pressed", s == t.Speed).Text(s.String()).
						OnClick(t.send(SetSpeed{s}), i)
				}),
			),
		),
	)
}

func (t *transport) button(name, symbol, title string, msg Msg) app.UI {
	return button().Class("btn icon").Aria("label", name).Title(title).
		Text(symbol).OnClick(t.send(msg), name)
}

func (t *transport) send(msg Msg) app.EventHandler {
	return func(ctx app.Context, e app.Event) { t.To.Send(ctx, msg) }
}

func (t *transport) seek(ctx app.Context, e app.Event) {
	value := ctx.JSSrc().Get("valueAsNumber").Float()
	t.To.Send(ctx, Seek{At: time.Duration(value / timeSteps * float64(t.Duration))})
}

// markShapes draws the marks of the time line: what was lost are strokes, the
// user's changes points, the user's marks squares.
func markShapes(shapes []Shape, m *Marks, bookmarks []time.Duration, width float64) []Shape {
	for i, b := range m.Bins {
		x := thumb/2 + (width-thumb)*(float64(i)+0.5)/marksBins
		if b.Drops > 0 {
			shapes = append(shapes, Shape{Form: FormRect, Rect: Rect{x - 1, 0, 2, 6}, R: 1, Fill: InkDrop})
		}
		if b.Changes > 0 {
			shapes = append(shapes, Shape{Form: FormCircle, Rect: Rect{X: x, Y: 3}, R: 3, Fill: InkRepo})
		}
	}
	for _, t := range bookmarks {
		x := thumb/2 + (width-thumb)*float64(t)/float64(max(m.Duration, 1))
		shapes = append(shapes, Shape{Form: FormRect, Rect: Rect{x - 3, 0, 6, 6}, R: 1, Fill: InkText})
	}
	return shapes
}
