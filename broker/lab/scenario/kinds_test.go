package scenario_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

func TestAKindIsWrittenAndReadBackByName(t *testing.T) {
	for i, name := range []string{"steady", "poisson"} {
		var back scenario.Arrivals
		text, err := json.Marshal(scenario.Arrivals(i))
		if err != nil || string(text) != `"`+name+`"` || json.Unmarshal(text, &back) != nil || back != scenario.Arrivals(i) {
			t.Errorf("%s is written as %s and read as %v, %v", name, text, back, err)
		}
	}
	for i, name := range []string{"fixed", "exponential", "uniform"} {
		var back scenario.Times
		text, err := json.Marshal(scenario.Times(i))
		if err != nil || string(text) != `"`+name+`"` || json.Unmarshal(text, &back) != nil || back != scenario.Times(i) {
			t.Errorf("%s is written as %s and read as %v, %v", name, text, back, err)
		}
	}
	if got := fmt.Sprint(scenario.Arrivals(2), scenario.Times(3)); got != "2 3" {
		t.Errorf("unknown ones are %s", got)
	}
}

func TestAKindThatDoesNotExistIsAnError(t *testing.T) {
	a, of := scenario.Poisson, scenario.Uniform
	for _, text := range []string{"", "Poisson", "random", "1"} {
		if err := a.UnmarshalText([]byte(text)); err == nil || err.Error() != fmt.Sprintf("arrivals %q are unknown: use one of steady, poisson", text) {
			t.Errorf("%q: %v", text, err)
		}
		if err := of.UnmarshalText([]byte(text)); err == nil || err.Error() != fmt.Sprintf("times %q are unknown: use one of fixed, exponential, uniform", text) {
			t.Errorf("%q: %v", text, err)
		}
	}
	if a != scenario.Poisson || of != scenario.Uniform {
		t.Errorf("an error makes them %v and %v", a, of)
	}
}

func TestAPercentageIsAWholeNumberWithASign(t *testing.T) {
	for p := scenario.Percent(0); p <= 100; p++ {
		var back scenario.Percent
		text, err := p.MarshalText()
		if err != nil || string(text) != fmt.Sprintf("%d%%", p) || back.UnmarshalText(text) != nil || back != p {
			t.Errorf("%v is written as %s and read as %v, %v", p, text, back, err)
		}
	}
	p := scenario.Percent(7)
	for _, text := range []string{"", "%", "25", "101%", "256%", "-1%", "+1%", "2.5%", " 1%", "1 %", "1%%", "one%"} {
		if err := p.UnmarshalText([]byte(text)); err == nil || p != 7 {
			t.Errorf("%q is read as %v, %v", text, p, err)
		}
	}
}

func TestABufferOfOnesOwnIsASizeOrTheBrokers(t *testing.T) {
	for _, test := range []struct {
		own  scenario.Own
		size int
		has  bool
		text string
	}{
		{scenario.Own{}, -1, false, `"broker"`},
		{scenario.OwnBuffer(0), 0, true, `0`},
		{scenario.OwnBuffer(1), 1, true, `1`},
		{scenario.OwnBuffer(1_000_000), 1_000_000, true, `1000000`},
	} {
		if size, has := test.own.Size(); size != test.size || has != test.has {
			t.Errorf("%s is %d, %v", test.text, size, has)
		}
		back := scenario.OwnBuffer(77)
		text, err := json.Marshal(test.own)
		if err != nil || string(text) != test.text || json.Unmarshal(text, &back) != nil || back != test.own {
			t.Errorf("%s is written as %s and read as %v, %v", test.text, text, back, err)
		}
	}
	own := scenario.OwnBuffer(7)
	for _, text := range []string{``, `null`, `-1`, `1000001`, `1.5`, `"3"`, `"inherit"`, `""`, `[3]`, `{}`, `9223372036854775807`, `1e7`, `1e-1`, `3 4`} {
		if err := own.UnmarshalJSON([]byte(text)); err == nil || own != scenario.OwnBuffer(7) {
			t.Errorf("%s is read as %v, %v", text, own, err)
		}
	}
}

func TestADurationIsANumberWithAUnit(t *testing.T) {
	for _, test := range []struct {
		d    scenario.Duration
		text string
	}{{0, "0s"}, {1, "1ns"}, {1500, "1.5µs"}, {second / 4, "250ms"}, {90 * second, "1m30s"}, {late, "23h59m59.999999999s"}} {
		var back scenario.Duration
		text, err := test.d.MarshalText()
		if err != nil || string(text) != test.text || back.UnmarshalText(text) != nil || back != test.d {
			t.Errorf("%s is written as %s and read as %v, %v", test.text, text, back, err)
		}
	}
	d := second
	for _, text := range []string{"", "10", "1 s", "s", "soon", "1e3s", "99999999h"} {
		if err := d.UnmarshalText([]byte(text)); err == nil || d != second {
			t.Errorf("%q is read as %v, %v", text, d, err)
		}
	}
}

func TestAStartIsATimeWithItsZone(t *testing.T) {
	for _, test := range []struct {
		start scenario.Start
		text  string
	}{
		{scenario.Classic().Start, "2021-11-01 11:11:19 +0100 CET"},
		{scenario.Start{Zone: "UTC"}, "1970-01-01 00:00:00 +0000 UTC"},
		{scenario.Start{Unix: labtest.EarliestStart, Offset: -86340, Zone: "GMT-12"}, "0001-01-01 00:01:00 -2359 GMT-12"},
		{scenario.Start{Unix: labtest.LatestStart, Offset: 86340, Zone: "+03"}, "9999-12-30 23:59:00 +2359 +03"},
	} {
		var back scenario.Start
		text, err := test.start.MarshalText()
		if err != nil || string(text) != test.text || back.UnmarshalText(text) != nil || back != test.start || test.start.String() != test.text {
			t.Errorf("%s is written as %s and read as %v, %v", test.text, text, back, err)
		}
		if got := test.start.Time(); got.Unix() != test.start.Unix || got.Format("-0700 MST") != test.text[20:] {
			t.Errorf("%s is the time %v", test.text, got)
		}
	}
	s := scenario.Classic().Start
	for _, text := range []string{"", "now", "2021-11-01", "2021-11-01 11:11:19", "2021-11-01 11:11:19 +0100", "2021-11-01 11:11:19.5 +0100 CET",
		"2021-11-01 9:11:19 +0100 CET", "2021-02-29 11:11:19 +0100 CET", "2021-11-01 11:11:19 +0100 UTC", "2021-11-01 11:11:19 +0100 Berlin"} {
		if err := s.UnmarshalText([]byte(text)); err == nil || s != scenario.Classic().Start {
			t.Errorf("%q is read as %v, %v", text, s, err)
		}
	}
}
