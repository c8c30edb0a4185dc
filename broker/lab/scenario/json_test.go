package scenario_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
	"pgregory.net/rapid"
)

func TestJSONIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := labtest.Everything(4).Scenario().Draw(t, "scenario")
		text := s.JSON()
		back, err := scenario.ParseJSON(text)
		if err != nil {
			t.Fatal(err)
		}
		if !back.Equal(s) {
			t.Fatalf("read back as %+v", back)
		}
		var plain scenario.Scenario // what encoding/json makes of it by the tags
		if err := json.Unmarshal(text, &plain); err != nil || !plain.Equal(s) {
			t.Fatalf("encoding/json reads it as %+v, %v", plain, err)
		}
	})
}

func TestTheLargestScenarioHasJSON(t *testing.T) {
	s := worstOfAll()
	if back, err := scenario.ParseJSON(s.JSON()); err != nil || !back.Equal(s) {
		t.Errorf("%d bytes are read back with %v", len(s.JSON()), err)
	}
}

func TestTheClassicInJSON(t *testing.T) {
	const want = `{
  "producers": [
    {
      "name": "producer",
      "interval": "1s"
    }
  ],
  "broker": {
    "buffer": 3,
    "overflow": "drop-newest"
  },
  "consumers": [
    {
      "name": "consumer",
      "service": "2s"
    }
  ],
  "duration": "10s",
  "start": "2021-11-01 11:11:19 +0100 CET",
  "seed": 35
}
`
	if got := string(scenario.Classic().JSON()); got != want {
		t.Errorf("it is\n%s", got)
	}
}

// everyField is a scenario that says everything.
const everyField = `{
  "producers": [
    {
      "name": "shop",
      "topic": "orders.new",
      "interval": "250ms",
      "arrivals": "poisson",
      "burst": 12,
      "start": "1.5s",
      "count": 100
    }
  ],
  "broker": {
    "buffer": 4,
    "overflow": "block"
  },
  "consumers": [
    {
      "name": "bank",
      "topics": "orders.* parcels.>",
      "service": "1m0s",
      "times": "uniform",
      "workers": 3,
      "buffer": 0,
      "overflow": "keep-latest",
      "failures": "25%",
      "attempts": 5,
      "backoff": "2s",
      "start": "1µs"
    }
  ],
  "duration": "24h0m0s",
  "start": "2026-02-28 23:59:59 +0000 UTC",
  "seed": 18446744073709551615,
  "interventions": [
    {
      "at": "3s",
      "do": "set-own-buffer",
      "value": "broker"
    },
    {
      "at": "4s",
      "do": "crash"
    }
  ]
}
`

func TestEveryFieldInJSON(t *testing.T) {
	want := scenario.Scenario{
		Producers: []scenario.Producer{{
			Name: "shop", Topic: "orders.new", Interval: second / 4, Arrivals: scenario.Poisson, Burst: 12, Start: 3 * second / 2, Count: 100,
		}},
		Broker: scenario.Broker{Buffer: 4, Overflow: broker.Block},
		Consumers: []scenario.Consumer{{
			Name: "bank", Topics: "orders.* parcels.>", Service: 60 * second, Times: scenario.Uniform, Workers: 3, Buffer: scenario.OwnBuffer(0),
			Overflow: broker.KeepLatest, Failures: 25, Attempts: 5, Backoff: 2 * second, Start: 1000,
		}},
		Duration: scenario.Duration(scenario.MaxDuration),
		Start:    scenario.Start{Unix: 1772323199, Zone: "UTC"},
		Seed:     1<<64 - 1,
		Interventions: []scenario.Intervention{
			{At: 3 * second, Do: scenario.SetOwnBuffer, Value: -1},
			{At: 4 * second, Do: scenario.Crash},
		},
	}
	s, err := scenario.ParseJSON([]byte(everyField))
	if err != nil || !s.Equal(want) {
		t.Errorf("it is read as %+v, %v", s, err)
	}
	if got := string(want.JSON()); got != everyField {
		t.Errorf("it is written as\n%s", got)
	}
}

func TestWhatJSONLeavesOutMeansItsDefault(t *testing.T) {
	const least = `{"producers":[{"name":"producer","interval":"1s"}],"consumers":[{"name":"consumer","service":"2s"}]}`
	said := strings.NewReplacer(
		`"1s"`, `"1s","topic":"","arrivals":"steady","burst":1,"start":"0s","count":0`,
		`"2s"`, `"2s","topics":"","times":"fixed","workers":1,"buffer":"broker","overflow":"broker","failures":"0%","attempts":1,"backoff":"100ms","start":"0s"`,
		`"consumers"`, `"$schema":"scenario.schema.json","interventions":[],"broker":{},"consumers"`,
	).Replace(least)
	for _, text := range []string{least, said} {
		if s, err := scenario.ParseJSON([]byte(text)); err != nil || !s.Equal(scenario.Classic()) {
			t.Errorf("%s is read as %+v, %v", text, s, err)
		}
	}
	s, err := scenario.ParseJSON([]byte(strings.Replace(least, `"consumers"`, `"broker":{"buffer":9},"seed":0,"consumers"`, 1)))
	if want := labtest.Edited(func(s *scenario.Scenario) { s.Broker.Buffer, s.Seed = 9, 0 }); err != nil || !s.Equal(want) {
		t.Errorf("it is %+v, %v", s, err)
	}
}

func TestAMistakeInJSONIsASentence(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"", "the text is empty"},
		{" \n ", "the text is empty"},
		{"{", "the text ends in the middle"},
		{`{"seed": 1`, "the text ends in the middle"},
		{`{"seed": "1`, "the text ends in the middle"},
		{"{\"a\xff\": 1}", "the text is not UTF-8"},
		{"{\n\"seed\": }", "line 2: not JSON: invalid character '}' looking for beginning of value"},
		{"{\n\"seed\": 1,\n}", "line 3: not JSON: invalid character '}' looking for beginning of object key string"},
		{everyField + "x", "there is more text after the closing brace"},
		{everyField + "{}", "there is more text after the closing brace"},
		{"[]", "line 1: the scenario: a list does not fit here, an object is wanted"},
		{"\n\n null", "line 3: the scenario: null does not fit here, an object is wanted"},
		{"true", "line 1: the scenario: true or false does not fit here, an object is wanted"},
		{"{}", "line 1: producers: it is missing\nline 1: consumers: it is missing"},
		{strings.Repeat(" ", 4<<20) + "{}", "the text has 4194306 bytes: at most 4194304"},
	} {
		if _, err := scenario.ParseJSON([]byte(test.text)); err == nil || err.Error() != "scenario: "+test.want {
			t.Errorf("%.99s:\ngot  %v\nwant %s", test.text, err, test.want)
		}
	}
}

func TestAMistakeInAFieldIsNamedWithItsLine(t *testing.T) {
	for _, test := range []struct{ old, new, want string }{
		// A field that does not exist, whatever its case.
		{`"seed"`, `"speed": 1, "seed"`, `line 34: the scenario: unknown field "speed"`},
		{`"seed"`, `"Seed"`, `line 34: the scenario: unknown field "Seed"`},
		{`"burst"`, `"bursts"`, `line 8: producers[0]: unknown field "bursts"`},
		{`"buffer": 4`, `"size": 4`, `line 14: broker: unknown field "size"`},
		{`"workers"`, `"worker"`, `line 23: consumers[0]: unknown field "worker"`},
		{`"do": "crash"`, `"do": "crash", "why": "bored"`, `line 43: interventions[1]: unknown field "why"`},
		{`"do": "crash"`, `"text": "a", "do": "crash"`, `line 43: interventions[1]: unknown field "text"`},
		// One that exists twice, or not at all.
		{`"seed"`, `"duration": "1s", "seed"`, "line 34: duration: it is there twice"},
		{`"count"`, `"name": "shop", "count"`, "line 10: producers[0].name: it is there twice"},
		{`"name": "shop",`, ``, "line 3: producers[0].name: it is missing"},
		{`"interval": "250ms",`, ``, "line 3: producers[0].interval: it is missing"},
		{`"name": "bank",`, ``, "line 18: consumers[0].name: it is missing"},
		{`"service": "1m0s",`, ``, "line 18: consumers[0].service: it is missing"},
		{`"at": "4s",`, ``, "line 41: interventions[1].at: it is missing"},
		{`"do": "set-own-buffer",`, ``, "line 36: interventions[0].do: it is missing"},
		{`"do": "set-own-buffer",` + "\n      " + `"value": "broker"`, `"do": "set-own-buffer"`, "line 36: interventions[0].value: it is missing, and set-own-buffer takes one"},
		// Another kind of value.
		{`18446744073709551615`, `"35"`, "line 34: seed: a text does not fit here, a number is wanted"},
		{`18446744073709551615`, `null`, "line 34: seed: null does not fit here, a number is wanted"},
		{`18446744073709551615`, `-1`, "line 34: seed: -1 is not a whole number from 0 to 18446744073709551615"},
		{`18446744073709551615`, `1.5`, "line 34: seed: 1.5 is not a whole number from 0 to 18446744073709551615"},
		{`18446744073709551615`, `18446744073709551616`, "line 34: seed: 18446744073709551616 is not a whole number from 0 to 18446744073709551615"},
		{`"250ms"`, `250`, "line 6: producers[0].interval: a number does not fit here, a text is wanted"},
		{`"250ms"`, `"250"`, `line 6: producers[0].interval: "250" is not a number with a unit such as 250ms, 2s or 1h`},
		{`"24h0m0s"`, `"10"`, `line 32: duration: "10" is not a number with a unit such as 250ms, 2s or 1h`},
		{`"1.5s"`, `"soon"`, `line 9: producers[0].start: "soon" is not a number with a unit such as 250ms, 2s or 1h`},
		{`12`, `"12"`, "line 8: producers[0].burst: a text does not fit here, a number is wanted"},
		{`12`, `12.5`, `line 8: producers[0].burst: "12.5" is not a whole number`},
		{`12`, `[12]`, "line 8: producers[0].burst: a list does not fit here, a number is wanted"},
		{`"orders.new"`, `1`, "line 5: producers[0].topic: a number does not fit here, a text is wanted"},
		{`"25%"`, `25`, "line 26: consumers[0].failures: a number does not fit here, a text is wanted"},
		{`"25%"`, `"25"`, `line 26: consumers[0].failures: "25" is not a whole percentage from 0% to 100%`},
		{`"25%"`, `"2.5%"`, `line 26: consumers[0].failures: "2.5%" is not a whole percentage from 0% to 100%`},
		{`"buffer": 0`, `"buffer": null`, "line 24: consumers[0].buffer: null does not fit here, a number is wanted"},
		{`"buffer": 0`, `"buffer": "0"`, `line 24: consumers[0].buffer: "0" does not fit here, a number or "broker" is wanted`},
		{`"buffer": 0`, `"buffer": -1`, "line 24: consumers[0].buffer: -1 is out of range: 0 to 1000000"},
		{`"buffer": 4`, `"buffer": "broker"`, "line 14: broker.buffer: a text does not fit here, a number is wanted"},
		{`"keep-latest"`, `"inherit"`, `line 25: consumers[0].overflow: "inherit" is unknown: use one of broker, drop-newest, drop-oldest, keep-latest, reject, block, spill`},
		{`"block"`, `"explode"`, `line 15: broker.overflow: "explode" is unknown: use one of drop-newest, drop-oldest, keep-latest, reject, block, spill`},
		{`"block"`, `"inherit"`, `line 15: broker.overflow: "inherit" is unknown: use one of drop-newest, drop-oldest, keep-latest, reject, block, spill`},
		{`"uniform"`, `"random"`, `line 22: consumers[0].times: "random" is unknown: use one of fixed, exponential, uniform`},
		{`"2026-02-28 23:59:59 +0000 UTC"`, `{}`, "line 33: start: an object does not fit here, a text is wanted"},
		{`"2026-02-28 23:59:59 +0000 UTC"`, `"now"`, `line 33: start: "now" is not a time such as 2021-11-01 11:11:19 +0100 CET`},
		{`"2026-02-28 23:59:59 +0000 UTC"`, `"2026-02-28 23:59:59.5 +0000 UTC"`, `line 33: start: "2026-02-28 23:59:59.5 +0000 UTC" is not a time such as 2021-11-01 11:11:19 +0100 CET`},
		{`"2026-02-28 23:59:59 +0000 UTC"`, `"2026-02-29 23:59:59 +0000 UTC"`, `line 33: start: "2026-02-29 23:59:59 +0000 UTC" is not a time such as 2021-11-01 11:11:19 +0100 CET`},
		{`"crash"`, `"pray"`, `line 43: interventions[1].do: action "pray" is unknown: use one of ` + strings.Join(actions(), ", ")},
		{`"crash"`, `"crash", "value": 1`, "line 43: interventions[1].value: crash takes none"},
		{`"crash"`, `"crash", "value": null`, "line 43: interventions[1].value: crash takes none"},
		{`"crash"`, `"crash", "actor": 0`, "line 43: interventions[1].actor: crash takes none"},
		{`"crash"`, `"set-workers", "value": "3"`, "line 43: interventions[1].value: a text does not fit here, a number is wanted"},
		{`"crash"`, `"set-workers", "value": 65`, "line 43: interventions[1].value: 65 is out of range: 1 to 64"},
		{`"crash"`, `"set-interval", "value": 3`, "line 43: interventions[1].value: a number does not fit here, a text is wanted"},
		{`"crash"`, `"set-interval", "value": "3"`, `line 43: interventions[1].value: "3" is not a number with a unit such as 250ms, 2s or 1h`},
		{`"crash"`, `"set-topic", "value": "a b"`, `line 43: interventions[1].value: topic "a b": an event has one topic, without *, > and spaces`},
		{`"crash"`, `"set-own-buffer", "value": "none"`, `line 43: interventions[1].value: "none" does not fit here, a number or "broker" is wanted`},
		{`"crash"`, `"set-own-buffer", "value": 1000001`, "line 43: interventions[1].value: 1000001 is out of range: broker to 1000000"},
		{`"crash"`, `"publish", "actor": 1`, "line 43: interventions[1].actor: 1 is out of range: 0 to 0"},
		{`"crash"`, `"publish", "actor": 16`, "line 43: interventions[1].actor: 16 is not a whole number from 0 to 15"},
		// A value out of its bounds.
		{`12`, `0`, "line 8: producers[0].burst: 0 is out of range: 1 to 1000"},
		{`12`, `1001`, "line 8: producers[0].burst: 1001 is out of range: 1 to 1000"},
		{`12`, `1000000000000000000000`, "line 8: producers[0].burst: 1000000000000000000000 is out of range: 1 to 1000"},
		{`"count": 100`, `"count": 1000001`, "line 10: producers[0].count: 1000001 is not a whole number from 0 to 1000000"},
		{`"250ms"`, `"61m"`, "line 6: producers[0].interval: 1h1m0s is out of range: 1µs to 1h0m0s"},
		{`"24h0m0s"`, `"25h"`, "line 32: duration: 25h0m0s is out of range: 1µs to 24h0m0s"},
		{`"shop"`, `"\u0007"`, `line 4: producers[0].name: "\a" has the character U+0007, which can't be printed`},
		{`"bank"`, `"shop"`, `line 19: consumers[0].name: "shop" is taken: every producer and consumer has its own name`},
		{`"at": "4s"`, `"at": "2s"`, "line 42: interventions[1].at: 2s is out of range: 3s to 24h0m0s, in order of time within the run"},
		{`"crash"`, `"set-own-overflow", "value": "spill"`, ""},
		{`"overflow": "keep-latest"`, `"overflow": "spill"`, "consumers[0]: " + spillNeeds},
		// As many as there can't be.
		{`"interventions": [`, `"interventions": [` + strings.Repeat(`{"at":"0s","do":"crash"},`, 999), "line 41: interventions: there are more than 1000"},
	} {
		text := strings.Replace(everyField, test.old, test.new, 1)
		if text == everyField {
			t.Fatalf("%s isn't there", test.old)
		}
		_, err := scenario.ParseJSON([]byte(text))
		if got := fmt.Sprint(err); test.want == "" && err != nil || test.want != "" && got != "scenario: "+test.want {
			t.Errorf("%s for %s:\ngot  %v\nwant %s", test.new, test.old, got, test.want)
		}
	}
}

func TestEveryMistakeInJSONIsNamedAtOnce(t *testing.T) {
	text := strings.NewReplacer(`"250ms"`, "0", "12", "0", `"25%"`, `"101%"`).Replace(everyField)
	_, err := scenario.ParseJSON([]byte(text))
	const want = `scenario: line 6: producers[0].interval: a number does not fit here, a text is wanted
line 8: producers[0].burst: 0 is out of range: 1 to 1000
line 26: consumers[0].failures: "101%" is not a whole percentage from 0% to 100%`
	if err == nil || err.Error() != want {
		t.Errorf("it is %v", err)
	}
}

func TestTheAnswerToAHostileTextIsShort(t *testing.T) {
	for name, text := range map[string]string{
		"unknown fields":      `{` + strings.Repeat(`"x":1,`, 50_000) + `"y":1}`,
		"a field again":       `{` + strings.Repeat(`"seed":1,`, 50_000) + `"seed":1}`,
		"producers":           `{"producers":[` + strings.Repeat(`[],`, 50_000) + `[]]}`,
		"a long name":         `{"producers":[{"name":"` + strings.Repeat("n", 300_000) + `"}]}`,
		"a long field":        `{"` + strings.Repeat("n", 300_000) + `":1}`,
		"a long number":       `{"seed":1` + strings.Repeat("0", 300_000) + `}`,
		"a long time":         `{"duration":"` + strings.Repeat("0", 300_000) + `"}`,
		"lists in lists":      strings.Repeat("[", 300_000) + strings.Repeat("]", 1<<20),
		"lists in an unknown": `{"x":` + strings.Repeat("[", 9_000) + strings.Repeat("]", 9_000) + `}`,
	} {
		_, err := scenario.ParseJSON([]byte(text))
		if err == nil || len(err.Error()) > 4<<10 {
			t.Errorf("%s: %.99v, of %d bytes", name, err, len(fmt.Sprint(err)))
		}
	}
}

func TestAnInterventionInJSONIsReadStrictly(t *testing.T) {
	for _, text := range []string{
		``, `{`, `{"at":`, `{"at" "do"`, `[`, `null`, `{}`, `{"at":"1s"}`, `{"do":"crash"}`, `{"at":"1s","do":"crash","value":1}`,
		`{"at":"1s","do":"crash"}x`, `{"at":"1s","do":"crash","At":"2s"}`, `{"at":"1s","at":"1s","do":"crash"}`,
	} {
		var v scenario.Intervention
		if err := v.UnmarshalJSON([]byte(text)); err == nil {
			t.Errorf("%s is read as %v", text, v)
		}
	}
}

func FuzzParseJSON(f *testing.F) {
	for _, p := range scenario.Presets() {
		f.Add(p.JSON())
	}
	f.Add(every().JSON())
	for _, text := range []string{
		"", "{", "null", "[]", everyField, `{"producers":[{}]}`, `{"duration":"1e9h"}`, `{"seed":18446744073709551616}`,
		`{"start":"0000-01-01 00:00:00 +0000 UTC"}`, `{"interventions":[{"at":"1s","do":"set-buffer","value":1e999}]}`, `{"producers":[{"name":"\ud800"}]}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var v scenario.Intervention
		_ = v.UnmarshalJSON(text)
		s, err := scenario.ParseJSON(text)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "scenario: ") {
				t.Errorf("%s: the error is %v", text, err)
			}
			return
		}
		back, err := scenario.ParseJSON(s.JSON())
		if err != nil || !back.Equal(s) {
			t.Errorf("%s is read back as %+v, %v", s.JSON(), back, err)
		}
		if linked, _, err := scenario.ParseLink(scenario.Link(s, 0)); err != nil || !linked.Equal(s) {
			t.Errorf("%s has a link that is read back as %+v, %v", s.JSON(), linked, err)
		}
	})
}

func TestAFileOfAnEditorThatMarksItAndNumbersAsFloatsIsRead(t *testing.T) {
	file := func(buffer, burst, seed string) ([]byte, string) {
		return []byte("\ufeff" + `{"producers":[{"name":"p","interval":"1s","burst":` + burst + `}],` + "\n" +
			`"consumers":[{"name":"c","service":"1s"}],"broker":{"buffer":` + buffer + `,"overflow":"drop-newest"},"seed":` + seed + `}`), buffer + " " + burst + " " + seed
	}
	for _, numbers := range [][3]string{{"10", "20", "3000000"}, {"1e1", "2E+1", "3e6"}, {"10.0", "2.0e1", "3000000.000"}, {"100e-1", "0.2e2", "30.00e5"}, {"1.0e+01", "20.", "3e6"}} {
		text, said := file(numbers[0], numbers[1], numbers[2])
		s, err := scenario.ParseJSON(text)
		if strings.HasSuffix(numbers[1], ".") { // which is not JSON
			if err == nil || !strings.Contains(err.Error(), "line 1: not JSON") {
				t.Errorf("%s answers %v", said, err)
			}
			continue
		}
		if err != nil || s.Broker.Buffer != 10 || s.Producers[0].Burst != 20 || s.Seed != 3_000_000 {
			t.Errorf("%s is read as %+v, %v", said, s, err)
		}
	}
	for _, zero := range []string{"0", "0.0", "0e5", "0.000e-3", "0e-30"} {
		if text, said := file(zero, "1", zero); true {
			if s, err := scenario.ParseJSON(text); err != nil || s.Broker.Buffer != 0 || s.Seed != 0 {
				t.Errorf("%s is read as %+v, %v", said, s, err)
			}
		}
	}
	if text, _ := file("3", "1", "18446744073709551615.0"); true {
		if s, err := scenario.ParseJSON(text); err != nil || s.Seed != 1<<64-1 {
			t.Errorf("the largest seed is read as %d, %v", s.Seed, err)
		}
	}
	for _, wrong := range []string{"1.5", "1e-1", "15e-1", "1e99", "1e999999999999999999", "-1e1", "-1.0"} {
		text, _ := file(wrong, "1", "1")
		if _, err := scenario.ParseJSON(text); err == nil || !strings.Contains(err.Error(), wrong) || !strings.Contains(err.Error(), "line 2: broker.buffer") {
			t.Errorf("a buffer of %s answers %v", wrong, err)
		}
	}
}
