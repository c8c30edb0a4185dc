package app

import (
	"strconv"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// stageName is what the canvas of a stage is called.
const stageName = "stage"

// stage holds the canvas, and what lies over it: something to focus for each thing
// that is drawn, and the card of the one that is looked at. It says in words what
// it shows.
type stage struct {
	app.Compo

	To      Sender
	IDs     ids
	Caption string
	Speed   string
	Summary string
	Rows    int
	Spots   []Spot
	Looked  Selection
	Card    Card
	HasCard bool
}

func (s *stage) Render() app.UI { return contained(theStage, "stage", s.render) }

func (s *stage) render() app.UI {
	return app.Elem("section").Class("stage").Style("--rows", strconv.Itoa(s.Rows)).Aria("label", "Stage").Body(
		app.Elem("canvas").ID(s.IDs.of(stageName)).Role("img").Aria("label", "Producers, the broker with its buffers, and consumers"),
		text("p", "caption", s.Caption),
		text("p", "live num", s.Speed),
		&spots{To: s.To, IDs: s.IDs, Spots: s.Spots, Looked: s.Looked},
		when(s.HasCard, &cardView{To: s.To, IDs: s.IDs, Card: s.Card}),
		app.Elem("p").Class("sr").Role("status").Aria("live", "polite").Text(s.Summary),
	)
}

// summary is the stage in words, for those who hear it. It is renewed when the
// time stands still, and now and then while it passes.
type summary struct {
	text    string
	renewed time.Time
}

const summaryPause = 5 * time.Second

// update says whether the text is another now.
func (s *summary) update(m *Moment, now time.Time) bool {
	if m.Playing && now.Sub(s.renewed) < summaryPause {
		return false
	}
	text := describe(m)
	if text == s.text {
		return false
	}
	s.text, s.renewed = text, now
	return true
}
