package app

import (
	"strconv"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// numbers are what the tiles show.
type numbers struct {
	Published, Delivered, Dropped uint64
	Loss                          float64
	Waiting                       int
	Busy                          float64 // fraction of the time so far, mean of the consumers
	Load                          float64 // of the busiest consumer; see load
}

func numbersOf(m *Model) numbers {
	st := m.View()
	n := numbers{Published: st.Published, Delivered: st.Delivered, Dropped: st.Dropped, Loss: st.Loss(), Load: load(m)}
	for i := range st.Consumers {
		n.Waiting += st.Consumers[i].Depth
		n.Busy += st.Consumers[i].Utilisation(m.At()) / float64(len(st.Consumers))
	}
	return n
}

// load is the offered load ρ = λ/μ of the consumer that has the most of it: λ is
// the rate of all producers together, 1/μ the consumer's service time.
func load(m *Model) float64 {
	s := m.Settings()
	rate, most := 0.0, 0.0
	for _, p := range s.Producers {
		rate += 1 / time.Duration(p.Interval).Seconds()
	}
	for _, c := range s.Consumers {
		most = max(most, rate*time.Duration(c.Service).Seconds())
	}
	return most
}

// tiles are the numbers of the moment that is shown.
type tiles struct {
	app.Compo

	Numbers numbers
}

func (t *tiles) Render() app.UI {
	n := t.Numbers
	return app.Dl().Class("tiles").Aria("label", "Totals").Body(
		tile("published", Count(n.Published), "flow", ""),
		tile("delivered", Count(n.Delivered), "ok", ""),
		tile("dropped", Count(n.Dropped), "drop", Percent(n.Loss)),
		tile("waiting", Count(uint64(n.Waiting)), "", ""),
		tile("consumer busy", Percent(n.Busy), "", ""),
		tile("load ρ = λ/μ", strconv.FormatFloat(n.Load, 'f', 2, 64), "", ""),
	)
}

func tile(name, value, class, more string) app.UI {
	return app.Div().Class("tile").Body(
		app.Dt().Body(
			app.Text(name),
			app.If(more != "", app.Em().Text(more)),
		),
		app.Dd().Class("num "+class).Text(value),
	)
}
