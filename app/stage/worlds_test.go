//go:build !js

package stage

import (
	"flag"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/app/playtest"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// What takes some seconds natively, and would take minutes in a browser, where it is the same code.

func TestNoFrameOfAPresetShowsAContradiction(t *testing.T) {
	w := watcher{T: t}
	for _, p := range scenario.Presets() {
		w.name = p.ID
		for _, speed := range []play.Speed{0.1, 1, 10} {
			w.whole(playtest.Paused(p.Scenario, 0), speed)
		}
	}
	for spot, n := range w.spots {
		if n == 0 {
			t.Errorf("no event is ever seen at %d", spot)
		}
	}
}

// slow is a speed at which a run lasts for some hundred frames.
func slow(s *scenario.Scenario) play.Speed {
	return play.Speed(time.Duration(s.Duration).Seconds() / 5)
}

func TestNoFrameOfARandomScenarioShowsAContradiction(t *testing.T) {
	w := watcher{T: t}
	for seed := range 200 {
		s := labtest.Busy().Scenario().Example(seed)
		w.name = scenario.Link(s, 0)
		w.whole(playtest.Paused(s, 0), slow(&s))
	}
	for spot, n := range w.spots {
		if n == 0 {
			t.Errorf("no event is ever seen at %d", spot)
		}
	}
}

// hunt is for make hunt-truth; without it the worlds are the same each time.
var hunt = flag.Bool("hunt", false, "try other worlds than last time")

// Whatever the user does, whenever: steps, seeks, changes of the run and of the speed, links.
func TestNoFrameShowsAContradictionWhateverTheUserDoes(t *testing.T) {
	if seed := flag.Lookup("rapid.seed"); seed.Value.String() == "0" && !*hunt {
		if err := seed.Value.Set("7919"); err != nil {
			t.Fatal(err)
		}
		defer seed.Value.Set("0")
	}
	rapid.Check(t, func(rt *rapid.T) {
		s := labtest.Busy().Scenario().Draw(rt, "scenario")
		m := playtest.Paused(s, 0)
		w := watcher{T: rt, name: scenario.Link(s, 0)}
		play.Update(m, play.SetSpeed{Speed: slow(&s)})
		some := func() time.Duration {
			return time.Duration(rapid.Float64Range(0, 1).Draw(rt, "part") * float64(m.Duration()))
		}
		rt.Repeat(map[string]func(*rapid.T){
			"": func(*rapid.T) { w.look(m) },
			"play": func(rt *rapid.T) {
				play.Update(m, play.Toggle{})
				for range rapid.IntRange(1, 40).Draw(rt, "frames") {
					w.frame(m)
				}
			},
			"seek":    func(*rapid.T) { play.Update(m, play.Seek{At: some()}) },
			"pause":   func(*rapid.T) { play.Update(m, play.Pause{}) },
			"restart": func(*rapid.T) { play.Update(m, play.Restart{}) },
			"link":    func(*rapid.T) { play.Update(m, play.LoadLink{Link: m.Link()}) },
			"undo":    func(*rapid.T) { play.Update(m, play.Undo{}) },
			"step": func(rt *rapid.T) {
				for range rapid.IntRange(1, 8).Draw(rt, "steps") {
					play.Update(m, play.Step{By: rapid.SampledFrom([]int{1, 1, 1, -1}).Draw(rt, "by")})
					for range rapid.IntRange(0, 30).Draw(rt, "frames") {
						w.frame(m)
					}
				}
			},
			"record": func(rt *rapid.T) {
				play.Update(m, play.PickRecord{Position: rapid.Uint64Range(0, m.Journal().Next()).Draw(rt, "record")})
			},
			"change": func(rt *rapid.T) {
				play.Update(m, playtest.Message(m, labtest.AnyChange(rt, m.Now()), play.NoSlide))
			},
			"speed": func(rt *rapid.T) {
				play.Update(m, play.SetSpeed{Speed: slow(&s) * play.Speed(rapid.SampledFrom([]float64{0.1, 1, 3}).Draw(rt, "times"))})
			},
		})
	})
}
