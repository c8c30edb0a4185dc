package broker_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/spillway-go/spillway/broker"
)

// waitInLine publishes the events from, from+1, … to by a driver; all have to wait.
func waitInLine(t *testing.T, b *broker.Broker, from, to event) {
	t.Helper()
	for e := from; e <= to; e++ {
		if err := broker.NewDriver(b).Publish(e); !errors.Is(err, broker.ErrWouldBlock) {
			t.Fatalf("Publish of %v answers %v", e, err)
		}
	}
}

func TestADriverPublishesWhereThereIsRoom(t *testing.T) {
	b, j := openJournal(t, broker.Options{})
	s := subscribe(t, b, "s")
	if err := broker.NewDriver(b).Publish(event(0)); err != nil {
		t.Errorf("Publish answers %v", err)
	}
	if err := broker.NewDriver(b).Publish(nil); err == nil || err.Error() != "broker: publish: the event is nil" {
		t.Errorf("Publish answers %v", err)
	}
	wantEvents(t, drain(s), 0)
	if err := b.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := broker.NewDriver(b).Publish(event(1)); !errors.Is(err, broker.ErrClosed) {
		t.Errorf("Publish answers %v", err)
	}
	j.wantLines(t, "s buffered 0, 1 wait", "s delivered 0, 0 wait")
}

func TestADriversEventsStandInTheLineOfPublish(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, j := openJournal(t, broker.Options{})
		s := with(t, b, "s", broker.Block, 1)
		publish(t, b, 0, 0)
		waitInLine(t, b, 1, 1)
		first := publishing(t.Context(), b, event(2))
		waitInLine(t, b, 3, 3)
		ctx, cancel := context.WithCancel(t.Context())
		impatient := publishing(ctx, b, event(4))
		waitInLine(t, b, 5, 5)
		if snap := b.Snapshot(); snap.Blocked != 5 || snap.Subscriptions[0].Awaited != 5 {
			t.Errorf("the snapshot is %+v", snap)
		}
		if err := b.TryPublish(event(9)); !errors.Is(err, broker.ErrWouldBlock) {
			t.Errorf("TryPublish answers %v", err)
		}
		cancel()
		if err := <-impatient; !errors.Is(err, context.Canceled) {
			t.Errorf("Publish answers %v", err)
		}
		j.take()
		wantEvents(t, drain(s), 0, 1, 2, 3, 5)
		if err := <-first; err != nil {
			t.Errorf("Publish answers %v", err)
		}
		var let []string
		for _, line := range j.take() {
			if strings.HasPrefix(line, "unblocked") {
				let = append(let, line)
			}
		}
		if got := strings.Join(let, ", "); got != "unblocked 1: <nil>, unblocked 2: <nil>, unblocked 3: <nil>, unblocked 5: <nil>" {
			t.Errorf("the line is %s", got)
		}
	})
}

func TestTheUnblockedHookTellsHowWaitingEnded(t *testing.T) {
	for _, test := range []struct {
		name string
		end  func(*testing.T, *broker.Broker, *broker.Subscription, *faulty)
		want error
		line string
	}{
		{"there is room", func(_ *testing.T, _ *broker.Broker, s *broker.Subscription, _ *faulty) { s.TryNext() },
			nil, "unblocked 1: <nil>"},
		{"it is rejected now", func(t *testing.T, _ *broker.Broker, s *broker.Subscription, _ *faulty) {
			configure(t, s, broker.Reject, 1)
		}, broker.ErrFull, `unblocked 1: "s": the buffer is full`},
		{"the repository is full", func(t *testing.T, _ *broker.Broker, s *broker.Subscription, r *faulty) {
			r.failAppendTo("s")
			configure(t, s, broker.Spill, 1)
		}, errFaulty, `unblocked 1: "s": spill: the disk is full`},
		{"the broker shuts down", func(_ *testing.T, b *broker.Broker, _ *broker.Subscription, _ *faulty) { _ = b.Shutdown(ended()) },
			broker.ErrClosed, "unblocked 1: closed"},
		{"the subscription closes", func(_ *testing.T, _ *broker.Broker, s *broker.Subscription, _ *faulty) { s.Close() },
			nil, "unblocked 1: <nil>"},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				repository, lines := &faulty{}, &journal{}
				trace := lines.trace()
				var got []error
				tell := trace.Unblocked
				trace.Unblocked = func(e broker.Event, err error) { tell(e, err); got = append(got, err) }
				b, err := broker.New(broker.Options{Repository: repository, Trace: trace})
				if err != nil {
					t.Fatal(err)
				}
				s := with(t, b, "s", broker.Block, 1)
				publish(t, b, 0, 0)
				waitInLine(t, b, 1, 1)
				test.end(t, b, s, repository)
				synctest.Wait()
				if len(got) != 1 || !errors.Is(got[0], test.want) || test.want == nil && got[0] != nil || lines.count(test.line) != 1 {
					t.Errorf("unblocked with %v: %v", got, lines.take())
				}
				if b.Snapshot().Blocked != 0 {
					t.Error("it still waits")
				}
			})
		})
	}
}

func TestAtomicFanOutNobodyIsOfferedADriversEventBeforeEverybodyIs(t *testing.T) {
	b, j := openJournal(t, broker.Options{})
	first, second, third := with(t, b, "1", broker.Block, 2), with(t, b, "2", broker.DropNewest, 9), with(t, b, "3", broker.Block, 1)
	publish(t, b, 0, 0)
	j.take()
	waitInLine(t, b, 1, 1)
	j.wantLines(t, "3 blocked 1")
	wantEvents(t, drain(first), 0)
	wantEvents(t, drain(second), 0)
	wantEvents(t, drain(third), 0, 1)
	wantEvents(t, drain(first), 1)
	wantEvents(t, drain(second), 1)
}

func TestADriversEventPassesThoseWhoWaitForOthers(t *testing.T) {
	b, _ := openJournal(t, broker.Options{})
	with(t, b, "a", broker.Block, 1, "a")
	free := with(t, b, "b", broker.Block, 1, "b")
	publishTo(t, b, 0, "a")
	if err := broker.NewDriver(b).Publish(on{1, "a"}); !errors.Is(err, broker.ErrWouldBlock) {
		t.Errorf("Publish answers %v", err)
	}
	if err := broker.NewDriver(b).Publish(on{2, "b"}); err != nil {
		t.Errorf("Publish answers %v", err)
	}
	wantEvents(t, takeAll(free), 2)
}

// Whoever is let in makes its place in the pool free, and those still in line
// must not find another event there.
func TestPlacesInLineAreUsedAgainAndNeverMixedUp(t *testing.T) {
	b, j := openJournal(t, broker.Options{})
	a, c := with(t, b, "a", broker.Block, 1, "a", "both"), with(t, b, "c", broker.Block, 1, "c", "both")
	subs := map[string]*broker.Subscription{"a": a, "c": c}
	waiting := map[event]bool{}
	var got []event
	for e := range event(500) {
		topic := []string{"a", "c", "both"}[e%3]
		if err := broker.NewDriver(b).Publish(on{e, topic}); err != nil {
			waiting[e] = true
		}
		if e%2 == 0 {
			if took, ok := subs[[]string{"a", "c"}[e/2%2]].TryNext(); ok {
				got = append(got, took.(on).event)
			}
		}
	}
	for a.Stats().Depth+c.Stats().Depth > 0 {
		got = append(got, takeAll(a)...)
		got = append(got, takeAll(c)...)
	}
	count := map[event]int{}
	for _, e := range got {
		count[e]++
	}
	for e := range event(500) {
		want := 1
		if e%3 == 2 {
			want = 2
		}
		if count[e] != want {
			t.Errorf("event %v was received %d times, want %d", e, count[e], want)
		}
	}
	let := map[string]int{}
	for _, line := range j.take() {
		if strings.HasPrefix(line, "unblocked") {
			let[line]++
		}
	}
	for e := range waiting {
		if n := let[fmt.Sprintf("unblocked %d: <nil>", e)]; n != 1 {
			t.Errorf("event %v was let in %d times", e, n)
		}
	}
	if len(let) != len(waiting) || len(waiting) < 100 {
		t.Errorf("%d waited, %d were let in", len(waiting), len(let))
	}
}

func TestPublishingByADriverAllocatesNothing(t *testing.T) {
	for policy, round := range map[broker.Overflow]func(*broker.Broker, *broker.Subscription, broker.Event){
		broker.Reject:     func(b *broker.Broker, _ *broker.Subscription, e broker.Event) { _ = broker.NewDriver(b).Publish(e) },
		broker.DropNewest: func(b *broker.Broker, _ *broker.Subscription, e broker.Event) { _ = broker.NewDriver(b).Publish(e) },
		broker.DropOldest: func(b *broker.Broker, _ *broker.Subscription, e broker.Event) { _ = broker.NewDriver(b).Publish(e) },
		broker.Block: func(b *broker.Broker, s *broker.Subscription, e broker.Event) {
			for range 3 {
				_ = broker.NewDriver(b).Publish(e)
			}
			for range 3 {
				s.TryNext()
			}
		},
	} {
		b, err := broker.New(broker.Options{Overflow: policy})
		if err != nil {
			t.Fatal(err)
		}
		s := subscribe(t, b, "s")
		publish(t, b, 0, 2)
		var e broker.Event = event(1 << 40)
		round(b, s, e)
		if n := testing.AllocsPerRun(1000, func() { round(b, s, e) }); n != 0 {
			t.Errorf("%v: %v allocations a round", policy, n)
		}
	}
}

// asked is an event that counts how often the broker has asked for its topic, as it
// does whenever it looks at a publisher that waits.
type asked struct {
	event
	about string
	times *int
}

func (a asked) Topic() string { *a.times++; return a.about }

func TestPublishersThatWaitElsewhereCostADeliveryNothing(t *testing.T) {
	b, err := broker.New(broker.Options{})
	if err != nil {
		t.Fatal(err)
	}
	full := with(t, b, "full", broker.Block, 1, "full")
	busy := with(t, b, "busy", broker.DropNewest, 1, "busy")
	_, worked := driven(t, b, broker.Settings{}, broker.ConsumeOptions{})
	publishTo(t, b, 0, "full")
	times := 0
	for e := range event(10) {
		if err := broker.NewDriver(b).Publish(asked{e, "full", &times}); !errors.Is(err, broker.ErrWouldBlock) {
			t.Fatalf("Publish answers %v", err)
		}
	}
	times = 0
	for e := range event(100) {
		publishTo(t, b, e, "busy")
		busy.TryNext()
		worked.done(nil)
	}
	if times > 0 {
		t.Errorf("who waits elsewhere was looked at %d times in 100 deliveries", times)
	}
	full.TryNext()
	if times == 0 || b.Snapshot().Blocked != 9 {
		t.Errorf("%d publishers wait, after %d looks", b.Snapshot().Blocked, times)
	}
}
