package broker_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/spillway-go/spillway/broker"
)

func TestOneWorkerKeepsOrderAlsoAcrossRetries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := openJournal(t, broker.Options{Buffer: 99})
		s := subscribe(t, b, "s")
		var a attempts
		consuming(t, s, broker.ConsumeOptions{Attempts: 3}, func(_ context.Context, e broker.Event) error {
			if n := a.note(e); n%3 != 0 {
				return errHandler
			}
			return nil
		})
		publish(t, b, 0, 3)
		time.Sleep(time.Hour)
		wantEvents(t, a.events(), 0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3)
		if st := s.Stats(); st.Handled != 4 || st.Failed != 8 || st.Abandoned != 0 {
			t.Errorf("the stats are %+v", st)
		}
	})
}

func TestSeveralWorkersBeginInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, j := openJournal(t, broker.Options{Buffer: 99})
		s := subscribe(t, b, "s")
		consuming(t, s, broker.ConsumeOptions{Workers: 3}, func(_ context.Context, e broker.Event) error {
			time.Sleep(time.Duration(e.(event)*7%5) * time.Second)
			return nil
		})
		publish(t, b, 0, 19)
		time.Sleep(time.Hour)
		next := 0
		for _, line := range j.take() {
			if strings.Contains(line, "delivered") {
				if !strings.Contains(line, fmt.Sprintf("delivered %d,", next)) {
					t.Errorf("%q, want event %d", line, next)
				}
				next++
			}
		}
	})
}

func TestTheBackoffDoublesUpToItsMost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, j := openJournal(t, broker.Options{})
		s := subscribe(t, b, "s")
		var a attempts
		consuming(t, s, broker.ConsumeOptions{Attempts: 6, Backoff: time.Second, MaxBackoff: 5 * time.Second},
			func(_ context.Context, e broker.Event) error { a.note(e); return errHandler })
		publish(t, b, 0, 0)
		time.Sleep(time.Hour)
		want := []time.Duration{time.Second, 2 * time.Second, 4 * time.Second, 5 * time.Second, 5 * time.Second}
		if got := a.pauses(); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("the pauses are %v, want %v", got, want)
		}
		j.wantLines(t, "s delivered 0, 0 wait",
			"s failed 0 at 1: the mail server is down, again in 1s", "s retried 0 at 2",
			"s failed 0 at 2: the mail server is down, again in 2s", "s retried 0 at 3",
			"s failed 0 at 3: the mail server is down, again in 4s", "s retried 0 at 4",
			"s failed 0 at 4: the mail server is down, again in 5s", "s retried 0 at 5",
			"s failed 0 at 5: the mail server is down, again in 5s", "s retried 0 at 6",
			"s failed 0 at 6: the mail server is down, again in -1ns",
			"s abandoned 0: the mail server is down")
	})
}

func TestTheBackoffHasDefaults(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := openJournal(t, broker.Options{})
		var a attempts
		consuming(t, subscribe(t, b, "s"), broker.ConsumeOptions{Attempts: 10},
			func(_ context.Context, e broker.Event) error { a.note(e); return errHandler })
		publish(t, b, 0, 0)
		time.Sleep(time.Hour)
		p := a.pauses()
		if len(p) != 9 || p[0] != 100*time.Millisecond || p[6] != 6400*time.Millisecond || p[7] != 10*time.Second || p[8] != 10*time.Second {
			t.Errorf("the pauses are %v", p)
		}
	})
}

func TestTheLongestBackoffDoesNotOverflow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, j := openJournal(t, broker.Options{})
		s := subscribe(t, b, "s")
		consuming(t, s, broker.ConsumeOptions{Attempts: 3, Backoff: math.MaxInt64/2 + 9, MaxBackoff: math.MaxInt64},
			func(context.Context, broker.Event) error { return errHandler })
		publish(t, b, 0, 0)
		time.Sleep(math.MaxInt64/2 + 10)
		if n := j.count(fmt.Sprintf("failed 0 at 2: the mail server is down, again in %v", time.Duration(math.MaxInt64))); n != 1 {
			t.Errorf("the trace is %v", j.take())
		}
	})
}

func TestJitterShortensAPauseByItsFractionAtMost(t *testing.T) {
	run := func(t *testing.T, seed uint64, jitter float64) (pauses []time.Duration) {
		synctest.Test(t, func(t *testing.T) {
			b, _ := openJournal(t, broker.Options{Seed: seed})
			var a attempts
			consuming(t, subscribe(t, b, "s"), broker.ConsumeOptions{Attempts: 200, Backoff: time.Second, MaxBackoff: time.Second, Jitter: jitter},
				func(_ context.Context, e broker.Event) error { a.note(e); return errHandler })
			publish(t, b, 0, 0)
			time.Sleep(time.Hour)
			pauses = a.pauses()
		})
		return pauses
	}
	for _, jitter := range []float64{0.25, 1} {
		low, shortest, longest := time.Duration((1-jitter)*float64(time.Second)), time.Hour, time.Duration(0)
		for _, p := range run(t, 1, jitter) {
			if p < low || p > time.Second {
				t.Errorf("jitter %v: a pause of %v, want %v to 1s", jitter, p, low)
			}
			shortest, longest = min(shortest, p), max(longest, p)
		}
		if spread := longest - shortest; float64(spread) < 0.9*jitter*float64(time.Second) {
			t.Errorf("jitter %v: all pauses are from %v to %v", jitter, shortest, longest)
		}
	}
	first, again, other := fmt.Sprint(run(t, 1, 1)), fmt.Sprint(run(t, 1, 1)), fmt.Sprint(run(t, 2, 1))
	if first != again || first == other {
		t.Error("the seed does not decide the jitter")
	}
	if one, another := fmt.Sprint(run(t, 0, 1)), fmt.Sprint(run(t, 0, 1)); one == another {
		t.Error("without a seed the jitter is the same in every broker")
	}
}

func TestWhatNoAttemptCouldHandleIsADeadLetter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dead := &broker.Memory{}
		b, j := openJournal(t, broker.Options{Repository: dead})
		s := with(t, b, "s", broker.Spill, 1) // to the same repository
		consuming(t, s, broker.ConsumeOptions{Attempts: 2, DeadLetters: dead}, func(_ context.Context, e broker.Event) error {
			if e.(event)%2 == 0 {
				return errHandler
			}
			return nil
		})
		publish(t, b, 0, 4)
		time.Sleep(time.Hour)
		wantEvents(t, stored(dead, broker.DeadLetters("s")), 0, 2, 4)
		wantEvents(t, stored(dead, "s"))
		if st := s.Stats(); st.Dead != 3 || st.Abandoned != 0 || st.Failed != 6 || st.Handled != 2 {
			t.Errorf("the stats are %+v", st)
		}
		if j.count("s dead 2: the mail server is down") != 1 {
			t.Errorf("the trace is %v", j.take())
		}
	})
}

func TestADeadLetterThatCannotBeStoredIsAbandoned(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		repository := &faulty{}
		repository.failAppendTo(broker.DeadLetters("s"))
		b, j := openJournal(t, broker.Options{})
		s := subscribe(t, b, "s")
		consuming(t, s, broker.ConsumeOptions{DeadLetters: repository}, func(context.Context, broker.Event) error { return errHandler })
		publish(t, b, 0, 0)
		time.Sleep(time.Second)
		j.wantLines(t, "s delivered 0, 0 wait", "s failed 0 at 1: the mail server is down, again in -1ns",
			"s repository: the disk is full", "s abandoned 0: the mail server is down")
		if st := s.Stats(); st.Abandoned != 1 || st.Dead != 0 || st.InFlight != 0 {
			t.Errorf("the stats are %+v", st)
		}
	})
}

// ends are the ways in which a Consume ends, and what it answers.
var ends = map[string]struct {
	end  func(context.CancelFunc, *broker.Subscription)
	want error
}{
	"of the context":      {func(cancel context.CancelFunc, _ *broker.Subscription) { cancel() }, context.Canceled},
	"of the subscription": {func(_ context.CancelFunc, s *broker.Subscription) { s.Close() }, nil},
}

func TestThereIsNoAttemptAfterTheEnd(t *testing.T) {
	for name, test := range ends {
		for _, when := range []time.Duration{500 * time.Millisecond, 1500 * time.Millisecond} { // in the handler, in the pause
			t.Run(fmt.Sprint(name, " after ", when), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					dead := &broker.Memory{}
					b, j := openJournal(t, broker.Options{})
					s := subscribe(t, b, "s")
					publish(t, b, 0, 0)
					ctx, cancel := context.WithCancel(t.Context())
					defer cancel()
					var a attempts
					time.AfterFunc(when, func() { test.end(cancel, s) })
					err := s.Consume(ctx, func(_ context.Context, e broker.Event) error {
						a.note(e)
						time.Sleep(time.Second)
						return errHandler
					}, broker.ConsumeOptions{Attempts: 9, Backoff: time.Hour, MaxBackoff: time.Hour, DeadLetters: dead})
					if !errors.Is(err, test.want) {
						t.Errorf("Consume answers %v, want %v", err, test.want)
					}
					time.Sleep(24 * time.Hour)
					if len(a.events()) != 1 {
						t.Errorf("%d attempts", len(a.events()))
					}
					if test.want != nil { // it is no dead letter, since somebody else may go on
						wantEvents(t, stored(dead, broker.DeadLetters("s")))
						wantEvents(t, drain(s), 0)
						return
					}
					wantEvents(t, stored(dead, broker.DeadLetters("s")), 0)
					if st := s.Stats(); st.Dead != 1 || st.InFlight != 0 || j.count("s dead 0: the mail server is down") != 1 {
						t.Errorf("the stats are %+v, the trace is %v", st, j.take())
					}
				})
			})
		}
	}
}

// The time for another attempt comes while every worker awake waits, and before
// one more is called Consume ends.
func TestThereIsNoAttemptThatWasDueBeforeTheEnd(t *testing.T) {
	for name, test := range ends {
		t.Run(name, func(t *testing.T) { noAttemptAfter(t, test.end, test.want) })
	}
}

func noAttemptAfter(t *testing.T, end func(context.CancelFunc, *broker.Subscription), want error) {
	synctest.Test(t, func(t *testing.T) {
		b, j := openJournal(t, broker.Options{})
		s, other := with(t, b, "s", broker.Block, 1, "s"), with(t, b, "other", broker.Block, 1, "other")
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		ended := make(chan error)
		go func() {
			ended <- s.Consume(ctx, func(context.Context, broker.Event) error { return errHandler }, broker.ConsumeOptions{Attempts: 2, Backoff: time.Second})
		}()
		consuming(t, other, broker.ConsumeOptions{}, sleeping(time.Minute))
		publishTo(t, b, 0, "s")
		time.Sleep(time.Second / 2)
		publishTo(t, b, 1, "other")
		time.Sleep(time.Second/2 + 50*time.Microsecond)
		end(cancel, s)
		if err := <-ended; !errors.Is(err, want) {
			t.Errorf("Consume answers %v, want %v", err, want)
		}
		if j.count("s failed 0") != 1 || j.count("s abandoned 0: the mail server is down")+j.count("s interrupted 0: the mail server is down") != 1 {
			t.Errorf("the trace is %v", j.take())
		}
	})
}
