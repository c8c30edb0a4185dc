package panel

import (
	"slices"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

func TestStopsRiseAndHaveTheNumbersOfTheClassic(t *testing.T) {
	for _, want := range []time.Duration{time.Millisecond, time.Second, 2 * time.Second, time.Minute} {
		if !slices.Contains(TimeStops, want) {
			t.Errorf("there is no stop at %v", want)
		}
	}
	for _, want := range []int{0, broker.DefaultBuffer, broker.MaxBuffer} {
		if !slices.Contains(BufferStops, want) {
			t.Errorf("there is no stop at %v", want)
		}
	}
	rises(t, TimeStops)
	rises(t, BufferStops)
}

func rises[T int | time.Duration](t *testing.T, stops []T) {
	t.Helper()
	for i := 1; i < len(stops); i++ {
		if stops[i] <= stops[i-1] {
			t.Errorf("after %v comes %v", stops[i-1], stops[i])
		}
	}
}

func TestEveryStopIsAllowed(t *testing.T) {
	s := scenario.Classic()
	for _, d := range TimeStops {
		s.Producers[0].Interval, s.Consumers[0].Service = scenario.Duration(d), scenario.Duration(d)
		if err := s.Validate(); err != nil {
			t.Error(err)
		}
	}
	for _, n := range BufferStops {
		s.Broker.Buffer = n
		if err := s.Validate(); err != nil {
			t.Error(err)
		}
	}
}

func TestTheNearestStopIsNotAboveTheValue(t *testing.T) {
	stops := []int{1, 2, 5, 10}
	for v, want := range map[int]int{0: 0, 1: 0, 2: 1, 4: 1, 5: 2, 9: 2, 10: 3, 99: 3} {
		if got := nearest(stops, v); got != want {
			t.Errorf("for %d it is number %d, want %d", v, got, want)
		}
	}
	for i, d := range TimeStops {
		if nearest(TimeStops, d) != i {
			t.Errorf("%v is not its own stop", d)
		}
	}
}
