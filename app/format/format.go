package format

import (
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// unit is a unit and how many of the smallest it is.
type unit struct {
	size float64
	name string
}

var (
	timeUnits = []unit{
		{float64(time.Minute), " min"}, {float64(time.Second), " s"},
		{float64(time.Millisecond), " ms"}, {float64(time.Microsecond), " µs"}, {1, " ns"},
	}
	countUnits = []unit{{1e9, " G"}, {1e6, " M"}}
)

// inUnit writes a number in the largest of the units that it comes to once it is
// rounded to so many digits, so that it is never 1000 ms.
func inUnit(units []unit, v float64, digits int) string {
	for i, u := range units {
		if v < u.size && i < len(units)-1 {
			continue
		}
		text := Number(v/u.size, digits)
		if i > 0 {
			larger := units[i-1]
			if rounded, err := strconv.ParseFloat(text, 64); err == nil && rounded*u.size >= larger.size {
				return "1" + larger.name
			}
		}
		return text + u.name
	}
	return Number(v, digits)
}

// Time is a length of time in the largest unit that keeps it readable: "250 ms", "2 s",
// "1.5 min". Nobody reads hundredths of a minute or tenths of an hour, so it is "100 s",
// "2 min 40 s" and "2 h 45 min".
func Time(d time.Duration) string {
	switch {
	case d.Round(time.Second) >= time.Hour:
		return inTwo(d.Round(time.Minute), time.Hour, " h", time.Minute, " min")
	case d >= 2*time.Minute && d%(30*time.Second) != 0:
		return inTwo(d.Round(time.Second), time.Minute, " min", time.Second, " s")
	case d > time.Minute && d < 2*time.Minute && d%(30*time.Second) != 0:
		return Number(d.Seconds(), 3) + " s"
	}
	return inUnit(timeUnits, float64(d), 3)
}

// inTwo writes a length of time in two units, or in the larger if nothing is left.
func inTwo(d, large time.Duration, largeName string, small time.Duration, smallName string) string {
	text := strconv.Itoa(int(d/large)) + largeName
	if rest := d % large; rest != 0 {
		text += " " + strconv.Itoa(int(rest/small)) + smallName
	}
	return text
}

// Rate is how often something with that interval happens: "1 event / s".
func Rate(interval time.Duration) string {
	perSecond := float64(time.Second) / float64(interval)
	switch {
	case perSecond >= 1:
		return quantity(perSecond) + " / s"
	case perSecond*60 >= 1:
		return quantity(perSecond*60) + " / min"
	default:
		return quantity(perSecond*3600) + " / h"
	}
}

func quantity(n float64) string {
	text := Number(n, 3)
	if n >= 10_000 {
		text = Count(uint64(n + 0.5))
	}
	if text == "1" {
		return "1 event"
	}
	return text + " events"
}

// Clock is a moment of a run: "00:08.4", with hours where there are any.
func Clock(d time.Duration) string {
	tenths := int64(d / (100 * time.Millisecond))
	h, m, s, t := tenths/36000, tenths/600%60, tenths/10%60, tenths%10
	two := func(n int64) string { return strconv.FormatInt(100+n, 10)[1:] }
	text := two(m) + ":" + two(s) + "." + strconv.FormatInt(t, 10)
	if h > 0 {
		text = strconv.FormatInt(h, 10) + ":" + text
	}
	return text
}

// Instant is a moment of a run to read in a list, as exact as it is.
func Instant(d time.Duration) string {
	return strings.TrimSuffix(strings.TrimRight(strconv.FormatFloat(d.Seconds(), 'f', 9, 64), "0"), ".") + " s"
}

// Count is a whole number, with thin spaces from five digits on, and in millions
// or more where it would be long.
func Count(n uint64) string {
	switch {
	case n < 10_000:
		return strconv.FormatUint(n, 10)
	case n < 1_000_000:
		return strconv.FormatUint(n/1000, 10) + "\u202f" + strconv.FormatUint(1000+n%1000, 10)[1:]
	default:
		return inUnit(countUnits, float64(n), 4)
	}
}

// Percent is a fraction: "11.1 %". All and nothing are said only where they are true.
func Percent(fraction float64) string {
	switch p := 100 * fraction; {
	case p > 0 && p < 0.1:
		return "< 0.1 %"
	case p > 99.9 && p < 100:
		return "99.9 %"
	case p == 100:
		return "100 %"
	default:
		return strconv.FormatFloat(p, 'f', 1, 64) + " %"
	}
}

// Plural counts things.
func Plural(n uint64, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return Count(n) + " " + thing + "s"
}

// Number has so many significant digits and no needless zeros.
func Number(v float64, digits int) string {
	if v == 0 {
		return "0"
	}
	decimals := max(digits-1-int(math.Floor(math.Log10(math.Abs(v)))), 0)
	text := strconv.FormatFloat(v, 'f', decimals, 64)
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return text
}

// Words is an identifier as it is read: "drop-newest" is "drop newest".
func Words(id string) string { return strings.ReplaceAll(id, "-", " ") }

// Clip shortens a text to so many characters.
func Clip(text string, most int) string {
	if r := []rune(text); len(r) > most && most > 0 {
		return string(r[:most-1]) + "…"
	}
	return text
}

// Exactly is a moment as a clock shows it, with as many digits as it needs.
func Exactly(d time.Duration) string {
	text := Clock(d)
	rest := d % (100 * time.Millisecond)
	if rest == 0 {
		return text
	}
	digits := strconv.FormatInt(int64(rest/time.Microsecond)+100_000, 10)[1:]
	if d >= time.Minute {
		digits = digits[:2]
	}
	return text + strings.TrimRight(digits, "0")
}

// Sentence begins with a capital letter and ends with a full stop.
func Sentence(text string) string {
	text, _, _ = strings.Cut(text, "\n")
	r, n := utf8.DecodeRuneInString(text)
	if text = string(unicode.ToUpper(r)) + text[n:]; !strings.HasSuffix(text, ".") {
		text += "."
	}
	return text
}
