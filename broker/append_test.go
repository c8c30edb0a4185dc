package broker_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/brokertest"
)

// hanging is a repository whose Append waits until it is let go, or its context ends.
type hanging struct {
	broker.Memory
	let  chan struct{}
	only string // if not empty, the stream for which it waits
}

func (h *hanging) Append(ctx context.Context, e broker.Event, streams ...string) error {
	if h.only != "" && !slices.Contains(streams, h.only) {
		return h.Memory.Append(ctx, e, streams...)
	}
	select {
	case <-h.let:
		return h.Memory.Append(ctx, e, streams...)
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Immediate hides that of Memory: there is no method of that kind.
func (h *hanging) Immediate(struct{}) {}

func timeout(t *testing.T, d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	t.Cleanup(cancel)
	return ctx
}

func TestNobodyElseWaitsForARepositoryThatHangsInAppend(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := &hanging{let: make(chan struct{})}
		b, _ := openJournal(t, broker.Options{Repository: h})
		s, other := with(t, b, "s", broker.Spill, 1, "a"), with(t, b, "other", broker.Block, 9, "b")
		publishTo(t, b, 0, "a")
		began := time.Now()
		first := make(chan error, 1)
		go func() { first <- b.Publish(timeout(t, time.Minute), on{1, "a"}) }()
		synctest.Wait()

		publishTo(t, b, 2, "b")
		wantEvents(t, takeAll(other), 2)
		if st := s.Stats(); st.Depth != 1 || st.Backlog != 0 {
			t.Errorf("the stats are %+v", st)
		}
		b.Snapshot()
		subscribe(t, b, "late").Close()
		if err := b.Publish(timeout(t, time.Second), on{3, "a"}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the next publisher gets %v", err)
		}
		if took := time.Since(began); took != time.Second {
			t.Errorf("its context ended after 1s, and it waited %v", took)
		}
		wantEvents(t, takeAll(s), 0)
		if err := b.Shutdown(timeout(t, time.Second)); err != nil && !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Shutdown answers %v", err)
		}
		if took := time.Since(began); took != 2*time.Second {
			t.Errorf("its context ended after 1s more, and it all took %v", took)
		}
		s.Close()
		if err := <-first; !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the publisher gets %v", err)
		}
		if took := time.Since(began); took != time.Minute {
			t.Errorf("its context ended after 1m, and it waited %v", took)
		}
		wantEvents(t, stored(&h.Memory, "s"))
	})
}

func TestAtomicFanOutHoldsWhileTheRepositoryHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := &hanging{let: make(chan struct{})}
		b, _ := openJournal(t, broker.Options{Repository: h})
		spill, block, reject := with(t, b, "spill", broker.Spill, 1), with(t, b, "block", broker.Block, 3), with(t, b, "reject", broker.Reject, 3, "a")
		publishTo(t, b, 0, "a")
		answers := make([]chan error, 5)
		for n := 1; n < len(answers); n++ {
			answers[n] = make(chan error, 1)
			go func() { answers[n] <- b.Publish(context.Background(), on{event(n), "a"}) }()
			synctest.Wait()
		}
		for _, s := range []*broker.Subscription{spill, block, reject} {
			if st := s.Stats(); st.Offered != 1 {
				t.Errorf("%s is offered what others are not: %+v", s.Name(), st)
			}
		}
		close(h.let)
		synctest.Wait()
		for n := 1; n <= 2; n++ {
			if err := <-answers[n]; err != nil {
				t.Errorf("publisher %d gets %v", n, err)
			}
		}
		for n := 3; n <= 4; n++ { // of the others one finds no room, in which order ever they look
			if err := <-answers[n]; !errors.Is(err, broker.ErrFull) {
				t.Errorf("publisher %d gets %v", n, err)
			}
		}
		wantEvents(t, takeAll(spill), 0, 1, 2)
		wantEvents(t, takeAll(block), 0, 1, 2)
		wantEvents(t, takeAll(reject), 0, 1, 2)
	})
}

// The event that is on its way to the stream of a subscription when it is closed is there
// for the next of that name, which may have opened the stream before.
func TestWhatIsAppendedWhileItsSubscriptionIsReplacedIsFound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := &hanging{let: make(chan struct{})}
		b, j := openJournal(t, broker.Options{Repository: h})
		first := with(t, b, "s", broker.Spill, 1)
		publish(t, b, 0, 0)
		go func() {
			if err := b.Publish(context.Background(), event(1)); err != nil {
				t.Error(err)
			}
		}()
		synctest.Wait()
		first.Close()
		second := with(t, b, "s", broker.Spill, 1)
		synctest.Wait()
		j.take()
		close(h.let)
		synctest.Wait()
		wantEvents(t, drain(second), 1)
		if st := second.Stats(); st.Offered != 1 || j.count("s recovered, backlog 1") != 1 {
			t.Errorf("the stats are %+v, the trace is %q", st, j.take())
		}
	})
}

// Where the repository can't tell whether that event was counted, nothing takes its place.
func TestTotalOrderHoldsWhereWhatIsAppendedMeanwhileCannotBeCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := &hanging{let: make(chan struct{})}
		var fails atomic.Bool
		b, _ := openJournal(t, broker.Options{Repository: brokertest.Faulty{Repository: h, Fail: func(o brokertest.Operation, _ string) error {
			if o == brokertest.Count && fails.Load() {
				return errFaulty
			}
			return nil
		}}})
		first := with(t, b, "s", broker.Spill, 1)
		publish(t, b, 0, 0)
		answer := publishing(context.Background(), b, event(1))
		synctest.Wait()
		first.Close()
		second := with(t, b, "s", broker.Spill, 1)
		fails.Store(true)
		close(h.let)
		synctest.Wait()
		if err := <-answer; err != nil {
			t.Error(err)
		}
		next := publishing(context.Background(), b, event(2))
		synctest.Wait()
		if !waits(next) {
			t.Error("the next publisher does not wait")
		}
		down := make(chan error, 1)
		go func() { down <- b.Shutdown(timeout(t, time.Minute)) }()
		synctest.Wait()
		if err := <-next; !errors.Is(err, broker.ErrClosed) {
			t.Errorf("the next publisher gets %v", err)
		}
		fails.Store(false)
		time.Sleep(time.Second)
		wantEvents(t, takeAll(second), 1)
		if err := <-down; err != nil {
			t.Errorf("Shutdown answers %v", err)
		}
	})
}

// curious is a repository that asks the broker, and publishes.
type curious struct {
	broker.Repository
	broker *broker.Broker
}

func (c *curious) Append(ctx context.Context, e broker.Event, streams ...string) error {
	c.broker.Snapshot()
	if e.ID() == "1" {
		if err := c.broker.Publish(ctx, on{7, "b"}); err != nil {
			return err
		}
	}
	return c.Repository.Append(ctx, e, streams...)
}

func TestARepositoryMayCallTheBrokerWhileItAppends(t *testing.T) {
	c := &curious{Repository: &broker.Memory{}}
	b, _ := openJournal(t, broker.Options{Repository: c})
	c.broker = b
	s, other := with(t, b, "s", broker.Spill, 1, "a"), with(t, b, "other", broker.Block, 9, "b")
	publishTo(t, b, 0, "a")
	publishTo(t, b, 1, "a")
	wantEvents(t, takeAll(s), 0, 1)
	wantEvents(t, takeAll(other), 7)
}

func TestAPanicIsAnErrorAlsoOfTheRepositoryThatAppends(t *testing.T) {
	b, j := openJournal(t, broker.Options{Repository: explosive{&broker.Memory{}}})
	s := with(t, b, "s", broker.Spill, 1)
	publish(t, b, 0, 0)
	if err := b.TryPublish(event(1)); err == nil || err.Error() != `broker: publish: "s": spill: the repository panicked: boom` {
		t.Errorf("the publisher gets %v", err)
	}
	if j.count("s repository: the repository panicked: boom") != 1 {
		t.Errorf("the trace is %v", j.take())
	}
	wantEvents(t, drain(s), 0)
}

// slow is a repository that takes its time, and fails now and then.
type slow struct {
	broker.Memory
	mu    sync.Mutex
	calls int
}

func (s *slow) Immediate(struct{}) {}

func (s *slow) Append(ctx context.Context, e broker.Event, streams ...string) error {
	s.mu.Lock()
	s.calls++
	n := s.calls
	s.mu.Unlock()
	time.Sleep(time.Duration(n*7919%13) * time.Microsecond)
	if n%11 == 0 {
		return errFaulty
	}
	return s.Memory.Append(ctx, e, streams...)
}

// Publishers of all, of some and of others meet a slow repository: everybody gets what was
// not refused and nothing else, and all in one order.
func TestTotalOrderWithASlowRepository(t *testing.T) {
	const publishers, each = 6, 40
	b, _ := open(t, broker.Options{Repository: &slow{}})
	subs := []*broker.Subscription{
		with(t, b, "one", broker.Spill, 2), with(t, b, "two", broker.Spill, 1, "a"), with(t, b, "three", broker.Block, 3, "a", "b"), with(t, b, "four", broker.DropNewest, 1000),
	}
	var all, receivers sync.WaitGroup
	got := make([][]event, len(subs))
	for i, s := range subs {
		receivers.Go(func() {
			for e := range s.All(context.Background()) {
				got[i] = append(got[i], e.(on).event)
				if len(got[i])%17 == 0 {
					time.Sleep(50 * time.Microsecond)
				}
			}
		})
	}
	var mu sync.Mutex
	accepted := map[event]string{}
	for p := range publishers {
		all.Go(func() {
			for n := range each {
				e := on{event(p*each + n), []string{"a", "b", "c"}[n%3]}
				switch err := b.Publish(context.Background(), e); {
				case err == nil:
					mu.Lock()
					accepted[e.event] = e.topic
					mu.Unlock()
				case !errors.Is(err, errFaulty):
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if err := b.Shutdown(context.Background()); err != nil {
		t.Error(err)
	}
	receivers.Wait()
	place := map[event]int{}
	for i, e := range got[0] {
		place[e] = i
	}
	for i, topics := range []string{"abc", "a", "ab", "abc"} {
		want := 0
		for _, topic := range accepted {
			if slices.Contains([]byte(topics), topic[0]) {
				want++
			}
		}
		if len(got[i]) != want {
			t.Errorf("%s got %d events of %d", subs[i].Name(), len(got[i]), want)
		}
		for n, e := range got[i] {
			if accepted[e] == "" || n > 0 && place[got[i][n-1]] >= place[e] {
				t.Fatalf("%s got %v out of order, or though it was refused (%q):\n%v\n%v", subs[i].Name(), e, accepted[e], got[i], got[0])
			}
		}
	}
}

func TestDrainCompletenessHoldsForWhatIsBeingAppendedAndIsNotSpilled(t *testing.T) {
	for _, policy := range broker.Overflows() {
		synctest.Test(t, func(t *testing.T) {
			h := &hanging{let: make(chan struct{})}
			b, _ := openJournal(t, broker.Options{Repository: h})
			spill, other := with(t, b, "spill", broker.Spill, 1), with(t, b, "other", policy, 3)
			publishTo(t, b, 0, "a")
			wantEvents(t, takeAll(other), 0)
			answer := make(chan error, 1)
			go func() { answer <- b.Publish(context.Background(), on{1, "a"}) }()
			synctest.Wait()
			down := make(chan error, 1)
			go func() { down <- b.Shutdown(timeout(t, time.Minute)) }()
			synctest.Wait()
			close(h.let)
			synctest.Wait()
			if err := <-answer; err != nil {
				t.Fatalf("%v: Publish answers %v", policy, err)
			}
			wantEvents(t, takeAll(spill), 0, 1)
			wantEvents(t, takeAll(other), 1)
			spill.Done()
			if err := <-down; err != nil {
				t.Errorf("%v: Shutdown answers %v", policy, err)
			}
		})
	}
}

func TestDrainCompletenessHoldsForWhoOpensAStreamWhileAnAppendToItFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := &hanging{let: make(chan struct{})}
		b, _ := openJournal(t, broker.Options{Repository: h})
		first := with(t, b, "s", broker.Spill, 1)
		publishTo(t, b, 0, "a")
		answer := publishing(timeout(t, time.Minute), b, on{1, "a"})
		synctest.Wait()
		first.Close()
		with(t, b, "s", broker.Spill, 1)
		began := time.Now()
		if err := b.Shutdown(timeout(t, time.Hour)); err != nil {
			t.Errorf("Shutdown answers %v", err)
		}
		if took := time.Since(began); took != time.Minute {
			t.Errorf("the publisher gave up after 1m, and Shutdown took %v", took)
		}
		if err := <-answer; !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the publisher gets %v", err)
		}
	})
}

func TestTotalOrderHoldsWhereWhoIsExpectingAnEventBeginsToSpill(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := &hanging{let: make(chan struct{}), only: "one"}
		b, _ := openJournal(t, broker.Options{Repository: h})
		one, two := with(t, b, "one", broker.Spill, 1), with(t, b, "two", broker.Block, 2)
		lossy := with(t, b, "lossy", broker.DropNewest, 9)
		publishTo(t, b, 0, "a")
		first := publishing(context.Background(), b, on{1, "a"})
		synctest.Wait()
		if err := two.Configure(broker.Spill, broker.Buffer(1)); err != nil {
			t.Fatal(err)
		}
		choose(t, one, "a")
		second := publishing(context.Background(), b, on{2, "b"})
		synctest.Wait()
		close(h.let)
		synctest.Wait()
		for _, answer := range []<-chan error{first, second} {
			if err := <-answer; err != nil {
				t.Error(err)
			}
		}
		wantEvents(t, takeAll(one), 0, 1)
		wantEvents(t, takeAll(two), 0, 1, 2)
		wantEvents(t, takeAll(lossy), 0, 1, 2)
	})
}
