package scenario_test

import (
	"testing"

	"github.com/spillway-go/spillway/broker/scenario"
	"pgregory.net/rapid"
)

func TestJSONIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyScenario(4).Draw(t, "scenario")
		back, err := scenario.ParseJSON(s.JSON())
		if err != nil {
			t.Fatal(err)
		}
		if !back.Equal(s) {
			t.Fatalf("read back as %+v", back)
		}
	})
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

func TestWhatJSONLeavesOutIsAsInTheClassic(t *testing.T) {
	s, err := scenario.ParseJSON([]byte(`{"producers":[{"name":"p","interval":"1s"}],"consumers":[{"name":"c","service":"1ms"}],"broker":{"buffer":9}}`))
	if err != nil {
		t.Fatal(err)
	}
	classic := scenario.Classic()
	if s.Broker.Buffer != 9 || s.Broker.Overflow != classic.Broker.Overflow || s.Duration != classic.Duration || s.Seed != classic.Seed || s.Start != classic.Start {
		t.Errorf("it is %+v", s)
	}
}

func TestAMistakeInJSONIsASentence(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"", "scenario: the text is empty"},
		{" \n ", "scenario: the text is empty"},
		{"{", "scenario: the text ends in the middle"},
		{`{"seed": 1`, "scenario: the text ends in the middle"},
		{"{\n\"seed\": }", "scenario: line 2: not JSON: invalid character '}' looking for beginning of value"},
		{"{\n\n\"seed\": \"x\"}", "scenario: line 3: seed: string does not fit here, a whole number is wanted"},
		{`{"speed": 1}`, `scenario: unknown field "speed"`},
		{`{"producers": [{"rate": 1}]}`, `scenario: unknown field "rate"`},
		{`{"duration": "10"}`, `scenario: duration "10" is not a number with a unit such as 250ms, 2s or 1h`},
		{`{"start": "now"}`, `scenario: start "now" is not a time such as 2021-11-01 11:11:19 +0100 CET`},
		{`{"broker": {"overflow": "explode"}}`, `scenario: overflow policy "explode" is unknown: use one of drop-newest, drop-oldest, keep-latest, reject, block, spill`},
		{`{"interventions": [{"do": "pray"}]}`, `scenario: action "pray" is unknown: use one of set-interval, set-service, set-buffer, set-overflow, interrupt`},
		{string(scenario.Classic().JSON()) + "x", "scenario: there is more text after the closing brace"},
		{string(scenario.Classic().JSON()) + "{}", "scenario: there is more text after the closing brace"},
		{"[]", "scenario: line 1: the scenario: array does not fit here, an object is wanted"},
		{"{\n\"seed\": 1,\n\"broker\": {\n\"buffer\": 1.5}}", "scenario: line 4: broker.buffer: number 1.5 does not fit here, a whole number is wanted"},
		{`{"duration": 10}`, "scenario: line 1: duration: number does not fit here, a text is wanted"},
		{`{"start": {}}`, "scenario: line 1: start: object does not fit here, a text is wanted"},
		{`{"producers": {}}`, "scenario: line 1: producers: object does not fit here, a list is wanted"},
		{`{"producers": [{"name": 1}]}`, "scenario: line 1: producers.name: number does not fit here, a text is wanted"},
		{"{}", "scenario: the number of producers: 0 is out of range: 1 to 16\nthe number of consumers: 0 is out of range: 1 to 16"},
		{"null", "scenario: the number of producers: 0 is out of range: 1 to 16\nthe number of consumers: 0 is out of range: 1 to 16"},
	} {
		if _, err := scenario.ParseJSON([]byte(test.text)); err == nil || err.Error() != test.want {
			t.Errorf("%s:\ngot  %v\nwant %s", test.text, err, test.want)
		}
	}
}

func FuzzParseJSON(f *testing.F) {
	for _, p := range scenario.Presets() {
		f.Add(p.JSON())
	}
	for _, text := range []string{"", "{", "null", "[]", `{"producers":[{}]}`, `{"duration":"1e9h"}`, `{"seed":18446744073709551616}`, `{"start":"0000-01-01 00:00:00 +0000 UTC"}`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := scenario.ParseJSON(text)
		if err != nil {
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
