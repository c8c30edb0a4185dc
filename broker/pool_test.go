package broker_test

import (
	"context"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/spillway-go/spillway/broker"
)

func TestNoMoreHandlersRunThanThereAreWorkers(t *testing.T) {
	for _, workers := range []int{1, 2, 7} {
		synctest.Test(t, func(t *testing.T) {
			b, _ := openJournal(t, broker.Options{Buffer: 99})
			s := subscribe(t, b, "s")
			var mu sync.Mutex
			running, most := 0, 0
			consuming(t, s, broker.ConsumeOptions{Workers: workers}, func(context.Context, broker.Event) error {
				mu.Lock()
				running++
				most = max(most, running)
				mu.Unlock()
				time.Sleep(time.Second)
				mu.Lock()
				running--
				mu.Unlock()
				return nil
			})
			if got := b.Snapshot().Subscriptions[0]; got.Workers != workers || got.Waiting != workers {
				t.Errorf("the snapshot is %+v", got)
			}
			publish(t, b, 0, 29)
			time.Sleep(500 * time.Millisecond)
			if st := s.Stats(); st.InFlight != workers || st.Depth != 30-workers {
				t.Errorf("%d workers: the stats are %+v", workers, st)
			}
			time.Sleep(time.Minute)
			mu.Lock()
			defer mu.Unlock()
			if most != workers || s.Stats().Handled != 30 {
				t.Errorf("%d handlers ran at a time, want %d: %+v", most, workers, s.Stats())
			}
		})
	}
}

func TestMoreHandlersThanProcessorsSleepAtTheSameTime(t *testing.T) {
	workers := 8 * runtime.GOMAXPROCS(0)
	for name, gap := range map[string]time.Duration{"published at once": 0, "published one by one": 10 * time.Millisecond} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b, _ := openJournal(t, broker.Options{Buffer: 999})
				s := subscribe(t, b, "s")
				consuming(t, s, broker.ConsumeOptions{Workers: workers}, sleeping(time.Minute))
				began := time.Now()
				for e := range event(workers) {
					publish(t, b, e, e)
					time.Sleep(gap)
				}
				if err := b.Shutdown(t.Context()); err != nil {
					t.Error(err)
				}
				if took, most := time.Since(began), time.Minute+time.Duration(workers)*gap+time.Second; took > most {
					t.Errorf("%d events took %v, want at most %v", workers, took, most)
				}
			})
		})
	}
}

func TestAHandlerThatWaitsForAnotherEventGetsIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := openJournal(t, broker.Options{})
		first, second := subscribe(t, b, "first"), subscribe(t, b, "second")
		gate := make(chan struct{})
		consuming(t, first, broker.ConsumeOptions{}, func(context.Context, broker.Event) error { <-gate; return nil })
		consuming(t, second, broker.ConsumeOptions{}, func(_ context.Context, e broker.Event) error {
			if e == event(1) {
				close(gate)
			}
			return nil
		})
		publish(t, b, 0, 0)
		time.Sleep(time.Second) // the pool is awake and waits
		publish(t, b, 1, 1)
		time.Sleep(time.Second)
		if st := first.Stats(); st.Handled != 2 {
			t.Errorf("the first stands still: %+v", st)
		}
	})
}

func TestHandlersThatWaitBeginAtTheSameInstant(t *testing.T) {
	const workers = 64
	synctest.Test(t, func(t *testing.T) {
		b, _ := openJournal(t, broker.Options{Buffer: 999})
		s, other := subscribe(t, b, "s"), subscribe(t, b, "other")
		var mu sync.Mutex
		begun := map[time.Duration]int{}
		start := time.Now()
		handler := func(context.Context, broker.Event) error {
			mu.Lock()
			begun[time.Since(start)]++
			mu.Unlock()
			time.Sleep(time.Minute)
			return nil
		}
		for _, s := range []*broker.Subscription{s, other} {
			consuming(t, s, broker.ConsumeOptions{Workers: workers, Waits: true}, handler)
		}
		publish(t, b, 0, 3*workers-1)
		time.Sleep(time.Hour)
		synctest.Wait()
		for round := range 3 {
			if n := begun[time.Duration(round)*time.Minute]; n != 2*workers {
				t.Errorf("in minute %d %d handlers began at the same instant, want %d: %v", round, n, 2*workers, begun)
			}
		}
	})
}

func TestHandlersThatWaitBeginOneByOneAtTheInstantOfTheirEvent(t *testing.T) {
	const workers = 20
	synctest.Test(t, func(t *testing.T) {
		b, _ := openJournal(t, broker.Options{})
		s := subscribe(t, b, "s")
		consuming(t, s, broker.ConsumeOptions{Workers: workers, Waits: true}, sleeping(time.Minute))
		for e := range event(workers) {
			publish(t, b, e, e)
			time.Sleep(time.Second)
			if st := s.Stats(); st.InFlight != int(e)+1 || st.Depth != 0 {
				t.Fatalf("after event %v the stats are %+v", e, st)
			}
		}
		time.Sleep(time.Minute - workers*time.Second) // when the first ends
		synctest.Wait()
		if st := s.Stats(); st.Handled != 1 {
			t.Errorf("the stats are %+v", st)
		}
		time.Sleep(time.Hour)
	})
}

func TestASubscriptionThatScalesDownTakesNoWorkersFromOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := openJournal(t, broker.Options{Buffer: 9})
		slow := with(t, b, "slow", broker.DropNewest, 9, "slow")
		consuming(t, slow, broker.ConsumeOptions{Workers: 3, Waits: true}, sleeping(time.Hour))
		quick := with(t, b, "quick", broker.DropNewest, 9, "quick")
		consuming(t, quick, broker.ConsumeOptions{Waits: true}, sleeping(time.Second))
		synctest.Wait()
		for e := range event(4) {
			publishTo(t, b, e, "slow")
		}
		if err := slow.Configure(broker.ConsumeOptions{Workers: 1}); err != nil {
			t.Fatal(err)
		}
		publishTo(t, b, 9, "quick")
		time.Sleep(2 * time.Second)
		if got := quick.Stats().Handled; got != 1 {
			t.Errorf("while another finishes what it had more workers for, %d events are handled", got)
		}
		time.Sleep(time.Hour) // the three are done, and one begins the fourth
		if got := slow.Stats(); got.Handled != 3 || got.InFlight != 1 {
			t.Errorf("the one that scaled down has %+v", got)
		}
		publishTo(t, b, 10, "quick")
		time.Sleep(time.Hour)
		if got := quick.Stats().Handled; got != 2 {
			t.Errorf("afterwards %d events are handled", got)
		}
	})
}

func TestHandlersThatWaitThoughNobodySaidSoBeginByDoubling(t *testing.T) {
	const workers, look = 32, 100 * time.Microsecond
	synctest.Test(t, func(t *testing.T) {
		b, _ := open(t, broker.Options{Buffer: workers})
		s := subscribe(t, b, "s")
		var mu sync.Mutex
		begun := map[time.Duration]int{}
		start := time.Now()
		consuming(t, s, broker.ConsumeOptions{Workers: workers}, func(context.Context, broker.Event) error {
			mu.Lock()
			begun[time.Since(start)]++
			mu.Unlock()
			time.Sleep(time.Second)
			return nil
		})
		publish(t, b, 0, workers-1)
		time.Sleep(time.Second / 2)
		synctest.Wait()
		all, looks := 0, time.Duration(0)
		for most := min(2, runtime.GOMAXPROCS(0)); ; most *= 2 { // two may begin at once: share says when
			all += begun[looks*look]
			if all < min(most/2, workers) {
				t.Fatalf("after %d looks %d have begun: %v", looks, all, begun)
			}
			if all == workers {
				break
			}
			if looks++; looks > 7 {
				t.Fatalf("they begin too late: %v", begun)
			}
		}
	})
}
