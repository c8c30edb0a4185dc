package scenario_test

import (
	"bytes"
	_ "embed"
	"strings"
	"testing"

	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
	"pgregory.net/rapid"
)

// schema is embedded: a browser, where these tests run too, has no file system.
//
//go:embed scenario.schema.json
var schema []byte

func TestTheSchemaIsMadeFromTheSettings(t *testing.T) {
	got := scenario.Schema()
	if labtest.Update(t, "scenario.schema.json", got) {
		return
	}
	if !bytes.Equal(got, schema) {
		t.Errorf("scenario.schema.json is not what Schema makes: go test -update makes it\n%s", got)
	}
}

func TestEveryObjectOfTheSchemaIsClosed(t *testing.T) {
	closed := bytes.Count(schema, []byte(`"additionalProperties": false`))
	if open := bytes.Count(schema, []byte(`"properties": {`)); closed != open || closed == 0 {
		t.Errorf("%d of %d are", closed, open)
	}
}

func TestEveryPresetFitsTheSchema(t *testing.T) {
	c := checkerOf(schema)
	for _, p := range scenario.Presets() {
		if err := c.check(p.JSON()); err != nil {
			t.Errorf("%s: %v", p.ID, err)
		}
	}
	for _, text := range []string{everyField, string(every().JSON()), string(worst(16).JSON())} {
		if err := c.check([]byte(text)); err != nil {
			t.Errorf("%.200s: %v", text, err)
		}
	}
}

func TestEveryScenarioFitsTheSchema(t *testing.T) {
	c := checkerOf(schema)
	rapid.Check(t, func(t *rapid.T) {
		text := labtest.Everything(4).Scenario().Draw(t, "scenario").JSON()
		if err := c.check(text); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	})
}

// Each field of everyField is given values that fit, its limits among them, and
// values that don't: what does not fit the schema is not read either.
func TestTheSchemaAndTheReaderAgree(t *testing.T) {
	c := checkerOf(schema)
	for _, field := range []struct {
		old           string
		fits, misfits []string
	}{
		{`"shop"`, []string{`"a"`, `"Käse 1 – „x“ 😀"`, `"` + strings.Repeat("n", 32) + `"`, `" "`},
			[]string{`""`, `"` + strings.Repeat("n", 33) + `"`, `"a\nb"`, `"a\u202eb"`, `"a\u00a0b"`, `1`, `null`}},
		{`"orders.new"`, []string{`""`, `"a"`, `"a.b.c"`, `"!-~.,/"`, `"` + strings.Repeat("t", 20) + `"`},
			[]string{`"` + strings.Repeat("t", 21) + `"`, `"a..b"`, `".a"`, `"a."`, `"a.*"`, `">"`, `"*"`, `"a b"`, `"ö"`, `"a\tb"`, `" "`, `7`}},
		{`"orders.* parcels.>"`, []string{`""`, `">"`, `"* *"`, `"*.b.> c d"`, `"` + strings.Repeat("t", 20) + `"`},
			[]string{`"` + strings.Repeat("t", 21) + `"`, `"a  b"`, `" a"`, `"a "`, `">.a"`, `"a*"`, `"**"`, `"a>"`, `"a..b"`, `"ö"`, `[]`}},
		{`"250ms"`, []string{`"1µs"`, `"1us"`, `"1.5µs"`, `"1000ns"`, `"0.001ms"`, `"0.000001s"`, `"0.9s"`, `"999999ms"`, `"1ms"`, `"1s"`, `"90s"`, `"3599.999s"`, `"3600s"`, `"3600.0s"`, `"0.5m"`, `"59.9m"`, `"60m"`, `"0.25h"`, `"1h"`, `"1.0h"`, `"1h0m0s"`, `"59m59.999999999s"`, `"1m0s"`, `"1m"`},
			[]string{`"0s"`, `"0"`, `""`, `"999ns"`, `"0.9µs"`, `"0.0009ms"`, `"0.0000001s"`, `"3600.1s"`, `"3601s"`, `"4000s"`, `"60.1m"`, `"61m"`, `"1.1h"`, `"2h"`, `"1h1s"`, `"1h0m0.1s"`, `"-1s"`, `"1"`, `"1 s"`, `"s"`, `"h"`, `1`, `null`}},
		{`"poisson"`, []string{`"steady"`}, []string{`"Steady"`, `""`, `"random"`, `0`}},
		{`12`, []string{`1`, `1000`}, []string{`0`, `1001`, `-1`, `1.5`, `"1"`, `null`}},
		{`"1.5s"`, []string{`"0s"`, `"0.5ns"`, `"1ns"`, `"24h"`, `"24h0m0s"`, `"23h59m59.999999999s"`, `"86400s"`, `"1440m"`, `"1h30m"`, `"5h1s"`},
			[]string{`"-1ns"`, `"24h0m1s"`, `"86401s"`, `"86400.1s"`, `"1441m"`, `"24.1h"`, `"25h"`, `"99h"`, `0`}},
		{`"count": 100`, []string{`"count": 0`, `"count": 1000000`}, []string{`"count": -1`, `"count": 1000001`, `"count": "1"`}},
		{`"buffer": 4`, []string{`"buffer": 0`, `"buffer": 1000000`}, []string{`"buffer": -1`, `"buffer": 1000001`, `"buffer": "broker"`, `"buffer": null`}},
		{`"block"`, []string{`"drop-newest"`, `"drop-oldest"`, `"keep-latest"`, `"reject"`, `"spill"`}, []string{`"inherit"`, `"broker"`, `""`, `1`}},
		{`"1m0s"`, []string{`"1µs"`, `"1h"`}, []string{`"999ns"`, `"1h0m1s"`}},
		{`"uniform"`, []string{`"fixed"`, `"exponential"`}, []string{`"poisson"`, `2`}},
		{`"workers": 3`, []string{`"workers": 1`, `"workers": 64`}, []string{`"workers": 0`, `"workers": 65`, `"workers": 1.5`}},
		{`"buffer": 0`, []string{`"buffer": "broker"`, `"buffer": 1000000`}, []string{`"buffer": -1`, `"buffer": 1000001`, `"buffer": "3"`, `"buffer": null`}},
		{`"keep-latest"`, []string{`"broker"`, `"drop-newest"`}, []string{`"inherit"`, `""`, `6`}},
		{`"25%"`, []string{`"0%"`, `"9%"`, `"100%"`}, []string{`"101%"`, `"-1%"`, `"2.5%"`, `"25"`, `25`, `"%"`}},
		{`"attempts": 5`, []string{`"attempts": 1`, `"attempts": 20`}, []string{`"attempts": 0`, `"attempts": 21`}},
		{`"2s"`, []string{`"1µs"`, `"1h"`}, []string{`"0s"`, `"1h0m1s"`}},
		{`"1µs"`, []string{`"0s"`, `"24h"`}, []string{`"-1s"`, `"24h0m1s"`}},
		{`"24h0m0s"`, []string{`"24h"`, `"4s"`, `"86400s"`, `"4.000001s"`, `"1440m"`}, []string{`"0s"`, `"999ns"`, `"24h1m"`, `"25h"`, `86400`}},
		{`"2026-02-28 23:59:59 +0000 UTC"`,
			[]string{`"0001-01-02 00:00:00 +0000 UTC"`, `"9999-12-30 00:00:00 +0000 UTC"`, `"2021-11-01 11:11:19 +0100 CET"`, `"2021-11-01 11:11:19 -2359 GMT-12"`, `"2021-11-01 11:11:19 +0330 +03"`, `"2021-11-01 11:11:19 +0800 WITA"`, `"2021-11-01 11:11:19 +1000 ChST"`, `"2021-11-01 11:11:19 -0100 AESST"`},
			[]string{`"0000-12-31 00:00:00 +0000 UTC"`, `"10000-01-01 00:00:00 +0000 UTC"`, `"2021-13-01 11:11:19 +0100 CET"`, `"2021-11-01 11:11:19 +0100 Berlin"`, `"2021-11-01 11:11:19 +2400 CET"`, `"2021-11-01 11:11:19.5 +0100 CET"`, `"2021-11-01T11:11:19Z"`, `"2021-11-01 11:11:19 +0100 GMT+001"`, `"now"`, `0`}},
		{`18446744073709551615`, []string{`0`, `35`}, []string{`-1`, `18446744073709551616`, `1.5`, `"35"`}},
		{`"value": "broker"`, []string{`"value": 0`, `"value": 1000000`, `"actor": 0, "value": 1`}, []string{`"value": -1`, `"value": 1000001`, `"value": "3"`, `"value": null`, `"actor": 16, "value": 1`, `"actor": -1, "value": 1`, `"text": "a"`}},
		{`"at": "4s"`, []string{`"at": "24h"`, `"at": "4.5s"`}, []string{`"at": "25h"`, `"at": 4`, `"at": "-1s"`, `"when": "4s"`}},
		{`"do": "crash"`,
			[]string{`"do": "interrupt"`, `"do": "publish"`, `"do": "stop", "actor": 0`, `"do": "leave", "actor": 0`, `"value": "steady", "do": "set-arrivals"`, `"do": "set-failures", "value": "1%"`, `"do": "set-topics", "value": "> *"`, `"do": "set-backoff", "value": "1s"`, `"do": "set-overflow", "value": "reject"`},
			[]string{`"do": "Crash"`, `"do": ""`, `"do": 21`, `"do": null`, `"do": "crash", "value": 1`, `"do": "crash", "actor": 0`, `"do": "set-buffer", "value": 1, "actor": 0`, `"do": "publish", "value": 1`, `"do": "publish", "actor": 16`,
				`"do": "set-workers"`, `"do": "set-workers", "value": "3"`, `"do": "set-workers", "value": 65`, `"do": "set-interval", "value": 1`, `"do": "set-interval", "value": "61m"`, `"do": "set-topic", "value": "a b"`, `"do": "set-overflow", "value": "broker"`, `"do": "set-failures", "value": "101%"`, `"do": "set-failures", "value": 1`}},
		{`"seed"`, []string{`"$schema": "scenario.schema.json", "seed"`}, []string{`"speed": 1, "seed"`, `"Seed"`, `"$schema": 1, "seed"`}},
		{`"burst"`, nil, []string{`"bursts"`, `"rate": 1, "burst"`}},
		{`"workers"`, nil, []string{`"worker"`}},
		{`"overflow": "block"`, nil, []string{`"policy": "block"`}},
		{`"name": "shop",`, nil, []string{``}},
		{`"interval": "250ms",`, nil, []string{``}},
		{`"name": "bank",`, nil, []string{``}},
		{`"service": "1m0s",`, nil, []string{``}},
		{`"producers": [`, nil, []string{`"producers": [],"x":[`, `"producers": {},"x":[`, `"producers": [` + strings.Repeat(`{"name":"p","interval":"1s"},`, 16)}},
		{`"consumers": [`, nil, []string{`"consumers": [],"x":[`, `"consumers": [` + strings.Repeat(`{"name":"c","service":"1s"},`, 16)}},
		{`"interventions": [`, []string{`"interventions": [` + strings.Repeat(`{"at":"0s","do":"publish"},`, 998)}, []string{`"interventions": [` + strings.Repeat(`{"at":"0s","do":"publish"},`, 999), `"interventions": [null,`}},
	} {
		in := func(value string) []byte {
			text := strings.Replace(everyField, field.old, value, 1)
			if text == everyField {
				t.Fatalf("%s isn't there", field.old)
			}
			return []byte(text)
		}
		for _, v := range field.fits {
			if err := c.check(in(v)); err != nil {
				t.Errorf("%.99s for %s does not fit the schema: %v", v, field.old, err)
			}
			if _, err := scenario.ParseJSON(in(v)); err != nil {
				t.Errorf("%.99s for %s is not read: %v", v, field.old, err)
			}
		}
		for _, v := range field.misfits {
			if c.check(in(v)) == nil {
				t.Errorf("%.99s for %s fits the schema", v, field.old)
			}
			if _, err := scenario.ParseJSON(in(v)); err == nil {
				t.Errorf("%.99s for %s is read", v, field.old)
			}
		}
	}
}
