package play

import (
	"slices"
	"time"

	"github.com/spillway-go/spillway/app/format"
	"github.com/spillway-go/spillway/broker/lab/journal"
)

type (
	// ToggleMark sets the user's mark at the moment that is shown, or takes it away.
	ToggleMark struct{}
	// Jump moves to the next drop, change or mark, or to the one before.
	Jump struct{ By int }
)

// maxBookmarks keeps a link within what can be pasted anywhere.
const maxBookmarks = 20

func (ToggleMark) update(m *Model) {
	i, found := slices.BinarySearch(m.Bookmarks, m.at)
	switch {
	case found:
		m.Bookmarks = slices.Delete(slices.Clone(m.Bookmarks), i, i+1)
	case len(m.Bookmarks) == maxBookmarks:
		m.Notice = Notice{Text: "There are " + format.Count(maxBookmarks) + " marks, which is as many as a link carries.", Error: true}
	default:
		m.Bookmarks = slices.Insert(slices.Clone(m.Bookmarks), i, m.at)
	}
}

func (j Jump) update(m *Model) {
	to, found := m.noteworthy(j.By)
	if !found {
		return
	}
	m.Playing = false
	m.send(to)
}

// noteworthy is the moment of the next drop, change or mark in that direction.
func (m *Model) noteworthy(by int) (time.Duration, bool) {
	j := m.run.journal
	at, found := time.Duration(0), false
	consider := func(t time.Duration) {
		if (t-m.at)*time.Duration(by) > 0 && (!found || (at-t)*time.Duration(by) > 0) {
			at, found = t, true
		}
	}
	for _, t := range m.Bookmarks {
		consider(t)
	}
	remarkable := func(r *journal.Record) bool { lost, changed := noted(r); return lost || changed }
	p := j.Search(m.at)
	if by < 0 {
		for ; p > j.First(); p-- {
			if r := j.At(p - 1); r.At < m.at && remarkable(&r) {
				consider(r.At)
				break
			}
		}
		if !found && m.at > 0 {
			return 0, true
		}
		return at, found
	}
	for ; p < j.Next(); p++ {
		if r := j.At(p); remarkable(&r) {
			consider(r.At)
			break
		}
	}
	return at, found
}
