package inspect

import (
	"strconv"
	"strings"

	"github.com/spillway-go/spillway/app/format"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/journal"
)

// loss is the record with which an event was dropped or rejected; the last, if
// several consumers dropped it.
func loss(records []positioned) (positioned, bool) {
	for i := len(records) - 1; i >= 0; i-- {
		if k := records[i].Kind; k == journal.Dropped || k == journal.Rejected {
			return records[i], true
		}
	}
	return positioned{}, false
}

// why tells why an event was dropped or rejected.
func (s *story) why(m *play.Moment, t positioned) string {
	c := int(t.Consumer)
	name := m.Scenario.Consumers[c].Name
	if t.position < m.Journal().First() {
		return ""
	}
	m.Journal().Seek(&s.before, t.position)
	line := s.waitingWords(m, c)
	if t.Kind == journal.Rejected {
		if journal.Refusal(t.Cause) == journal.FullRepository {
			return "The repository of " + name + " took no more: it holds " + format.Count(uint64(s.before.Consumers[c].Backlog))
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
func (s *story) waitingWords(m *play.Moment, c int) string {
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
		b.WriteString(eventName(m, e))
	}
	if more := st.Depth - len(waiting); more > 0 {
		b.WriteString(" and " + format.Count(uint64(more)) + " more")
	}
	if st.Depth > 0 {
		b.WriteString(" waiting")
	}
	b.WriteString("; " + m.Scenario.Consumers[c].Name + " " + busyWords(m, c, st))
	return b.String()
}

// eventName is how an event is called where it is clear that it is one.
func eventName(m *play.Moment, e journal.Event) string {
	n := strconv.FormatUint(e.Number, 10)
	if len(m.Scenario.Producers) > 1 {
		n = m.Scenario.Producers[e.Producer].Name + " " + n
	}
	return n
}

// busyWords says what a consumer is at.
func busyWords(m *play.Moment, c int, st *journal.ConsumerState) string {
	const most = 3
	how := ""
	if st.Paused {
		how = "paused, "
	}
	if len(st.Working) == 0 {
		return how + "at rest"
	}
	if len(st.Working) > most {
		return how + "busy with " + format.Plural(uint64(len(st.Working)), "event")
	}
	var parts []string
	for i := range st.Working {
		w := &st.Working[i]
		until := " until " + format.Exactly(w.Since+m.Lasts(c, w))
		if w.Resting {
			until = " resting" + until
		}
		parts = append(parts, eventName(m, w.Event)+until)
	}
	return how + "busy with " + strings.Join(parts, ", ")
}
