package screen

import (
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"github.com/spillway-go/spillway/app/dom"
	"github.com/spillway-go/spillway/app/inspect"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/app/stage"
)

// Screen shows one run: the stage with what lies over it, and the charts. A page may
// have several.
type Screen struct {
	IDs    dom.IDs // of its elements: no two screens on a page have the same
	To     dom.Sender[play.Msg]
	Moment func() *play.Moment

	Closeup inspect.Closeup // of what is looked at
	scene   stage.Scene     // what the canvas shows
	overlay overlay         // what lies over it
	summary summary
	Dirty   bool // something changed that is not yet drawn
	painter screenPainter
}

// Stage is the stage of the moment, below a caption.
func (s *Screen) Stage(caption string) app.UI {
	m := s.Moment()
	card, has := inspect.CardOf(m, &s.Closeup)
	return &stageView{
		To: s.To, IDs: s.IDs, Caption: caption, Speed: stage.SpeedNote(m), Summary: s.summary.text,
		Rows:  max(len(m.Scenario.Producers), len(m.Scenario.Consumers)),
		Spots: s.overlay.spots, Looked: m.Selection, Card: card, HasCard: has,
	}
}

// Charts are those of the moment, or only the one that is enlarged.
func (s *Screen) Charts(only play.Chart) app.UI { return &charts{To: s.To, IDs: s.IDs, Only: only} }

// Follow lets what lies over the canvas follow it, and says whether it is another now.
func (s *Screen) Follow(now time.Time) bool {
	m := s.Moment()
	spoken := s.summary.update(m, now)
	return s.overlay.update(m, &s.scene.Layout, now) || spoken
}
