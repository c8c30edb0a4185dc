package broker_test

import (
	"context"
	"reflect"
	"testing"
	"testing/synctest"
	"time"

	"github.com/spillway-go/spillway/broker"
)

// dated is an event that happened at a second of the epoch.
type dated struct {
	event
	second int64
}

func (e dated) HappenedOn() time.Time { return time.Unix(e.second, 0) }

func TestASnapshotShowsEverythingOfOneMoment(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, err := broker.New(broker.Options{Repository: &broker.Memory{}, Now: func() time.Time { return time.Unix(100, 0) }})
		if err != nil {
			t.Fatal(err)
		}
		with(t, b, "idle", broker.DropOldest, 7)
		handled := with(t, b, "handled", broker.Block, 1, "a.*", "b")
		next(t.Context(), with(t, b, "waits", broker.KeepLatest, broker.Unbuffered, "nothing"))
		consuming(t, handled, broker.ConsumeOptions{Workers: 2}, sleeping(time.Hour))
		for n := range event(3) {
			if err := b.TryPublish(on{n, "b"}); err != nil {
				t.Fatal(err)
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		answer := publishing(ctx, b, on{9, "b"})
		got := b.Snapshot()
		cancel()
		<-answer
		if got.Blocked != 1 || got.Closing || len(got.Subscriptions) != 3 {
			t.Fatalf("the snapshot is %+v", got)
		}
		for i := range got.Subscriptions {
			got.Subscriptions[i].Stats = broker.Stats{Depth: got.Subscriptions[i].Depth, InFlight: got.Subscriptions[i].InFlight}
		}
		want := []broker.SubscriptionSnapshot{
			{Name: "idle", Buffer: 7, Overflow: broker.DropOldest, Stats: broker.Stats{Depth: 3}},
			{Name: "handled", Index: 1, Topics: []string{"a.*", "b"}, Buffer: 1, Overflow: broker.Block, Workers: 2, Awaited: 1, Stats: broker.Stats{Depth: 1, InFlight: 2}},
			{Name: "waits", Index: 2, Topics: []string{"nothing"}, Overflow: broker.KeepLatest, Waiting: 1},
		}
		if !reflect.DeepEqual(got.Subscriptions, want) {
			t.Errorf("the snapshot is\n%+v, want\n%+v", got.Subscriptions, want)
		}
		_ = b.Shutdown(ended())
		synctest.Wait()
		if after := b.Snapshot(); !after.Closing || len(after.Subscriptions) != 0 {
			t.Errorf("after Shutdown the snapshot is %+v", after)
		}
	})
}

func TestTheSlowestIsFurthestBehind(t *testing.T) {
	b, err := broker.New(broker.Options{Repository: &broker.Memory{}, Buffer: 9, Now: func() time.Time { return time.Unix(100, 0) }})
	if err != nil {
		t.Fatal(err)
	}
	slowest := func() string {
		s, ok := b.Snapshot().Slowest()
		if !ok {
			return ""
		}
		return s.Name
	}
	want := func(name string) {
		t.Helper()
		if got := slowest(); got != name {
			t.Errorf("the slowest is %q, want %q", got, name)
		}
	}
	want("")
	first := subscribe(t, b, "first")
	want("")
	if err := b.TryPublish(dated{0, 90}); err != nil {
		t.Fatal(err)
	}
	second := subscribe(t, b, "second")
	for n := range event(3) {
		if err := b.TryPublish(dated{n + 1, 95}); err != nil {
			t.Fatal(err)
		}
	}
	want("first") // its oldest is older
	if got := first.Stats().Oldest; got != 10*time.Second {
		t.Errorf("the oldest waits for %v, want 10s", got)
	}
	first.TryNext()
	first.TryNext()
	want("second") // as old, and more of them
	spills := with(t, b, "spills", broker.Spill, 1)
	for n := range event(3) {
		if err := b.TryPublish(dated{n + 9, 99}); err != nil {
			t.Fatal(err)
		}
	}
	want("spills") // a backlog comes first
	spills.Close()
	second.Close()
	want("first")
}

func TestEveryCounterCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		repository := &faulty{}
		b, _ := openJournal(t, broker.Options{})
		s := with(t, b, "s", broker.Spill, 2)
		publish(t, b, 0, 4) // two buffered, three spilled
		configure(t, s, broker.DropNewest, 1)
		publish(t, b, 5, 5) // dropped: full
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Minute, cancel)
		_ = s.Consume(ctx, func(_ context.Context, e broker.Event) error {
			switch e {
			case event(0), event(1):
				return errHandler
			case event(2):
				time.Sleep(time.Hour)
			}
			return nil
		}, broker.ConsumeOptions{Attempts: 2, DeadLetters: repository})
		got := s.Stats()
		want := broker.Stats{
			Offered: 6, Delivered: 2, Dropped: 2, Spilled: 3, Handled: 1, Failed: 2, Dead: 1,
			Depth: 1, Backlog: 1, HighWater: 2,
		}
		want.DroppedBy.Shrunk, want.DroppedBy.Full = 1, 1
		want.Oldest = got.Oldest
		if got != want {
			t.Errorf("the stats are\n%+v, want\n%+v", got, want)
		}
	})
}
