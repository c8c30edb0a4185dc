package inspect

import (
	"strconv"
	"time"

	"github.com/spillway-go/spillway/app/format"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/app/stage"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// Card says what a thing on the stage is and how it is.
type Card struct {
	Of      play.Selection
	Pinned  bool // it stays open, with something to do
	Title   string
	Ink     string // a class of the style sheet
	Note    string
	Facts   []Fact
	Story   []Passage
	Why     string
	WhatIf  string
	Known   bool   // the answer in WhatIf
	List    string // what the events are
	Events  []journal.Event
	Names   []string       // of the events
	Chips   []play.Subject // which are they
	Actions []Action
}

// Fact is a name and a value.
type Fact struct{ Name, Value, Ink string }

// Action is something to do about a thing.
type Action struct {
	Text, Key string
	Msg       play.Msg
}

// mostListed is how many events a card lists.
const mostListed = 12

// CardOf is the card of what is looked at; false if that is nothing.
func CardOf(m *play.Moment, look *Closeup) (Card, bool) {
	of := m.Looked()
	if !of.Selected() {
		return Card{}, false
	}
	c := Card{Of: of, Pinned: of == m.Selection}
	switch {
	case of.HasEvent:
		c.event(m, look)
	case of.Part == play.Buffer:
		c.buffer(m)
	case of.Part != play.Whole:
		c.tank(m)
	case of.Role == scenario.OfProducer:
		c.producer(m)
	case of.Role == scenario.OfConsumer:
		c.consumer(m)
	default:
		c.broker(m)
	}
	for _, e := range c.Events {
		name := eventName(m, e)
		if of.Role == scenario.OfProducer { // whose it is goes without saying
			name = strconv.FormatUint(e.Number, 10)
		}
		c.Names = append(c.Names, name)
		c.Chips = append(c.Chips, m.Roster.Subject(play.EventSelection(e)))
	}
	if m.Ended() {
		c.Actions = nil // nothing can be done in a run that is over
	}
	return c, true
}

func (c *Card) fact(name, value, ink string) { c.Facts = append(c.Facts, Fact{name, value, ink}) }

func (c *Card) count(name string, n uint64, ink string) {
	if n > 0 {
		c.fact(name, format.Count(n), ink)
	}
}

func (c *Card) event(m *play.Moment, look *Closeup) {
	p := &m.Scenario.Producers[c.Of.Actor]
	c.Title, c.Ink = "event "+strconv.FormatUint(c.Of.Event, 10)+" of "+p.Name, "flow"
	records := look.story.until(m.State.Position)
	if len(records) == 0 {
		if c.Of.Event >= m.State.Producers[c.Of.Actor].Published {
			c.Note = "It is not yet published."
		} else {
			c.Note = "The journal keeps the newest " + format.Count(play.Window) + " records, and no longer has its story."
		}
		return
	}
	settings := m.Scenario.At(records[0].At)
	if topic := settings.Producers[c.Of.Actor].Topic; topic != "" {
		c.fact("topic", topic, "")
	}
	c.fact("ID", strconv.FormatUint(m.Scenario.Identity(c.Of.Actor, c.Of.Event), 10), "")
	c.Story = tell(m, records)
	if len(records) == 1 && records[0].Kind == journal.Produced && records[0].At < m.At && !m.Stepped {
		c.Note = "Nobody subscribes to it."
	}
	if look.hasLoss {
		c.Ink = "drop"
		c.Why = look.why
		if look.whatIf != nil {
			c.WhatIf, c.Known = look.Answer(), look.whatIf.Answer().Done
		}
	}
}

func (c *Card) producer(m *play.Moment) {
	i := c.Of.Actor
	now, st := m.Now, &m.State.Producers[i]
	p := &now.Producers[i]
	c.Title, c.Ink = p.Name, "flow"
	c.Note = "A producer."
	if st.Waiting > 0 {
		c.Note = "A producer, waiting for room for " + stage.SoFar(m.At-st.Since) + "."
	}
	if p.Topic != "" {
		c.fact("topic", p.Topic, "")
	}
	c.fact("publishes", stage.Pace(p), "")
	if p.Count > 0 {
		c.fact("at most", format.Plural(uint64(p.Count), "event"), "")
	}
	c.fact("published", format.Count(st.Published), "flow")
	c.count("rejected", st.Rejected, "drop")
	c.count("lost in a crash", st.Lost, "drop")
	if d := st.Blocked(m.At); d > 0 {
		c.fact("has waited", stage.SoFar(d)+" in all", "warn")
	}
	if st.Waiting > 0 {
		c.List = "waits at the door"
		for n := st.FirstWaiting(); n < st.FirstWaiting()+uint64(st.Waiting) && len(c.Events) < mostListed; n++ {
			c.Events = append(c.Events, journal.Event{Number: n, Producer: uint8(i)})
		}
	} else {
		c.List = "newest"
		for n := st.Published; n > 0 && len(c.Events) < 6; n-- {
			c.Events = append(c.Events, journal.Event{Number: n - 1, Producer: uint8(i)})
		}
	}
	if !m.Gone(scenario.OfProducer, i) {
		c.act("Publish one", "P", play.Do{Actor: m.Roster.At(scenario.OfProducer, i), Action: scenario.Publish})
	}
}

func (c *Card) act(text, key string, msg play.Msg) {
	c.Actions = append(c.Actions, Action{text, key, msg})
}

func (c *Card) consumer(m *play.Moment) {
	i := c.Of.Actor
	now, st := m.Now, &m.State.Consumers[i]
	of := &now.Consumers[i]
	c.Title, c.Ink = of.Name, "ok"
	c.Note = "A consumer, at rest."
	switch {
	case len(st.Working) > 0:
		c.Note = "A consumer, " + busyWords(m, i, st) + "."
	case m.Gone(scenario.OfConsumer, i):
		c.Note = "A consumer that has left."
	case m.At < time.Duration(of.Start):
		c.Note = "A consumer that joins at " + format.Clock(time.Duration(of.Start)) + "."
	case st.Paused:
		c.Note = "A consumer, paused."
	}
	if of.Topics != "" {
		c.fact("subscribes to", of.Topics, "")
	}
	c.fact("needs", stage.Each(of), "")
	if workers := now.Workers(i); workers > 1 || st.Busy() < len(st.Working) {
		busy := strconv.Itoa(st.Busy()) + " of " + strconv.Itoa(workers) + " busy"
		if rest := len(st.Working) - st.Busy(); rest > 0 {
			busy += ", " + strconv.Itoa(rest) + " resting"
		}
		c.fact("workers", busy, "")
	}
	if of.Failures > 0 {
		c.fact("fails", of.Failures.String()+" of attempts, "+strconv.Itoa(max(1, of.Attempts))+" for an event", "")
	}
	c.fact("handled", format.Count(st.Handled), "ok")
	c.count("failed attempts", st.Failed, "drop")
	c.count("dead letters", st.DeadLettered, "repo")
	c.count("dropped", st.Dropped, "drop")
	c.count("lost in a crash", st.Lost, "drop")
	c.List = "at work on"
	for w := range st.Working {
		if len(c.Events) < mostListed {
			c.Events = append(c.Events, st.Working[w].Event)
		}
	}
	switch {
	case m.Gone(scenario.OfConsumer, i):
	case st.Paused:
		c.act("Let it go on", "H", play.Hold{Actor: m.Roster.At(scenario.OfConsumer, i)})
	default:
		c.act("Pause it", "H", play.Hold{Actor: m.Roster.At(scenario.OfConsumer, i)})
	}
}

func (c *Card) buffer(m *play.Moment) {
	i := c.Of.Actor
	now, st := m.Now, &m.State.Consumers[i]
	set := now.Settings(i)
	c.Title, c.Ink = "buffer of "+now.Consumers[i].Name, "flow"
	room := now.Room(i)
	if room > 0 && st.Depth >= room {
		c.Note, c.Ink = "It is full.", "warn"
	}
	if room == 0 {
		c.fact("holds", "nothing: events go straight through", "")
	} else {
		c.fact("holds", stage.Fraction(st.Depth, room), "")
	}
	c.fact("when full", format.Words(set.Overflow.String()), "")
	c.count("in the repository", uint64(st.Backlog), "repo")
	c.fact("delivered", format.Count(st.Delivered), "")
	if st.Dropped > 0 {
		c.fact("dropped", format.Count(st.Dropped)+" · "+format.Percent(st.Loss()), "drop")
	}
	c.count("spilled", st.Spilled, "repo")
	c.List = "waiting, the next first"
	c.Events = m.Journal().Waiting(nil, m.State, i, mostListed)
}

func (c *Card) broker(m *play.Moment) {
	now, st := m.Now, m.State
	c.Title, c.Ink = "broker", "text"
	c.Note = "It offers each event to everyone who subscribes to it, at one moment."
	c.fact("buffers hold", format.Plural(uint64(now.Broker.Buffer), "event"), "")
	c.fact("when full", format.Words(now.Broker.Overflow.String()), "")
	c.fact("published", format.Count(st.Published), "flow")
	c.fact("delivered", format.Count(st.Delivered), "ok")
	c.count("dropped", st.Dropped, "drop")
	c.count("rejected", st.Rejected, "drop")
	c.count("spilled", st.Spilled, "repo")
	if st.Crashes > 0 {
		c.fact("crashes", strconv.Itoa(st.Crashes), "drop")
		c.count("lost in them", stage.Lost(st), "drop")
	}
	c.act("Crash the process", "X", play.Do{Action: scenario.Crash})
}

func (c *Card) tank(m *play.Moment) {
	st, s := m.State, m.Scenario
	of := func(i int) uint64 { return 0 }
	kind := journal.Dropped
	switch c.Of.Part {
	case play.Rejected:
		c.Title, c.Ink, kind = "rejected", "drop", journal.Rejected
		c.Note = "A full buffer refused them: nobody got them, and the producer knows."
		for i := range st.Producers {
			c.count("of "+s.Producers[i].Name, st.Producers[i].Rejected, "drop")
		}
	case play.Repository:
		c.Title, c.Ink, kind = "event repository", "repo", journal.Spilled
		c.Note = "What did not fit waits here, in order, and survives a crash."
		of = func(i int) uint64 { return uint64(st.Consumers[i].Backlog) }
		c.fact("spilled so far", format.Count(st.Spilled), "")
	case play.DeadLetters:
		c.Title, c.Ink, kind = "dead letters", "repo", journal.DeadLettered
		c.Note = "No attempt could handle them; they are kept for a person to look at."
		of = func(i int) uint64 { return st.Consumers[i].DeadLettered }
	default:
		c.Title, c.Ink = "dropped", "drop"
		c.Note = "The broker dropped them to protect itself, and said so."
		of = func(i int) uint64 { return st.Consumers[i].Dropped }
		c.count("lost in a crash", stage.Lost(st), "drop")
	}
	for i := range st.Consumers {
		c.count("for "+s.Consumers[i].Name, of(i), c.Ink)
	}
	if c.Of.Part != play.Rejected && len(c.Facts) == 0 || c.Of.Part == play.Rejected && st.Rejected == 0 {
		c.Note += " None so far."
	}
	c.List = "newest first"
	c.Events = newest(m, kind, mostListed)
}

// newest are the events of the newest records of a kind, as far as they are not
// long ago.
func newest(m *play.Moment, kind journal.Kind, most int) (events []journal.Event) {
	const back = 4096
	j := m.Journal()
	for p, n := m.State.Position, 0; p > j.First() && n < back && len(events) < most; p, n = p-1, n+1 {
		if r := j.At(p - 1); r.Kind == kind && (len(events) == 0 || events[len(events)-1] != r.Event()) {
			events = append(events, r.Event())
		}
	}
	return events
}
