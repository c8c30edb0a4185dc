package app

// Effect is something that an update wants done outside of the model. It is a value:
// the page, which knows the browser, does it.
type Effect interface{ effect() }

type (
	// FocusOn moves the focus to the first of the elements with these IDs that can have
	// it: those that the next rendering brings. Of a field the text is selected.
	FocusOn []string
	// FocusNow moves the focus to an element that is always there.
	FocusNow string
	// SwitchTheme makes a dark page light, and a light one dark.
	SwitchTheme struct{}
)

func (FocusOn) effect()     {}
func (FocusNow) effect()    {}
func (SwitchTheme) effect() {}

// effect asks for something to be done after this update.
func (m *Model) effect(e Effect) { m.effects = append(m.effects, e) }
