package play

import (
	"slices"
	"testing"
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
	}{{1, 1, 10}, {1, -1, 0.25}, {1, 0, 1}, {0.1, -1, 0.1}, {Max, 1, Max}, {Max, -1, 1000}, {1000, 1, Max}, {50, 1, 100}, {50, -1, 1}, {1, 99, Max}, {1, -99, 0.1}} {
		if got := c.from.next(c.by); got != c.want {
			t.Errorf("%d places from %v is %v, want %v", c.by, c.from, got, c.want)
		}
		m := NewModel()
		Update(m, SetSpeed{c.from})
		Update(m, Faster{By: c.by})
		if m.Speed != c.want || m.Actual != float64(min(c.want, 1000)) {
			t.Errorf("%d places from %v it runs at %v, reaches %v", c.by, c.from, m.Speed, m.Actual)
		}
	}
}
