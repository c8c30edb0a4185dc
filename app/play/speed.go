package play

import (
	"math"
	"strconv"
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

// next is the speed so many places further in the list.
func (s Speed) next(by int) Speed {
	all := Speeds()
	at := 0
	for i, o := range all {
		if o <= s {
			at = i
		}
	}
	return all[min(max(at+by, 0), len(all)-1)]
}
