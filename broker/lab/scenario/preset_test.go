package scenario_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/spillway-go/spillway/broker/lab/scenario"
)

func TestPresetsAreValidAndTellThemselvesInOneSentence(t *testing.T) {
	presets := scenario.Presets()
	if len(presets) < 10 {
		t.Errorf("there are %d", len(presets))
	}
	var seen []string
	for _, p := range presets {
		if err := p.Validate(); err != nil {
			t.Errorf("%s: %v", p.ID, err)
		}
		for _, word := range []string{p.ID, p.Title, p.Caption, scenario.Link(p.Scenario, 0)} {
			if word == "" || slices.Contains(seen, word) {
				t.Errorf("%s: %q is missing or taken", p.ID, word)
			}
			seen = append(seen, word)
		}
		if strings.Trim(p.ID, "abcdefghijklmnopqrstuvwxyz-") != "" {
			t.Errorf("%q is not a word for the command line", p.ID)
		}
		if c := p.Caption; !unicode.IsUpper([]rune(c)[0]) || strings.IndexAny(c, ".!?") != len(c)-1 && !strings.Contains(c, ".*") || strings.Contains(c, ". ") || strings.Contains(c, "\n") {
			t.Errorf("%s: the caption is not one sentence: %s", p.ID, c)
		}
	}
}

func TestAPresetIsFoundByItsID(t *testing.T) {
	for _, p := range scenario.Presets() {
		if found, err := scenario.FindPreset(p.ID); err != nil || !found.Equal(p.Scenario) || found.Title != p.Title {
			t.Errorf("%s: found %v, %v", p.ID, found, err)
		}
	}
	for _, id := range []string{"nothing", "", "Classic"} {
		if p, err := scenario.FindPreset(id); err == nil || !strings.Contains(err.Error(), `" is unknown: there are classic, drop-oldest, `) || p.ID != "" {
			t.Errorf("%q: found %v, %v", id, p, err)
		}
	}
}

func TestTheFirstPresetIsTheClassic(t *testing.T) {
	first := scenario.Presets()[0]
	if first.ID != "classic" || !first.Equal(scenario.Classic()) || scenario.Link(first.Scenario, 0) != "#1AO-N" {
		t.Errorf("the first is %s, %s", first.ID, scenario.Link(first.Scenario, 0))
	}
}

func TestAPresetIsWhoeverChangesIt(t *testing.T) {
	p := scenario.Presets()[0]
	p.Producers[0].Name = "x"
	if again := scenario.Presets()[0]; again.Producers[0].Name == "x" || scenario.Classic().Producers[0].Name == "x" {
		t.Error("the next one gets it changed")
	}
}
