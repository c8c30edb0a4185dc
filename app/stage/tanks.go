package stage

import (
	"strings"

	"github.com/spillway-go/spillway/app/draw"
	"github.com/spillway-go/spillway/app/format"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// Lost is how many events were in memory when the process crashed.
func Lost(st *journal.State) uint64 {
	n := st.Lost
	for i := range st.Producers {
		n += st.Producers[i].Lost
	}
	return n
}

// backlog is how many events wait in the repository.
func backlog(st *journal.State) int {
	n := 0
	for i := range st.Consumers {
		n += st.Consumers[i].Backlog
	}
	return n
}

// tank is what a tank says, and how it looks.
type tank struct {
	title, text string
	ink, soft   draw.Ink
	holds       bool    // anything, by now
	level       float64 // how full it is, where that goes up and down
}

func tankOf(which play.Part, st *journal.State) tank {
	switch which {
	case play.Rejected:
		t := tank{title: "rejected", ink: draw.InkDrop, soft: draw.InkDropSoft, holds: st.Rejected > 0}
		t.text = some(st.Rejected) + " · " + format.Percent(portion(st.Rejected, st.Published))
		return t
	case play.Repository:
		n := backlog(st)
		t := tank{title: "repository", ink: draw.InkRepo, soft: draw.InkRepoSoft, holds: st.Spilled > 0 || n > 0}
		t.text = format.Count(uint64(n)) + " of " + format.Count(st.Spilled) + " wait"
		t.level = 1 - 1/(1+float64(n)/8)
		return t
	case play.DeadLetters:
		t := tank{title: "dead letters", ink: draw.InkRepo, soft: draw.InkRepoSoft, holds: st.DeadLettered > 0}
		t.text = some(st.DeadLettered) + " · " + format.Percent(portion(st.DeadLettered, st.DeadLettered+st.Handled))
		t.level = 1 - 1/(1+float64(st.DeadLettered)/8)
		return t
	default:
		t := tank{title: "dropped", ink: draw.InkDrop, soft: draw.InkDropSoft, holds: st.Dropped+Lost(st) > 0}
		t.text = some(st.Dropped) + " · " + format.Percent(st.Loss())
		if n := Lost(st); n > 0 {
			t.title, t.text = "dropped, lost", format.Count(st.Dropped)+" + "+format.Count(n)+" lost"
		}
		return t
	}
}

// some is a number of events in little room.
func some(n uint64) string {
	if n < 1000 {
		return format.Plural(n, "event")
	}
	return format.Count(n)
}

func portion(of, whole uint64) float64 {
	if whole == 0 {
		return 0
	}
	return float64(of) / float64(whole)
}

// tanks draws where events are that did not go straight through.
func (f *flight) tanks() {
	s := f.scene
	for which := play.Rejected; which < play.Parts; which++ {
		r := s.Layout.Tanks[which]
		if r.W == 0 {
			continue
		}
		t := tankOf(which, f.state)
		shape := draw.Shape{Form: draw.FormRect, Rect: r, R: s.px(10), Stroke: draw.InkLineStrong, Line: 1, Dashed: which != play.Repository}
		ink, text := draw.InkFaint, "nothing yet"
		if t.holds {
			shape.Fill, shape.Stroke, ink, text = t.soft, t.ink, t.ink, t.text
		}
		s.add(shape)
		if t.level > 0 {
			h := r.H * t.level
			s.add(draw.Shape{Form: draw.FormRect, Rect: draw.Rect{X: r.X, Y: r.Bottom() - h, W: r.W, H: h}, R: s.px(10), Fill: t.soft})
		}
		inset := min(s.px(16), r.W*0.1)
		s.text(r.X+inset, r.Y+s.px(19), r.W-2*inset, t.title, ink, draw.FaceStrong, draw.AlignLeft)
		if room := r.W - s.px(12) - inset; s.wide(text, draw.FaceMono) > 1.05*room {
			text = strings.Replace(strings.Replace(text, " events", "", 1), " event", "", 1)
		}
		s.text(r.X+inset, r.Y+s.px(35), r.W-s.px(12)-inset, text, draw.InkMuted, draw.FaceMono, draw.AlignLeft)
		s.mark(r, s.px(10), play.Selection{Role: scenario.OfBroker, Part: which})
	}
}
