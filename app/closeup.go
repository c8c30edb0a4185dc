package app

import (
	"time"

	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/scenario"
	"github.com/spillway-go/spillway/broker/lab/whatif"
)

// closeup is what the model keeps of the thing that is looked at.
type closeup struct {
	of    Selection
	since time.Duration // on the screen, how long it has been looked at
	story story

	loss    told
	hasLoss bool
	why     string
	whatIf  *whatif.Search // of the loss; nil if no buffer and no policy could help
}

// lookTime is how long a thing is looked at before anything is tried out for it,
// and curiosity how many steps of a simulation a frame gives to that.
const (
	lookTime  = 250 * time.Millisecond
	curiosity = 5000
)

// Hover says what the pointer or the focus is on now.
type Hover struct{ Selection }

func (h Hover) update(m *Model) {
	m.Hover = h.Selection.within(m.Scenario)
	m.look(0)
}

// Looked is what is looked at: what is selected or else hovered over.
func (m *Model) Looked() Selection {
	if m.Selection.Selected() {
		return m.Selection
	}
	return m.Hover
}

// look keeps up with what is looked at.
func (m *Model) look(elapsed time.Duration) {
	c, of := &m.closeup, m.Looked()
	if c.of != of {
		c.of, c.since = of, 0
		c.loss, c.hasLoss, c.why, c.whatIf = told{}, false, "", nil
	}
	if !of.HasEvent {
		c.story = story{records: c.story.records[:0]} // which keeps its run in memory
		return
	}
	c.since += elapsed
	again := c.story.run != m.run
	c.story.follow(m.run, of)
	t, lost := loss(c.story.until(m.view.Position))
	if again || lost != c.hasLoss || t != c.loss {
		c.loss, c.hasLoss, c.why, c.whatIf = t, lost, "", nil
		if lost {
			c.why = c.story.why(m, t)
			if q, ok := whatif.Ask(m.Scenario, t.Record); ok && c.why != "" {
				c.whatIf = whatif.NewSearch(q)
			}
		}
	}
	if c.whatIf != nil && c.since >= lookTime {
		c.whatIf.Advance(curiosity)
	}
}

// ended is the thing in which the event that is looked at has come to its end, or
// is out of sight.
func (m *Model) ended() Selection {
	records := m.closeup.story.until(m.view.Position)
	for i := len(records) - 1; i >= 0; i-- {
		r := &records[i]
		c := int(r.Consumer)
		switch r.Kind {
		case journal.Dropped, journal.Crashed:
			return Selection{Role: scenario.OfBroker, Part: Dropped}
		case journal.Rejected:
			return Selection{Role: scenario.OfBroker, Part: Rejected}
		case journal.Spilled, journal.Returned:
			return Selection{Role: scenario.OfBroker, Part: Repository}
		case journal.DeadLettered:
			return Selection{Role: scenario.OfBroker, Part: DeadLetters}
		case journal.Buffered, journal.Refilled:
			return Selection{Role: scenario.OfConsumer, Actor: c, Part: Buffer}
		case journal.Delivered, journal.Handled, journal.Failed, journal.Retried:
			return Selection{Role: scenario.OfConsumer, Actor: c}
		}
	}
	return Selection{Role: scenario.OfProducer, Actor: m.Looked().Actor}
}
