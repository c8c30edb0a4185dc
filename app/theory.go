package app

import (
	"errors"
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"github.com/spillway-go/spillway/app/dom"
	"github.com/spillway-go/spillway/app/format"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/broker/lab/scenario"
	"github.com/spillway-go/spillway/broker/lab/theory"
)

// judgement is what theory says of a consumer.
type judgement struct {
	Prediction theory.Prediction
	Why        []string // no formula fits; else it is empty
}

// judgements are those of all consumers with the settings of a moment.
type judgements struct {
	settings *scenario.Scenario // of which they are
	all      []judgement
}

// of are those of the moment that is shown.
func (v *judgements) of(m *play.Moment) []judgement {
	if v.settings == m.Now {
		return v.all
	}
	*v = judgements{settings: m.Now}
	s := *m.Scenario
	s.Interventions = s.Interventions[:m.State.Changes]
	for i := range s.Consumers {
		p, err := theory.For(s, i)
		var misfit *theory.Misfit
		if errors.As(err, &misfit) {
			v.all = append(v.all, judgement{Why: misfit.Reasons})
			continue
		}
		v.all = append(v.all, judgement{Prediction: p})
	}
	return v.all
}

// prediction is what is said about a consumer and theory.
type prediction struct {
	Consumer string
	Model    string // empty: no formula fits
	Short    string
	Text     string
}

// predictionsOf are what is said, of the consumer that matters first.
func predictionsOf(m *play.Moment, all []judgement) []prediction {
	var said []prediction
	first := busiest(m)
	for n := range all {
		i := (first + n) % len(all)
		v := &all[i]
		said = append(said, prediction{m.Scenario.Consumers[i].Name, v.Prediction.Model, v.short(m, i), v.text(m, i)})
	}
	return said
}

// short is text in a few words.
func (v *judgement) short(m *play.Moment, i int) string {
	if len(v.Why) > 0 {
		return "no formula: " + v.Why[0]
	}
	p := &v.Prediction
	if p.Loss == 0 {
		return p.Model + " takes " + seconds(p.Time) + " and loses nothing"
	}
	return p.Model + " loses " + format.Percent(p.Loss) + ", so far " + format.Percent(m.State.Consumers[i].Loss())
}

// text compares what theory expects with the run so far.
func (v *judgement) text(m *play.Moment, i int) string {
	if len(v.Why) > 0 {
		return "No formula fits, because " + strings.Join(v.Why, ", and ") + "."
	}
	p, c := &v.Prediction, &m.State.Consumers[i]
	var b strings.Builder
	b.WriteString("In the long run it loses " + format.Percent(p.Loss) + ", is busy for " + format.Percent(p.Utilisation) + " of the time")
	b.WriteString(", and an event takes " + seconds(p.Time) + " on average, with " + format.Number(p.Waiting, 2) + " waiting. ")
	b.WriteString("So far it lost " + format.Percent(c.Loss()) + " and was busy for " + format.Percent(busy(m, i)))
	if times := m.Latency().Times(i); times.Count > 0 && m.AtHead() {
		b.WriteString(", and an event took " + format.Time(times.Mean))
	}
	b.WriteString(".")
	if len(p.Caveats) > 0 {
		b.WriteString(" The run may differ: " + strings.Join(p.Caveats, ", and ") + ".")
	}
	return b.String()
}

// theories is what theory says, folded up to a line.
type theories struct {
	app.Compo

	Said []prediction
}

func (t *theories) Render() app.UI { return dom.Contained(dom.TheTheory, "theory", t.render) }

func (t *theories) render() app.UI {
	if len(t.Said) == 0 {
		return app.Elem("div")
	}
	head := t.Said[0].Short
	if len(t.Said) > 1 {
		head = t.Said[0].Consumer + ": " + head
	}
	return dom.El("details", "theory",
		dom.El("summary", "", dom.Text("span", "", "Theory"), dom.Text("span", "mono", head)),
		dom.El("div", "said",
			dom.RangeOf(len(t.Said), func(i int) app.UI {
				s := t.Said[i]
				name := s.Consumer
				if s.Model != "" {
					name += " as " + s.Model
				}
				return dom.El("p", "", dom.Text("b", "", name), app.Text(" "+s.Text))
			}),
			dom.Text("p", "faint", "A letter says how chance decides: M is random, D is fixed; arrivals, service times, workers, places."),
		),
	)
}
