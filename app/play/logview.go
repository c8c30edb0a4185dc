package play

import (
	"maps"
	"slices"

	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// LogView is how the user reads the log. The zero value shows all lines, and
// keeps the moment that is shown in view.
type LogView struct {
	Query string // in the lines that are shown, in any case
	// Mute are those whose lines are not shown; who is not in the run is kept for
	// another one.
	Mute map[Actor]bool
	// Skip are the topics whose lines are not shown.
	Skip map[LogTopic]bool
	// Hold keeps the lines where they are.
	Hold bool
	// Cursor is the record of the line that keys move from, if HasCursor.
	Cursor    uint64
	HasCursor bool
}

// LogTopic is what a line is about.
type LogTopic = journal.Topic

// SpeakerOf is who says the line of a record: a producer, a consumer, the broker or, as
// OfRun, the playground.
func SpeakerOf(r *journal.Record, of Roster) Actor {
	switch r.Kind.Speaker() {
	case journal.FromProducer:
		return of.At(scenario.OfProducer, int(r.Producer))
	case journal.FromConsumer:
		return of.At(scenario.OfConsumer, int(r.Consumer))
	case journal.FromBroker:
		return Actor{Role: scenario.OfBroker}
	default:
		return Actor{Role: scenario.OfRun}
	}
}

// Hides says whether lines of a speaker about a topic are not shown.
func (v *LogView) Hides(s Actor, t LogTopic) bool { return v.Mute[s] || v.Skip[t] }

// Same says whether both show the same lines.
func (v *LogView) Same(o LogView) bool {
	return v.Query == o.Query && maps.Equal(v.Mute, o.Mute) && maps.Equal(v.Skip, o.Skip)
}

func (v LogView) Clone() LogView {
	v.Mute, v.Skip = maps.Clone(v.Mute), maps.Clone(v.Skip)
	return v
}

// Filters says whether some of the lines of a run may not be shown.
func (v *LogView) Filters(of Roster) bool {
	return v.Query != "" || len(v.Skip) > 0 || slices.ContainsFunc(of.Speakers(), func(a Actor) bool { return v.Mute[a] })
}

// The messages of the log.
type (
	// MuteLog shows or hides the lines of one who speaks or, if Others, of all others.
	MuteLog struct {
		Actor
		Others bool
	}
	// SkipLog shows or hides the lines about a topic or, if Others, about all others.
	SkipLog struct {
		LogTopic
		Others bool
	}
	// SearchLog shows the lines with that text.
	SearchLog struct{ Query string }
	// WholeLog shows all lines.
	WholeLog struct{}
	// HoldLog keeps the lines where they are, or the moment that is shown in view.
	HoldLog struct{ Hold bool }
	// SetLogCursor moves the cursor to the line of a record.
	SetLogCursor struct{ Position uint64 }
	// PickRecord moves to right after a record, and selects what it is about.
	PickRecord struct{ Position uint64 }
)

// toggled is a set with a key put into it, or taken out; of others, it is that with all
// other keys, back to none if they were the set.
func toggled[K comparable](set map[K]bool, key K, others bool, all []K) map[K]bool {
	set = maps.Clone(set)
	if set == nil {
		set = map[K]bool{}
	}
	if !others {
		if set[key] {
			delete(set, key)
		} else {
			set[key] = true
		}
		return set
	}
	alone := !set[key]
	for _, k := range all {
		alone = alone && (k == key || set[k])
	}
	for _, k := range all {
		if alone || k == key {
			delete(set, k)
		} else {
			set[k] = true
		}
	}
	return set
}

func (t MuteLog) update(m *Model) {
	m.Log.Mute = toggled(m.Log.Mute, t.Actor, t.Others, m.Roster.Speakers())
}

func (t SkipLog) update(m *Model) {
	m.Log.Skip = toggled(m.Log.Skip, t.LogTopic, t.Others, journal.Topics())
}

func (s SearchLog) update(m *Model) { m.Log.Query = s.Query }
func (h HoldLog) update(m *Model)   { m.Log.Hold, m.Log.HasCursor = h.Hold, m.Log.HasCursor && h.Hold }

func (WholeLog) update(m *Model) {
	m.Log.Query, m.Log.Skip = "", nil
	mute := maps.Clone(m.Log.Mute)
	for _, a := range m.Roster.Speakers() {
		delete(mute, a)
	}
	m.Log.Mute = mute
}

func (c SetLogCursor) update(m *Model) {
	m.Log.Cursor, m.Log.HasCursor = c.Position, true
	m.Log.Hold = true
}

func (p PickRecord) update(m *Model) {
	j := m.run.journal
	if p.Position < j.First() || p.Position >= j.Next() {
		return // it is forgotten, or of another run
	}
	r := j.At(p.Position)
	m.Playing = false
	m.stand(p.Position + 1)
	m.Log.HasCursor, m.Log.Hold = false, false
	if s, ok := m.about(&r); ok {
		m.Selected = m.Roster.Subject(s)
	}
}

// about is what a record is about, as far as it can be selected.
func (m *Model) about(r *journal.Record) (Selection, bool) {
	switch {
	case r.Kind.OfEvent():
		return Selection{Role: scenario.OfProducer, Actor: int(r.Producer), HasEvent: true, Event: r.Number}, true
	case !r.Kind.HasChange() && r.Kind.OfConsumer():
		return Selection{Role: scenario.OfConsumer, Actor: int(r.Consumer)}, true
	case !r.Kind.HasChange() || r.Number >= uint64(len(m.Scenario.Interventions)):
		return Selection{}, false
	default:
		i := m.Scenario.Interventions[r.Number]
		role := i.Do.Role()
		return Selection{Role: role, Actor: i.Actor}, role != scenario.OfRun
	}
}
