package app

import (
	"testing"
)

func TestKeys(t *testing.T) {
	m := NewModel()
	for _, c := range []struct {
		key, tag   string
		onTimeLine bool
		want       Msg
	}{
		{" ", "body", false, Toggle{}},
		{" ", "button", false, nil}, // it presses the button
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
		{"r", "body", false, Restart{}},
		{"R", "button", false, Restart{}},
		{"r", "textarea", false, nil},
		{"+", "body", false, Faster{By: 1}},
		{"=", "body", false, Faster{By: 1}},
		{"-", "body", false, Faster{By: -1}},
		{"-", "input", false, nil},
		{"Enter", "button", false, nil},
		{"Tab", "body", false, nil},
		{"x", "body", false, nil},
		{"", "", false, nil},
	} {
		if got := keyMessage(c.key, c.tag, c.onTimeLine, m); got != c.want {
			t.Errorf("%q on %q asks for %#v, want %#v", c.key, c.tag, got, c.want)
		}
	}
}
