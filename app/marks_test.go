package app

import (
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker/lab/journal"
)

func TestMarksCountInBinsOfEqualLength(t *testing.T) {
	m := Marks{Duration: marksBins * time.Second}
	for _, r := range []journal.Record{
		{Kind: journal.Dropped, At: 0},
		{Kind: journal.Dropped, At: time.Second - 1},
		{Kind: journal.Changed, At: time.Second},
		{Kind: journal.Produced, At: 2 * time.Second},
		{Kind: journal.Quit, At: 2 * time.Second},
		{Kind: journal.Interrupted, At: marksBins * time.Second}, // the very end is in the last bin
	} {
		m.observe(&r)
	}
	want := [marksBins]Mark{0: {Drops: 2}, 1: {Changes: 1}, marksBins - 1: {Changes: 1}}
	if m.Bins != want {
		t.Errorf("they are %v", m.Bins)
	}
}

func TestMarksAreDrawnWhereTheThumbWouldBe(t *testing.T) {
	m := Marks{Duration: time.Second}
	m.Bins[0].Drops = 1
	m.Bins[marksBins-1] = Mark{Drops: 3, Changes: 1}
	shapes := markShapes(nil, &m, nil, 528)
	if len(shapes) != 3 {
		t.Fatalf("there are %d shapes", len(shapes))
	}
	if s := shapes[0]; s.Form != FormRect || s.Fill != InkDrop || s.X+s.W/2 != thumb/2+0.5 {
		t.Errorf("the first drop is %+v", s)
	}
	if s := shapes[1]; s.Form != FormRect || s.X+s.W/2 != 528-thumb/2-0.5 {
		t.Errorf("the last drop is %+v", s)
	}
	if s := shapes[2]; s.Form != FormCircle || s.Fill != InkRepo || s.X != 528-thumb/2-0.5 {
		t.Errorf("the change is %+v", s)
	}
}

func TestTheMarksOfARunAreItsDropsAndChanges(t *testing.T) {
	m := paused(crowded(2, 2, 1), 5*time.Second)
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
