package estimate

import "fmt"

// Number writes a number of records in two or three digits.
func Number(n float64) string {
	for _, unit := range []struct {
		of   float64
		name string
	}{{1e15, " quadrillion"}, {1e12, " trillion"}, {1e9, " billion"}, {1e6, " million"}} {
		if n >= unit.of*0.9995 {
			return fmt.Sprintf("%.3g", n/unit.of) + unit.name
		}
	}
	return fmt.Sprintf("%.0f", n)
}

// Time writes a time in seconds in words.
func Time(seconds float64) string {
	for _, unit := range []struct {
		of   float64
		name string
	}{{365.25 * 86400, "years"}, {86400, "days"}, {3600, "hours"}, {60, "minutes"}} {
		if seconds >= 1.5*unit.of {
			return fmt.Sprintf("%.0f %s", seconds/unit.of, unit.name)
		}
	}
	return fmt.Sprintf("%.0f s", seconds)
}
