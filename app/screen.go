package app

import (
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"github.com/spillway-go/spillway/app/dom"
	"github.com/spillway-go/spillway/app/inspect"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/app/stage"
)

// screen shows one run: the stage with what lies over it, and the charts. A page may
// have several.
type screen struct {
	ids    dom.IDs // of its elements: no two screens on a page have the same
	to     dom.Sender[play.Msg]
	moment func() *play.Moment

	closeup inspect.Closeup // of what is looked at
	scene   stage.Scene     // what the canvas shows
	overlay overlay         // what lies over it
	summary summary
	dirty   bool // something changed that is not yet drawn
	painter screenPainter
}

// stage is the stage of the moment, below a caption.
func (s *screen) stage(caption string) app.UI {
	m := s.moment()
	card, has := inspect.CardOf(m, &s.closeup)
	return &stageView{
		To: s.to, IDs: s.ids, Caption: caption, Speed: stage.SpeedNote(m), Summary: s.summary.text,
		Rows:  max(len(m.Scenario.Producers), len(m.Scenario.Consumers)),
		Spots: s.overlay.spots, Looked: m.Selection, Card: card, HasCard: has,
	}
}

// charts are those of the moment, or only the one that is enlarged.
func (s *screen) charts(only play.Chart) app.UI { return &charts{To: s.to, IDs: s.ids, Only: only} }

// follow lets what lies over the canvas follow it, and says whether it is another now.
func (s *screen) follow(now time.Time) bool {
	m := s.moment()
	spoken := s.summary.update(m, now)
	return s.overlay.update(m, &s.scene.Layout, now) || spoken
}
