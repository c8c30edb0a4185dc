package broker

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"
)

type numbered int

func (e numbered) ID() string          { return strconv.Itoa(int(e)) }
func (numbered) HappenedOn() time.Time { return time.Time{} }

func TestARingIsASliceThatIsTakenFromBothEnds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var q ring[Event]
		var naive []Event
		next := numbered(0)
		push := func(*rapid.T) {
			q.push(next)
			naive = append(naive, next)
			next++
		}
		pop := func(take func() Event, i func() int) func(*rapid.T) {
			return func(t *rapid.T) {
				if len(naive) == 0 {
					t.Skip("empty")
				}
				want := naive[i()]
				naive = slices.Delete(naive, i(), i()+1)
				if got := take(); got != want {
					t.Fatalf("took %v, want %v", got, want)
				}
			}
		}
		t.Repeat(map[string]func(*rapid.T){
			"push":       push,
			"push again": push,
			"pop":        pop(q.pop, func() int { return 0 }),
			"popNewest":  pop(q.popNewest, func() int { return len(naive) - 1 }),
			"": func(t *rapid.T) {
				if q.len() != len(naive) {
					t.Fatalf("its length is %d, want %d", q.len(), len(naive))
				}
				if n := held(q); n != len(naive) {
					t.Fatalf("it keeps %d events from being collected, want %d", n, len(naive))
				}
			},
		})
	})
}

// held counts the events the ring refers to.
func held(q ring[Event]) (n int) {
	for _, e := range q.slots {
		if e != nil {
			n++
		}
	}
	return n
}
