package broker_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/spillway-go/spillway/broker"
)

// These tests are of brokers whose trace is told nothing: there receivers come without
// the broker's lock.

// served is a broker, and a subscription from which somebody has received before.
func served(t *testing.T, buffer int) (*broker.Broker, *broker.Subscription) {
	t.Helper()
	b, err := broker.New(broker.Options{Buffer: buffer})
	if err != nil {
		t.Fatal(err)
	}
	s := subscribe(t, b, "s")
	publish(t, b, 0, 0)
	if e, err := s.Next(t.Context()); e != event(0) || err != nil {
		t.Fatalf("Next answers %v, %v", e, err)
	}
	return b, s
}

func TestAFullBufferHasRoomAgainForEachEventThatIsTaken(t *testing.T) {
	b, s := served(t, 2)
	publish(t, b, 1, 4) // 3 and 4 are dropped
	for _, want := range []event{1, 2, 5, 6} {
		if e, err := s.Next(t.Context()); e != want || err != nil {
			t.Fatalf("Next answers %v, %v, want %v", e, err, want)
		}
		publish(t, b, want+4, want+4)
	}
	if st := s.Stats(); st.Depth != 2 || st.Delivered != 5 || st.DroppedBy.Full != 2 {
		t.Errorf("the stats are %+v", st)
	}
}

func TestWhoWaitsIsServedThoughTheBufferWasFullBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, s := served(t, 1)
		publish(t, b, 1, 2) // 2 is dropped
		if e, ok := s.TryNext(); e != event(1) || !ok {
			t.Fatalf("TryNext answers %v, %v", e, ok)
		}
		answer := next(t.Context(), s)
		synctest.Wait()
		publish(t, b, 3, 3)
		if got := <-answer; got.event != event(3) {
			t.Errorf("Next answers %v", got)
		}
	})
}

func TestNothingIsTakenFromAPausedSubscriptionThoughItWasServedBefore(t *testing.T) {
	b, s := served(t, 2)
	publish(t, b, 1, 1)
	s.Pause()
	if e, ok := s.TryNext(); ok {
		t.Errorf("TryNext answers %v", e)
	}
	s.Resume()
	if e, ok := s.TryNext(); !ok || e != event(1) {
		t.Errorf("TryNext answers %v, %v", e, ok)
	}
}

func TestALoopOverAllEndsWithItsContextThoughOthersReceive(t *testing.T) {
	for range 200 {
		b, s := served(t, 1)
		ctx, cancel := context.WithCancel(t.Context())
		var loops, others sync.WaitGroup
		loops.Go(func() {
			for range s.All(ctx) {
			}
		})
		stop, stopOthers := context.WithCancel(t.Context())
		others.Go(func() {
			for range s.All(stop) {
			}
		})
		others.Go(func() {
			for stop.Err() == nil {
				_ = b.Publish(t.Context(), event(1))
				runtime.Gosched()
			}
		})
		cancel()
		loops.Wait() // or the test stands still
		stopOthers()
		others.Wait()
	}
}

func TestTotalOrderHoldsWhoeverIsServedFirst(t *testing.T) {
	const publishers, each, subscriptions = 3, 2000, 3
	b, err := broker.New(broker.Options{Buffer: 8})
	if err != nil {
		t.Fatal(err)
	}
	var got [subscriptions][]event
	var receivers, all sync.WaitGroup
	for i := range got {
		s := subscribe(t, b, "s")
		receivers.Go(func() {
			for e := range s.All(context.Background()) {
				got[i] = append(got[i], e.(event))
			}
		})
	}
	for p := range publishers {
		all.Go(func() { publish(t, b, event(p*each), event(p*each+each-1)) })
	}
	all.Wait()
	if err := b.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	receivers.Wait()
	for i := range got {
		for j := range i {
			common := func(of, other []event) []event {
				has := map[event]bool{}
				for _, e := range other {
					has[e] = true
				}
				return slices.DeleteFunc(slices.Clone(of), func(e event) bool { return !has[e] })
			}
			if !slices.Equal(common(got[i], got[j]), common(got[j], got[i])) {
				t.Errorf("subscriptions %d and %d got the same events in two orders", j, i)
			}
		}
	}
}

// late is a context that calls once, before it says that it has not ended.
type late struct {
	context.Context
	once *sync.Once
	call func()
}

func (c late) Err() error {
	err := c.Context.Err()
	c.once.Do(c.call)
	return err
}

func TestALoopOverAllEndsThoughItsContextDoesJustBeforeItWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, s := served(t, 1)
		ctx, cancel := context.WithCancel(t.Context())
		loop := make(chan struct{})
		go func() {
			defer close(loop)
			for range s.All(late{ctx, &sync.Once{}, func() {
				cancel()
				time.Sleep(time.Second) // the loop is told to end, before it waits
				s.Stats()
				next(t.Context(), s)
				time.Sleep(time.Second) // and somebody else waits
			}}) {
			}
		}()
		synctest.Wait()
		time.Sleep(time.Minute)
		select {
		case <-loop:
		default:
			t.Error("it goes on")
			s.Close()
		}
		s.Close()
	})
}

func TestAPublisherThatWaitsGoesOnThoughReceiversCameWithoutTheLockBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, s := served(t, 1)
		configure(t, s, broker.Block, 1)
		for e := range event(3) {
			publish(t, b, 10*e, 10*e)
			first := next(t.Context(), s) // opens the door again
			synctest.Wait()
			if got := <-first; got.event != 10*e {
				t.Fatalf("Next answers %v", got)
			}
			publish(t, b, 10*e+1, 10*e+1)
			answer := publishing(t.Context(), b, 10*e+2)
			synctest.Wait()
			if len(answer) > 0 {
				t.Fatal("it does not wait")
			}
			for _, want := range []event{10*e + 1, 10*e + 2} {
				if got := <-next(t.Context(), s); got.event != want {
					t.Errorf("Next answers %v, want %v", got, want)
				}
			}
			if err := <-answer; err != nil {
				t.Error(err)
			}
		}
	})
}

func TestEveryEventIsCountedAsHandledThoughSeveralAreHandledInARow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const events = 1000
		b, err := broker.New(broker.Options{Buffer: events})
		if err != nil {
			t.Fatal(err)
		}
		s := subscribe(t, b, "s")
		s.Pause()
		publish(t, b, 0, events-1)
		var want event
		var looks []broker.Stats
		consuming(t, s, broker.ConsumeOptions{Attempts: 2}, func(ctx context.Context, e broker.Event) error {
			if e != want {
				t.Errorf("handles %v, want %v", e, want)
			}
			if e.(event)%10 == 3 {
				looks = append(looks, s.Stats())
			}
			if e.(event)%100 == 7 && broker.Attempt(ctx) == 1 {
				return errHandler
			}
			want++
			return nil
		})
		s.Resume()
		synctest.Wait()
		time.Sleep(time.Minute)
		synctest.Wait()
		if err := b.Shutdown(t.Context()); err != nil {
			t.Fatal(err)
		}
		for n, st := range looks {
			if handled := uint64(10*n + 3); st.Handled != handled || st.Delivered != handled+1 || st.InFlight != 1 || st.Depth != events-10*n-4 {
				t.Errorf("while %d is handled the stats are %+v", handled, st)
			}
		}
		if st := s.Stats(); st.Handled != events || st.Delivered != events || st.Failed != events/100 {
			t.Errorf("the stats are %+v", st)
		}
	})
}

func TestSeveralWorkersBeginEventsInOrderThoughOneGoesOnAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, err := broker.New(broker.Options{Buffer: 9})
		if err != nil {
			t.Fatal(err)
		}
		s := subscribe(t, b, "s")
		s.Pause()
		publish(t, b, 1, 9)
		var mu sync.Mutex
		var order []event
		consuming(t, s, broker.ConsumeOptions{Workers: 3}, func(_ context.Context, e broker.Event) error {
			mu.Lock()
			defer mu.Unlock()
			order = append(order, e.(event))
			return nil
		})
		s.Resume()
		synctest.Wait() // one goroutine does it all, before time passes
		mu.Lock()
		defer mu.Unlock()
		if want := []event{1, 2, 3, 4, 5, 6, 7, 8, 9}; !slices.Equal(order, want) {
			t.Errorf("they are begun in the order %v", order)
		}
	})
}

// call is something that was done to one subscription, and what it answered.
type call struct {
	what  string // "publish", "take" or "look"
	event event  // published or taken
	none  bool   // there was nothing to take
	stats broker.Stats
}

// counted is what a sequential subscription holds and has counted.
type counted struct {
	waits              string // the events, oldest first, so that states can be compared
	delivered, dropped uint64
}

// bounded is a subscription of that buffer that drops the newest, as a state machine.
func bounded(buffer int) porcupine.Model {
	return porcupine.Model{
		Init: func() any { return counted{} },
		Step: func(state, in, _ any) (bool, any) {
			s, c := state.(counted), in.(call)
			switch c.what {
			case "publish":
				if len(s.waits) < buffer {
					s.waits += string(rune(c.event))
				} else {
					s.dropped++
				}
				return true, s
			case "take":
				if c.none || s.waits == "" {
					return c.none && s.waits == "", s
				}
				oldest := event(s.waits[0])
				s.waits = s.waits[1:]
				s.delivered++
				return oldest == c.event, s
			default:
				return c.stats.Depth == len(s.waits) && c.stats.Delivered == s.delivered && c.stats.Dropped == s.dropped, s
			}
		},
		DescribeOperation: func(in, _ any) string { return fmt.Sprintf("%+v", in) },
	}
}

// history is what several goroutines do to subscriptions.
type history struct {
	mu    sync.Mutex
	clock atomic.Int64
	of    [][]porcupine.Operation // by subscription
}

// do notes a call of those subscriptions.
func (h *history) do(who int, subs []int, f func() (c call, happened bool)) {
	begin := h.clock.Add(1)
	c, happened := f()
	end := h.clock.Add(1)
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, s := range subs {
		if happened {
			h.of[s] = append(h.of[s], porcupine.Operation{ClientId: who, Input: c, Call: begin, Return: end})
		}
	}
}

// Each subscription is as if everything were done to it one after another, in an order
// that fits the time at which it was done: nothing is dropped while there is room, and
// nothing is taken twice or too early.
func TestWhatHappensAtOnceHasAnOrderInWhichEachSubscriptionDidRight(t *testing.T) {
	const buffer, each, rounds = 2, 5, 300
	for round := range rounds {
		b, err := broker.New(broker.Options{Buffer: buffer})
		if err != nil {
			t.Fatal(err)
		}
		subs := []*broker.Subscription{subscribe(t, b, "a"), subscribe(t, b, "b")}
		both := []int{0, 1}
		h := &history{of: make([][]porcupine.Operation, len(subs))}
		var all, waiting sync.WaitGroup
		stop, cancel := context.WithCancel(t.Context())
		for p := range 2 {
			all.Go(func() {
				for n := range each {
					e := event(1 + p*each + n)
					h.do(p, both, func() (call, bool) { return call{what: "publish", event: e}, b.Publish(t.Context(), e) == nil })
				}
			})
		}
		for i, s := range subs {
			waiting.Go(func() {
				for stop.Err() == nil {
					h.do(2+i, both[i:i+1], func() (call, bool) {
						e, err := s.Next(stop)
						if err != nil {
							return call{}, false
						}
						return call{what: "take", event: e.(event)}, true
					})
				}
			})
			all.Go(func() {
				random := rand.New(rand.NewPCG(uint64(round), uint64(i)))
				for range each {
					h.do(4+i, both[i:i+1], func() (call, bool) {
						if random.IntN(4) == 0 {
							return call{what: "look", stats: s.Stats()}, true
						}
						e, ok := s.TryNext()
						if !ok {
							return call{what: "take", none: true}, true
						}
						return call{what: "take", event: e.(event)}, true
					})
					if random.IntN(3) == 0 {
						runtime.Gosched()
					}
				}
			})
		}
		all.Wait()
		cancel()
		waiting.Wait()
		for i, operations := range h.of {
			if !porcupine.CheckOperations(bounded(buffer), operations) {
				t.Fatalf("round %d: there is no such order for subscription %d: %+v", round, i, operations)
			}
		}
		_ = b.Shutdown(ended())
	}
}
