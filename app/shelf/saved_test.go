package shelf

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// classicJSON is the classic as it is exported.
var classicJSON = string(scenario.Classic().JSON())

func TestWhatIsSavedIsReadBack(t *testing.T) {
	var list []saved
	for _, p := range scenario.Presets() {
		list = append(list, newSaved(p.Title, string(p.Scenario.JSON())))
	}
	back := decodeSaved(encodeSaved(list))
	if len(back) != len(list) {
		t.Fatalf("of %d there are %d", len(list), len(back))
	}
	for i, v := range back {
		if v.Name != list[i].Name || v.Problem != "" || !v.Scenario.Equal(scenario.Presets()[i].Scenario) {
			t.Errorf("%q comes back as %q: %q", list[i].Name, v.Name, v.Problem)
		}
	}
	if decodeSaved("") != nil || decodeSaved(" \n") != nil {
		t.Error("nothing is something")
	}
}

func TestDamageIsToldAndKept(t *testing.T) {
	good, err := json.Marshal(json.RawMessage(classicJSON))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ stored, name, text, problem string }{
		{"{", "Damaged list", "{", "unexpected end"},
		{"[]", "Damaged list", "[]", "cannot unmarshal"},
		{`{"version":2,"scenarios":[]}`, "Damaged list", `{"version":2,"scenarios":[]}`, "version 2"},
		{`{"version":1,"scenarios":[{"name":"a","scenario":{"producers":[]}}]}`, "a", `{"producers":[]}`, "consumers"},
		{`{"version":1,"scenarios":[{"name":"a","scenario":{"colour":1}}]}`, "a", `{"colour":1}`, "colour"},
		{`{"version":1,"scenarios":[{"name":"a","damaged":"half a text"}]}`, "a", "half a text", "damaged"},
		{`{"version":1,"scenarios":[{"name":"a"}]}`, "a", "", "damaged"},
		{`{"version":1,"scenarios":[{"name":"","scenario":` + string(good) + `}]}`, "scenario", string(good), ""},
	} {
		list := decodeSaved(c.stored)
		if len(list) != 1 || list[0].Name != c.name || list[0].Text != c.text || !strings.Contains(list[0].Problem, c.problem) || (list[0].Problem == "") != (c.problem == "") {
			t.Errorf("%s is read as %+v", c.stored, list)
			continue
		}
		again := decodeSaved(encodeSaved(list))
		if len(again) != 1 || again[0].Text != c.text || (again[0].Problem == "") != (c.problem == "") {
			t.Errorf("%s is kept as %+v", c.stored, again)
		}
	}
}

func TestAListThatIsTooLongIsKeptWholeAndReadAsFarAsThePageWouldHaveMadeIt(t *testing.T) {
	const many = 20_000
	var list []saved
	for range many {
		list = append(list, saved{Name: "a", Text: classicJSON})
	}
	list = decodeSaved(encodeSaved(list))
	if len(list) != many || list[maxSaved-1].Problem != "" || list[maxSaved].Problem != unread || newSaved("", list[many-1].Text).Problem != "" {
		t.Fatalf("%d are read, the first beyond the limit with the problem %q", len(list), list[maxSaved].Problem)
	}
	list = decodeSaved(encodeSaved(list[1:]))
	if len(list) != many-1 || list[maxSaved-1].Problem != "" {
		t.Errorf("once one is deleted %d are left, the last within the limit with the problem %q", len(list), list[maxSaved-1].Problem)
	}
}

func TestAFreeNameIsTakenByNobodyAndFits(t *testing.T) {
	long := strings.Repeat("ä", maxSavedName+5)
	list := []saved{{Name: "a"}, {Name: "a 2"}, {Name: tidyName(long)}}
	for wish, want := range map[string]string{
		"b": "b", "a": "a 3", " b  c ": "b c", "": "scenario", "\x00\u200b": "scenario", "x\ny": "x y",
		long: strings.Repeat("ä", maxSavedName-3) + "… 2",
	} {
		got := freeName(list, wish)
		if got != want {
			t.Errorf("for %q it is %q, want %q", wish, got, want)
		}
		if err := checkSavedName(list, -1, got); err != nil {
			t.Errorf("%q: %v", got, err)
		}
	}
}

func TestANameIsRefusedWithAReason(t *testing.T) {
	list := []saved{{Name: "a"}, {Name: "b"}}
	for _, c := range []struct {
		name, want string
		i          int
	}{
		{"a", "", 0}, {"c", "", 0}, {"b", "taken", 0}, {"", "at least one", 0}, {"  ", "at least one", 1},
		{strings.Repeat("x", maxSavedName), "", 0}, {strings.Repeat("x", maxSavedName+1), "at most 60", 0}, {"a\x00b", "can't be printed", 0},
	} {
		err := checkSavedName(list, c.i, c.name)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q for number %d: %v", c.name, c.i, err)
		}
	}
}

func TestSavingUnderANameReplacesAndTheListHasALimit(t *testing.T) {
	list := []saved{{Name: "a", Text: "1"}}
	list, err := putSaved(list, saved{Name: "a", Text: "2"})
	if err != nil || len(list) != 1 || list[0].Text != "2" {
		t.Errorf("it is %+v, %v", list, err)
	}
	for len(list) < maxSaved {
		if list, err = putSaved(list, saved{Name: freeName(list, "x")}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := putSaved(list, saved{Name: "one more"}); err == nil || !strings.Contains(err.Error(), "200") {
		t.Errorf("one more is %v", err)
	}
	if _, err := putSaved(list, saved{Name: "a"}); err != nil {
		t.Error(err)
	}
}

func TestAFileHasTheNameOfItsScenario(t *testing.T) {
	for name, want := range map[string]string{
		"My scenario": "my-scenario.json", "a/b\\c: d": "a-b-c-d.json", "ä 2": "ä-2.json", "…": "scenario.json", "..": "scenario.json", "": "scenario.json",
	} {
		if got := fileName(name); got != want {
			t.Errorf("%q is in %q, want %q", name, got, want)
		}
	}
	for file, want := range map[string]string{"a.json": "a", "a.b.json": "a.b", ".json": ".json", "": "scenario", "a": "a"} {
		if got := nameOfFile(file); got != want {
			t.Errorf("%q is called %q, want %q", file, got, want)
		}
	}
}

func TestATextThatIsNoScenarioIsRefusedInASentence(t *testing.T) {
	for text, want := range map[string]string{
		"":                                     "the text is empty",
		"{":                                    "the text ends in the middle",
		"hello":                                "not JSON",
		`{"producers": []}`:                    "consumers",
		classicJSON + "{":                      "more text",
		strings.Repeat(" ", maxSavedText+1024): "it has 1025 kB: a scenario has at most 1024",
	} {
		_, err := readScenario(text)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q is %v", text, err)
		}
	}
	if s, err := readScenario(classicJSON); err != nil || !s.Equal(scenario.Classic()) {
		t.Errorf("the classic is %v", err)
	}
}

func TestTheFactsOfAScenario(t *testing.T) {
	if got := factsOf(scenario.Classic()); got != "1 producer, 1 consumer, 10 s" {
		t.Errorf("they are %q", got)
	}
	s := scenario.Classic()
	s.Consumers = append(s.Consumers, scenario.Consumer{Name: "other", Service: scenario.Duration(time.Second)})
	s.Interventions = []scenario.Intervention{{Do: scenario.Crash}}
	if got := factsOf(s); got != "1 producer, 2 consumers, 10 s, 1 change on the way" {
		t.Errorf("they are %q", got)
	}
}

// Whatever is in storage, the list can be read, and what is written of it is read
// back as it is.
func FuzzDecodeSaved(f *testing.F) {
	f.Add("")
	f.Add("{")
	f.Add(encodeSaved([]saved{newSaved("a", classicJSON), newSaved("b", "{"), newSaved("c", `{"producers":[]}`)}))
	f.Add(`{"version":1,"scenarios":[{"name":"a","scenario":null},{"name":"a","damaged":"\u0000"}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		list := decodeSaved(text)
		var names []string
		for i, v := range list {
			if err := checkSavedName(list, i, v.Name); err != nil {
				t.Errorf("%q: %v", v.Name, err)
			}
			if slices.Contains(names, v.Name) {
				t.Errorf("%q is there twice", v.Name)
			}
			names = append(names, v.Name)
			if v.Problem == "" {
				if err := v.Scenario.Validate(); err != nil {
					t.Error(err)
				}
			}
		}
		again := decodeSaved(encodeSaved(list))
		if len(again) != len(list) {
			t.Fatalf("of %d there are %d", len(list), len(again))
		}
		for i, v := range again {
			if v.Name != list[i].Name || (v.Problem == "") != (list[i].Problem == "") {
				t.Errorf("%+v comes back as %+v", list[i], v)
			}
			if v.Problem == "" && !v.Scenario.Equal(list[i].Scenario) {
				t.Errorf("%q is another one", v.Name)
			}
			if v.Problem != "" && utf8.ValidString(list[i].Text) && !json.Valid([]byte(list[i].Text)) && v.Text != list[i].Text {
				t.Errorf("the damaged text %q is now %q", list[i].Text, v.Text)
			}
		}
	})
}

func FuzzFreeName(f *testing.F) {
	f.Add("a", "a")
	f.Add("", "\xff…")
	f.Fuzz(func(t *testing.T, taken, wish string) {
		list := []saved{{Name: tidyName(taken)}}
		if err := checkSavedName(list, -1, freeName(list, wish)); err != nil {
			t.Error(err)
		}
	})
}
