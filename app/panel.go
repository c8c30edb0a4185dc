package app

import (
	"strconv"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"github.com/spillway-go/spillway/broker/scenario"
)

// panel shows the scenario with the settings of the moment, and changes them
// from this moment on.
type panel struct {
	app.Compo

	To       Sender
	Settings scenario.Scenario
}

func (p *panel) Render() app.UI {
	s := p.Settings
	return app.Aside().Class("side").Aria("label", "Scenario").Body(
		app.H2().Text("Producers"),
		app.Range(s.Producers).Slice(func(i int) app.UI {
			a := s.Producers[i]
			return actor("flow", a.Name, p.timeField("Every", a.Name+": time between two events", scenario.SetInterval, i, a.Interval))
		}),
		app.H2().Text("Broker"),
		app.Div().Class("card").Body(
			p.bufferField(),
			app.Div().Class("question").ID("overflow").Text("When a buffer is full"),
			app.Div().Class("chips").Role("group").Aria("labelledby", "overflow").Body(
				app.Range(scenario.Overflows()).Slice(func(i int) app.UI {
					o := scenario.Overflows()[i]
					return app.Button().Type("button").Class("chip").Aria("pressed", o == s.Broker.Overflow).
						Text(words(o.String())).OnClick(p.change(scenario.Intervention{Do: scenario.SetOverflow, Overflow: o}), i)
				}),
			),
			app.P().Class("hint").Text("The broker drops what does not fit to protect itself, and says so. In production such events would be saved to an event repository."),
		),
		app.H2().Text("Consumers"),
		app.Range(s.Consumers).Slice(func(i int) app.UI {
			a := s.Consumers[i]
			return actor("ok", a.Name, p.timeField("Handles in", a.Name+": time for one event", scenario.SetService, i, a.Service))
		}),
		app.H2().Text("Run"),
		app.Div().Class("card facts").Body(
			fact("Stops after", Time(time.Duration(s.Duration))),
			fact("Seed", strconv.FormatUint(s.Seed, 10)),
		),
		app.P().Class("hint").Text("A change takes effect from this moment on and is part of the link."),
	)
}

// actor is the card of a producer or consumer.
func actor(ink, name string, field app.UI) app.UI {
	return app.Div().Class("card").Body(
		app.Div().Class("top").Body(app.Span().Class("swatch "+ink), app.Text(name)),
		field,
	)
}

func fact(name, value string) app.UI {
	return app.Div().Class("fact").Body(app.Span().Text(name), app.Span().Class("mono").Text(value))
}

// timeField is a slider over timeStops.
func (p *panel) timeField(label, name string, do scenario.Action, actor int, value scenario.Duration) app.UI {
	return slider(label, name, len(timeStops), nearest(timeStops, time.Duration(value)), Time(time.Duration(value)),
		func(ctx app.Context, stop int) {
			i := scenario.Intervention{Do: do, Actor: actor}
			if d := scenario.Duration(timeStops[stop]); do == scenario.SetInterval {
				i.Interval = d
			} else {
				i.Service = d
			}
			p.To.Send(ctx, Change{i})
		}, label, actor)
}

func (p *panel) bufferField() app.UI {
	value := p.Settings.Broker.Buffer
	return slider("Buffer", "Buffer of each consumer", len(bufferStops), nearest(bufferStops, value), plural(uint64(value), "event"),
		func(ctx app.Context, stop int) {
			p.To.Send(ctx, Change{scenario.Intervention{Do: scenario.SetBuffer, Buffer: bufferStops[stop]}})
		})
}

func (p *panel) change(i scenario.Intervention) app.EventHandler {
	return func(ctx app.Context, e app.Event) { p.To.Send(ctx, Change{i}) }
}

// slider is a labelled range input over so many stops.
func slider(label, name string, stops, at int, text string, choose func(app.Context, int), scope ...any) app.UI {
	return app.Label().Class("field").Body(
		app.Span().Text(label),
		app.Input().Type("range").Min(0).Max(stops-1).Step(1).Value(at).
			Aria("label", name).Aria("valuetext", text).
			OnInput(func(ctx app.Context, e app.Event) {
				stop := ctx.JSSrc().Get("valueAsNumber").Int()
				choose(ctx, min(max(stop, 0), stops-1))
			}, scope...),
		app.Output().Text(text),
	)
}
