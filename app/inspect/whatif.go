package inspect

import (
	"github.com/spillway-go/spillway/app/format"
	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/whatif"
)

// whatIfText says what would have kept an event, as far as that is known.
func whatIfText(a whatif.Answer) string {
	switch {
	case a.Kept && a.Change.Overflow != broker.Inherit:
		return "the policy “" + format.Words(a.Change.Overflow.String()) + "” would have kept it"
	case a.Kept:
		return "a buffer of " + format.Count(uint64(a.Change.Buffer)) + " would have kept it"
	case a.GaveUp:
		return "what would have kept it can't be told: the run is too long to try"
	case a.Done:
		return "no larger buffer and no other policy would have kept it"
	case a.Change.Overflow != broker.Inherit:
		return "trying other policies…"
	default:
		return "trying a buffer of " + format.Count(uint64(a.Change.Buffer)) + "…"
	}
}
