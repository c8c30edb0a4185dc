package inspect

import (
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/broker/lab/journal"
)

// story is what the journal tells of one event. It is read once, and goes on with
// the run.
type story struct {
	journal *journal.Journal // in which it stands
	event   play.Selection
	read    uint64 // the position up to which the journal has been looked through
	records []positioned
	before  journal.State // to look things up in
}

// positioned is a record and its position.
type positioned struct {
	journal.Record
	position uint64
}

// follow reads what the journal has to tell of an event.
func (s *story) follow(j *journal.Journal, event play.Selection) {
	if s.journal != j || s.event != event {
		*s = story{journal: j, event: event, records: s.records[:0]}
	}
	for p := max(s.read, j.First()); p < j.Next(); p++ {
		rec := j.At(p)
		about := rec.Kind.OfEvent() && rec.Number == event.Event && int(rec.Producer) == event.Actor
		// A crash concerns an event that is in memory; a run has few of them.
		if about || rec.Kind == journal.Crashed && len(s.records) > 0 {
			s.records = append(s.records, positioned{rec, p})
		}
	}
	s.read = j.Next()
}

// until are the records of the moment a model shows.
func (s *story) until(position uint64) []positioned {
	n := len(s.records)
	for n > 0 && s.records[n-1].position >= position {
		n--
	}
	return s.records[:n]
}
