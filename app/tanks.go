package app

import (
	"strings"

	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// lost is how many events were in memory when the process crashed.
func lost(st *journal.State) uint64 {
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
	ink, soft   Ink
	holds       bool    // anything, by now
	level       float64 // how full it is, where that goes up and down
}

func tankOf(which Part, st *journal.State) tank {
	switch which {
	case Rejected:
		t := tank{title: "rejected", ink: InkDrop, soft: InkDropSoft, holds: st.Rejected > 0}
		t.text = some(st.Rejected) + " · " + Percent(portion(st.Rejected, st.Published))
		return t
	case Repository:
		n := backlog(st)
		t := tank{title: "repository", ink: InkRepo, soft: InkRepoSoft, holds: st.Spilled > 0 || n > 0}
		t.text = Count(uint64(n)) + " of " + Count(st.Spilled) + " wait"
		t.level = 1 - 1/(1+float64(n)/8)
		return t
	case DeadLetters:
		t := tank{title: "dead letters", ink: InkRepo, soft: InkRepoSoft, holds: st.DeadLettered > 0}
		t.text = some(st.DeadLettered) + " · " + Percent(portion(st.DeadLettered, st.DeadLettered+st.Handled))
		t.level = 1 - 1/(1+float64(st.DeadLettered)/8)
		return t
	default:
		t := tank{title: "dropped", ink: InkDrop, soft: InkDropSoft, holds: st.Dropped+lost(st) > 0}
		t.text = some(st.Dropped) + " · " + Percent(st.Loss())
		if n := lost(st); n > 0 {
			t.title, t.text = "dropped, lost", Count(st.Dropped)+" + "+Count(n)+" lost"
		}
		return t
	}
}

// some is a number of events in little room.
func some(n uint64) string {
	if n < 1000 {
		return plural(n, "event")
	}
	return Count(n)
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
	for which := Rejected; which < parts; which++ {
		r := s.Layout.Tanks[which]
		if r.W == 0 {
			continue
		}
		t := tankOf(which, f.state)
		shape := Shape{Form: FormRect, Rect: r, R: s.px(10), Stroke: InkLineStrong, Line: 1, Dashed: which != Repository}
		ink, text := InkFaint, "nothing yet"
		if t.holds {
			shape.Fill, shape.Stroke, ink, text = t.soft, t.ink, t.ink, t.text
		}
		s.add(shape)
		if t.level > 0 {
			h := r.H * t.level
			s.add(Shape{Form: FormRect, Rect: Rect{r.X, r.bottom() - h, r.W, h}, R: s.px(10), Fill: t.soft})
		}
		inset := min(s.px(16), r.W*0.1)
		s.text(r.X+inset, r.Y+s.px(19), r.W-2*inset, t.title, ink, FaceStrong, AlignLeft)
		if room := r.W - s.px(12) - inset; s.wide(text, FaceMono) > 1.05*room {
			text = strings.Replace(strings.Replace(text, " events", "", 1), " event", "", 1)
		}
		s.text(r.X+inset, r.Y+s.px(35), r.W-s.px(12)-inset, text, InkMuted, FaceMono, AlignLeft)
		s.mark(r, s.px(10), Selection{Role: scenario.OfBroker, Part: which})
	}
}
