package play

// Effect is something that an update wants done outside of the model. It is a value:
// the page, which knows the browser, does it.
type Effect interface{ effect() }

type (
	// FocusOn moves the focus to the first of the elements with these IDs that can have
	// it: those that the next rendering brings. Of a field the text is selected.
	FocusOn []string
	// FocusNow moves the focus to an element that is always there.
	FocusNow string
	// Copy puts a text into the clipboard: if Link, one that the address of the page comes
	// before. It says Done then, or sends a message where the browser refuses.
	Copy struct {
		Text    string
		Link    bool
		Done    string
		Instead Msg
	}
	// SaveFile saves the file of that ID, of the run as it is now.
	SaveFile string
	// SwitchTheme makes a dark page light, and a light one dark.
	SwitchTheme struct{}
)

func (FocusOn) effect()     {}
func (FocusNow) effect()    {}
func (Copy) effect()        {}
func (SaveFile) effect()    {}
func (SwitchTheme) effect() {}

// effect asks for something to be done after this update.
func (m *Model) effect(e Effect) { m.effects = append(m.effects, e) }

// The messages that want nothing but an effect.
type (
	// Focus moves the focus to an element that is always there, FocusNext to one that the
	// next rendering brings.
	Focus     struct{ ID string }
	FocusNext struct{ ID string }
	// CopyText puts a text into the clipboard, and says that it is done.
	CopyText struct{ Text, Done string }
	// CopyLink does so with the link of what is shown.
	CopyLink struct{}
	// Save saves a file of the run: if Records, one that is written of the records of the
	// journal, one after another.
	Save struct {
		File    string // its ID
		Records bool
	}
	// ToggleTheme changes between dark and light.
	ToggleTheme struct{}
)

func (f Focus) update(m *Model)     { m.effect(FocusNow(f.ID)) }
func (f FocusNext) update(m *Model) { m.effect(FocusOn{f.ID}) }
func (ToggleTheme) update(m *Model) { m.effect(SwitchTheme{}) }

func (c CopyText) update(m *Model) {
	m.effect(Copy{Text: c.Text, Done: c.Done, Instead: Notify{Notice{
		Text: "The browser does not let the page copy. Select the text and copy it yourself.", Error: true,
	}}})
}

// Where the browser does not let the page copy, the dialog shows the link.
func (CopyLink) update(m *Model) {
	m.effect(Copy{Text: m.Link(), Link: true, Done: "The link is copied: it brings back exactly this.", Instead: Open{ShareDialog}})
}

// The records of a run that goes on would be forgotten while they are saved.
func (s Save) update(m *Model) {
	m.Playing = m.Playing && !s.Records
	m.effect(SaveFile(s.File))
}
