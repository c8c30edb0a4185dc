package app

import (
	"slices"

	"github.com/spillway-go/spillway/app/logbook"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// shortcut is a key that stands for a message.
type shortcut struct {
	keys    []string // as the browser names them
	label   string   // as it is printed on the key
	says    string
	message func(m *play.Model) play.Msg
}

// ctrl stands before the name of a key that is pressed with Ctrl, or Cmd on a Mac.
const ctrl = "ctrl+"

// shortcutGroup is a part of the help sheet.
type shortcutGroup struct {
	title string
	all   []shortcut
}

// sends is a message that is always the same.
func sends(msg play.Msg) func(*play.Model) play.Msg { return func(*play.Model) play.Msg { return msg } }

// shortcuts are those that work wherever the focus is.
var shortcuts = []shortcutGroup{
	{"Time", []shortcut{
		{[]string{" "}, "Space", "Play or pause", sends(play.Toggle{})},
		{[]string{"ArrowLeft"}, "←", "One record back", sends(play.Step{By: -1})},
		{[]string{"ArrowRight"}, "→", "One record forward", sends(play.Step{By: 1})},
		{[]string{"Home"}, "Home", "To the start", sends(play.Seek{At: 0})},
		{[]string{"End"}, "End", "To the end of the run", func(m *play.Model) play.Msg { return play.Seek{At: m.Duration()} }},
		{[]string{"["}, "[", "To the drop, change or mark before", sends(play.Jump{By: -1})},
		{[]string{"]"}, "]", "To the next drop, change or mark", sends(play.Jump{By: 1})},
		{[]string{"m", "M"}, "M", "Set a mark here, or take it away", sends(play.ToggleMark{})},
		{[]string{"+", "="}, "+", "Faster", sends(play.Faster{By: 1})},
		{[]string{"-"}, "-", "Slower", sends(play.Faster{By: -1})},
		{[]string{"r", "R"}, "R", "Start again with the settings of now", sends(play.Restart{})},
	}},
	{"Intervene", []shortcut{
		{[]string{"p", "P"}, "P", "Publish one by hand: the selected producer, or the first", publishByHand},
		{[]string{"h", "H"}, "H", "Hold or release the selected consumer, or the first", holdOrRelease},
		{[]string{"x", "X"}, "X", "Crash the process", sends(play.Do{Action: scenario.Crash})},
		{[]string{"c", "C"}, "C", "Ctrl-C: end the run gracefully", sends(play.Do{Action: scenario.Interrupt})},
		{[]string{ctrl + "z"}, "Ctrl Z", "Undo the last edit", sends(play.Undo{})},
		{[]string{ctrl + "Z", ctrl + "y"}, "Ctrl Shift Z", "Redo it", sends(play.Redo{})},
	}},
	{"Page", []shortcut{
		{[]string{"o", "O"}, "O", "Open a preset or a scenario of yours", sends(play.Open{Dialog: play.ScenariosDialog})},
		{[]string{"s", "S"}, "S", "Share or embed", sends(play.Open{Dialog: play.ShareDialog})},
		{[]string{"e", "E"}, "E", "Export", sends(play.Open{Dialog: play.ExportDialog})},
		{[]string{"/"}, "/", "Search the log", sends(play.Focus{ID: logbook.LogSearchID})},
		{[]string{"t", "T"}, "T", "Dark or light", sends(play.ToggleTheme{})},
		{[]string{"?"}, "?", "This sheet", sends(play.Open{Dialog: play.HelpDialog})},
		{[]string{"Escape"}, "Esc", "Let go of the selection, make a chart small again", sends(play.Deselect{})},
	}},
}

// messageOf is the message of a key, of those that work where it is pressed, or nil.
func messageOf(all []shortcut, key string, m *play.Model) play.Msg {
	for _, s := range all {
		if slices.Contains(s.keys, key) {
			return s.message(m)
		}
	}
	return nil
}

// sheet is what the help sheet lists.
func sheet() []shortcutGroup {
	inLog := shortcutGroup{title: "In the log"}
	for _, k := range slices.Concat(logbook.SearchKeys, logbook.LineKeys) {
		inLog.all = append(inLog.all, shortcut{keys: k.Keys, label: k.Label, says: k.Says})
	}
	// Clicks are of the pointer, and of keys that press a button.
	inLog.all = append(inLog.all, shortcut{label: "Alt Click", says: "On a name or a kind: only its lines, or all again"})
	return append(slices.Clone(shortcuts), inLog)
}

func publishByHand(m *play.Model) play.Msg {
	return play.Do{Actor: m.Concerned(scenario.OfProducer), Action: scenario.Publish}
}
func holdOrRelease(m *play.Model) play.Msg { return play.Hold{Actor: m.Concerned(scenario.OfConsumer)} }

// repeats says whether a key that is held down sends its message repeatedly. A toggle would
// flicker, and one crash is enough.
func repeats(msg play.Msg) bool {
	switch msg.(type) {
	case play.Step, play.Jump, play.Faster, play.Undo, play.Redo:
		return true
	default:
		return false
	}
}

// keyMessage is the message of a key, or nil, given the element that has the
// focus: a key that works that element is left to it. The time line is the
// exception, for its arrows step as they do everywhere else.
func keyMessage(key, tag string, onTimeLine bool, m *play.Model) play.Msg {
	field := (tag == "input" && !onTimeLine) || tag == "select" || tag == "textarea"
	if field || m.Dialog != play.NoDialog || key == " " && (tag == "button" || tag == "summary") { // which the space bar presses
		return nil
	}
	for _, g := range shortcuts {
		if msg := messageOf(g.all, key, m); msg != nil {
			return msg
		}
	}
	return nil
}
