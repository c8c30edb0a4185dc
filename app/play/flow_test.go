package play_test

import (
	"testing"
	"time"

	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/app/playtest"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// While events flow, nothing may have been simulated beyond the moment, so that how long its instant is seen to last
// is not known.
func TestWhatFlowedIsSeenAtItsMomentWhenItIsPaused(t *testing.T) {
	s := labtest.Edited(func(s *scenario.Scenario) {
		s.Producers[0].Interval = scenario.Duration(2500 * time.Microsecond)
		s.Consumers[0].Service = 2 * s.Producers[0].Interval
	})
	for name, end := range map[string][]play.Msg{
		"paused":        {play.Pause{}},
		"toggled":       {play.Toggle{}},
		"slowed down":   {play.SetSpeed{Speed: 0.001}},
		"halted":        {play.Halt{}},
		"stepped":       {play.Pause{}, play.Step{By: 1}},
		"paused at max": {play.SetSpeed{Speed: play.Max}, play.Frame{Elapsed: 16 * time.Millisecond, More: playtest.Yes}, play.Pause{}},
	} {
		m := play.NewModel()
		do(t, m, play.LoadLink{Link: scenario.Link(s, 0)})
		do(t, m, play.SetSpeed{Speed: 1000})
		do(t, m, play.Seek{At: 5 * time.Second})
		if !m.Moment().Flows {
			t.Fatalf("it does not flow at %v", m.At())
		}
		for _, msg := range end {
			do(t, m, msg)
		}
		if shown := m.Moment(); shown.Flows || shown.Seen-shown.At > 2500*time.Microsecond {
			t.Errorf("%s at %v it is seen as at %v", name, shown.At, shown.Seen)
		}
	}
}
