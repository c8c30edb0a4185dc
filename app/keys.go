package app

import (
	"math"
	"slices"

	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// shortcut is a key that asks for something.
type shortcut struct {
	keys  []string // as the browser names them
	label string   // as it is printed on the key
	says  string
	ask   func(m *Model) Msg
}

// ctrl stands before the name of a key that is pressed with Ctrl, or Cmd on a Mac.
const ctrl = "ctrl+"

// shortcutGroup is a part of the help sheet.
type shortcutGroup struct {
	title string
	all   []shortcut
}

func asks(msg Msg) func(*Model) Msg { return func(*Model) Msg { return msg } }

// shortcuts are those that work wherever the focus is.
var shortcuts = []shortcutGroup{
	{"Time", []shortcut{
		{[]string{" "}, "Space", "Play or pause", asks(Toggle{})},
		{[]string{"ArrowLeft"}, "←", "One record back", asks(Step{By: -1})},
		{[]string{"ArrowRight"}, "→", "One record forward", asks(Step{By: 1})},
		{[]string{"Home"}, "Home", "To the start", asks(Seek{At: 0})},
		{[]string{"End"}, "End", "To the end of the run", func(m *Model) Msg { return Seek{At: m.Duration()} }},
		{[]string{"["}, "[", "To the drop, change or mark before", asks(Jump{By: -1})},
		{[]string{"]"}, "]", "To the next drop, change or mark", asks(Jump{By: 1})},
		{[]string{"m", "M"}, "M", "Set a mark here, or take it away", asks(ToggleMark{})},
		{[]string{"+", "="}, "+", "Faster", asks(Faster{By: 1})},
		{[]string{"-"}, "-", "Slower", asks(Faster{By: -1})},
		{[]string{"r", "R"}, "R", "Start again with the settings of now", asks(Restart{})},
	}},
	{"Intervene", []shortcut{
		{[]string{"p", "P"}, "P", "Publish one by hand: the selected producer, or the first", publishByHand},
		{[]string{"h", "H"}, "H", "Hold or release the selected consumer, or the first", holdOrRelease},
		{[]string{"x", "X"}, "X", "Crash the process", asks(Change{scenario.Intervention{Do: scenario.Crash}})},
		{[]string{"c", "C"}, "C", "Ctrl-C: end the run gracefully", asks(Change{scenario.Intervention{Do: scenario.Interrupt}})},
		{[]string{ctrl + "z"}, "Ctrl Z", "Undo the last edit", asks(Undo{})},
		{[]string{ctrl + "Z", ctrl + "y"}, "Ctrl Shift Z", "Redo it", asks(Redo{})},
	}},
	{"Page", []shortcut{
		{[]string{"o", "O"}, "O", "Open a preset or a scenario of yours", asks(Open{ScenariosDialog})},
		{[]string{"s", "S"}, "S", "Share or embed", asks(Open{ShareDialog})},
		{[]string{"e", "E"}, "E", "Export", asks(Open{ExportDialog})},
		{[]string{"/"}, "/", "Search the log", asks(focusOn{logSearchID})},
		{[]string{"t", "T"}, "T", "Dark or light", asks(toggleTheme{})},
		{[]string{"?"}, "?", "This sheet", asks(Open{HelpDialog})},
		{[]string{"Escape"}, "Esc", "Let go of the selection, make a chart small again", asks(LetGo{})},
	}},
}

// Those of the log work in the one of its elements that has the focus.
var (
	searchShortcuts = []shortcut{
		{[]string{"ArrowDown", "Enter"}, "↓", "In the search: to the lines", asks(focusOn{logID})},
		{[]string{"Escape"}, "Esc", "In the search: all lines again", asks(SearchLog{})},
	}
	lineShortcuts = []shortcut{
		{[]string{"ArrowUp"}, "↑", "A line up", asks(MoveInLog{By: -1})},
		{[]string{"ArrowDown"}, "↓", "A line down", asks(MoveInLog{By: 1})},
		{[]string{"PageUp"}, "Page ↑", "A page up", asks(MoveInLog{Pages: -1})},
		{[]string{"PageDown"}, "Page ↓", "A page down", asks(MoveInLog{Pages: 1})},
		{[]string{"Home"}, "Home", "To the first line", asks(MoveInLog{By: math.MinInt32})},
		{[]string{"End"}, "End", "To the last line", asks(MoveInLog{By: math.MaxInt32})},
		{[]string{"Enter"}, "Enter", "To the moment of the line, and select what it is about", pickLine},
	}
	// chipClicks are of the pointer, and of keys that press a button.
	chipClicks = []shortcut{
		{nil, "Alt Click", "On a name or a kind: only its lines, or all again", nil},
	}
)

func pickLine(m *Model) Msg {
	if at := m.logCursor(); at >= 0 {
		return PickRecord{m.index().at(at)}
	}
	return nil
}

// asked is what a key asks for, of those that work where it is pressed, or nil.
func asked(all []shortcut, key string, m *Model) Msg {
	for _, s := range all {
		if slices.Contains(s.keys, key) {
			return s.ask(m)
		}
	}
	return nil
}

// sheet is what the help sheet lists.
func sheet() []shortcutGroup {
	return append(slices.Clone(shortcuts), shortcutGroup{"In the log", slices.Concat(searchShortcuts, lineShortcuts, chipClicks)})
}

// The elements of the log that keys lead to: in which it is searched, and its lines.
const (
	logSearchID = "log-search"
	logID       = "log-lines"
)

// What only the page can do: the model knows neither focus nor theme.
type (
	focusOn     struct{ id string }
	toggleTheme struct{}
)

func (focusOn) update(*Model)     {}
func (toggleTheme) update(*Model) {}

func publishByHand(m *Model) Msg {
	i := m.whom(scenario.OfProducer)
	return Change{scenario.Intervention{Do: scenario.Publish, Actor: i}}
}

func holdOrRelease(m *Model) Msg {
	i := m.whom(scenario.OfConsumer)
	do := scenario.Pause
	if m.View().Consumers[i].Paused {
		do = scenario.Resume
	}
	return Change{scenario.Intervention{Do: do, Actor: i}}
}

// whom is the one of that role who is selected, or else the first who has not gone.
func (m *Model) whom(role scenario.Role) int {
	if m.Selection.Role == role {
		return m.Selection.Actor
	}
	for i := range namesOf(m.Scenario, role) {
		if !m.Gone(role, i) {
			return i
		}
	}
	return 0
}

// repeats says whether a key that is held down asks again and again. What comes and
// goes would flicker, and a crash is enough.
func repeats(msg Msg) bool {
	switch msg.(type) {
	case Step, Jump, Faster, Undo, Redo:
		return true
	default:
		return false
	}
}

// keyMessage is what a key asks for, or nil, given the element that has the
// focus: a key that works that element is left to it. The time line is the
// exception, for its arrows step as they do everywhere else.
func keyMessage(key, tag string, onTimeLine bool, m *Model) Msg {
	field := (tag == "input" && !onTimeLine) || tag == "select" || tag == "textarea"
	if field || m.Dialog != NoDialog || key == " " && (tag == "button" || tag == "summary") { // which the space bar presses
		return nil
	}
	for _, g := range shortcuts {
		if msg := asked(g.all, key, m); msg != nil {
			return msg
		}
	}
	return nil
}
