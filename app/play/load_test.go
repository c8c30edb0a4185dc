package play

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/spillway-go/spillway/app/format"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

func TestAPresetIsLoadedAndPlayed(t *testing.T) {
	for _, p := range scenario.Presets() {
		m := paused(scenario.Classic(), 3*time.Second)
		Update(m, Notify{Notice{Text: "old"}})
		Update(m, LoadPreset{ID: p.ID})
		if !m.Playing || m.At() != 0 || m.Preset != p.ID || m.Caption() != p.Caption || !m.Scenario.Equal(p.Scenario) || m.Notice.Text != "" {
			t.Errorf("%s is %+v", p.ID, m)
		}
	}
}

func TestAnUnknownPresetIsRefused(t *testing.T) {
	m := paused(scenario.Classic(), 3*time.Second)
	_, err := Update(m, LoadPreset{ID: "none"})
	if err == nil || !strings.Contains(err.Error(), `"none"`) || m.At() != 3*time.Second || m.Preset != "classic" {
		t.Errorf("it is at %v: %v", m.At(), err)
	}
}

func TestALinkIsOpenedWhereItSays(t *testing.T) {
	other := labtest.Many(2, 3, 4)
	oldest := scenario.Presets()[1]
	changed := oldest.Scenario
	changed.Interventions = []scenario.Intervention{{At: scenario.Duration(time.Second), Do: scenario.SetBuffer, Value: int64(1)}}
	for _, c := range []struct {
		link    string
		of      scenario.Scenario
		preset  string
		at      time.Duration
		playing bool
	}{
		{scenario.Link(other, 0), other, "", 0, true},
		{scenario.Link(other, 7200*time.Millisecond), other, "", 7200 * time.Millisecond, false},
		{scenario.Link(scenario.Classic(), 1), scenario.Classic(), "classic", 1, false},
		{scenario.Link(changed, time.Second), changed, oldest.ID, time.Second, false},
	} {
		m := NewModel()
		Update(m, LoadLink{Link: c.link})
		if m.Notice != (Notice{}) || !m.Scenario.Equal(c.of) || m.Preset != c.preset || m.Caption() == "" || m.At() != c.at || m.Playing != c.playing {
			t.Errorf("%s opens %+v at %v, playing=%v, %+v", c.link, m.Scenario, m.At(), m.Playing, m.Notice)
		}
	}
}

func TestABadLinkSaysWhyAndLoadsTheClassic(t *testing.T) {
	good := scenario.Link(labtest.Many(2, 2, 2), 0)
	for link, why := range map[string]string{
		"":               "it is empty",
		"#2abc":          "version",
		good[:10]:        "cut short",
		"#1!":            "character",
		good + "%zz":     "escape",
		"#1AAAA":         "checksum",
		"#https://a.b/c": "version",
	} {
		m := paused(labtest.Many(3, 1, 1), 2*time.Second)
		Update(m, LoadLink{Link: link})
		which := fmt.Sprintf("The link %q can't be opened, so here is the classic: ", format.Clip(link, 40))
		if !m.Notice.Error || !strings.HasPrefix(m.Notice.Text, which) || !strings.Contains(m.Notice.Text, why) {
			t.Errorf("%q says %q, not %q", link, m.Notice.Text, why)
		}
		if !m.Scenario.Equal(scenario.Classic()) || m.Preset != "classic" || !m.Playing || m.At() != 0 {
			t.Errorf("%q loads %q", link, m.Preset)
		}
	}
}

func TestALinkThatThePageBeginsWithLeavesNothingToUndo(t *testing.T) {
	for _, link := range []string{scenario.Link(labtest.Many(3, 1, 1), 0), "#nonsense"} {
		m := NewModel()
		Update(m, LoadLink{Link: link, First: true})
		if m.CanUndo() {
			t.Errorf("after the link %q there is something to undo", link)
		}
		Update(m, LoadLink{Link: link})
		if !m.CanUndo() {
			t.Errorf("a later link %q can't be taken back", link)
		}
	}
}

func FuzzAnyTextCanBeOpenedAsALink(f *testing.F) {
	f.Add("")
	f.Add("#")
	f.Add("#1")
	f.Add("#1AAAA@1s")
	f.Add(ClassicLink)
	f.Add(ClassicLink + "@7.2s")
	f.Add(ClassicLink + "@-1s")
	f.Add(scenario.Link(labtest.Many(4, 4, 1000), 3*time.Second))
	f.Add(scenario.Link(labtest.Fast(), 100*time.Second))
	f.Fuzz(func(t *testing.T, link string) {
		m := NewModel()
		Update(m, LoadLink{Link: link})
		Update(m, Frame{Elapsed: time.Second, More: no})
		if err := m.Scenario.Validate(); err != nil {
			t.Fatal(err)
		}
		if m.At() < 0 || m.At() > m.Duration() {
			t.Errorf("it is at %v of %v", m.At(), m.Duration())
		}
	})
}

func TestNothingPlaysByItselfForWhoAskedForNoMotion(t *testing.T) {
	m := NewModel()
	m.ReducedMotion = true
	Update(m, Pause{})
	for _, msg := range []Msg{LoadPreset{ID: "drop-oldest"}, LoadLink{Link: ClassicLink}, Restart{}} {
		if Update(m, msg); m.Playing {
			t.Errorf("%T plays", msg)
		}
	}
	if Update(m, Toggle{}); !m.Playing {
		t.Error("it can't be played")
	}
}
