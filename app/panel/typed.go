package panel

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/spillway-go/spillway/app/format"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// read reads what a person has typed in place of the value now. An error names the
// value and the limit.
func (c *control) read(typed string, now int64) (v int64, text string, err error) {
	typed = strings.TrimSpace(typed)
	if c.Form == scenario.Text {
		text = strings.Join(strings.Fields(typed), " ")
		if c.parse != nil {
			text, err = c.parse(text)
			return 0, text, err
		}
		if err := c.Check(0, text); err != nil {
			return 0, "", err
		}
		return 0, text, nil
	}
	plain := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, typed)
	if c.zero != "" && (plain == strings.ReplaceAll(c.zero, " ", "") || c.Low < 0 && (plain == "asthebroker" || plain == "broker" || plain == "broker's")) {
		return c.Low, "", nil
	}
	if c.seed {
		n, err := strconv.ParseUint(plain, 10, 64)
		if err != nil {
			return 0, "", fmt.Errorf("enter a whole number from %s", c.limits())
		}
		return int64(n), "", nil
	}
	free := c.Setting // whose limits are told below, in other words
	free.Low, free.High = math.MinInt64, math.MaxInt64
	switch {
	case c.Form == scenario.Time:
		if v, err = free.Parse(format.PlainTime(plain, unitOf(c.show(now)))); err == nil {
			break
		}
		if interval, ok := rate(plain); ok && c.pace {
			v, err = int64(interval), nil
			break
		}
		example := "250 ms or 2 s"
		if c.pace {
			example = "250 ms or 4/s"
		}
		return 0, "", fmt.Errorf("enter a time from %s, e.g. %s", c.limits(), example)
	case c.Form == scenario.Percentage:
		if v, err = strconv.ParseInt(strings.TrimSuffix(plain, "%"), 10, 64); err != nil {
			return 0, "", fmt.Errorf("enter a whole percentage from %s", c.limits())
		}
	default:
		if number, found := strings.CutSuffix(strings.TrimSuffix(plain, "s"), c.unit); found {
			plain = number
		}
		if v, err = whole(plain); err != nil {
			return 0, "", fmt.Errorf("enter a whole number from %s", c.limits())
		}
	}
	switch {
	case v < c.Low:
		return 0, "", fmt.Errorf("%s is too little: %s", format.Clip(typed, 20), c.limits())
	case v > c.High:
		return 0, "", fmt.Errorf("%s is too much: %s", format.Clip(typed, 20), c.limits())
	}
	return v, "", nil
}

// whole reads a whole number as people write it: 1000, 1,000, 1k, 1.5k or 2M.
func whole(plain string) (int64, error) {
	if v, err := strconv.ParseInt(ungrouped(plain), 10, 64); err == nil {
		return v, nil
	}
	number, thousand := strings.CutSuffix(plain, "k")
	number, million := strings.CutSuffix(number, "m")
	v, err := strconv.ParseFloat(number, 64)
	switch {
	case thousand && !million:
		v *= 1e3
	case million && !thousand:
		v *= 1e6
	default:
		return 0, strconv.ErrSyntax
	}
	if err != nil || v != math.Trunc(v) || math.Abs(v) > 1e15 {
		return 0, strconv.ErrSyntax
	}
	return int64(v), nil
}

// ungrouped takes the commas out of a number such as 1,000.
func ungrouped(number string) string {
	groups := strings.Split(number, ",")
	for i, group := range groups {
		if i > 0 && len(group) != 3 || i == 0 && (len(group) == 0 || len(group) > 3 && len(groups) > 1) {
			return number
		}
	}
	return strings.Join(groups, "")
}

// unitOf is the unit in which a time is shown: a number that is typed alone is meant in
// it too.
func unitOf(shown string) string {
	if _, unit, found := strings.Cut(shown, " "); found {
		return unit
	}
	return "s"
}

// startText is the start of a log as scenario.Start writes it. What says nothing of a
// zone is in UTC.
func startText(typed string) (string, error) {
	var start scenario.Start
	for _, rest := range []string{"", " +0000 UTC", ":00 +0000 UTC", " 00:00:00 +0000 UTC"} {
		s := scenario.Classic()
		if start.UnmarshalText([]byte(typed+rest)) != nil {
			continue
		}
		if s.Start = start; s.Validate() == nil {
			return start.String(), nil
		}
	}
	return "", fmt.Errorf("“%s” is no moment such as %v", format.Clip(typed, 40), scenario.Classic().Start)
}

// rate is the interval of a rate such as 4/s or 30/min.
func rate(text string) (time.Duration, bool) {
	many, per, found := strings.Cut(format.PlainUnits(text), "/")
	unit, known := map[string]time.Duration{"ms": time.Millisecond, "s": time.Second, "m": time.Minute, "h": time.Hour}[per]
	if number, found := strings.CutSuffix(strings.TrimSuffix(many, "s"), "event"); found {
		many = number
	}
	n, err := strconv.ParseFloat(many, 64)
	if !found || !known || err != nil || !(n > 0) || float64(unit)/n > float64(math.MaxInt64/2) {
		return 0, false
	}
	return time.Duration(math.Round(float64(unit) / n)), true
}

// rateText is the rate in a second whose interval that is, such as 3/s; empty if there
// is no whole one below a thousand.
func rateText(interval time.Duration) string {
	for n := range time.Duration(1000) {
		if n > 0 && time.Duration(math.Round(float64(time.Second)/float64(n))) == interval {
			return strconv.Itoa(int(n)) + "/s"
		}
	}
	return ""
}
