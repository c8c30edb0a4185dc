package stage

import (
	"time"

	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/app/playtest"
	"github.com/spillway-go/spillway/broker/lab/labtest"
)

// watcher looks at every frame of a model.
type watcher struct {
	labtest.T
	name   string
	s      Scene
	spots  [spots]int // events that were seen there
	frames int
}

func (w *watcher) look(m *play.Model) {
	w.Helper()
	now := m.Moment()
	w.s.Draw(now, wide, high, 0)
	w.frames++
	for _, d := range w.s.dots {
		w.spots[d.spot]++
	}
	if wrong := contradictions(&w.s, now); len(wrong) > 0 {
		w.Fatalf("%s at %v, %d records, seen at %v, stepped %v: %q", w.name, now.At, now.State.Position, now.Seen, now.Stepped, wrong)
	}
}

// frame lets a frame pass.
func (w *watcher) frame(m *play.Model) {
	w.Helper()
	play.Update(m, play.Frame{Elapsed: 16700 * time.Microsecond, More: playtest.Yes})
	w.look(m)
}

// whole plays a run to its end.
func (w *watcher) whole(m *play.Model, speed play.Speed) {
	w.Helper()
	play.Update(m, play.Toggle{})
	play.Update(m, play.SetSpeed{Speed: speed})
	for w.look(m); m.Playing; {
		w.frame(m)
	}
	if !m.Over() {
		w.Fatalf("%s at %v ends at %v", w.name, speed, m.At())
	}
}

// watchFor plays for some time at 1×, and stops.
func watchFor(m *play.Model, d time.Duration) {
	play.Update(m, play.Toggle{})
	play.Update(m, play.SetSpeed{Speed: 1})
	for ; d > 0; d -= time.Millisecond {
		play.Update(m, play.Frame{Elapsed: min(d, time.Millisecond), More: playtest.Yes})
	}
	play.Update(m, play.Pause{})
}
