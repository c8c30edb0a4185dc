package producer_test

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/spillway-go/spillway/broker/lab/example/producer"
)

const ms = time.Millisecond

// moments runs a producer for a time and answers when it published. During is
// called for each event, and says whether the producer had to wait.
func moments(t *testing.T, total time.Duration, beat func(uint64) (producer.Beat, bool), during func(p *producer.Producer, n int) bool) (times []time.Duration) {
	t.Helper()
	start := time.Now()
	var p *producer.Producer
	p = producer.New(beat, func(context.Context) (bool, error) {
		times = append(times, time.Since(start))
		return during != nil && during(p, len(times)-1), nil
	})
	ctx, cancel := context.WithTimeout(t.Context(), total)
	defer cancel()
	if err := p.Run(ctx, start); err != nil {
		t.Fatal(err)
	}
	return times
}

func wantMoments(t *testing.T, got []time.Duration, want ...time.Duration) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("it published at %v, want %v", got, want)
	}
}

func TestTheFirstEventComesOneGapAfterTheStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		wantMoments(t, moments(t, 350*ms, producer.Every(100*ms), nil), 100*ms, 200*ms, 300*ms)
	})
}

func TestTheStartMayLieAhead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		published := 0
		p := producer.New(producer.Every(100*ms), func(context.Context) (bool, error) { published++; return false, nil })
		ctx, cancel := context.WithTimeout(t.Context(), 450*ms)
		defer cancel()
		if err := p.Run(ctx, time.Now().Add(200*ms)); err != nil || published != 2 {
			t.Errorf("it published %d, %v", published, err)
		}
	})
}

func TestALateEventDoesNotDelayTheNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got := moments(t, 650*ms, producer.Every(100*ms), func(_ *producer.Producer, n int) bool {
			if n == 1 {
				time.Sleep(250 * ms)
			}
			return false
		})
		wantMoments(t, got, 100*ms, 200*ms, 450*ms, 450*ms, 500*ms, 600*ms)
	})
}

func TestAfterAWaitTheNextGapBeginsWhenItCouldGoOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got := moments(t, 700*ms, producer.Every(100*ms), func(_ *producer.Producer, n int) bool {
			if n == 1 {
				time.Sleep(250 * ms)
			}
			return n == 1
		})
		wantMoments(t, got, 100*ms, 200*ms, 550*ms, 650*ms)
	})
}

func TestABurstComesAtOnceAndGapsMayDiffer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		beats := []producer.Beat{{100 * ms, 2}, {50 * ms, 1}, {100 * ms, 0}, {ms, 3}}
		got := moments(t, time.Second, func(n uint64) (producer.Beat, bool) {
			if n < uint64(len(beats)) {
				return beats[n], true
			}
			return producer.Beat{}, false // then it ends by itself
		}, nil)
		wantMoments(t, got, 100*ms, 100*ms, 150*ms, 251*ms, 251*ms, 251*ms)
	})
}

func TestANewGapCountsFromTheLastBeat(t *testing.T) {
	for _, test := range []struct {
		name  string
		after time.Duration // the second event, at 200 ms
		gap   time.Duration
		want  []time.Duration
	}{
		{"shorter", 10 * ms, 50 * ms, []time.Duration{100 * ms, 200 * ms, 250 * ms, 300 * ms, 350 * ms}},
		{"longer", 10 * ms, 170 * ms, []time.Duration{100 * ms, 200 * ms, 370 * ms}},
		{"at once, for its moment has passed", 80 * ms, 70 * ms, []time.Duration{100 * ms, 200 * ms, 280 * ms, 350 * ms}},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var gap atomic.Int64
				gap.Store(int64(100 * ms))
				beat := func(uint64) (producer.Beat, bool) {
					return producer.Beat{Gap: time.Duration(gap.Load()), Burst: 1}, true
				}
				got := moments(t, 390*ms, beat, func(p *producer.Producer, n int) bool {
					if n == 1 {
						time.AfterFunc(test.after, func() {
							gap.Store(int64(test.gap))
							p.Changed()
						})
					}
					return false
				})
				wantMoments(t, got, test.want...)
			})
		})
	}
}

func TestRunGoesOnWithTheNextBeat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked []uint64
		p := producer.New(func(n uint64) (producer.Beat, bool) {
			asked = append(asked, n)
			return producer.Beat{Gap: 100 * ms, Burst: 1}, true
		}, func(context.Context) (bool, error) { return false, nil })
		for range 2 {
			ctx, cancel := context.WithTimeout(t.Context(), 250*ms)
			if err := p.Run(ctx, time.Now()); err != nil {
				t.Fatal(err)
			}
			cancel()
		}
		if want := []uint64{0, 1, 2, 2, 3, 4}; !slices.Equal(asked, want) {
			t.Errorf("it asked for the beats %v, want %v", asked, want)
		}
	})
}

func TestAnErrorOfPublishEndsTheRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		full := errors.New("full")
		n := 0
		p := producer.New(producer.Every(ms), func(context.Context) (bool, error) {
			if n++; n == 3 {
				return false, full
			}
			return false, nil
		})
		if err := p.Run(t.Context(), time.Now()); err != full {
			t.Errorf("Run answers %v", err)
		}
	})
}

func TestNothingIsPublishedAfterTheEndOfTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := producer.New(producer.Every(ms), func(context.Context) (bool, error) { t.Error("published"); return false, nil })
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := p.Run(ctx, time.Now()); err != nil {
			t.Errorf("Run answers %v", err)
		}
	})
}

func TestAGapThatIsNotPositiveEndsTheRun(t *testing.T) {
	for _, gap := range []time.Duration{0, -time.Second} {
		p := producer.New(producer.Every(gap), func(context.Context) (bool, error) { t.Error("published"); return false, nil })
		want := "producer: the gap " + gap.String() + " before beat 0 is not positive"
		if err := p.Run(t.Context(), time.Now()); err == nil || err.Error() != want {
			t.Errorf("Run answers %v, want %s", err, want)
		}
	}
}

func TestAnEventTellsItsIdentityItsTopicAndItsMoment(t *testing.T) {
	start := time.Date(2021, 11, 1, 11, 11, 19, 0, time.UTC)
	e := &producer.ProducedSomethingEvent{Identity: 605394647632969758, About: "orders.new", Start: start, Age: 7 * time.Second}
	if e.ID() != "605394647632969758" || e.Topic() != "orders.new" || !e.HappenedOn().Equal(start.Add(7*time.Second)) {
		t.Errorf("it tells %s, %s, %v", e.ID(), e.Topic(), e.HappenedOn())
	}
}
