package app

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"github.com/spillway-go/spillway/app/dom"
	"github.com/spillway-go/spillway/app/format"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/app/stage"
	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/scenario"
	"github.com/spillway-go/spillway/broker/lab/theory"
)

// tile is a number of the moment that is shown.
type tile struct {
	Name, Value string
	More        string // beside the name
	Ink         string // a class of the style sheet
}

// tilesInARow is how many stand side by side; there are always whole rows.
const tilesInARow = 3

// tilesOf are the tiles of the moment: two rows, and more where there is more to
// say than what is dropped.
func tilesOf(m *play.Moment, all []judgement) []tile {
	st := m.State
	fates := fatesOf(m)
	tiles := []tile{
		{Name: "published", Value: format.Count(st.Published), Ink: "flow"},
		{Name: "delivered", Value: format.Count(st.Delivered), Ink: "ok"},
		fates[0],
		{Name: "consumer busy", Value: format.Percent(meanBusy(m))},
		loadTile(m),
	}
	waiting, working := 0, 0
	for i := range st.Consumers {
		waiting += st.Consumers[i].Depth
		working += len(st.Consumers[i].Working)
	}
	optional := []tile{
		{Name: "waiting", Value: format.Count(uint64(waiting))},
		{Name: "handled", Value: format.Count(st.Handled)},
		{Name: "in hand", Value: format.Count(uint64(working))},
	}
	if expected, ok := theoryTile(m, all); ok {
		tiles = append(tiles, expected)
	} else {
		tiles = append(tiles, optional[0])
		optional = optional[1:]
	}
	tiles = append(tiles, fates[1:]...)
	for len(tiles)%tilesInARow != 0 {
		tiles = append(tiles, optional[0])
		optional = optional[1:]
	}
	return tiles
}

// loadTile is the load of the busiest consumer, and says which it is if there are several.
func loadTile(m *play.Moment) tile {
	i, now := busiest(m), m.Now
	t := tile{Name: "load ρ = λ/μ", Value: loadText(theory.Load(*now, i))}
	if len(now.Consumers) > 1 {
		t.Name, t.More = "load ρ", now.Consumers[i].Name
	}
	return t
}

// loadText is a load in little room: it can be of a microsecond against an hour.
func loadText(load float64) string {
	if load >= 100 {
		return format.Count(uint64(load + 0.5))
	}
	return strconv.FormatFloat(load, 'f', 2, 64)
}

// theoryTile is the loss that theory predicts of the busiest consumer or, where
// nothing can be lost, the mean time in the system.
func theoryTile(m *play.Moment, all []judgement) (tile, bool) {
	i, now := busiest(m), m.Now
	v := &all[i]
	if len(v.Why) > 0 {
		return tile{}, false
	}
	if now.Settings(i).Overflow == broker.Spill {
		return tile{Name: "time in theory", Value: seconds(v.Prediction.Time)}, true
	}
	return tile{Name: "loss in theory", Value: format.Percent(v.Prediction.Loss)}, true
}

// seconds is a length of time that a formula has.
func seconds(v float64) string { return format.Time(time.Duration(v * float64(time.Second))) }

// busiest is the consumer that is selected or, if none is, that has the most load.
func busiest(m *play.Moment) int {
	if s := m.Scope(); s != journal.Everyone {
		return s
	}
	now, most, at := m.Now, -1.0, 0
	for i := range now.Consumers {
		if load := theory.Load(*now, i); load > most {
			most, at = load, i
		}
	}
	return at
}

// fatesOf are what becomes of events that are not just handled, as far as it can
// come to that or has: at least one, the most likely first.
func fatesOf(m *play.Moment) []tile {
	st, now := m.State, m.Now
	uses := func(is ...broker.Overflow) bool {
		for i := range now.Consumers {
			if slices.Contains(is, now.Settings(i).Overflow) {
				return true
			}
		}
		return false
	}
	failing := slices.ContainsFunc(now.Consumers, func(c scenario.Consumer) bool { return c.Failures > 0 })
	backlog, blocked, waits := 0, 0.0, false
	for i := range st.Consumers {
		backlog += st.Consumers[i].Backlog
	}
	for i := range st.Producers {
		if d := st.Producers[i].Blocked(m.At); d > 0 {
			waits = true
			blocked += float64(d) / float64(m.At) / float64(len(st.Producers))
		}
	}
	var fates []tile
	add := func(is bool, t tile) {
		if is {
			fates = append(fates, t)
		}
	}
	dropped := tile{"dropped", format.Count(st.Dropped), format.Percent(st.Loss()), "drop"}
	add(st.Dropped > 0 || uses(broker.DropNewest, broker.DropOldest, broker.KeepLatest), dropped)
	add(st.Rejected > 0 || uses(broker.Reject), tile{"rejected", format.Count(st.Rejected), format.Percent(ratioOf(st.Rejected, st.Published)), "warn"})
	add(st.Spilled > 0 || uses(broker.Spill), tile{"spilled", format.Count(st.Spilled), format.Count(uint64(backlog)) + " there", "repo"})
	add(waits || uses(broker.Block), tile{"blocked", format.Percent(blocked), "of time", "warn"})
	add(failing || st.DeadLettered > 0, tile{"dead letters", format.Count(st.DeadLettered), "", "repo"})
	add(failing || st.Failed > 0, tile{"failed", format.Count(st.Failed), "", "warn"})
	add(stage.Lost(st) > 0, tile{"lost", format.Count(stage.Lost(st)), "in crash", "drop"})
	if len(fates) == 0 {
		return []tile{dropped}
	}
	return fates
}

func ratioOf(part, whole uint64) float64 { return float64(part) / float64(max(1, whole)) }

// busy is for which fraction of the time that they were there a consumer's workers were at work.
func busy(m *play.Moment, consumer int) float64 { return m.State.Consumers[consumer].Utilisation(m.At) }

// meanBusy is the mean of all consumers.
func meanBusy(m *play.Moment) float64 {
	sum := 0.0
	for i := range m.Scenario.Consumers {
		sum += busy(m, i)
	}
	return sum / float64(len(m.Scenario.Consumers))
}

// tiles show the numbers of the moment.
type tiles struct {
	app.Compo

	All []tile
}

func (t *tiles) Render() app.UI { return dom.Contained(dom.TheTiles, "tiles", t.render) }

func (t *tiles) render() app.UI {
	return app.Elem("dl").Class("tiles").Aria("label", "Totals").Body(
		dom.RangeOf(len(t.All), func(i int) app.UI {
			n := t.All[i]
			return dom.El("div", "tile",
				app.Elem("dt").Title(strings.TrimSpace(n.Name+" "+n.More)).Body(dom.Text("span", "", n.Name), dom.When(n.More != "", dom.Text("em", "", n.More))),
				dom.Text("dd", "num "+n.Ink, n.Value),
			)
		}),
	)
}
