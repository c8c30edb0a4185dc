package live_test

import (
	"slices"
	"testing"
	"testing/synctest"
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

func TestTheStoryOfTheWallClocksTestIsThatOfTheSimulation(t *testing.T) {
	s := apart()
	want, ties := simulated(t, s)
	if closest := closestMoments(want); ties || closest < 30*time.Millisecond {
		t.Fatalf("the test is wrong: two moments of it are %v apart", closest)
	}
	var got []journal.Record
	synctest.Test(t, func(t *testing.T) { got = play(t, t.Context(), s) })
	if !slices.Equal(got, want) {
		t.Error(difference(got, want))
	}
}

// Whoever keeps the machine busy, and whatever comes in another order for that: a timer
// can be late, but nothing comes before its time. On a machine so busy that a run ends
// before something has happened in it, another run follows.
func TestOnTheWallClockNothingComesBeforeItsTime(t *testing.T) {
	const most = 20 // runs
	s := apart()
	waited := map[string]int{} // how often something had to wait, by what for
	for range most {
		checkThatNothingIsEarly(t, s, waited)
		if waited["interval"] > 0 && waited["service"] > 0 && waited["crash"] > 0 && waited["the end"] > 0 {
			return
		}
	}
	t.Errorf("%d runs show too little: %v", most, waited)
}

// checkThatNothingIsEarly plays a scenario and counts what had to wait in it, by what for.
func checkThatNothingIsEarly(t *testing.T, s scenario.Scenario, waited map[string]int) {
	t.Helper()
	chance := s.Chance()
	type work struct {
		consumer uint8
		event    journal.Event
	}
	since := map[work]journal.Record{} // what is at work or rests, from when on
	produced := make([]int, len(s.Producers))
	atLeast := func(what string, r journal.Record, from, pause time.Duration) {
		t.Helper()
		if waited[what]++; r.At < from+pause {
			t.Errorf("%s: %+v comes %v after %v, before %v are over", what, r, r.At-from, from, pause)
		}
	}
	last := time.Duration(0)
	for _, r := range play(t, t.Context(), s) {
		atLeast("order", r, last, 0)
		last = r.At
		w := work{r.Consumer, r.Event()}
		c := &s.Consumers[r.Consumer]
		service := func(attempt int) time.Duration {
			return chance.Service(c, int(r.Consumer), scenario.Attempt(int(r.Producer), r.Number, attempt))
		}
		switch r.Kind {
		case journal.Produced:
			if p := &s.Producers[r.Producer]; r.Cause != journal.ByHand {
				beats := 1 + produced[r.Producer]/max(1, p.Burst)
				atLeast("interval", r, time.Duration(p.Start), time.Duration(beats)*time.Duration(p.Interval))
				produced[r.Producer]++
			} else {
				atLeast("by hand", r, time.Duration(s.Interventions[1].At), 0)
			}
		case journal.Delivered, journal.Retried:
			if r.Kind == journal.Retried {
				atLeast("backoff", r, since[w].At, c.Handling().Pause(1))
			} else {
				r.Cause = 1
			}
			since[w] = r
		case journal.Handled, journal.Failed:
			atLeast("service", r, since[w].At, service(int(since[w].Cause)))
			since[w] = r
		case journal.Crashed:
			atLeast("crash", r, time.Duration(s.Interventions[0].At), 0)
			clear(since)
		case journal.Quit:
			atLeast("the end", r, 0, time.Duration(s.Duration))
		}
	}
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
