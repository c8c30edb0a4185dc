package sim_test

import (
	"slices"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
	"pgregory.net/rapid"
)

func TestPoliciesAndBuffersMeetTheSameChance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := labtest.Crowded().Scenario().Draw(t, "scenario")
		s.Interventions = nil
		other := s.Clone()
		for _, s := range []*scenario.Scenario{&s, &other} {
			// Any but Block, which is there to delay a producer.
			s.Broker = scenario.Broker{Buffer: rapid.IntRange(1, 5).Draw(t, "buffer"), Overflow: rapid.SampledFrom(broker.Overflows()).Draw(t, "policy")}
			if s.Broker.Overflow == broker.Block {
				s.Broker.Overflow = broker.Reject
			}
			for i := range s.Consumers {
				s.Consumers[i].Buffer, s.Consumers[i].Overflow = scenario.Own{}, broker.Inherit
				s.Consumers[i].Workers = rapid.IntRange(1, 4).Draw(t, "workers")
			}
		}
		other.Consumers = other.Consumers[:rapid.IntRange(1, len(s.Consumers)).Draw(t, "fewer consumers")]
		a, b := labtest.Play(t, s), labtest.Play(t, other)
		arrivals := func(records []journal.Record) []journal.Record {
			return slices.DeleteFunc(slices.Clone(records), func(r journal.Record) bool { return r.Kind != journal.Produced })
		}
		if a, b := arrivals(a), arrivals(b); !slices.Equal(a, b) {
			t.Fatalf("the arrivals are\n%+v and\n%+v", a, b)
		}
		first := outcomes(a)
		for what, b := range outcomes(b) {
			if a, both := first[what]; both && a != b {
				t.Fatalf("the attempt %+v is %+v and %+v", what, a, b)
			}
		}
	})
}

// tried names an attempt at an event, and outcome is what came of it.
type (
	tried struct {
		journal.Event
		consumer, attempt uint8
	}
	outcome struct {
		lasted time.Duration
		failed bool
	}
)

// outcomes are those of all attempts that came to their end.
func outcomes(records []journal.Record) map[tried]outcome {
	begun, done := map[tried]time.Duration{}, map[tried]outcome{}
	for _, r := range records {
		what := tried{r.Event(), r.Consumer, r.Cause}
		switch r.Kind {
		case journal.Delivered:
			what.attempt = 1
			begun[what] = r.At
		case journal.Retried:
			begun[what] = r.At
		case journal.Handled, journal.Failed:
			done[what] = outcome{r.At - begun[what], r.Kind == journal.Failed}
		}
	}
	return done
}
