package app

import (
	"math"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker/scenario"
)

func TestTheLoadIsThatOfTheBusiestConsumer(t *testing.T) {
	for _, c := range []struct {
		of   scenario.Scenario
		want float64
	}{
		{scenario.Classic(), 2},
		{edited(func(s *scenario.Scenario) { s.Consumers[0].Service = scenario.Duration(500 * time.Millisecond) }), 0.5},
		{edited(func(s *scenario.Scenario) {
			s.Producers = append(s.Producers, scenario.Producer{Name: "p", Interval: scenario.Duration(500 * time.Millisecond)})
			s.Consumers = append(s.Consumers, scenario.Consumer{Name: "c", Service: scenario.Duration(time.Second)})
		}), 6},
	} {
		if got := load(paused(c.of, 0)); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("it is %v, want %v", got, c.want)
		}
	}
}

func TestTheNumbersAreThoseOfTheMoment(t *testing.T) {
	m := paused(scenario.Classic(), 0)
	if got, want := numbersOf(m), (numbers{Load: 2}); got != want {
		t.Errorf("at the start they are %+v", got)
	}
	Update(m, Seek{At: 8 * time.Second})
	n, st := numbersOf(m), m.View()
	if n.Published != 8 || n.Delivered != st.Delivered || n.Dropped != st.Dropped || n.Waiting != st.Consumers[0].Depth {
		t.Errorf("at 8 s they are %+v", n)
	}
	if n.Busy != 7.0/8 || n.Loss != float64(n.Dropped)/8 || n.Loss == 0 {
		t.Errorf("at 8 s it is busy for %v and loses %v", n.Busy, n.Loss)
	}
	Update(m, setService(time.Second))
	if got := numbersOf(m).Load; got != 1 {
		t.Errorf("after a change the load is %v", got)
	}
	m = paused(crowded(1, 2, 3), 5*time.Second)
	var waiting int
	var busy float64
	for _, c := range m.View().Consumers {
		waiting += c.Depth
		busy += c.Utilisation(m.At())
	}
	if n := numbersOf(m); n.Waiting != waiting || math.Abs(n.Busy-busy/2) > 1e-12 {
		t.Errorf("of two consumers they are %+v", n)
	}
}
