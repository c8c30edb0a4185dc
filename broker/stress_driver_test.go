package broker_test

import (
	"errors"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"

	"github.com/spillway-go/spillway/broker"
)

// Drivers may have goroutines all the same. It is the race detector that makes the
// most of this test.
func TestNothingIsLostWhateverDriversAndPublishersDoAtOnce(t *testing.T) {
	const publishers, each, drivers = 4, 400, 3
	var mu sync.Mutex
	line := map[broker.Event]int{} // that were let in later
	trace := broker.Trace{Unblocked: func(e broker.Event, err error) {
		mu.Lock()
		defer mu.Unlock()
		line[e]++
		if err != nil {
			t.Errorf("event %v left the line: %v", e, err)
		}
	}}
	b, err := broker.New(broker.Options{Buffer: 2, Overflow: broker.Block, Repository: &broker.Memory{}, Trace: trace})
	if err != nil {
		t.Fatal(err)
	}
	var receivers, senders sync.WaitGroup
	policies := []broker.Overflow{broker.Block, broker.Spill}
	subs := make([]*broker.Subscription, len(policies))
	got := make([]map[broker.Event]int, len(subs))
	begun := make([]chan broker.Work, len(subs))
	for i, policy := range policies {
		got[i], begun[i] = map[broker.Event]int{}, make(chan broker.Work, broker.MaxWorkers)
		subs[i], err = broker.NewDriver(b).Subscribe(broker.SubscribeOptions{Name: policy.String(), Overflow: policy},
			broker.ConsumeOptions{Workers: 2, Attempts: 99}, func(w broker.Work) { begun[i] <- w })
		if err != nil {
			t.Fatal(err)
		}
		for d := range drivers {
			random := rand.New(rand.NewPCG(uint64(i), uint64(d)))
			receivers.Go(func() {
				for w := range begun[i] {
					e := w.Event()
					if w.Attempt() < 99 && random.IntN(5) == 0 {
						if _, again := w.Done(errHandler); !again {
							t.Errorf("there is no attempt after the first %d", w.Attempt())
						}
						w.Again()
						continue
					}
					mu.Lock()
					got[i][e]++
					mu.Unlock()
					w.Done(nil)
				}
			})
		}
	}
	for p := range publishers {
		senders.Go(func() {
			for n := range each {
				e := event(p*each + n)
				if n%4 == 0 {
					if err := b.Publish(t.Context(), e); err != nil {
						t.Error(err)
					}
					continue
				}
				if err := broker.NewDriver(b).Publish(e); err != nil && !errors.Is(err, broker.ErrWouldBlock) {
					t.Error(err)
				}
			}
		})
	}
	over := make(chan struct{})
	var meddler sync.WaitGroup
	meddler.Go(func() {
		random := rand.New(rand.NewPCG(1, 2))
		for {
			select {
			case <-over:
				return
			default:
			}
			s := subs[random.IntN(len(subs))]
			s.Pause()
			if err := s.Configure(broker.ConsumeOptions{Workers: 1 + random.IntN(6), Attempts: 99}); err != nil {
				t.Error(err)
			}
			s.Resume()
			choose(t, s, "never")
			choose(t, s)
			b.Snapshot()
			runtime.Gosched()
		}
	})
	senders.Wait()
	close(over)
	meddler.Wait()
	for b.Snapshot().Blocked > 0 { // a Shutdown would refuse them
		runtime.Gosched()
	}
	if err := b.Shutdown(t.Context()); err != nil {
		t.Errorf("Shutdown answers %v", err)
	}
	for i := range begun {
		close(begun[i])
	}
	receivers.Wait()
	for i, s := range subs {
		st := s.Stats()
		if uint64(len(got[i])) != st.Handled || st.Delivered != st.Handled || st.Dropped != 0 {
			t.Errorf("%s: %d events received: %+v", s.Name(), len(got[i]), st)
		}
		for e, n := range got[i] {
			if n != 1 {
				t.Errorf("%s got event %v %d times", s.Name(), e, n)
			}
		}
	}
	mu.Lock()
	defer mu.Unlock()
	for e, n := range line {
		if n != 1 {
			t.Errorf("event %v was let in %d times", e, n)
		}
	}
	if len(line) == 0 {
		t.Error("nobody ever had to wait")
	}
}
