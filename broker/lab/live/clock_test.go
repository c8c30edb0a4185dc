package live_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

func ms(n int64) scenario.Duration { return scenario.Duration(n) * scenario.Duration(time.Millisecond) }

// apart is a short run in which any two moments are 30 ms apart, with a crash.
func apart() scenario.Scenario {
	s := scenario.Classic()
	s.Producers = []scenario.Producer{
		{Name: "orders", Interval: ms(460), Burst: 5, Count: 4},
		{Name: "prices", Topic: "price", Interval: ms(390), Start: ms(280), Count: 2},
	}
	s.Broker = scenario.Broker{Buffer: 1, Overflow: broker.Spill}
	s.Consumers = []scenario.Consumer{
		{Name: "warehouse", Service: ms(180), Times: scenario.Uniform, Workers: 2},
		{Name: "ticker", Topics: "price", Service: ms(120), Overflow: broker.KeepLatest, Failures: 60, Attempts: 2, Backoff: ms(180)},
	}
	s.Duration = ms(1_400)
	s.Seed = 4716
	s.Interventions = []scenario.Intervention{{At: ms(520), Do: scenario.Crash}, {At: ms(1_260), Do: scenario.Publish, Actor: 1}}
	return s
}

func TestOnTheWallClockTheStoryIsThatOfTheSimulation(t *testing.T) {
	s := apart()
	want, ties := simulated(t, s)
	if closest := closestMoments(want); ties || closest < 30*time.Millisecond {
		t.Fatalf("the test is wrong: two moments of it are %v apart", closest)
	}
	// On a machine that is busy with something else another order is no mistake, so
	// only runs count in which another timer was never late.
	wrong := ""
	for calm, tries := 0, 0; calm < 3 && tries < 6; tries++ {
		clock := watch(10 * time.Millisecond)
		got := play(t, t.Context(), s)
		late := clock.stop()
		if wrong = lateness(got, want); wrong == "" {
			return
		}
		if late < 10*time.Millisecond {
			calm++
		}
		t.Logf("a timer was late by up to %v: %s", late, wrong)
		if calm == 3 {
			t.Error("it is so each time")
		}
	}
}

// watched is a timer that is looked at.
type watched struct {
	done   chan struct{}
	latest chan time.Duration
}

// watch finds out how late a timer comes that is due again and again.
func watch(every time.Duration) watched {
	w := watched{make(chan struct{}), make(chan time.Duration, 1)}
	go func() {
		latest := time.Duration(0)
		for {
			due := time.Now().Add(every)
			select {
			case <-time.After(every):
				latest = max(latest, time.Since(due))
			case <-w.done:
				w.latest <- latest
				return
			}
		}
	}()
	return w
}

func (w watched) stop() time.Duration {
	close(w.done)
	return <-w.latest
}

// closestMoments is the least time between two moments in which something happens.
func closestMoments(records []journal.Record) time.Duration {
	closest := time.Hour
	for i := 1; i < len(records); i++ {
		if d := records[i].At - records[i-1].At; d > 0 {
			closest = min(closest, d)
		}
	}
	return closest
}

// lateness says what of the records is not the story that is wanted, or comes
// before its time.
func lateness(got, want []journal.Record) string {
	untimed := func(records []journal.Record) []journal.Record {
		records = slices.Clone(records)
		for i := range records {
			records[i].At, records[i].Born = 0, 0
		}
		return records
	}
	if g, w := untimed(got), untimed(want); !slices.Equal(g, w) {
		return difference(g, w)
	}
	for i := range got {
		if got[i].At < want[i].At {
			return fmt.Sprintf("%+v comes before %v", got[i], want[i].At)
		}
	}
	return ""
}
