package app

import (
	"slices"

	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// Selection is what the user looks at closely. The zero value is nothing.
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
	parts
)

var partNames = [parts]string{"", "buffer", "rejected", "repository", "dropped", "dead-letters"}

func (p Part) String() string { return partNames[p] }

// Selected says whether something is.
func (s Selection) Selected() bool { return s != Selection{} }

// within is the selection as far as a scenario has what is selected.
func (s Selection) within(of scenario.Scenario) Selection {
	if s.Role == scenario.OfProducer && s.Actor >= len(of.Producers) || s.Role == scenario.OfConsumer && s.Actor >= len(of.Consumers) {
		return Selection{}
	}
	return s
}

// moved is the selection when one scenario takes the place of another: whoever
// has the name stays selected, at whatever place. Where nobody has it and as many
// take part, that is another name for who has the place.
func (s Selection) moved(from, to scenario.Scenario) Selection {
	if s.Role != scenario.OfProducer && s.Role != scenario.OfConsumer {
		return s
	}
	old, now := namesOf(from, s.Role), namesOf(to, s.Role)
	if s.Actor < len(old) {
		if i := slices.Index(now, old[s.Actor]); i >= 0 {
			s.Actor = i
			return s
		}
		if len(now) != len(old) {
			return Selection{}
		}
	}
	return s.within(to)
}

// namesOf are the names of the producers or of the consumers.
func namesOf(s scenario.Scenario, role scenario.Role) (names []string) {
	if role == scenario.OfProducer {
		for i := range s.Producers {
			names = append(names, s.Producers[i].Name)
		}
		return names
	}
	for i := range s.Consumers {
		names = append(names, s.Consumers[i].Name)
	}
	return names
}

type (
	// Select selects something, or nothing.
	Select struct{ Selection }
	// Pick selects something, or lets go of it if it is selected already.
	Pick struct{ Selection }
	// Hover says what the pointer or the focus is on now.
	Hover struct{ Selection }
	// ShowChart enlarges a chart, or shows all of them again.
	ShowChart struct{ Chart Chart }
	// Open opens a dialog, or closes it.
	Open struct{ Dialog Dialog }
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

func (s Select) update(m *Model) {
	m.Selection = s.Selection.within(m.Scenario) // it may have been drawn in the run before
}

func (p Pick) update(m *Model) {
	if p.Selection == m.Selection {
		p.Selection = Selection{}
	}
	Update(m, Select(p))
}

func (h Hover) update(m *Model)     { m.Hover = h.Selection.within(m.Scenario) }
func (s ShowChart) update(m *Model) { m.Chart = s.Chart }
func (o Open) update(m *Model)      { m.Dialog = o.Dialog }
