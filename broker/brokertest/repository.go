// Package brokertest tests what a program gives to a broker: it has the
// conformance suite that every broker.Repository passes, and a repository that
// fails now and then.
package brokertest

import (
	"testing"

	"github.com/spillway-go/spillway/broker"
)

// Repository runs the conformance suite. open makes a new, empty repository, and
// may use t to clean up behind it.
func Repository(t *testing.T, open func(t *testing.T) broker.Repository) {
	for _, c := range checks {
		t.Run(c.says, func(t *testing.T) {
			if err := c.check(store{t.Context(), open(t)}); err != nil {
				t.Error(err)
			}
		})
	}
}

// checks are the sentences of the contract.
var checks = []struct {
	says  string
	check func(store) error
}{
	{"AnEmptyStreamHasNothingToRead", empty},
	{"WhatIsAppendedIsReadInOrder", order},
	{"PositionsBeginAtOneAndGrow", positions},
	{"ReadingGoesOnAfterAPosition", from},
	{"ReadingTakesWhatFits", fits},
	{"ReadingTakesNothingAway", again},
	{"ReadingPastTheEndFindsNothing", past},
	{"WhatIsCommittedIsForgotten", forgets},
	{"CommittingAgainOrLessDoesNothing", idempotent},
	{"CommittingPastTheEndKeepsWhatComesLater", beyond},
	{"PositionsGrowOnAfterACommit", growOn},
	{"StreamsAreIndependent", streams},
	{"WhatIsAppendedToSeveralStreamsIsInAllOrNone", several},
	{"WhatWasReadBeforeIsSaidToBe", redelivered},
	{"WhatIsCountedIsWhatIsRead", counts},
	{"AnEndedContextIsHonoured", ended},
	{"AllMayBeUsedAtOnce", concurrent},
}
