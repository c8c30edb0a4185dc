package app

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
	s := newSchedule(func() time.Time { return clock })
	var first, second, alone time.Duration
	s.add(simulating, greedy(&first))
	s.add(simulating, modest)
	s.add(simulating, greedy(&second))
	s.add(indexing, greedy(&alone))
	for kind := range taskKinds {
		s.run(kind)
	}
	share := frameShares[simulating]
	if first != (share/3).Truncate(step)+step && first != share/3 {
		t.Errorf("the first of three takes %v of %v", first, share)
	}
	if whole := first + step + second; whole < share || whole > share+step {
		t.Errorf("what one does not need is not used: of %v they take %v", share, whole)
	}
	if alone != frameShares[indexing] {
		t.Errorf("the only one takes %v of %v", alone, frameShares[indexing])
	}
	if want := [taskKinds]time.Duration{simulating: first + step + second, indexing: alone}; s.spent != want {
		t.Errorf("it says %v were spent, want %v", s.spent, want)
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
