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

// read reads what a person has typed. An error names the value and the limit.
func (c *control) read(typed string) (v int64, text string, err error) {
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
			return 0, "", fmt.Errorf("“%s” is not a whole number from %s", format.Clip(typed, 20), c.limits())
		}
		return int64(n), "", nil
	}
	free := c.Setting // whose limits are told below, in other words
	free.Low, free.High = math.MinInt64, math.MaxInt64
	switch {
	case c.Form == scenario.Time:
		if v, err = free.Parse(format.PlainTime(plain)); err == nil {
			break
		}
		if interval, ok := rate(plain); ok && c.pace {
			v, err = int64(interval), nil
			break
		}
		example := "250 ms, 2 s or 1.5 min"
		if c.pace {
			example = "250 ms, 2 s or 4/s"
		}
		return 0, "", fmt.Errorf("“%s” is no time from %s: write %s", format.Clip(typed, 20), c.limits(), example)
	case c.Form == scenario.Percentage:
		if v, err = strconv.ParseInt(strings.TrimSuffix(plain, "%"), 10, 64); err != nil {
			return 0, "", fmt.Errorf("“%s” is not a whole percentage from %s", format.Clip(typed, 20), c.limits())
		}
	default:
		if number, found := strings.CutSuffix(strings.TrimSuffix(plain, "s"), c.unit); found {
			plain = number
		}
		if v, err = strconv.ParseInt(plain, 10, 64); err != nil {
			return 0, "", fmt.Errorf("“%s” is not a whole number from %s", format.Clip(typed, 20), c.limits())
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
