package inspect

import (
	"slices"
	"strconv"
	"time"

	"github.com/spillway-go/spillway/app/format"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// Passage is a part of an event's story.
type Passage struct {
	From, To time.Duration // To is less than From while it lasts
	Text     string
	Tone     string // a class of the style sheet
}

// teller makes passages of records.
type teller struct {
	shown    *play.Moment
	passages []Passage
	open     [scenario.MaxConsumers + 1]int // one more than the index of the passage that goes on, by consumer
	memory   [scenario.MaxConsumers]bool    // it is in memory
}

const (
	lasting = time.Duration(-1)
	atDoor  = scenario.MaxConsumers // in open: for its producer
)

// tell puts an event's records into words.
func tell(m *play.Moment, records []positioned) []Passage {
	t := teller{shown: m}
	for i := range records {
		t.record(&records[i].Record)
	}
	for c, open := range t.open {
		if open > 0 && c != atDoor && t.memory[c] {
			t.place(records[0].Event(), c, &t.passages[open-1])
		}
	}
	return slices.DeleteFunc(t.passages, func(p Passage) bool { return p.Text == "" })
}

// place adds to what an event waits for how many are before it in line at the moment, where these are few.
func (t *teller) place(e journal.Event, c int, p *Passage) {
	const few = 1000
	if i := slices.Index(t.shown.Journal().Waiting(nil, t.shown.State, c, few), e); i >= 0 {
		p.Text += ", " + ordinal(i+1) + " in line"
	}
}

func (t *teller) begin(who int, at time.Duration, text, tone string) {
	t.passages = append(t.passages, Passage{at, lasting, text, tone})
	t.open[who] = len(t.passages)
}

// end ends what goes on and gives it other words, now that it is over. What lasted
// no time is not told.
func (t *teller) end(who int, at time.Duration, text, tone string) {
	i := t.open[who] - 1
	if i < 0 {
		return
	}
	t.open[who] = 0
	p := &t.passages[i]
	p.To = at
	switch {
	case p.From == at:
		p.Text = ""
	case text != "":
		p.Text, p.Tone = text+" "+format.Time(at-p.From), tone
	}
}

func (t *teller) moment(at time.Duration, text, tone string) {
	t.passages = append(t.passages, Passage{at, at, text, tone})
}

func (t *teller) record(r *journal.Record) {
	s := t.shown.Scenario
	c := int(r.Consumer)
	name := func() string { return s.Consumers[c].Name }
	attempt := strconv.Itoa(int(r.Cause))
	switch r.Kind {
	case journal.Produced:
		by := s.Producers[r.Producer].Name
		if r.Cause == journal.ByHand {
			by += ", by hand"
		}
		t.moment(r.At, "published by "+by, "flow")
	case journal.Blocked:
		if t.open[atDoor] == 0 {
			t.begin(atDoor, r.At, "waits for room in the buffer of "+name(), "warn")
		}
	case journal.Unblocked:
		t.end(atDoor, r.At, "waited for room", "warn")
	case journal.Buffered:
		t.memory[c] = true
		t.begin(c, r.At, name()+": waits in the buffer", "flow")
	case journal.Spilled:
		t.begin(c, r.At, name()+": waits in the repository", "repo")
	case journal.Refilled:
		t.memory[c] = true
		t.end(c, r.At, name()+": waited in the repository", "repo")
		t.begin(c, r.At, name()+": back in the buffer", "flow")
	case journal.Returned:
		t.memory[c] = false
		t.end(c, r.At, name()+": waited", "flow")
		t.begin(c, r.At, name()+": has left, and it stays in the repository", "repo")
	case journal.Delivered:
		t.memory[c] = true
		t.end(c, r.At, name()+": waited", "flow")
		t.begin(c, r.At, name()+": is being handled", "ok")
	case journal.Handled:
		t.memory[c] = false
		how := name() + ": handled in"
		if r.Cause > 1 {
			how = name() + ": handled, at attempt " + attempt + ", in"
		}
		t.end(c, r.At, how, "ok")
	case journal.Failed:
		t.end(c, r.At, name()+": attempt "+attempt+" failed after", "drop")
		t.begin(c, r.At, name()+": pauses before attempt "+strconv.Itoa(int(r.Cause)+1), "warn")
	case journal.Retried:
		t.end(c, r.At, name()+": paused", "warn")
		t.begin(c, r.At, name()+": attempt "+attempt, "ok")
	case journal.PutBack:
		t.end(c, r.At, name()+": interrupted", "warn")
		t.begin(c, r.At, name()+": waits in the buffer again", "flow")
	case journal.DeadLettered:
		t.memory[c] = false
		t.end(c, r.At, "", "")
		t.moment(r.At, name()+": no attempt is left, so it is a dead letter", "repo")
	case journal.Dropped:
		t.memory[c] = false
		t.end(c, r.At, name()+": waited", "flow")
		t.moment(r.At, name()+": dropped", "drop")
	case journal.Rejected:
		t.end(atDoor, r.At, "waited for room", "warn")
		t.moment(r.At, "rejected: nobody got it", "drop")
	case journal.Crashed:
		t.crashed(r.At)
	}
}

// crashed ends what went on in memory.
func (t *teller) crashed(at time.Duration) {
	if t.open[atDoor] > 0 {
		t.end(atDoor, at, "waited for room", "warn")
		t.moment(at, "lost in the crash", "drop")
	}
	for c := range t.shown.Scenario.Consumers {
		if t.memory[c] {
			t.memory[c] = false
			t.end(c, at, "", "")
			t.moment(at, t.shown.Scenario.Consumers[c].Name+": lost from memory in the crash", "drop")
		}
	}
}

func ordinal(n int) string {
	suffix := "th"
	if n%100 < 11 || n%100 > 13 {
		switch n % 10 {
		case 1:
			suffix = "st"
		case 2:
			suffix = "nd"
		case 3:
			suffix = "rd"
		}
	}
	return strconv.Itoa(n) + suffix
}
