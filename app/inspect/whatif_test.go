package inspect

import (
	"testing"

	"github.com/spillway-go/spillway/app/format"
	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/whatif"
)

func TestWhatIsKnownOfWhatWouldHaveKeptAnEventIsASentence(t *testing.T) {
	for _, test := range []struct {
		answer whatif.Answer
		want   string
	}{
		{whatif.Answer{Change: whatif.Change{Buffer: 1500}}, "trying a buffer of " + format.Count(1500) + "…"},
		{whatif.Answer{Change: whatif.Change{Overflow: broker.Spill}}, "trying other policies…"},
		{whatif.Answer{Change: whatif.Change{Buffer: 4}, Kept: true, Done: true}, "a buffer of 4 would have kept it"},
		{whatif.Answer{Change: whatif.Change{Overflow: broker.DropOldest}, Kept: true, Done: true}, "the policy “drop oldest” would have kept it"},
		{whatif.Answer{Done: true, GaveUp: true}, "what would have kept it can't be told: the run is too long to try"},
		{whatif.Answer{Done: true}, "no larger buffer and no other policy would have kept it"},
	} {
		if got := whatIfText(test.answer); got != test.want {
			t.Errorf("of %+v it says %q", test.answer, got)
		}
	}
}
