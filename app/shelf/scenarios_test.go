//go:build !js

package shelf

import (
	"strings"
	"testing"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"github.com/spillway-go/spillway/app/domtest"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/app/playtest"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// dialogWith is the dialog of scenarios over a page, with that in its storage.
func dialogWith(stored string) (*Dialog, *domtest.Recorder) {
	to := &domtest.Recorder{Model: play.NewModel()}
	s := &Dialog{To: to, Shelf: &Shelf{kept: stored}, Preset: "classic"}
	s.OnInit()
	return s, to
}

func (s *Dialog) names() string {
	var names []string
	for _, v := range decodeSaved(s.Shelf.kept) {
		names = append(names, v.Name)
	}
	return strings.Join(names, ", ")
}

func (s *Dialog) elements(t *testing.T) *domtest.Element {
	return domtest.Parse(t, app.HTMLString(s.Render()))
}

func TestAPresetIsPlayedFromTheDialog(t *testing.T) {
	s, to := dialogWith("")
	rows := domtest.One(t, s.elements(t).Class("presets")).Class("pick")
	for i, p := range scenario.Presets() {
		if rows[i].Text != p.Title+p.Caption || (rows[i].Attrs["aria-current"] == "true") != (p.ID == "classic") {
			t.Errorf("%s is %q, %v", p.ID, rows[i].Text, rows[i].Attrs)
		}
	}
	to.Send(nil, play.LoadPreset{ID: "spill"})
	if to.Model.Preset != "spill" {
		t.Errorf("it plays %q", to.Model.Preset)
	}
}

func TestTheSettingsOrTheWholeRunAreSaved(t *testing.T) {
	s, to := dialogWith("")
	play.Update(to.Model, play.Seek{At: 2 * time.Second})
	play.Update(to.Model, playtest.SetBuffer(7))
	s.save(" of now ", to.Model.Settings())
	s.save("", to.Model.Scenario)
	if got := s.names(); got != "of now, my scenario" {
		t.Fatalf("there are %q", got)
	}
	list := decodeSaved(s.Shelf.kept)
	if now := list[0].Scenario; now.Broker.Buffer != 7 || now.Interventions != nil {
		t.Errorf("the settings are %+v", now)
	}
	if run := list[1].Scenario; !run.Equal(to.Model.Scenario) || len(run.Interventions) != 1 {
		t.Errorf("the run is %+v", run)
	}
	s.save("of now", scenario.Classic())
	if got := s.names(); got != "of now, my scenario" || !strings.Contains(s.said, "in place of") || !s.canUndo {
		t.Errorf("there are %q, and it says %q", got, s.said)
	}
	s.onUndo(nil, app.Event{})
	if now := decodeSaved(s.Shelf.kept)[0].Scenario; now.Broker.Buffer != 7 {
		t.Error("undone it is another")
	}
}

func TestASavedScenarioIsRenamedDeletedAndBroughtBack(t *testing.T) {
	s, _ := dialogWith(encodeSaved([]saved{newSaved("a", classicJSON), newSaved("b", classicJSON)}))
	s.renaming = "a"
	for _, c := range []struct{ name, problem string }{{"b", "taken"}, {"", "at least one"}, {strings.Repeat("x", 61), "at most 60"}} {
		s.renamed(c.name)
		if !strings.Contains(s.problem, c.problem) || s.renaming != "a" {
			t.Errorf("%q says %q", c.name, s.problem)
		}
		input := domtest.One(t, s.elements(t).All(func(e *domtest.Element) bool { return e.Attrs["id"] == renameID }))
		if input.Attrs["aria-invalid"] != "true" || input.Attrs["aria-describedby"] != renameID+"-problem" {
			t.Errorf("the input is %v", input.Attrs)
		}
	}
	if s.renamed(" c "); s.names() != "c, b" || s.renaming != "" || s.problem != "" {
		t.Errorf("there are %q", s.names())
	}
	s.remove(nil, "c")
	if s.names() != "b" || s.said != "“c” is deleted." {
		t.Errorf("there are %q, and it says %q", s.names(), s.said)
	}
	if s.onUndo(nil, app.Event{}); s.names() != "c, b" {
		t.Errorf("undone there are %q", s.names())
	}
}

func TestASavedScenarioIsPlayed(t *testing.T) {
	other := labtest.Edited(func(s *scenario.Scenario) { s.Broker.Buffer = 9 })
	s, to := dialogWith(encodeSaved([]saved{newSaved("nine", string(other.JSON())), newSaved("bad", "{}")}))
	s.open(nil, "nine")
	if m := to.Model; m.Scenario.Broker.Buffer != 9 || m.Preset != "" || m.Caption() != "Your scenario “nine”." {
		t.Errorf("it plays %+v, %q", m.Scenario, m.Caption())
	}
	before := len(to.Sent)
	s.open(nil, "bad")
	if len(to.Sent) != before {
		t.Errorf("a damaged one sends %v", to.Sent[before:])
	}
	for _, e := range domtest.Called(s.elements(t), "Open bad") {
		if e.Attrs["disabled"] != "true" {
			t.Error("a damaged one can be opened")
		}
	}
	if row := s.elements(t).Class("facts"); !strings.Contains(row[1].Text, "It can’t be opened. ") {
		t.Errorf("its row says %q", row[1].Text)
	}
}

func TestWhatAnotherTabHasSavedStays(t *testing.T) {
	s, _ := dialogWith("")
	s.Shelf.kept = encodeSaved([]saved{newSaved("of the other", classicJSON)})
	s.save("of this", scenario.Classic())
	if got := s.names(); got != "of the other, of this" {
		t.Errorf("there are %q", got)
	}
}

// Whatever was done here, what another tab did in between is not taken back with it.
func TestUndoKeepsWhatAnotherTabHasSavedInBetween(t *testing.T) {
	other := string(labtest.Edited(func(s *scenario.Scenario) { s.Broker.Buffer = 9 }).JSON())
	for _, c := range []struct {
		name  string
		do    func(s *Dialog)
		tab   func(list []saved) []saved
		names string
	}{
		{"delete", func(s *Dialog) { s.remove(nil, "a") }, nil, "a, b, of the other"},
		{"save in place", func(s *Dialog) { s.save("a", labtest.Edited(func(s *scenario.Scenario) { s.Seed = 3 })) }, nil, "a, b, of the other"},
		{"rename", func(s *Dialog) { s.renaming = "a"; s.renamed("c") }, nil, "a, b, of the other"},
		{"import", func(s *Dialog) {
			s.add(imported{name: "x", text: classicJSON}, imported{name: "y", text: classicJSON})
		}, nil, "a, b, of the other"},
		{"delete what the other has saved anew", func(s *Dialog) { s.remove(nil, "a") }, func(list []saved) []saved {
			return append(list, newSaved("a", other))
		}, "a 2, b, of the other, a"},
		{"save in place what the other has changed since", func(s *Dialog) { s.save("a", labtest.Edited(func(s *scenario.Scenario) { s.Seed = 3 })) }, func(list []saved) []saved {
			list[indexOf(list, "a")] = newSaved("a", other)
			return list
		}, "a, b, of the other"},
	} {
		s, _ := dialogWith(encodeSaved([]saved{newSaved("a", classicJSON), newSaved("b", classicJSON)}))
		c.do(s)
		list := append(decodeSaved(s.Shelf.kept), newSaved("of the other", classicJSON))
		if c.tab != nil {
			list = c.tab(list)
		}
		s.Shelf.kept = encodeSaved(list)
		s.onUndo(nil, app.Event{})
		if got := s.names(); got != c.names {
			t.Errorf("after %s, undone there are %q, want %q", c.name, got, c.names)
		}
		kept := decodeSaved(s.Shelf.kept)
		for _, v := range kept {
			want := 3
			if c.tab != nil && v.Name == "a" {
				want = 9
			}
			if v.Scenario.Broker.Buffer != want || v.Scenario.Seed != scenario.Classic().Seed {
				t.Errorf("after %s, undone %q is %+v", c.name, v.Name, v.Scenario)
			}
		}
	}
}

func TestABrokenTextIsNotImported(t *testing.T) {
	s, _ := dialogWith("")
	if s.add(imported{name: "broken", text: `{"producers": [`}) || s.names() != "" || !s.bad || s.said != "“broken” can’t be imported. The text ends in the middle." {
		t.Errorf("it says %q, and there are %q", s.said, s.names())
	}
	once, again := s.add(imported{name: "good", text: classicJSON}), s.add(imported{name: "good", text: classicJSON})
	if !once || !again || s.names() != "good, good 2" || s.bad {
		t.Errorf("it says %q, and there are %q", s.said, s.names())
	}
}

func TestADamagedListIsShownAndKeptBesideWhatIsNew(t *testing.T) {
	s, _ := dialogWith(`{"version":1,"scenarios":[{"na`)
	s.save("new", scenario.Classic())
	if got := s.names(); got != "Damaged list, new" {
		t.Errorf("there are %q", got)
	}
	if v := decodeSaved(s.Shelf.kept)[0]; v.Text != `{"version":1,"scenarios":[{"na` {
		t.Errorf("the damaged text is %q", v.Text)
	}
}

func TestOfSeveralFilesEachIsToldOf(t *testing.T) {
	s, _ := dialogWith("")
	if s.add(imported{name: "a", text: classicJSON}, imported{name: "b", text: "{"}, imported{name: "a", text: classicJSON}, imported{name: "c", problem: "It can’t be read."}) {
		t.Error("all are in")
	}
	if got := s.names(); got != "a, a 2" {
		t.Errorf("there are %q", got)
	}
	for _, want := range []string{"“a”, “a 2” are imported.", "“b” can’t be imported.", "“c” can’t be imported. It can’t be read."} {
		if !strings.Contains(s.said, want) || !s.bad {
			t.Errorf("it says %q, without %q", s.said, want)
		}
	}
	if s.onUndo(nil, app.Event{}); s.names() != "" {
		t.Errorf("undone there are %q", s.names())
	}
}
