package play

import (
	"math"
	"strconv"
	"time"

	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// Speed is how many seconds of the run pass in a second.
type Speed float64

// Max is as fast as the device can.
var Max = Speed(math.Inf(1))

// Speeds are the ones to choose from.
func Speeds() []Speed { return []Speed{0.1, 0.25, 1, 10, 100, 1000, Max} }

func (s Speed) String() string {
	if s == Max {
		return "max"
	}
	return strconv.FormatFloat(float64(s), 'g', -1, 64) + "×"
}

// slowest are speeds below those to choose from, which a scenario of milliseconds needs.
func slowest() []Speed { return []Speed{0.001, 0.0025, 0.01, 0.025} }

// shortest is how long the shortest time of a scenario is on the screen, at least, at the speed that fits it.
const shortest = 150 * time.Millisecond

// fitting is the highest speed at which the shortest time of a scenario can be watched.
func fitting(s *scenario.Scenario) Speed {
	least := s.Duration
	for i := range s.Producers {
		least = min(least, s.Producers[i].Interval)
	}
	for i := range s.Consumers {
		least = min(least, s.Consumers[i].Service)
	}
	best := slowest()[0]
	for _, speed := range append(slowest(), Speeds()...) {
		if speed != Max && float64(least) >= float64(speed)*float64(shortest) {
			best = speed
		}
	}
	return best
}

// fit chooses the speed that fits what is shown, if that is wanted.
func (m *Model) fit() {
	if m.Auto {
		m.Speed = fitting(m.Moment().Now)
		m.assumeSpeed()
	}
}

// next is the speed so many places further in the list.
func (s Speed) next(by int) Speed {
	all := append(slowest(), Speeds()...)
	at := 0
	for i, o := range all {
		if o <= s {
			at = i
		}
	}
	return all[min(max(at+by, 0), len(all)-1)]
}
