package app

import (
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

func TestKeys(t *testing.T) {
	m := NewModel()
	publish := Do{producer(m, 0), scenario.Publish}
	for _, c := range []struct {
		key, tag   string
		onTimeLine bool
		want       Msg
	}{
		{" ", "body", false, Toggle{}},
		{" ", "button", false, nil}, // it presses the button
		{" ", "summary", false, nil},
		{" ", "input", true, Toggle{}},
		{" ", "input", false, nil},
		{" ", "select", false, nil},
		{"ArrowLeft", "body", false, Step{By: -1}},
		{"ArrowRight", "body", false, Step{By: 1}},
		{"ArrowRight", "button", false, Step{By: 1}},
		{"ArrowLeft", "input", true, Step{By: -1}},
		{"ArrowRight", "input", true, Step{By: 1}},
		{"ArrowLeft", "input", false, nil}, // it moves the slider
		{"ArrowRight", "select", false, nil},
		{"ArrowUp", "body", false, nil},
		{"Home", "body", false, Seek{At: 0}},
		{"End", "body", false, Seek{At: m.Duration()}},
		{"End", "input", true, Seek{At: m.Duration()}},
		{"End", "input", false, nil},
		{"[", "body", false, Jump{By: -1}},
		{"]", "button", false, Jump{By: 1}},
		{"m", "body", false, ToggleMark{}},
		{"r", "body", false, Restart{}},
		{"R", "button", false, Restart{}},
		{"r", "textarea", false, nil},
		{"+", "body", false, Faster{By: 1}},
		{"=", "body", false, Faster{By: 1}},
		{"-", "body", false, Faster{By: -1}},
		{"-", "input", false, nil},
		{"p", "body", false, publish},
		{"p", "input", false, nil},
		{"h", "body", false, Hold{consumer(m, 0)}},
		{"x", "body", false, Do{Action: scenario.Crash}},
		{"c", "body", false, Do{Action: scenario.Interrupt}},
		{"ctrl+c", "body", false, nil}, // it copies
		{"ctrl+z", "body", false, Undo{}},
		{"ctrl+Z", "body", false, Redo{}},
		{"ctrl+y", "button", false, Redo{}},
		{"ctrl+z", "input", false, nil}, // it undoes typing
		{"?", "body", false, Open{HelpDialog}},
		{"s", "body", false, Open{ShareDialog}},
		{"ctrl+s", "body", false, nil},
		{"/", "body", false, Focus{logSearchID}},
		{"/", "input", false, nil},
		{"t", "body", false, ToggleTheme{}},
		{"Escape", "body", false, Deselect{}},
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
	m := NewModel()
	Update(m, Open{HelpDialog})
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
			if s.label == "" || s.says == "" || s.message(NewModel()) == nil {
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
	m := NewModel()
	Update(m, Add{scenario.OfProducer})
	Update(m, Add{scenario.OfConsumer})
	Update(m, Select{m.Roster.Subject(Selection{Role: scenario.OfProducer, Actor: 1})})
	if got := keyMessage("p", "body", false, m); got != (Do{producer(m, 1), scenario.Publish}) {
		t.Errorf("P asks for %#v", got)
	}
	Update(m, Select{m.Roster.Subject(Selection{Role: scenario.OfConsumer, Actor: 1})})
	hold := keyMessage("h", "body", false, m)
	if hold != (Hold{consumer(m, 1)}) {
		t.Fatalf("H asks for %#v", hold)
	}
	Update(m, hold)
	if got := keyMessage("h", "body", false, m); got != (Hold{consumer(m, 1)}) {
		t.Errorf("H on a paused one asks for %#v", got)
	}
}

func TestAKeyConcernsTheFirstWhoIsStillThere(t *testing.T) {
	m := paused(labtest.Trio(), time.Second)
	Update(m, Remove{producer(m, 0)})
	Update(m, Remove{consumer(m, 0)})
	for key, want := range map[string]Msg{"p": Do{producer(m, 1), scenario.Publish}, "h": Hold{consumer(m, 1)}} {
		if got := keyMessage(key, "body", false, m); got != want {
			t.Errorf("%q asks for %#v", key, got)
		}
	}
}

func TestOnlyWhatMovesOnRepeatsWhileItsKeyIsHeld(t *testing.T) {
	m := NewModel()
	for key, want := range map[string]bool{"ArrowRight": true, "]": true, "+": true, "ctrl+z": true, " ": false, "x": false, "r": false, "t": false, "p": false} {
		if got := repeats(keyMessage(key, "body", false, m)); got != want {
			t.Errorf("%q repeats: %v", key, got)
		}
	}
}
