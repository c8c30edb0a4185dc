package app

import (
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"github.com/spillway-go/spillway/app/dom"
	"github.com/spillway-go/spillway/app/draw"
	"github.com/spillway-go/spillway/app/format"
	"github.com/spillway-go/spillway/app/play"
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

	To       dom.Sender[play.Msg]
	Playing  bool
	Over     bool
	Speed    play.Speed
	Auto     bool
	At       time.Duration
	Duration time.Duration
}

func (t *transport) Render() app.UI { return dom.Contained(dom.TheControls, "transport", t.render) }

func (t *transport) render() app.UI {
	act, symbol := "Play", "▶"
	if t.Playing {
		act, symbol = "Pause", "❚❚"
	}
	return app.Elem("section").Class("transport").Aria("label", "Transport").Body(
		dom.El("div", "row",
			dom.El("div", "timeline",
				app.Elem("canvas").ID(marksName).Aria("hidden", "true"),
				app.Elem("input").ID(timeName).Attr("type", "range").Attr("min", 0).Attr("max", timeSteps).Attr("step", 1).Aria("label", "Time").
					OnInput(t.seek),
			),
			dom.El("div", "clock num",
				app.Text(format.Clock(t.At)),
				dom.Text("span", "faint", " / "+format.Clock(t.Duration)),
			),
		),
		dom.El("div", "row controls",
			dom.El("div", "group",
				t.button("Restart", "↺", "Start again with the settings of now (R)", play.Restart{}),
				t.button("Step back", "◂", "One record back (←)", play.Step{By: -1}),
				dom.Button().Class("btn icon primary").Aria("label", act).Title(act+" (space)").
					Text(symbol).OnClick(t.send(play.Toggle{})),
				t.button("Step forward", "▸", "One record forward (→)", play.Step{By: 1}),
				dom.Button().Class("btn").Aria("label", "Ctrl-C: end the run gracefully").
					Title("Interrupt: the run ends gracefully").Attr("disabled", t.Over).Text("Ctrl-C").
					OnClick(t.send(play.Do{Action: scenario.Interrupt})),
			),
			app.Elem("div").Class("seg speeds").Role("group").Aria("label", "Speed").Body(
				dom.Button().Aria("label", "Speed auto"+t.chosen(": ")).Title("The speed at which the shortest time of the scenario can be watched").
					Aria("pressed", t.Auto).OnClick(t.send(play.SetSpeed{Auto: true})).
					Body(app.Text("auto"), dom.Text("span", "chosen", t.chosen(" "))),
				dom.RangeOf(len(play.Speeds()), func(i int) app.UI {
					s := play.Speeds()[i]
					return dom.Button().Aria("label", "Speed "+s.String()).
						Aria("pressed", s == t.Speed && !t.Auto).Text(s.String()).
						OnClick(t.send(play.SetSpeed{Speed: s}), i)
				}),
			),
		),
	)
}

// chosen is the speed that was chosen for the scenario, after that.
func (t *transport) chosen(after string) string {
	if !t.Auto {
		return ""
	}
	return after + t.Speed.String()
}

func (t *transport) button(name, symbol, title string, msg play.Msg) app.UI {
	return dom.Button().Class("btn icon").Aria("label", name).Title(title).
		Text(symbol).OnClick(t.send(msg), name)
}

func (t *transport) send(msg play.Msg) app.EventHandler {
	return func(ctx app.Context, e app.Event) { t.To.Send(ctx, msg) }
}

func (t *transport) seek(ctx app.Context, e app.Event) {
	value := ctx.JSSrc().Get("valueAsNumber").Float()
	t.To.Send(ctx, play.Seek{At: time.Duration(value / timeSteps * float64(t.Duration))})
}

// markShapes draws the marks of the time line: what was lost are strokes, the
// user's changes points, the user's marks squares.
func markShapes(shapes []draw.Shape, m *play.Marks, bookmarks []time.Duration, width float64) []draw.Shape {
	for i, b := range m.Bins {
		x := thumb/2 + (width-thumb)*(float64(i)+0.5)/play.MarksBins
		if b.Drops > 0 {
			shapes = append(shapes, draw.Shape{Form: draw.FormRect, Rect: draw.Rect{X: x - 1, Y: 0, W: 2, H: 6}, R: 1, Fill: draw.InkDrop})
		}
		if b.Changes > 0 {
			shapes = append(shapes, draw.Shape{Form: draw.FormCircle, Rect: draw.Rect{X: x, Y: 3}, R: 3, Fill: draw.InkRepo})
		}
	}
	for _, t := range bookmarks {
		x := thumb/2 + (width-thumb)*float64(t)/float64(max(m.Duration, 1))
		shapes = append(shapes, draw.Shape{Form: draw.FormRect, Rect: draw.Rect{X: x - 3, Y: 0, W: 6, H: 6}, R: 1, Fill: draw.InkText})
	}
	return shapes
}
