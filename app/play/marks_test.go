package play

import (
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/labtest"
)

func TestMarksCountInBinsOfEqualLength(t *testing.T) {
	m := Marks{Duration: MarksBins * time.Second}
	for _, r := range []journal.Record{
		{Kind: journal.Dropped, At: 0},
		{Kind: journal.Dropped, At: time.Second - 1},
		{Kind: journal.Changed, At: time.Second},
		{Kind: journal.Produced, At: 2 * time.Second},
		{Kind: journal.Quit, At: 2 * time.Second},
		{Kind: journal.Interrupted, At: MarksBins * time.Second}, // the very end is in the last bin
	} {
		m.observe(&r)
	}
	want := [MarksBins]Mark{0: {Drops: 2}, 1: {Changes: 1}, MarksBins - 1: {Changes: 1}}
	if m.Bins != want {
		t.Errorf("they are %v", m.Bins)
	}
}

func TestTheMarksOfARunAreItsDropsAndChanges(t *testing.T) {
	m := paused(labtest.Many(2, 2, 1), 5*time.Second)
	Update(m, setBuffer(0))
	Update(m, Seek{At: 10 * time.Second})
	drops, changes := uint32(0), uint32(0)
	for _, b := range m.Moment().Marks().Bins {
		drops += b.Drops
		changes += b.Changes
	}
	if st := m.View(); uint64(drops) != st.Dropped || drops == 0 || int(changes) != st.Changes || changes != 1 {
		t.Errorf("they have %d drops and %d changes", drops, changes)
	}
}
