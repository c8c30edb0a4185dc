package play_test

import (
	"strings"
	"testing"
	"time"

	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/app/playtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// do is an update that is not refused.
func do(t *testing.T, m *play.Model, msg play.Msg) {
	t.Helper()
	if _, err := play.Update(m, msg); err != nil {
		t.Fatalf("%+v: %v", msg, err)
	}
}

func TestAnEditedScenarioIsNoLongerCalledByThePresetNorByItsPromise(t *testing.T) {
	m := playtest.Preset(t, "classic", 2*time.Second)
	promise := m.Caption()
	if m.Edited() || m.Title() != "" || promise != scenario.Presets()[0].Caption {
		t.Fatalf("as it was opened it is %q, %q", m.Title(), promise)
	}
	do(t, m, play.Do{Actor: playtest.Producer(m, 0), Action: scenario.Publish}) // changes nothing of the scenario
	if m.Edited() {
		t.Error("an event by hand is an edit")
	}
	do(t, m, playtest.SetBuffer(5))
	if !m.Edited() || !strings.HasSuffix(m.Title(), " · edited") || m.Caption() == promise || !strings.Contains(m.Caption(), "edited") {
		t.Errorf("after an edit it is %q, %q", m.Title(), m.Caption())
	}
	link := m.Link()
	do(t, m, play.Undo{})
	if m.Edited() || m.Caption() != promise {
		t.Errorf("after Undo it is %q, %q", m.Title(), m.Caption())
	}
	do(t, m, play.LoadLink{Link: strings.TrimPrefix(link, "#")})
	if !m.Edited() || m.Caption() == promise || m.Preset != "classic" {
		t.Errorf("from the link of the edited one it is %q, %q", m.Title(), m.Caption())
	}
	do(t, m, play.LoadPreset{ID: "classic"}) // the way back
	if m.Edited() || m.Caption() != promise {
		t.Errorf("chosen again it is %q, %q", m.Title(), m.Caption())
	}
}

func TestAScenarioOfOnesOwnSaysThatItIsEdited(t *testing.T) {
	m := play.NewModel()
	do(t, m, play.LoadScenario{Caption: "Your scenario “mine”.", Scenario: scenario.Classic()})
	if m.Caption() != "Your scenario “mine”." || m.Title() != "your own" {
		t.Errorf("it is %q, %q", m.Title(), m.Caption())
	}
	do(t, m, playtest.SetBuffer(5))
	if m.Caption() != "Your scenario “mine”, edited." {
		t.Errorf("after an edit it is %q", m.Caption())
	}
}
