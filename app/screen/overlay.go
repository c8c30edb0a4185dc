package screen

import (
	"slices"
	"strconv"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"github.com/spillway-go/spillway/app/dom"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/app/stage"
)

// Spot is a thing on the stage that can be focused, and what it is called.
type Spot struct {
	stage.Target
	Subject play.Subject
	Name    string
}

// overlay is what lies over the canvas for those who don't use a pointer. Its
// places follow the drawing; its names do when the time stands still, and now and
// then while it passes.
type overlay struct {
	spots   []Spot
	targets []stage.Target
	roster  *play.Roster // of the moment that they are of
	named   time.Time
}

const namesPause = time.Second

// update says whether it is another now.
func (o *overlay) update(m *play.Moment, l *stage.Layout, now time.Time) bool {
	o.targets = l.Targets(o.targets[:0])
	moved := len(o.targets) != len(o.spots) || o.roster != m.Roster
	for i := range o.targets {
		moved = moved || o.spots[i].Target != o.targets[i]
	}
	if !moved && m.Playing && now.Sub(o.named) < namesPause {
		return false
	}
	o.named, o.roster = now, m.Roster
	spots := make([]Spot, len(o.targets)) // the component keeps the old ones
	for i, t := range o.targets {
		spots[i] = Spot{t, m.Roster.Subject(t.Selection), stage.SpotName(m, t.Selection)}
	}
	if slices.Equal(spots, o.spots) {
		return false
	}
	o.spots = spots
	return true
}

// spots are a button for each thing. One of them is in the order of the Tab key;
// arrows lead to the others.
type spots struct {
	app.Compo

	To     dom.Sender[play.Msg]
	IDs    dom.IDs
	Spots  []Spot
	Looked play.Selection

	current int
}

// id is that of the i-th spot.
func (s *spots) id(i int) string { return s.IDs.Of("spot-" + strconv.Itoa(i)) }

func (s *spots) Render() app.UI { return dom.Contained(dom.TheStage, "", s.render) }

func (s *spots) render() app.UI {
	s.current = min(s.current, max(len(s.Spots)-1, 0))
	return app.Elem("div").Class("spots").Role("toolbar").Aria("label", "What is on the stage").
		OnKeyDown(s.onKey).
		Body(dom.RangeOf(len(s.Spots), func(i int) app.UI {
			t := s.Spots[i]
			tab := -1
			if i == s.current {
				tab = 0
			}
			return dom.Button().ID(s.id(i)).Class("spot").TabIndex(tab).
				Style("left", cssPixels(t.X)).Style("top", cssPixels(t.Y)).Style("width", cssPixels(t.W)).Style("height", cssPixels(t.H)).
				Aria("label", t.Name).Aria("pressed", t.Selection == s.Looked).
				OnFocus(func(ctx app.Context, e app.Event) {
					s.current = i
					s.To.Send(ctx, play.Hover{Subject: t.Subject})
				}, i, t.Subject).
				OnBlur(func(ctx app.Context, e app.Event) { s.To.Send(ctx, play.Hover{}) }).
				OnClick(func(ctx app.Context, e app.Event) { s.To.Send(ctx, play.Pick{Subject: t.Subject}) }, i, t.Subject)
		}))
}

func cssPixels(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) + "px" }

// onKey moves the focus with the arrows.
func (s *spots) onKey(ctx app.Context, e app.Event) {
	if e.Get("key").String() == "Escape" { // which also lets go of what is selected
		s.To.Send(ctx, play.Hover{})
		return
	}
	if next := neighbour(s.Spots, s.current, e.Get("key").String()); next >= 0 {
		e.PreventDefault() // which lets the page know that the key has done its work
		if b, ok := dom.ByID(s.id(next)); ok {
			b.Call("focus")
		}
	}
}

// neighbour is the spot that a key leads to from another, or -1 if it is not a key
// that leads anywhere: an arrow to the nearest one in its direction.
func neighbour(all []Spot, from int, key string) int {
	var dx, dy float64
	switch key {
	case "ArrowLeft":
		dx = -1
	case "ArrowRight":
		dx = 1
	case "ArrowUp":
		dy = -1
	case "ArrowDown":
		dy = 1
	case "Home":
		return 0
	case "End":
		return len(all) - 1
	default:
		return -1
	}
	best, least := from, 0.0
	at := all[from].Handle()
	for i := range all {
		to := all[i].Handle()
		along := (to.X-at.X)*dx + (to.Y-at.Y)*dy
		across := (to.X-at.X)*dy + (to.Y-at.Y)*dx
		cost := along + 3*max(across, -across)
		if i != from && along > 1 && (best == from || cost < least) {
			best, least = i, cost
		}
	}
	return best
}
