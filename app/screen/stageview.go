package screen

import (
	"strconv"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"github.com/spillway-go/spillway/app/dom"
	"github.com/spillway-go/spillway/app/inspect"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/app/stage"
)

// StageName is what the canvas of a stage is called.
const StageName = "stage"

// stageView holds the canvas, and what lies over it: something to focus for each thing
// that is drawn, and the card of the one that is looked at. It says in words what
// it shows.
type stageView struct {
	app.Compo

	To      dom.Sender[play.Msg]
	IDs     dom.IDs
	Caption string
	Speed   string
	Summary string
	Rows    int
	Spots   []Spot
	Looked  play.Selection
	Card    inspect.Card
	HasCard bool
}

func (s *stageView) Render() app.UI { return dom.Contained(dom.TheStage, "stage", s.render) }

func (s *stageView) render() app.UI {
	return app.Elem("section").Class("stage").Style("--rows", strconv.Itoa(s.Rows)).Aria("label", "Stage").Body(
		app.Elem("canvas").ID(s.IDs.Of(StageName)).Role("img").Aria("label", "Producers, the broker with its buffers, and consumers"),
		dom.Text("p", "caption", s.Caption),
		dom.Text("p", "live num", s.Speed),
		&spots{To: s.To, IDs: s.IDs, Spots: s.Spots, Looked: s.Looked},
		dom.When(s.HasCard, &inspect.View{To: s.To, IDs: s.IDs, Card: s.Card}),
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
func (s *summary) update(m *play.Moment, now time.Time) bool {
	if m.Playing && now.Sub(s.renewed) < summaryPause {
		return false
	}
	text := stage.Describe(m)
	if text == s.text {
		return false
	}
	s.text, s.renewed = text, now
	return true
}
