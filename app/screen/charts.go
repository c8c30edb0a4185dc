package screen

import (
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"github.com/spillway-go/spillway/app/chart"
	"github.com/spillway-go/spillway/app/dom"
	"github.com/spillway-go/spillway/app/play"
)

// The elements of a chart that are drawn in frames: go-app only makes them.
func ChartID(p dom.IDs, c play.Chart) string       { return p.Of("chart-" + string(c)) }
func chartCursorID(p dom.IDs, c play.Chart) string { return ChartID(p, c) + "-cursor" }
func chartTitleID(p dom.IDs, c play.Chart) string  { return ChartID(p, c) + "-title" }

// charts hold what the run so far looks like. What is in them is drawn by the
// loop, and the slider over each reads it at one place.
type charts struct {
	app.Compo

	To   dom.Sender[play.Msg]
	IDs  dom.IDs
	Only play.Chart // the one that is enlarged
}

func (c *charts) Render() app.UI { return dom.Contained(dom.TheCharts, "charts", c.render) }

func (c *charts) render() app.UI {
	class := "charts"
	if c.Only != play.AllCharts {
		class += " enlarged"
	}
	return app.Elem("section").Class(class).Aria("label", "Charts").OnKeyDown(c.onKey).Body(
		dom.RangeOf(len(chart.Kinds), func(i int) app.UI { return c.chart(chart.Kinds[i]) }),
	)
}

func (c *charts) chart(kind *chart.Kind) app.UI {
	k, name := kind.ID, strings.ToLower(kind.Title)
	label, symbol, title, to := "Enlarge "+name, "⤢", "Enlarge", k
	if c.Only == k {
		label, symbol, title, to = "Show all charts", "⤡", "Show all charts (Esc)", play.AllCharts
	}
	return app.Elem("section").Class("chart").Aria("labelledby", chartTitleID(c.IDs, k)).Hidden(c.Only != play.AllCharts && c.Only != k).Body(
		dom.El("div", "top",
			app.Elem("h2").ID(chartTitleID(c.IDs, k)).Text(kind.Title),
			dom.Button().Class("btn icon small").Aria("label", label).Title(title).Text(symbol).
				OnClick(func(ctx app.Context, e app.Event) { c.To.Send(ctx, play.ShowChart{Chart: to}) }, string(k), string(to)),
		),
		dom.El("div", "plot",
			app.Elem("svg").XMLNS(chart.SVGSpace).ID(ChartID(c.IDs, k)).Attr("role", "img").Aria("label", kind.Title),
			app.Elem("input").ID(chartCursorID(c.IDs, k)).Attr("type", "range").Attr("min", 0).Attr("max", chart.CursorSteps).Attr("step", 1).
				Aria("label", kind.Title+": read it at a "+kind.Axis).DataSet("chart", string(k)),
		),
	)
}

// onKey makes an enlarged chart small again, also while its slider has the
// focus. It asks without looking whether one is: a chart may have been enlarged
// since the charts were last rendered.
func (c *charts) onKey(ctx app.Context, e app.Event) {
	if e.Get("key").String() == "Escape" {
		c.To.Send(ctx, play.ShowChart{Chart: play.AllCharts})
	}
}
