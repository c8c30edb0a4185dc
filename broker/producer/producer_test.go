package producer_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/spillway-go/spillway/broker/producer"
)

const ms = time.Millisecond

// beats runs a producer for a time and answers when it published.
func beats(t *testing.T, interval, total time.Duration, during func(p *producer.Producer, n uint64)) (times []time.Duration) {
	t.Helper()
	start := time.Now()
	var p *producer.Producer
	p, err := producer.New(interval, func(_ context.Context, n uint64) error {
		if n != uint64(len(times)) {
			t.Errorf("event %d comes after %d others", n, len(times))
		}
		times = append(times, time.Since(start))
		during(p, n)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), total)
	defer cancel()
	if err := p.Run(ctx); err != nil {
		t.Fatal(err)
	}
	return times
}

func wantBeats(t *testing.T, got []time.Duration, want ...time.Duration) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("it published at %v, want %v", got, want)
	}
}

func TestTheFirstEventComesOneIntervalAfterTheStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got := beats(t, 100*ms, 350*ms, func(*producer.Producer, uint64) {})
		wantBeats(t, got, 100*ms, 200*ms, 300*ms)
	})
}

func TestALateEventDoesNotDelayTheNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got := beats(t, 100*ms, 650*ms, func(_ *producer.Producer, n uint64) {
			if n == 1 {
				time.Sleep(250 * ms)
			}
		})
		wantBeats(t, got, 100*ms, 200*ms, 450*ms, 450*ms, 500*ms, 600*ms)
	})
}

func TestANewIntervalCountsFromTheLastEvent(t *testing.T) {
	for _, test := range []struct {
		name     string
		after    time.Duration // the second event, at 200 ms
		interval time.Duration
		want     []time.Duration
	}{
		{"shorter", 10 * ms, 50 * ms, []time.Duration{100 * ms, 200 * ms, 250 * ms, 300 * ms, 350 * ms}},
		{"longer", 10 * ms, 170 * ms, []time.Duration{100 * ms, 200 * ms, 370 * ms}},
		{"at once, for its moment has passed", 80 * ms, 70 * ms, []time.Duration{100 * ms, 200 * ms, 280 * ms, 350 * ms}},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				got := beats(t, 100*ms, 390*ms, func(p *producer.Producer, n uint64) {
					if n == 1 {
						time.AfterFunc(test.after, func() {
							if err := p.SetInterval(test.interval); err != nil {
								t.Error(err)
							}
						})
					}
				})
				wantBeats(t, got, test.want...)
			})
		})
	}
}

func TestAnIntervalSetBeforeTheRunIsTheFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		published := 0
		p, err := producer.New(time.Hour, func(context.Context, uint64) error { published++; return nil })
		if err != nil {
			t.Fatal(err)
		}
		if err := p.SetInterval(100 * ms); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 250*ms)
		defer cancel()
		if err := p.Run(ctx); err != nil || published != 2 {
			t.Errorf("it published %d, %v", published, err)
		}
	})
}

func TestAnErrorOfPublishEndsTheRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		full := errors.New("full")
		p, err := producer.New(ms, func(_ context.Context, n uint64) error {
			if n == 2 {
				return full
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Run(t.Context()); err != full {
			t.Errorf("Run answers %v", err)
		}
	})
}

func TestNothingIsPublishedAfterTheEndOfTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, err := producer.New(ms, func(context.Context, uint64) error { t.Error("published"); return nil })
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := p.Run(ctx); err != nil {
			t.Errorf("Run answers %v", err)
		}
	})
}

func TestAnIntervalThatIsNotPositiveIsRefused(t *testing.T) {
	p, err := producer.New(ms, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range []time.Duration{0, -time.Second} {
		want := "producer: interval " + d.String() + " is not positive"
		if _, err := producer.New(d, nil); err == nil || err.Error() != want {
			t.Errorf("New answers %v, want %s", err, want)
		}
		if err := p.SetInterval(d); err == nil || err.Error() != want {
			t.Errorf("SetInterval answers %v, want %s", err, want)
		}
	}
}

func TestAnEventTellsItsIdentityAndItsMoment(t *testing.T) {
	start := time.Date(2021, 11, 1, 11, 11, 19, 0, time.UTC)
	e := &producer.ProducedSomethingEvent{Identity: 605394647632969758, Start: start, Age: 7 * time.Second}
	if e.ID() != "605394647632969758" || !e.HappenedOn().Equal(start.Add(7*time.Second)) {
		t.Errorf("it tells %s, %v", e.ID(), e.HappenedOn())
	}
}
