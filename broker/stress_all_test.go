package broker_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/brokertest"
)

const (
	stressPublishers = 6
	stressEach       = 300
)

// storm is a broker on which everything happens at once.
type storm struct {
	*testing.T
	told    telling
	broker  *broker.Broker
	journal *journal
	steady  []*broker.Subscription // lossless, and nobody changes them
	wild    []*broker.Subscription // whose settings change all the time

	mu        sync.Mutex
	published map[event]bool             // what a publisher knows to be published
	got       map[string]map[event]int   // by subscription: how often each was received
	last      map[string]map[event]event // by subscription and publisher
}

func newStorm(t *testing.T, told telling) *storm {
	s := &storm{T: t, told: told, published: map[event]bool{}, got: map[string]map[event]int{}, last: map[string]map[event]event{}}
	s.journal = &journal{}
	b, err := broker.New(broker.Options{
		Repository: brokertest.Faulty{Repository: &broker.Memory{}, Fail: brokertest.Every(97)}, Trace: told.of(s.journal.trace()),
	})
	if err != nil {
		t.Fatal(err)
	}
	s.broker = b
	for _, policy := range []broker.Overflow{broker.Block, broker.Reject, broker.Spill} {
		s.steady = append(s.steady,
			with(t, s.broker, policy.String()+" in order", policy, 4),
			with(t, s.broker, policy.String()+" as a group", policy, 4))
	}
	for _, policy := range broker.Overflows() {
		s.wild = append(s.wild, with(t, s.broker, "wild "+policy.String(), policy, 2))
	}
	for _, sub := range append(s.steady, s.wild...) {
		s.got[sub.Name()] = map[event]int{}
		s.last[sub.Name()] = map[event]event{}
	}
	return s
}

func (s *storm) receive(sub *broker.Subscription, e broker.Event, ordered bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	name, n := sub.Name(), e.(event)
	if s.got[name][n]++; s.got[name][n] > 1 {
		s.Errorf("%s got event %d twice", name, n)
	}
	publisher := n / stressEach
	if last, ok := s.last[name][publisher]; ordered && ok && n <= last {
		s.Errorf("%s got event %d after %d", name, n, last)
	}
	s.last[name][publisher] = n
}

func (s *storm) publish(ctx context.Context, publisher int) {
	random := rand.New(rand.NewPCG(uint64(publisher), 1))
	for n := range stressEach {
		e := event(publisher*stressEach + n)
		pctx, cancel := ctx, context.CancelFunc(func() {})
		if random.IntN(10) == 0 {
			pctx, cancel = context.WithTimeout(ctx, time.Duration(random.IntN(200))*time.Microsecond)
		}
		err := s.broker.Publish(pctx, e)
		cancel()
		switch {
		case err == nil:
			s.mu.Lock()
			s.published[e] = true
			s.mu.Unlock()
		case errors.Is(err, broker.ErrFull):
			runtime.Gosched()
		case errors.Is(err, context.DeadlineExceeded), errors.Is(err, brokertest.ErrFaulty):
		default:
			s.Errorf("publish: %v", err)
		}
	}
}

func (s *storm) receivers(all *sync.WaitGroup) {
	for i, sub := range s.steady {
		if i%2 == 0 {
			all.Go(func() {
				_ = sub.Consume(context.Background(), func(_ context.Context, e broker.Event) error {
					s.receive(sub, e, true)
					if e.(event)%50 == 0 {
						panic("boom")
					}
					return nil
				}, broker.ConsumeOptions{})
			})
			continue
		}
		for range 3 {
			all.Go(func() {
				for e := range sub.All(context.Background()) {
					s.receive(sub, e, false)
				}
			})
		}
	}
	for i, sub := range s.wild {
		all.Go(func() {
			err := sub.Consume(context.Background(), func(ctx context.Context, e broker.Event) error {
				s.receive(sub, e, false)
				if e.(event)%20 == 0 {
					sub.Stats()
					s.broker.Snapshot()
				}
				return nil
			}, broker.ConsumeOptions{Workers: 1 + i})
			if err != nil {
				s.Error(err)
			}
		})
	}
}

// meddle changes, closes and makes subscriptions.
func (s *storm) meddle(ctx context.Context) {
	random := rand.New(rand.NewPCG(3, 4))
	for n := 0; ctx.Err() == nil; n++ {
		sub := s.wild[random.IntN(len(s.wild))]
		set := broker.Settings{Buffer: 1 + random.IntN(6), Overflow: broker.Overflows()[random.IntN(6)]}
		if err := sub.Configure(set); err != nil && !errors.Is(err, brokertest.ErrFaulty) {
			s.Error(err)
		}
		short, err := s.broker.Subscribe(broker.SubscribeOptions{Name: "short-lived", Buffer: set.Buffer, Overflow: set.Overflow})
		if err != nil {
			if !errors.Is(err, brokertest.ErrFaulty) {
				s.Error(err)
			}
			continue
		}
		gone, cancel := context.WithCancel(ctx)
		cancel()
		_, _ = short.Next(gone)
		runtime.Gosched()
		short.Close()
	}
}

// check is called after everything is over.
func (s *storm) check() {
	for _, sub := range append(s.steady, s.wild...) {
		st := sub.Stats()
		if n := len(s.got[sub.Name()]); uint64(n) != st.Delivered || st.Depth > 0 || st.Backlog > 0 || st.InFlight > 0 {
			s.Errorf("%s: %d events received: %+v", sub.Name(), n, st)
		}
		if n := s.journal.count(sub.Name() + " dropped"); s.told != silence && uint64(n) != st.Dropped {
			s.Errorf("%s: %d drops are reported, %d counted", sub.Name(), n, st.Dropped)
		}
	}
	for _, sub := range s.steady {
		got := s.got[sub.Name()]
		for e := range s.published {
			if got[e] != 1 {
				s.Errorf("%s got event %d %d times", sub.Name(), e, got[e])
			}
		}
		if len(got) != len(s.published) {
			s.Errorf("%s got %d events, %d were published", sub.Name(), len(got), len(s.published))
		}
	}
	if len(s.published) == 0 {
		s.Error("nothing was published")
	}
}

// It is the race detector that makes the most of this test too.
func TestNothingIsLostWhateverHappensAtOnceUnderEveryPolicy(t *testing.T) {
	for _, told := range []telling{everything, noDeliveries, silence} {
		t.Run(told.String(), func(t *testing.T) { newStorm(t, told).blow() })
	}
}

// blow lets everything happen.
func (s *storm) blow() {
	t := s.T
	var receivers, publishers, meddlers sync.WaitGroup
	s.receivers(&receivers)
	ctx, cancel := context.WithCancel(t.Context())
	meddlers.Go(func() { s.meddle(ctx) })
	for p := range stressPublishers {
		publishers.Go(func() { s.publish(t.Context(), p) })
	}
	publishers.Wait()
	cancel()
	meddlers.Wait()
	if err := s.broker.Shutdown(t.Context()); err != nil {
		t.Errorf("Shutdown answers %v", err)
	}
	receivers.Wait()
	s.check()
}

// Whoever publishes while the broker shuts down knows whether the event will come.
func TestDrainCompletenessHoldsWhateverPublishersDoMeanwhile(t *testing.T) {
	for round := range 100 {
		b, _ := openJournal(t, broker.Options{})
		var all, publishers sync.WaitGroup
		policies := []broker.Overflow{broker.Block, broker.Spill}
		got := make([]map[broker.Event]bool, len(policies))
		for i, policy := range policies {
			s := with(t, b, policy.String(), policy, 2)
			got[i] = map[broker.Event]bool{}
			all.Go(func() {
				_ = s.Consume(context.Background(), func(_ context.Context, e broker.Event) error {
					got[i][e] = true
					return nil
				}, broker.ConsumeOptions{})
			})
		}
		var mu sync.Mutex
		var published []event
		for p := range 3 {
			publishers.Go(func() {
				for n := range 50 {
					e := event(p*50 + n)
					err := b.Publish(context.Background(), e)
					if err == nil {
						mu.Lock()
						published = append(published, e)
						mu.Unlock()
					} else if !errors.Is(err, broker.ErrClosed) {
						t.Error(err)
					}
				}
			})
		}
		time.Sleep(time.Duration(round) * 5 * time.Microsecond)
		if err := b.Shutdown(t.Context()); err != nil {
			t.Errorf("Shutdown answers %v", err)
		}
		publishers.Wait()
		all.Wait()
		for i := range got {
			for _, e := range published {
				if !got[i][e] {
					t.Errorf("%v: event %v was published and did not come", policies[i], e)
				}
			}
			if len(got[i]) != len(published) {
				t.Errorf("%v: %d events came, %d were published", policies[i], len(got[i]), len(published))
			}
		}
	}
}
