package play

import (
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// Selection is what the user looks at closely, by its place in the run of a moment. The
// zero value is nothing. See Subject.
type Selection struct {
	Role scenario.Role // OfBroker: an event's line in a buffer belongs to its consumer
	// Actor is which producer or consumer.
	Actor int
	// Event, if HasEvent, is one of a producer's: its number. Then Role is
	// OfProducer and Actor is that producer.
	HasEvent bool
	Event    uint64
	// Part, unless it is Whole, is the buffer of a consumer, or one of the broker's
	// tanks: then Role is OfBroker.
	Part Part
}

// Part is a part of something that can be looked at by itself.
type Part uint8

const (
	Whole Part = iota
	Buffer
	Rejected   // the tanks, from left to right: what became of events that did not get through
	Repository // what waits outside of the buffers
	Dropped
	DeadLetters
	Parts
)

var partNames = [Parts]string{"", "buffer", "rejected", "repository", "dropped", "dead-letters"}

func (p Part) String() string { return partNames[p] }

// Selected says whether something is.
func (s Selection) Selected() bool { return s != Selection{} }

type (
	// Select selects something, or nothing.
	Select struct{ Subject }
	// Pick selects something, or lets go of it if it is selected already.
	Pick struct{ Subject }
	// Hover says what the pointer or the focus is on now.
	Hover struct{ Subject }
	// Deselect lets go of what is selected, and makes an enlarged chart small again.
	Deselect struct{}
	// ShowChart enlarges a chart, or shows all of them again.
	ShowChart struct{ Chart Chart }
	// Open opens a dialog, or closes it.
	Open struct{ Dialog Dialog }
	// Renew is for a page in the place of one that has failed: what was open and may
	// be why is not.
	Renew struct{}
)

// Chart is one of the charts, or all of them.
type Chart string

const AllCharts Chart = ""

// Dialog is what lies over the page.
type Dialog string

const (
	NoDialog        Dialog = ""
	HelpDialog      Dialog = "help"
	ShareDialog     Dialog = "share"
	ExportDialog    Dialog = "export"
	ScenariosDialog Dialog = "scenarios"
)

func (s Select) update(m *Model) { m.Selected = m.Roster.present(s.Subject) }
func (h Hover) update(m *Model)  { m.Hovered = m.Roster.present(h.Subject) }

func (Renew) update(m *Model) { m.Dialog, m.Hovered, m.Chart = NoDialog, Subject{}, AllCharts }

func (p Pick) update(m *Model) {
	if p.Subject == m.Selected {
		p.Subject = Subject{}
	}
	Select(p).update(m)
}

func (Deselect) update(m *Model)    { m.Selected, m.Chart = Subject{}, AllCharts }
func (s ShowChart) update(m *Model) { m.Chart = s.Chart }
func (o Open) update(m *Model)      { m.Dialog = o.Dialog }

func EventSelection(e journal.Event) Selection {
	return Selection{Role: scenario.OfProducer, Actor: int(e.Producer), HasEvent: true, Event: e.Number}
}
