package app

import (
	"testing"
	"time"

	"github.com/spillway-go/spillway/app/logbook"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/app/playtest"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

func TestKeys(t *testing.T) {
	m := play.NewModel()
	publish := play.Do{Actor: playtest.Producer(m, 0), Action: scenario.Publish}
	for _, c := range []struct {
		key, tag   string
		onTimeLine bool
		want       play.Msg
	}{
		{" ", "body", false, play.Toggle{}},
		{" ", "button", false, nil}, // it presses the button
		{" ", "summary", false, nil},
		{" ", "input", true, play.Toggle{}},
		{" ", "input", false, nil},
		{" ", "select", false, nil},
		{"ArrowLeft", "body", false, play.Step{By: -1}},
		{"ArrowRight", "body", false, play.Step{By: 1}},
		{"ArrowRight", "button", false, play.Step{By: 1}},
		{"ArrowLeft", "input", true, play.Step{By: -1}},
		{"ArrowRight", "input", true, play.Step{By: 1}},
		{"ArrowLeft", "input", false, nil}, // it moves the slider
		{"ArrowRight", "select", false, nil},
		{"ArrowUp", "body", false, nil},
		{"Home", "body", false, play.Seek{At: 0}},
		{"End", "body", false, play.Seek{At: m.Duration()}},
		{"End", "input", true, play.Seek{At: m.Duration()}},
		{"End", "input", false, nil},
		{"[", "body", false, play.Jump{By: -1}},
		{"]", "button", false, play.Jump{By: 1}},
		{"m", "body", false, play.ToggleMark{}},
		{"r", "body", false, play.Restart{}},
		{"R", "button", false, play.Restart{}},
		{"r", "textarea", false, nil},
		{"+", "body", false, play.Faster{By: 1}},
		{"=", "body", false, play.Faster{By: 1}},
		{"-", "body", false, play.Faster{By: -1}},
		{"-", "input", false, nil},
		{"p", "body", false, publish},
		{"p", "input", false, nil},
		{"h", "body", false, play.Hold{Actor: playtest.Consumer(m, 0)}},
		{"x", "body", false, play.Do{Action: scenario.Crash}},
		{"c", "body", false, play.Do{Action: scenario.Interrupt}},
		{"ctrl+c", "body", false, nil}, // it copies
		{"ctrl+z", "body", false, play.Undo{}},
		{"ctrl+Z", "body", false, play.Redo{}},
		{"ctrl+y", "button", false, play.Redo{}},
		{"ctrl+z", "input", false, nil}, // it undoes typing
		{"?", "body", false, play.Open{Dialog: play.HelpDialog}},
		{"s", "body", false, play.Open{Dialog: play.ShareDialog}},
		{"ctrl+s", "body", false, nil},
		{"/", "body", false, play.Focus{ID: logbook.LogSearchID}},
		{"/", "input", false, nil},
		{"t", "body", false, play.ToggleTheme{}},
		{"Escape", "body", false, play.Deselect{}},
		{"Enter", "button", false, nil},
		{"Tab", "body", false, nil},
		{"", "", false, nil},
	} {
		if got := keyMessage(c.key, c.tag, c.onTimeLine, m); got != c.want {
			t.Errorf("%q on %q asks for %#v, want %#v", c.key, c.tag, got, c.want)
		}
	}
}

func TestUnderADialogKeysAreTheDialogs(t *testing.T) {
	m := play.NewModel()
	play.Update(m, play.Open{Dialog: play.HelpDialog})
	for _, key := range []string{" ", "ArrowRight", "r", "Escape", "ctrl+z"} {
		if got := keyMessage(key, "body", false, m); got != nil {
			t.Errorf("%q asks for %#v", key, got)
		}
	}
}

func TestNoKeyHasTwoMeanings(t *testing.T) {
	seen := map[string]string{}
	for _, g := range shortcuts {
		for _, s := range g.all {
			if s.label == "" || s.says == "" || s.message(play.NewModel()) == nil {
				t.Errorf("%+v is not whole", s)
			}
			for _, key := range s.keys {
				if other, taken := seen[key]; taken {
					t.Errorf("%q means both %q and %q", key, other, s.says)
				}
				seen[key] = s.says
			}
		}
	}
}

func TestTheHelpSheetListsAllKeys(t *testing.T) {
	listed := map[string]bool{}
	for _, g := range sheet() {
		for _, s := range g.all {
			if s.label == "" || s.says == "" {
				t.Errorf("%+v is not whole", s)
			}
			for _, key := range s.keys {
				listed[key] = true
			}
		}
	}
	for _, key := range []string{" ", "?", "PageUp", "PageDown", "ArrowUp", "Enter"} {
		if !listed[key] {
			t.Errorf("%q is not in it", key)
		}
	}
}

func TestAKeyConcernsWhatIsSelected(t *testing.T) {
	m := play.NewModel()
	play.Update(m, play.Add{Role: scenario.OfProducer})
	play.Update(m, play.Add{Role: scenario.OfConsumer})
	play.Update(m, play.Select{Subject: m.Roster.Subject(play.Selection{Role: scenario.OfProducer, Actor: 1})})
	if got := keyMessage("p", "body", false, m); got != (play.Do{Actor: playtest.Producer(m, 1), Action: scenario.Publish}) {
		t.Errorf("P asks for %#v", got)
	}
	play.Update(m, play.Select{Subject: m.Roster.Subject(play.Selection{Role: scenario.OfConsumer, Actor: 1})})
	hold := keyMessage("h", "body", false, m)
	if hold != (play.Hold{Actor: playtest.Consumer(m, 1)}) {
		t.Fatalf("H asks for %#v", hold)
	}
	play.Update(m, hold)
	if got := keyMessage("h", "body", false, m); got != (play.Hold{Actor: playtest.Consumer(m, 1)}) {
		t.Errorf("H on a paused one asks for %#v", got)
	}
}

func TestAKeyConcernsTheFirstWhoIsStillThere(t *testing.T) {
	m := playtest.Paused(labtest.Trio(), time.Second)
	play.Update(m, play.Remove{Actor: playtest.Producer(m, 0)})
	play.Update(m, play.Remove{Actor: playtest.Consumer(m, 0)})
	for key, want := range map[string]play.Msg{"p": play.Do{Actor: playtest.Producer(m, 1), Action: scenario.Publish}, "h": play.Hold{Actor: playtest.Consumer(m, 1)}} {
		if got := keyMessage(key, "body", false, m); got != want {
			t.Errorf("%q asks for %#v", key, got)
		}
	}
}

func TestOnlyWhatMovesOnRepeatsWhileItsKeyIsHeld(t *testing.T) {
	m := play.NewModel()
	for key, want := range map[string]bool{"ArrowRight": true, "]": true, "+": true, "ctrl+z": true, " ": false, "x": false, "r": false, "t": false, "p": false} {
		if got := repeats(keyMessage(key, "body", false, m)); got != want {
			t.Errorf("%q repeats: %v", key, got)
		}
	}
}
