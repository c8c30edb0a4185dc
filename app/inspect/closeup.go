package inspect

import (
	"time"

	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/scenario"
	"github.com/spillway-go/spillway/broker/lab/whatif"
)

// Closeup is what is known of the thing that is looked at, beyond the moment.
type Closeup struct {
	of    play.Selection
	since time.Duration // on the screen, how long it has been looked at
	story story

	loss    positioned
	hasLoss bool
	why     string
	whatIf  *whatif.Search // of the loss; nil if no buffer and no policy could help
}

const (
	// lookTime is how long a thing is looked at before anything is tried out for it.
	lookTime = 250 * time.Millisecond
	// searchStep is how many steps of a simulation are made between two looks at the
	// clock: a millisecond of work, or less.
	searchStep = 5000
)

// Look keeps up with what is looked at, for so long since the last time.
func (c *Closeup) Look(m *play.Moment, elapsed time.Duration) {
	of := m.Looked()
	if c.of != of {
		c.of, c.since = of, 0
		c.loss, c.hasLoss, c.why, c.whatIf = positioned{}, false, "", nil
	}
	if !of.HasEvent {
		c.story = story{records: c.story.records[:0]} // which keeps its run in memory
		return
	}
	c.since += elapsed
	again := c.story.journal != m.Journal()
	c.story.follow(m.Journal(), of)
	t, lost := loss(c.story.until(m.State.Position))
	if again || lost != c.hasLoss || t != c.loss {
		c.loss, c.hasLoss, c.why, c.whatIf = t, lost, "", nil
		if lost {
			c.why = c.story.why(m, t)
			if q, ok := whatif.Ask(*m.Scenario, t.Record); ok && c.why != "" {
				c.whatIf = whatif.NewSearch(q)
			}
		}
	}
}

// Search goes on finding out what would have kept the event, for as long as more
// says so.
func (c *Closeup) Search(more func() bool) {
	if c.whatIf == nil || c.since < lookTime {
		return
	}
	for again := true; again && !c.whatIf.Answer().Done; again = more() {
		c.whatIf.Advance(searchStep)
	}
}

// Answer is what has been found out so far.
func (c *Closeup) Answer() string {
	if c.whatIf == nil {
		return ""
	}
	return whatIfText(c.whatIf.Answer())
}

// Ended is the thing in which the event that is looked at has come to its end, or
// is out of sight.
func (c *Closeup) Ended(m *play.Moment) play.Selection {
	records := c.story.until(m.State.Position)
	for i := len(records) - 1; i >= 0; i-- {
		r := &records[i]
		consumer := int(r.Consumer)
		switch r.Kind {
		case journal.Dropped, journal.Crashed:
			return play.Selection{Role: scenario.OfBroker, Part: play.Dropped}
		case journal.Rejected:
			return play.Selection{Role: scenario.OfBroker, Part: play.Rejected}
		case journal.Spilled, journal.Returned:
			return play.Selection{Role: scenario.OfBroker, Part: play.Repository}
		case journal.DeadLettered:
			return play.Selection{Role: scenario.OfBroker, Part: play.DeadLetters}
		case journal.Buffered, journal.Refilled, journal.PutBack:
			return play.Selection{Role: scenario.OfConsumer, Actor: consumer, Part: play.Buffer}
		case journal.Delivered, journal.Handled, journal.Failed, journal.Retried:
			return play.Selection{Role: scenario.OfConsumer, Actor: consumer}
		}
	}
	return play.Selection{Role: scenario.OfProducer, Actor: m.Looked().Actor}
}
