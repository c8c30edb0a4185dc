package app

import (
	"strconv"
	"strings"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/journal"
	"github.com/spillway-go/spillway/broker/scenario"
)

// story is what the journal tells of one event. It is read once, and goes on with
// the run.
type story struct {
	run     *run
	event   Selection
	read    uint64 // the position up to which the journal has been looked through
	records []told
	before  journal.State // to look things up in
}

// told is a record and its position.
type told struct {
	journal.Record
	position uint64
}

// follow reads what the journal has to tell of an event.
func (s *story) follow(r *run, event Selection) {
	if s.run != r || s.event != event {
		*s = story{run: r, event: event, records: s.records[:0]}
	}
	j := r.journal
	for p := max(s.read, j.First()); p < j.Next(); p++ {
		rec := j.At(p)
		about := rec.Kind.OfEvent() && rec.Number == event.Event && int(rec.Producer) == event.Actor
		// A crash concerns an event that is in memory; a run has few of them.
		if about || rec.Kind == journal.Crashed && len(s.records) > 0 {
			s.records = append(s.records, told{rec, p})
		}
	}
	s.read = j.Next()
}

// until are the records of the moment a model shows.
func (s *story) until(position uint64) []told {
	n := len(s.records)
	for n > 0 && s.records[n-1].position >= position {
		n--
	}
	return s.records[:n]
}

// Passage is a part of an event's story.
type Passage struct {
	From, To time.Duration // To is less than From while it lasts
	Text     string
	Tone     string // a class of the style sheet
}

// teller makes passages of records.
type teller struct {
	model    *Model
	passages []Passage
	open     [scenario.MaxConsumers + 1]int // one more than the index of the passage that goes on, by consumer
	memory   [scenario.MaxConsumers]bool    // it is in memory
}

const (
	lasting = time.Duration(-1)
	atDoor  = scenario.MaxConsumers // in open: for its producer
)

// tell puts an event's records into words.
func tell(m *Model, records []told) []Passage {
	t := teller{model: m}
	for i := range records {
		t.record(&records[i].Record)
	}
	return t.passages
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
	if text != "" {
		p.Text, p.Tone = text+" "+Time(at-p.From), tone
	}
	if p.From == at && text == "" {
		p.Text = ""
	}
}

func (t *teller) moment(at time.Duration, text, tone string) {
	t.passages = append(t.passages, Passage{at, at, text, tone})
}

func (t *teller) record(r *journal.Record) {
	s := &t.model.Scenario
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
		t.begin(c, r.At, name()+": waits in the buffer, "+ordinal(int(r.Depth))+" in line", "flow")
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
	for c := range t.model.Scenario.Consumers {
		if t.memory[c] {
			t.memory[c] = false
			t.end(c, at, "", "")
			t.moment(at, t.model.Scenario.Consumers[c].Name+": lost from memory in the crash", "drop")
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

// loss is the record with which an event was dropped or rejected; the last, if
// several consumers dropped it.
func loss(records []told) (told, bool) {
	for i := len(records) - 1; i >= 0; i-- {
		if k := records[i].Kind; k == journal.Dropped || k == journal.Rejected {
			return records[i], true
		}
	}
	return told{}, false
}

// why tells why an event was dropped or rejected.
func (s *story) why(m *Model, t told) string {
	c := int(t.Consumer)
	name := m.Scenario.Consumers[c].Name
	if t.position < m.Journal().First() {
		return ""
	}
	m.Journal().Seek(&s.before, t.position)
	line := s.waitingWords(m, c)
	if t.Kind == journal.Rejected {
		if journal.Refusal(t.Cause) == journal.FullRepository {
			return "The repository of " + name + " took no more: it holds " + Count(uint64(s.before.Consumers[c].Backlog))
		}
		return "Buffer of " + name + " full: " + line + "; so the broker refused it, and nobody got it"
	}
	switch broker.DropReason(t.Cause) {
	case broker.Displaced:
		return "Buffer of " + name + " full: " + line + "; a newer event came, and this one had waited longest"
	case broker.Replaced:
		return "A newer event of its topic took its place in the buffer of " + name
	case broker.Shrunk:
		return "The buffer of " + name + " was made smaller, and no longer held it"
	case broker.Closed:
		return name + " left while it waited"
	default:
		return "Buffer of " + name + " full: " + line
	}
}

// waitingWords says who waited and with what the consumer was busy: "4, 5, 7
// waiting; consumer busy with 3 until 00:09.0".
func (s *story) waitingWords(m *Model, c int) string {
	const most = 6
	st := &s.before.Consumers[c]
	var b strings.Builder
	if st.Depth == 0 {
		b.WriteString("there is none")
	}
	waiting := m.Journal().Waiting(nil, &s.before, c, most)
	for i, e := range waiting {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(m.eventName(e))
	}
	if more := st.Depth - len(waiting); more > 0 {
		b.WriteString(" and " + Count(uint64(more)) + " more")
	}
	if st.Depth > 0 {
		b.WriteString(" waiting")
	}
	b.WriteString("; " + m.busyWords(c, st))
	return b.String()
}

// eventName is how an event is called where it is clear that it is one.
func (m *Model) eventName(e journal.Event) string {
	n := strconv.FormatUint(e.Number, 10)
	if len(m.Scenario.Producers) > 1 {
		n = m.Scenario.Producers[e.Producer].Name + " " + n
	}
	return n
}

// busyWords says what a consumer is at.
func (m *Model) busyWords(c int, st *journal.ConsumerState) string {
	const most = 3
	name := m.Scenario.Consumers[c].Name
	if st.Paused {
		name += " paused"
	}
	if len(st.Working) == 0 {
		return name + " at rest"
	}
	if len(st.Working) > most {
		return name + " busy with " + Count(uint64(len(st.Working))) + " others"
	}
	var parts []string
	for i := range st.Working {
		w := &st.Working[i]
		until := " until " + exactly(w.Since+m.lasts(c, w))
		if w.Resting {
			until = " resting" + until
		}
		parts = append(parts, m.eventName(w.Event)+until)
	}
	return name + " busy with " + strings.Join(parts, ", ")
}

// exactly is a moment as a clock shows it, with as many digits as it needs.
func exactly(d time.Duration) string {
	text := Clock(d)
	rest := d % (100 * time.Millisecond)
	if rest == 0 {
		return text
	}
	digits := strconv.FormatInt(int64(rest/time.Microsecond)+100_000, 10)[1:]
	if d >= time.Minute {
		digits = digits[:2]
	}
	return text + strings.TrimRight(digits, "0")
}
