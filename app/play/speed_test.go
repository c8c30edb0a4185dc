package play

import (
	"slices"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker/lab/scenario"
)

func TestSpeedsReadAsTheyAreSaid(t *testing.T) {
	var names []string
	for _, s := range Speeds() {
		names = append(names, s.String())
	}
	if want := []string{"0.1×", "0.25×", "1×", "10×", "100×", "1000×", "max"}; !slices.Equal(names, want) {
		t.Errorf("they are %v", names)
	}
}

func TestFasterAndSlowerMoveThroughTheSpeeds(t *testing.T) {
	for _, c := range []struct {
		from Speed
		by   int
		want Speed
	}{{1, 1, 10}, {1, -1, 0.25}, {1, 0, 1}, {0.1, -1, 0.025}, {Max, 1, Max}, {Max, -1, 1000}, {1000, 1, Max}, {50, 1, 100}, {50, -1, 1}, {1, 99, Max}, {1, -99, 0.001}} {
		if got := c.from.next(c.by); got != c.want {
			t.Errorf("%d places from %v is %v, want %v", c.by, c.from, got, c.want)
		}
		m := NewModel()
		Update(m, SetSpeed{Speed: c.from})
		Update(m, Faster{By: c.by})
		if m.Speed != c.want || m.Actual != float64(min(c.want, 1000)) {
			t.Errorf("%d places from %v it runs at %v, reaches %v", c.by, c.from, m.Speed, m.Actual)
		}
	}
}

func TestASpeedFitsTheShortestTimeOfAScenario(t *testing.T) {
	for _, c := range []struct {
		interval, service time.Duration
		want              Speed
	}{
		{time.Second, 2 * time.Second, 1}, {time.Millisecond, 2 * time.Second, 0.0025}, {4 * time.Second, 15 * time.Millisecond, 0.1},
		{time.Second, time.Microsecond, 0.001}, {time.Minute, time.Hour, 100}, {time.Hour, time.Hour, 1000},
	} {
		s := scenario.Classic()
		s.Duration = scenario.Duration(time.Hour)
		s.Producers[0].Interval, s.Consumers[0].Service = scenario.Duration(c.interval), scenario.Duration(c.service)
		m := NewModel()
		Update(m, LoadLink{Link: scenario.Link(s, 0)})
		if !m.Auto || m.Speed != c.want || m.Actual != float64(c.want) {
			t.Errorf("every %v, %v each: it runs at %v, want %v", c.interval, c.service, m.Speed, c.want)
		}
	}
}

// The speed that somebody has chosen stays, until a preset is.
func TestChoosingAPresetGoesBackToTheSpeedThatFits(t *testing.T) {
	m := NewModel()
	Update(m, SetSpeed{Speed: Max})
	Update(m, setService(m, time.Millisecond))
	if m.Auto || m.Speed != Max {
		t.Errorf("after an edit it runs at %v", m.Speed)
	}
	Update(m, LoadPreset{ID: "spill"})
	if !m.Auto || m.Speed != 1 {
		t.Errorf("the next preset runs at %v", m.Speed)
	}
	Update(m, setService(m, time.Millisecond))
	if m.Speed != 0.0025 {
		t.Errorf("after an edit to 1 ms it runs at %v", m.Speed)
	}
	Update(m, Faster{By: 1})
	if m.Auto || m.Speed != 0.01 {
		t.Errorf("a little faster it runs at %v", m.Speed)
	}
	Update(m, SetSpeed{Auto: true})
	if !m.Auto || m.Speed != 0.0025 {
		t.Errorf("back at what fits it runs at %v", m.Speed)
	}
}
