package screen

import (
	"slices"
	"testing"
	"time"
)

// A task that always wants more takes what it may have, and no more than a step longer.
func TestTasksOfAKindShareTheirPartOfAFrame(t *testing.T) {
	const step = time.Millisecond / 10
	clock := time.Unix(0, 0)
	greedy := func(spent *time.Duration) func(func() bool) {
		return func(more func() bool) {
			for again := true; again; again = more() {
				clock = clock.Add(step)
				*spent += step
			}
		}
	}
	modest := func(func() bool) { clock = clock.Add(step) }
	s := NewSchedule(func() time.Time { return clock })
	var first, second, alone time.Duration
	s.Add(Simulating, greedy(&first))
	s.Add(Simulating, modest)
	s.Add(Simulating, greedy(&second))
	s.Add(Indexing, greedy(&alone))
	for kind := range taskKinds {
		s.Run(kind)
	}
	share := frameShares[Simulating]
	if first != (share/3).Truncate(step)+step && first != share/3 {
		t.Errorf("the first of three takes %v of %v", first, share)
	}
	if whole := first + step + second; whole < share || whole > share+step {
		t.Errorf("what one does not need is not used: of %v they take %v", share, whole)
	}
	if alone != frameShares[Indexing] {
		t.Errorf("the only one takes %v of %v", alone, frameShares[Indexing])
	}
	if want := [taskKinds]time.Duration{Simulating: first + step + second, Indexing: alone}; s.Spent != want {
		t.Errorf("it says %v were spent, want %v", s.Spent, want)
	}
}

func TestAllSharesOfAFrameLeaveTimeToPaint(t *testing.T) {
	sum := time.Duration(0)
	for _, share := range frameShares {
		sum += share
	}
	if slices.Min(frameShares[:]) <= 0 || sum > 13*time.Millisecond {
		t.Errorf("of 16.7 ms they take %v", sum)
	}
}
