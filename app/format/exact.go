package format

import (
	"fmt"
	"math"
	"strings"
	"time"
)

// timeWords are how people write the units of a time, and how Go does.
var timeWords = strings.NewReplacer(
	",", ".", "minutes", "m", "minute", "m", "mins", "m", "min", "m", "seconds", "s", "second", "s", "secs", "s", "sec", "s",
	"hours", "h", "hour", "h")

// PlainTime is a time as time.ParseDuration reads it. Without a unit it is in the one
// given.
func PlainTime(text, unit string) string {
	text = PlainUnits(text)
	if text != "" && text[len(text)-1] >= '0' && text[len(text)-1] <= '9' {
		text += PlainUnits(unit)
	}
	return text
}

// ExactTime is a time as Time writes it, with all its digits.
func ExactTime(d time.Duration) string {
	if d == 0 {
		return "0 s"
	}
	text := Time(d)
	if back, err := time.ParseDuration(PlainTime(strings.ReplaceAll(text, " ", ""), "s")); err == nil && back == d {
		return text
	}
	for _, u := range []struct {
		name   string
		digits int
	}{{"s", 9}, {"ms", 6}, {"µs", 3}} {
		unit := time.Duration(math.Pow10(u.digits))
		if d >= unit {
			fraction := strings.TrimRight(fmt.Sprintf("%0*d", u.digits, d%unit), "0")
			return strings.TrimSuffix(fmt.Sprintf("%d.%s", d/unit, fraction), ".") + " " + u.name
		}
	}
	return text
}

// PlainUnits are the units of a time as Go writes them.
func PlainUnits(text string) string { return timeWords.Replace(text) }
