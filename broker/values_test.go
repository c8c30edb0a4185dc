package broker_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/spillway-go/spillway/broker"
)

type userKey struct{}

// sightings are what handlers saw in their contexts.
type sightings struct {
	mu   sync.Mutex
	seen []string
}

func (s *sightings) note(ctx context.Context, who string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen = append(s.seen, fmt.Sprint(who, " for ", ctx.Value(userKey{}), " at ", broker.Attempt(ctx)))
}

func (s *sightings) want(t *testing.T, want ...string) {
	t.Helper()
	slices.Sort(s.seen)
	if !slices.Equal(s.seen, want) {
		t.Errorf("the handlers saw %q, want %q", s.seen, want)
	}
}

func TestContextValuesOfThePublisherReachTypedHandlersAndItsEndDoesNot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := openJournal(t, broker.Options{})
		var s sightings
		_, err := broker.Handle(b, "orders", func(ctx context.Context, o orderPlaced) error {
			time.Sleep(time.Second)
			s.note(ctx, "orders")
			if ctx.Err() != nil || context.Cause(ctx) != nil {
				t.Errorf("the context has ended: %v", context.Cause(ctx))
			}
			if broker.Attempt(ctx) == 1 {
				return errHandler
			}
			return b.Publish(ctx, broker.NewEvent(orderPaid(o)))
		}, broker.Attempts(2))
		if err == nil {
			_, err = broker.Handle(b, "paid", func(ctx context.Context, _ orderPaid) error { s.note(ctx, "paid"); return nil })
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, user := range []string{"ada", "bob"} {
			ctx, cancel := context.WithCancel(context.WithValue(t.Context(), userKey{}, user))
			if err := b.Publish(ctx, broker.NewEvent(orderPlaced{1})); err != nil {
				t.Fatal(err)
			}
			cancel() // as that of a request does once it is answered
		}
		if err := b.TryPublish(broker.NewEvent(orderPaid{2})); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute) // Shutdown refuses what handlers publish
		if err := b.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
		s.want(t, "orders for ada at 1", "orders for ada at 2", "orders for bob at 1", "orders for bob at 2",
			"paid for <nil> at 1", "paid for ada at 1", "paid for bob at 1")
	})
}

func TestContextValuesAreThoseOfConsumeUnlessItAsksForMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := openJournal(t, broker.Options{})
		var s sightings
		ctx, cancel := context.WithCancel(context.WithValue(context.Background(), userKey{}, "consumer"))
		defer cancel()
		for _, values := range []bool{false, true} {
			sub := subscribe(t, b, fmt.Sprint(values))
			go func() {
				_ = sub.Consume(ctx, func(ctx context.Context, _ broker.Event) error {
					s.note(ctx, sub.Name())
					child, stop := context.WithTimeout(ctx, time.Hour)
					defer stop()
					<-child.Done() // which ends with the consumer's
					if child.Err() != context.Canceled {
						t.Errorf("the context ended with %v", child.Err())
					}
					return nil
				}, broker.ConsumeOptions{Values: values, Workers: 2, Waits: true})
			}()
		}
		synctest.Wait()
		publishing := context.WithValue(context.Background(), userKey{}, "publisher")
		if err := errors.Join(b.Publish(publishing, event(1)), b.Publish(context.Background(), event(2))); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		cancel()
		synctest.Wait()
		s.want(t, "false for consumer at 1", "false for consumer at 1", "true for consumer at 1", "true for publisher at 1")
	})
}

// Whoever receives an event gets the very value that was published, and so do hooks,
// keys and repositories, also while it carries values for others.
func TestContextValuesTravelUnseen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		repository := &broker.Memory{}
		b, j := openJournal(t, broker.Options{Repository: repository, Buffer: 1})
		typed, err := broker.Handle(b, "typed", func(context.Context, event) error { return nil }, broker.Buffer(9))
		if err != nil {
			t.Fatal(err)
		}
		defer typed.Close()
		spills := with(t, b, "spills", broker.Spill, 1)
		latest, err := b.Subscribe(broker.SubscribeOptions{Name: "latest", Overflow: broker.KeepLatest, Key: func(e broker.Event) string {
			return fmt.Sprint(e.(event) % 2)
		}})
		if err != nil {
			t.Fatal(err)
		}
		pulls := with(t, b, "pulls", broker.DropNewest, 9)
		waits := next(t.Context(), pulls)
		var ranged []broker.Event
		all := subscribe(t, b, "all")
		go func() {
			for e := range all.All(t.Context()) {
				ranged = append(ranged, e)
			}
		}()
		synctest.Wait()
		ctx := context.WithValue(t.Context(), userKey{}, "ada")
		for n := range 3 {
			if err := b.Publish(ctx, event(n)); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
		}
		if got := <-waits; got.event != event(0) {
			t.Errorf("Next answers %v", got.event)
		}
		wantEvents(t, drain(pulls), 1, 2)
		wantEvents(t, drain(latest), 2)
		wantEvents(t, stored(repository, "spills"), 1, 2)
		wantEvents(t, drain(spills), 0, 1, 2)
		if !slices.Equal(ranged, []broker.Event{event(0), event(1), event(2)}) {
			t.Errorf("All ranges over %v", ranged)
		}
		if j.count("typed handled 2 at 1") != 1 {
			t.Errorf("the trace is %q", j.take())
		}
	})
}

func TestContextValuesCostNothingWhereNobodyWantsThem(t *testing.T) {
	b, err := broker.New(broker.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := subscribe(t, b, "s")
	ctx := context.WithValue(t.Context(), userKey{}, "ada")
	var e broker.Event = event(1)
	if n := testing.AllocsPerRun(100, func() { _ = b.Publish(ctx, e); s.TryNext() }); n != 0 {
		t.Errorf("%v allocations an event", n)
	}
}

// A chain of handlers that publish with their contexts hands on the values of the first
// publisher and not one context more each time.
func TestContextValuesOfAnEndlessChainTakeNoMemory(t *testing.T) {
	for name, publishing := range map[string]func(context.Context) context.Context{
		"ada": func(ctx context.Context) context.Context { return ctx },
		"<nil>": func(ctx context.Context) context.Context {
			return context.WithValue(ctx, errorKey{}, "a value of its own")
		},
	} {
		t.Run(name, func(t *testing.T) { chain(t, name, publishing) })
	}
}

type errorKey struct{}

func chain(t *testing.T, want string, publishing func(context.Context) context.Context) {
	b, err := broker.New(broker.Options{})
	if err != nil {
		t.Fatal(err)
	}
	const links = 100_000
	end := make(chan any)
	_, err = broker.Handle(b, "chain", func(ctx context.Context, n orderPlaced) error {
		if n.Number == links {
			end <- ctx.Value(userKey{})
			return nil
		}
		return b.Publish(publishing(ctx), broker.NewEvent(orderPlaced{n.Number + 1}))
	})
	if err != nil {
		t.Fatal(err)
	}
	heap := func() int64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	before := heap()
	if err := b.Publish(context.WithValue(t.Context(), userKey{}, "ada"), broker.NewEvent(orderPlaced{0})); err != nil {
		t.Fatal(err)
	}
	user := <-end
	if more := heap() - before; fmt.Sprint(user) != want || more > 1<<20 {
		t.Errorf("at the end it is for %v, with %d bytes more", user, more)
	}
	if err := b.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestContextHooksSeeThePublishersContextAndGiveTheHandlerItsOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s sightings
		ended := func(what string) func(error) {
			return func(err error) { s.note(context.Background(), fmt.Sprint(what, " ended with ", err)) }
		}
		b, err := broker.New(broker.Options{Trace: broker.Trace{
			Publishing: func(ctx context.Context, e broker.Event) (context.Context, func(error)) {
				s.note(ctx, "publishing "+e.ID())
				return context.WithValue(ctx, userKey{}, fmt.Sprint(ctx.Value(userKey{}), "+span")), ended("publishing")
			},
			Handling: func(ctx context.Context, sub *broker.Subscription, e broker.Event, attempt int) (context.Context, func(error)) {
				s.note(ctx, fmt.Sprint("handling ", e.ID(), " by ", sub.Name()))
				if e == event(2) {
					panic("oh")
				}
				return context.WithValue(ctx, userKey{}, "handler"), ended("handling")
			},
		}})
		if err != nil {
			t.Fatal(err)
		}
		sub := subscribe(t, b, "s")
		go func() {
			_ = sub.Consume(context.Background(), func(ctx context.Context, _ broker.Event) error { s.note(ctx, "handler"); panic("no") }, broker.ConsumeOptions{})
		}()
		if err := b.Publish(context.WithValue(t.Context(), userKey{}, "ada"), event(1)); err != nil {
			t.Fatal(err)
		}
		if err := b.TryPublish(event(2)); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if err := b.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
		if err := b.TryPublish(event(3)); !errors.Is(err, broker.ErrClosed) {
			t.Errorf("TryPublish answers %v", err)
		}
		s.want(t, "handler for handler at 1",
			"handling 1 by s for ada+span at 1", "handling 2 by s for <nil>+span at 1",
			"handling ended with the handler panicked: no for <nil> at 1",
			"publishing 1 for ada at 1", "publishing 2 for <nil> at 1", "publishing 3 for <nil> at 1",
			"publishing ended with <nil> for <nil> at 1", "publishing ended with <nil> for <nil> at 1",
			"publishing ended with broker: publish: closed for <nil> at 1")
	})
}

// Under -race: options change while handlers run and dead letters are stored.
func TestContextValuesAndDeadLettersStandChangesOfTheOptions(t *testing.T) {
	b, err := broker.New(broker.Options{Buffer: 64, Overflow: broker.Block})
	if err != nil {
		t.Fatal(err)
	}
	s, err := broker.Handle(b, "s", func(ctx context.Context, o orderPlaced) error {
		if ctx.Value(userKey{}) != "ada" {
			t.Error("a handler misses the values")
		}
		if o.Number%7 == 0 {
			return errHandler
		}
		return nil
	}, broker.Workers(4), broker.DeadLettersTo(&broker.Memory{}))
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	all.Go(func() {
		for n := range 500 {
			if err := s.Configure(broker.Workers(1+n%4), broker.Buffer(1+n%64)); err != nil {
				t.Error(err)
			}
		}
	})
	ctx := context.WithValue(t.Context(), userKey{}, "ada")
	for n := range 2000 {
		if err := b.Publish(ctx, broker.NewEvent(orderPlaced{n})); err != nil {
			t.Fatal(err)
		}
	}
	all.Wait()
	if err := b.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
}
