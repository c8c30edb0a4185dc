package app

import (
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// The elements of a chart that are drawn in frames: go-app only makes them.
func chartID(p ids, c Chart) string       { return p.of("chart-" + string(c)) }
func chartCursorID(p ids, c Chart) string { return chartID(p, c) + "-cursor" }
func chartTitleID(p ids, c Chart) string  { return chartID(p, c) + "-title" }

// charts hold what the run so far looks like. What is in them is drawn by the
// loop, and the slider over each reads it at one place.
type charts struct {
	app.Compo

	To   Sender
	IDs  ids
	Only Chart // the one that is enlarged
}

func (c *charts) Render() app.UI { return contained(theCharts, "charts", c.render) }

func (c *charts) render() app.UI {
	class := "charts"
	if c.Only != AllCharts {
		class += " enlarged"
	}
	return app.Elem("section").Class(class).Aria("label", "Charts").OnKeyDown(c.onKey).Body(
		rangeOf(len(chartKinds), func(i int) app.UI { return c.chart(chartKinds[i]) }),
	)
}

func (c *charts) chart(kind *chartKind) app.UI {
	k, name := kind.id, strings.ToLower(kind.title)
	label, symbol, title, to := "Enlarge "+name, "⤢", "Enlarge", k
	if c.Only == k {
		label, symbol, title, to = "Show all charts", "⤡", "Show all charts (Esc)", AllCharts
	}
	return app.Elem("section").Class("chart").Aria("labelledby", chartTitleID(c.IDs, k)).Hidden(c.Only != AllCharts && c.Only != k).Body(
		el("div", "top",
			app.Elem("h2").ID(chartTitleID(c.IDs, k)).Text(kind.title),
			button().Class("btn icon small").Aria("label", label).Title(title).Text(symbol).
				OnClick(func(ctx app.Context, e app.Event) { c.To.Send(ctx, ShowChart{to}) }, string(k), string(to)),
		),
		el("div", "plot",
			app.Elem("svg").XMLNS(svgSpace).ID(chartID(c.IDs, k)).Attr("role", "img").Aria("label", kind.title),
			app.Elem("input").ID(chartCursorID(c.IDs, k)).Attr("type", "range").Attr("min", 0).Attr("max", cursorSteps).Attr("step", 1).
				Aria("label", kind.title+": read it at a "+kind.axis).DataSet("chart", string(k)),
		),
	)
}

// onKey makes an enlarged chart small again, also while its slider has the
// focus. It asks without looking whether one is: a chart may have been enlarged
// since the charts were last rendered.
func (c *charts) onKey(ctx app.Context, e app.Event) {
	if e.Get("key").String() == "Escape" {
		c.To.Send(ctx, ShowChart{AllCharts})
	}
}
