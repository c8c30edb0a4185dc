package broker_test

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/spillway-go/spillway/broker"
)

func TestAFullBufferDoesWhatItsPolicySays(t *testing.T) {
	for _, test := range []struct {
		policy broker.Overflow
		err    error // of publishing a third event to a buffer of two
		told   []string
		takes  []event
	}{
		{broker.DropNewest, nil, []string{"s dropped 2 (full), 2 wait"}, []event{0, 1}},
		{broker.DropOldest, nil, []string{"s dropped 0 (displaced), 1 wait", "s buffered 2, 2 wait"}, []event{1, 2}},
		{broker.KeepLatest, nil, []string{"s dropped 1 (replaced), 1 wait", "s buffered 2, 1 wait"}, []event{2}},
		{broker.Reject, broker.ErrFull, []string{"s rejected 2"}, []event{0, 1}},
		{broker.Block, broker.ErrWouldBlock, nil, []event{0, 1}},
		{broker.Spill, nil, []string{"s spilled 2, backlog 1"}, []event{0, 1, 2}},
	} {
		t.Run(test.policy.String(), func(t *testing.T) {
			b, j := openJournal(t, broker.Options{})
			s := with(t, b, "s", test.policy, 2)
			publish(t, b, 0, 1)
			j.take()
			if err := b.TryPublish(event(2)); !errors.Is(err, test.err) {
				t.Errorf("the publisher gets %v, want %v", err, test.err)
			}
			j.wantLines(t, test.told...)
			wantEvents(t, drain(s), test.takes...)
		})
	}
}

func TestKeepLatestReplacesTheEventOfItsKeyInPlace(t *testing.T) {
	b, j := openJournal(t, broker.Options{})
	s := with(t, b, "s", broker.KeepLatest, 2)
	for n, topic := range []string{"a", "b", "a", "c", "b"} {
		if err := b.TryPublish(on{event(n), topic}); err != nil {
			t.Fatal(err)
		}
	}
	j.wantLines(t,
		"s buffered 0, 1 wait", "s buffered 1, 2 wait",
		"s dropped 0 (replaced), 2 wait", "s buffered 2, 2 wait", // a, in place
		"s dropped 2 (displaced), 1 wait", "s buffered 3, 2 wait", // c is new
		"s dropped 1 (replaced), 2 wait", "s buffered 4, 2 wait", // b, in place
	)
	wantEvents(t, takeAll(s), 4, 3)
	if err := b.TryPublish(on{5, "a"}); err != nil { // its key was forgotten with it
		t.Fatal(err)
	}
	wantEvents(t, takeAll(s), 5)
}

func TestKeepLatestUsesTheKeyItIsGiven(t *testing.T) {
	b, _ := openJournal(t, broker.Options{Buffer: 9, Overflow: broker.KeepLatest})
	s, err := b.Subscribe(broker.SubscribeOptions{Key: func(e broker.Event) string { return e.ID()[:1] }})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range []event{10, 20, 11, 30, 21, 12} {
		publish(t, b, e, e)
	}
	wantEvents(t, drain(s), 12, 21, 30)
}

func TestAtomicFanOutNobodyGetsWhatOneRefuses(t *testing.T) {
	for _, test := range []struct {
		policy broker.Overflow
		err    error
	}{{broker.Reject, broker.ErrFull}, {broker.Block, broker.ErrWouldBlock}} {
		t.Run(test.policy.String(), func(t *testing.T) {
			b, j := openJournal(t, broker.Options{Buffer: 9})
			first := with(t, b, "first", broker.DropNewest, 9)
			spills := with(t, b, "spills", broker.Spill, 1)
			full := with(t, b, "full", test.policy, 2)
			last := with(t, b, "last", broker.DropOldest, 9)
			publish(t, b, 0, 1)
			j.take()
			for range 3 {
				if err := b.TryPublish(event(2)); !errors.Is(err, test.err) {
					t.Fatalf("the publisher gets %v, want %v", err, test.err)
				}
			}
			if n := j.count("buffered") + j.count("spilled") + j.count("dropped"); n > 0 {
				t.Errorf("somebody got it: %v", j.take())
			}
			full.TryNext()
			publish(t, b, 3, 3)
			for _, s := range []*broker.Subscription{first, spills, last} {
				wantEvents(t, drain(s), 0, 1, 3)
			}
			wantEvents(t, drain(full), 1, 3)
		})
	}
}

func TestAtomicFanOutNobodyGetsWhatOneCannotSpill(t *testing.T) {
	repository := &faulty{}
	b, j := openJournal(t, broker.Options{Repository: repository})
	subs := []*broker.Subscription{
		with(t, b, "a", broker.Spill, 1), with(t, b, "b", broker.Spill, 1), with(t, b, "c", broker.DropNewest, 9),
	}
	publish(t, b, 0, 0)
	repository.failAppendTo("b")
	if err := b.TryPublish(event(1)); !errors.Is(err, errFaulty) {
		t.Fatalf("the publisher gets %v", err)
	}
	if j.count("b repository: "+errFaulty.Error()) != 1 || j.count("spilled") > 0 {
		t.Errorf("the trace is %v", j.take())
	}
	repository.repair()
	publish(t, b, 2, 2)
	for _, s := range subs {
		wantEvents(t, drain(s), 0, 2) // also a, which had it in the repository already
	}
}

func TestRejectRefusesBeforeAnotherBlocks(t *testing.T) {
	b, _ := openJournal(t, broker.Options{})
	with(t, b, "blocks", broker.Block, 1)
	with(t, b, "rejects", broker.Reject, 1)
	publish(t, b, 0, 0)
	if err := b.Publish(t.Context(), event(1)); !errors.Is(err, broker.ErrFull) {
		t.Errorf("the publisher gets %v, want no wait for an event that is refused anyway", err)
	}
}

func TestASmallerBufferSendsTheSurplusWhereItsPolicySays(t *testing.T) {
	for _, test := range []struct {
		policy  broker.Overflow
		dropped []string
		takes   []event
	}{
		{broker.DropNewest, []string{"s dropped 3 (shrunk), 3 wait", "s dropped 2 (shrunk), 2 wait"}, []event{0, 1}},
		{broker.Reject, []string{"s dropped 3 (shrunk), 3 wait", "s dropped 2 (shrunk), 2 wait"}, []event{0, 1}},
		{broker.DropOldest, []string{"s dropped 0 (shrunk), 3 wait", "s dropped 1 (shrunk), 2 wait"}, []event{2, 3}},
		{broker.KeepLatest, []string{"s dropped 0 (shrunk), 3 wait", "s dropped 1 (shrunk), 2 wait"}, []event{2, 3}},
		{broker.Block, nil, []event{0, 1, 2, 3}},
		{broker.Spill, nil, []event{0, 1, 2, 3}},
	} {
		for _, from := range []broker.Overflow{test.policy, broker.DropNewest} {
			t.Run(fmt.Sprintf("%v to %v", from, test.policy), func(t *testing.T) {
				b, j := openJournal(t, broker.Options{})
				s, err := b.Subscribe(broker.SubscribeOptions{
					Name: "s", Key: broker.Event.ID, Buffer: 4, Overflow: from,
				})
				if err != nil {
					t.Fatal(err)
				}
				publish(t, b, 0, 3)
				j.take()
				configure(t, s, test.policy, 2)
				j.wantLines(t, test.dropped...)
				wantEvents(t, drain(s), test.takes...)
			})
		}
	}
}

func TestNothingComesInBeforeASurplusIsGone(t *testing.T) {
	b, _ := openJournal(t, broker.Options{})
	s := with(t, b, "s", broker.Block, 4)
	publish(t, b, 0, 3)
	configure(t, s, broker.Block, 2)
	for n := range event(2) {
		if e, _ := s.TryNext(); e != n {
			t.Errorf("took %v, want %v", e, n)
		}
		if err := b.TryPublish(event(9)); !errors.Is(err, broker.ErrWouldBlock) {
			t.Errorf("the publisher gets %v", err)
		}
	}
	s.TryNext()
	publish(t, b, 4, 4)
	wantEvents(t, drain(s), 3, 4)
}

func TestANewPolicyHoldsFromNowOn(t *testing.T) {
	for _, from := range broker.Overflows() {
		for _, to := range broker.Overflows() {
			t.Run(fmt.Sprintf("%v to %v", from, to), func(t *testing.T) {
				b, _ := openJournal(t, broker.Options{})
				s := with(t, b, "s", from, 1)
				publish(t, b, 0, 0)
				configure(t, s, to, 1)
				err := b.TryPublish(event(1))
				want := map[broker.Overflow]error{broker.Reject: broker.ErrFull, broker.Block: broker.ErrWouldBlock}[to]
				if !errors.Is(err, want) {
					t.Fatalf("the publisher gets %v, want %v", err, want)
				}
				takes := map[broker.Overflow][]event{broker.DropOldest: {1}, broker.KeepLatest: {1}, broker.Spill: {0, 1}}[to]
				if takes == nil {
					takes = []event{0}
				}
				wantEvents(t, drain(s), takes...)
			})
		}
	}
}

func TestOverflowingAllocatesNothingUnderTheLossyPolicies(t *testing.T) {
	for _, policy := range []broker.Overflow{broker.DropNewest, broker.DropOldest, broker.KeepLatest} {
		t.Run(policy.String(), func(t *testing.T) {
			b, err := broker.New(broker.Options{})
			if err != nil {
				t.Fatal(err)
			}
			s := with(t, b, "s", policy, 8)
			var e broker.Event = on{1 << 40, "topic"}
			if n := testing.AllocsPerRun(1000, func() {
				for range 12 {
					_ = b.TryPublish(e)
				}
				for range 12 {
					s.TryNext()
				}
			}); n != 0 {
				t.Errorf("%v allocations in 12 events", n)
			}
			if s.Stats().Dropped < 1000 {
				t.Error("nothing was dropped")
			}
		})
	}
}

func TestPublishingWithinTheBufferAllocatesNothingUnderEveryPolicy(t *testing.T) {
	for _, policy := range broker.Overflows() {
		t.Run(policy.String(), func(t *testing.T) {
			b, err := broker.New(broker.Options{Repository: &broker.Memory{}})
			if err != nil {
				t.Fatal(err)
			}
			s := with(t, b, "s", policy, 8, "topic", "other.*")
			var e broker.Event = on{1 << 40, "topic"}
			round := func() {
				for range 8 {
					if err := b.Publish(t.Context(), e); err != nil {
						t.Fatal(err)
					}
				}
				for range 8 {
					s.TryNext()
				}
			}
			round()
			if n := testing.AllocsPerRun(1000, round); n != 0 {
				t.Errorf("%v allocations in 8 events", n)
			}
		})
	}
}

func TestSeveralReceiversOfOneSubscriptionCompete(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := openJournal(t, broker.Options{Buffer: broker.Unbuffered, Overflow: broker.Block})
		group := subscribe(t, b, "group")
		got := make(chan broker.Event)
		for range 3 {
			go func() {
				for e := range group.All(t.Context()) {
					got <- e
				}
			}()
		}
		go func() {
			for e := range event(30) {
				if err := b.Publish(t.Context(), e); err != nil {
					t.Error(err)
				}
			}
		}()
		seen := map[broker.Event]int{}
		for range 30 {
			seen[<-got]++
		}
		for e := range event(30) {
			if seen[e] != 1 {
				t.Errorf("event %v was received %d times", e, seen[e])
			}
		}
		group.Close()
		synctest.Wait()
	})
}

func TestCloseIsIdempotentUnderEveryPolicy(t *testing.T) {
	for _, policy := range broker.Overflows() {
		b, j := openJournal(t, broker.Options{})
		s := with(t, b, "s", policy, 2)
		publish(t, b, 0, 0)
		for range 3 {
			s.Close()
		}
		publish(t, b, 1, 1)
		j.wantLines(t, "s buffered 0, 1 wait", "s dropped 0 (closed), 0 wait")
		if err := s.Configure(broker.Settings{}); !errors.Is(err, broker.ErrClosed) {
			t.Errorf("Configure answers %v", err)
		}
	}
}
