package app

import (
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// Sixteen thousand events at each moment, every microsecond for a day.
func torrent() scenario.Scenario {
	s := labtest.Many(16, 16, 3)
	for i := range s.Producers {
		s.Producers[i].Interval = scenario.Duration(time.Microsecond)
		s.Producers[i].Burst = 1000
	}
	s.Duration = scenario.Duration(24 * time.Hour)
	return s
}

// The most records that are simulated in a row where there is no time left.
const atOnce = 100_000

func TestALinkThatCostsTooMuchIsOpenedAtOnce(t *testing.T) {
	for _, at := range []time.Duration{0, 1, time.Microsecond, time.Second, 24 * time.Hour} {
		m := NewModel()
		Update(m, LoadLink{Link: scenario.Link(torrent(), at)})
		if n := m.Journal().Next(); n > atOnce {
			t.Errorf("to open it at %v %d records are simulated", at, n)
		}
		for range 20 {
			before := m.Journal().Next()
			Update(m, Frame{Elapsed: 16 * time.Millisecond, More: no})
			if n := m.Journal().Next() - before; n > atOnce/2 {
				t.Errorf("a frame simulates %d records", n)
			}
			if at, complete := m.At(), m.View().Position; m.run.reached() > at && complete != m.Journal().Search(at) {
				t.Errorf("at %v it shows %d records", at, complete)
			}
		}
		m.run.sim.Close()
	}
}

func TestAStepInAHugeMomentSimulatesNoMoreThanItHasTo(t *testing.T) {
	m := paused(torrent(), 0)
	defer m.run.sim.Close()
	for n := range 100 {
		Update(m, Step{By: 1})
		if got := m.View().Position; got != uint64(n+1) || m.At() != time.Microsecond {
			t.Fatalf("after %d steps it shows %d records of %v", n+1, got, m.At())
		}
	}
	if n := m.Journal().Next(); n > atOnce {
		t.Errorf("%d records are simulated", n)
	}
}
