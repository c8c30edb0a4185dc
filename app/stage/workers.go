package stage

import (
	"strconv"
	"time"

	"github.com/spillway-go/spillway/app/draw"
	"github.com/spillway-go/spillway/broker/lab/journal"
)

// workers draws what a consumer's workers are at, where each has a ring.
func (s *Scene) workers(f *flight, i int) {
	n, st := s.Layout.rings(i), &f.state.Consumers[i]
	away := s.cast.consumerAway(i, f.now) != ""
	if n == 0 || away && (s.Layout.Detail >= Line || f.flowing) {
		return
	}
	if f.flowing {
		for slot := range n {
			at, radius := s.Layout.ring(i, slot)
			if share := min(max(f.meanBusy(i)-float64(slot), 0), 1); share > 0 {
				s.add(draw.Shape{Form: draw.FormArc, Rect: draw.Rect{X: at.X, Y: at.Y}, R: radius, T: share, Stroke: draw.InkOK, Line: s.px(3.4)})
			}
		}
		return
	}
	for w := range st.Working {
		// A worker more than there are now comes to the end of what it has begun.
		s.atWork(f, i, &st.Working[w], min(int(st.Working[w].Slot), n-1))
	}
}

// atWork draws a worker that has an event.
func (s *Scene) atWork(f *flight, i int, w *journal.Work, slot int) {
	if f.flies(i, w) || f.leaves(w.Event, i, true) {
		return
	}
	at, radius := s.Layout.ring(i, slot)
	arc := draw.Shape{Form: draw.FormArc, Rect: draw.Rect{X: at.X, Y: at.Y}, R: radius, T: f.worked(i, w), Stroke: draw.InkOK, Line: s.px(3.4)}
	if w.Resting { // what is left of the pause
		arc.T, arc.Stroke, arc.Dashed = max(1-arc.T, 0.01), draw.InkWarn, true
	}
	s.add(arc)
	size := 9.5
	if radius < s.px(10) {
		size = 8.5
	}
	s.number(at, w.Producer, w.Number, draw.InkText, size, 1)
	s.seen(dot{at, w.Producer, w.Number, inRing, uint8(i)}, radius)
	if w.Attempt > 1 || w.Resting {
		s.badge(draw.Point{X: at.X + radius*0.95, Y: at.Y - radius*0.95}, int(w.Attempt))
	}
}

// badge says which attempt it is.
func (s *Scene) badge(at draw.Point, attempt int) {
	s.add(draw.Shape{Form: draw.FormCircle, Rect: draw.Rect{X: at.X, Y: at.Y}, R: s.px(6), Fill: draw.InkWarn})
	s.add(draw.Shape{
		Form: draw.FormText, Rect: draw.Rect{X: at.X, Y: at.Y + s.px(3)}, Text: strconv.Itoa(attempt), Fill: draw.InkOnAccent,
		Face: draw.FaceStrong, Size: s.px(8.5), Align: draw.AlignCenter,
	})
}

// busy is the gauge of many workers: how many are at work, and how many rest.
func (s *Scene) busy(f *flight, i int) {
	st, all, r := &f.state.Consumers[i], s.plan.Workers[i], s.Layout.gauge(i)
	mean := float64(st.Busy() - f.flyingTo(i))
	if f.flowing {
		mean = f.meanBusy(i)
	}
	s.add(draw.Shape{Form: draw.FormRect, Rect: r, R: r.H / 2, Fill: draw.InkRaised, Stroke: draw.InkLineStrong, Line: 1})
	if share := min(mean/float64(all), 1); share > 0 {
		w := max(r.W*share, r.H)
		s.add(draw.Shape{Form: draw.FormRect, Rect: draw.Rect{X: r.X, Y: r.Y, W: w, H: r.H}, R: r.H / 2, Fill: draw.InkOK, Alpha: 0.45})
	}
	text := strconv.Itoa(int(mean+0.5)) + " / " + strconv.Itoa(all)
	if s.Layout.Detail == Full {
		text += " busy"
	}
	m := r.Middle()
	s.add(draw.Shape{
		Form: draw.FormText, Rect: draw.Rect{X: m.X, Y: m.Y + s.px(3.8), W: r.W - s.px(8)}, Text: text, Fill: draw.InkText,
		Face: draw.FaceMono, Size: s.px(11), Align: draw.AlignCenter,
	})
}

// resting says whether one of a consumer's workers waits for its next attempt,
// and how long until the first of them goes on.
func (f *flight) resting(c int) (bool, time.Duration) {
	if f.flowing {
		return false, 0
	}
	st := &f.state.Consumers[c]
	next, found := time.Duration(0), false
	for i := range st.Working {
		w := &st.Working[i]
		if !w.Resting {
			return false, 0 // somebody is at work
		}
		if left := w.Since + f.shown.Lasts(c, w) - f.now; !found || left < next {
			next, found = max(left, 0), true
		}
	}
	return found, next
}

// worked is how much of what a worker is at is over.
func (f *flight) worked(c int, w *journal.Work) float64 {
	return min(max(float64(f.now-w.Since)/float64(max(1, f.shown.Lasts(c, w))), 0.01), 1)
}

// meanBusy is how many of a consumer's workers were busy lately, on average.
func (f *flight) meanBusy(c int) float64 { return f.rates[c].Busy }
