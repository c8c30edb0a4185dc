package broker_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/brokertest"
)

func TestTheTraceTellsWhatASubscriptionFindsInTheRepository(t *testing.T) {
	b, j := openJournal(t, broker.Options{})
	s := with(t, b, "s", broker.Spill, 1)
	j.wantLines(t) // it found nothing
	publish(t, b, 0, 3)
	s.Close()
	j.take()
	s = with(t, b, "s", broker.DropNewest, 2)
	j.wantLines(t) // it has not looked
	configure(t, s, broker.Spill, 2)
	j.wantLines(t, "s recovered, backlog 3", "s refilled 1, 1 wait", "s refilled 2, 2 wait")
	wantEvents(t, drain(s), 1, 2, 3)
}

func TestMemoryPassesTheConformanceSuite(t *testing.T) {
	brokertest.Repository(t, func(*testing.T) broker.Repository { return &broker.Memory{} })
}

func TestSpillKeepsOrderAndGoesOnSpillingUntilTheBacklogIsReadBack(t *testing.T) {
	b, j := openJournal(t, broker.Options{})
	s := with(t, b, "s", broker.Spill, 2)
	publish(t, b, 0, 4)
	s.TryNext() // half of the buffer is free
	publish(t, b, 5, 5)
	j.wantLines(t,
		"s buffered 0, 1 wait", "s buffered 1, 2 wait",
		"s spilled 2, backlog 1", "s spilled 3, backlog 2", "s spilled 4, backlog 3",
		"s delivered 0, 1 wait", "s refilled 2, 2 wait",
		"s spilled 5, backlog 3",
	)
	wantEvents(t, drain(s), 1, 2, 3, 4, 5)
	j.take()
	publish(t, b, 6, 6)
	j.wantLines(t, "s buffered 6, 1 wait") // the backlog is gone
	if st := s.Stats(); st.Spilled != 4 || st.Backlog != 0 || st.Dropped != 0 || st.Offered != 7 {
		t.Errorf("the stats are %+v", st)
	}
}

func TestWhatIsDeliveredIsCommitted(t *testing.T) {
	repository := &faulty{}
	b, _ := openJournal(t, broker.Options{Repository: repository})
	s := with(t, b, "s", broker.Spill, 2)
	publish(t, b, 0, 5)
	wantEvents(t, repository.stored("s"), 2, 3, 4, 5)
	for s.Stats().Delivered < 4 {
		s.TryNext()
	}
	if got := repository.stored("s"); len(got) == 0 || got[len(got)-1] != 5 || slices.Contains(got, 2) {
		t.Errorf("the repository has %v", got)
	}
	drain(s)
	wantEvents(t, repository.stored("s"))
}

func TestNothingIsLostOrReorderedUnderSpillWithAnyBufferAndPace(t *testing.T) {
	for buffer := 1; buffer <= 5; buffer++ {
		for pace := 1; pace <= 7; pace++ {
			b, _ := openJournal(t, broker.Options{})
			s := with(t, b, "s", broker.Spill, buffer)
			var got []event
			for e := range event(60) {
				publish(t, b, e, e)
				if int(e)%pace == 0 {
					n, _ := s.TryNext()
					got = append(got, n.(event))
				}
				if st := s.Stats(); st.Depth > buffer || st.Offered != uint64(e)+1 {
					t.Fatalf("buffer %d, pace %d: %+v", buffer, pace, st)
				}
			}
			got = append(got, drain(s)...)
			if len(got) != 60 || !slices.IsSorted(got) {
				t.Errorf("buffer %d, pace %d: got %v", buffer, pace, got)
			}
		}
	}
}

func TestAPublisherThatCannotSpillGetsTheError(t *testing.T) {
	repository := &faulty{}
	b, j := openJournal(t, broker.Options{Repository: repository})
	s := with(t, b, "s", broker.Spill, 1)
	publish(t, b, 0, 0)
	repository.failTo(brokertest.Append)
	j.take()
	err := b.Publish(t.Context(), event(1))
	if want := `broker: publish: "s": spill: the disk is full`; !errors.Is(err, errFaulty) || err.Error() != want {
		t.Errorf("the publisher gets %v, want %s", err, want)
	}
	j.wantLines(t, "s repository: the disk is full")
	if st := s.Stats(); st.Offered != 1 || st.Spilled != 0 || st.Backlog != 0 {
		t.Errorf("the stats are %+v", st)
	}
	repository.repair()
	publish(t, b, 2, 2)
	wantEvents(t, drain(s), 0, 2)
}

func TestARepositoryThatCannotReadIsAskedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		repository := &faulty{}
		b, j := openJournal(t, broker.Options{Repository: repository})
		s := with(t, b, "s", broker.Spill, 1)
		publish(t, b, 0, 3)
		repository.failTo(brokertest.Read)
		j.take()
		wantEvents(t, drain(s), 0)
		waiting := next(t.Context(), s)
		synctest.Wait()
		publish(t, b, 4, 4) // must not pass the backlog, though a receiver waits
		time.Sleep(10*time.Millisecond + 20*time.Millisecond + 40*time.Millisecond + time.Millisecond)
		j.wantLines(t, "s delivered 0, 0 wait", "s repository: the disk is full", "s spilled 4, backlog 4",
			"s repository: the disk is full", "s repository: the disk is full", "s repository: the disk is full")
		time.Sleep(time.Minute)
		if n := j.count("repository"); n < 55 || n > 70 {
			t.Errorf("it was asked %d times in a minute, want once a second at last", n)
		}
		repository.repair()
		if got := <-waiting; got.event != event(1) {
			t.Errorf("received %v", got)
		}
		wantEvents(t, drain(s), 2, 3, 4)
		wantEvents(t, repository.stored("s"))
	})
}

func TestARepositoryThatCannotCommitIsToldAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		repository := &faulty{}
		b, j := openJournal(t, broker.Options{Repository: repository})
		s := with(t, b, "s", broker.Spill, 1)
		publish(t, b, 0, 3)
		repository.failTo(brokertest.Commit)
		wantEvents(t, drain(s), 0, 1, 2, 3)
		if j.count("repository: the disk is full") == 0 {
			t.Error("nobody was told")
		}
		wantEvents(t, repository.stored("s"), 1, 2, 3)
		repository.repair()
		time.Sleep(time.Second)
		wantEvents(t, repository.stored("s"))
		s.Close()
	})
}

func TestARepositoryThatLosesEventsIsFoundOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		repository := &broker.Memory{}
		b, j := openJournal(t, broker.Options{Repository: repository})
		s := with(t, b, "s", broker.Spill, 1)
		publish(t, b, 0, 2)
		if err := repository.Commit(t.Context(), "s", 99); err != nil {
			t.Fatal(err)
		}
		wantEvents(t, drain(s), 0)
		if j.count(`s repository: 2 events of stream "s" are not in the repository`) != 1 {
			t.Errorf("the trace is %v", j.take())
		}
		s.Close()
	})
}

func TestANewSubscriptionOfTheSameNameGoesOnWithTheBacklog(t *testing.T) {
	repository := &faulty{}
	b, j := openJournal(t, broker.Options{Repository: repository})
	first := with(t, b, "s", broker.Spill, 2)
	publish(t, b, 0, 6)
	wantEvents(t, []event{mustTake(t, first), mustTake(t, first)}, 0, 1)
	j.take()
	first.Close() // 2 and 3 were read back, but not delivered
	j.wantLines(t, "s returned 2, backlog 4", "s returned 3, backlog 5")
	if st := first.Stats(); st.Offered != 7 || st.Delivered != 2 || st.Dropped != 0 {
		t.Errorf("the stats of the first are %+v", st)
	}
	publish(t, b, 7, 7) // nobody is there
	second := with(t, b, "s", broker.Spill, 3)
	publish(t, b, 8, 8)
	wantEvents(t, drain(second), 2, 3, 4, 5, 6, 8)
	wantEvents(t, repository.stored("s"))
}

func mustTake(t *testing.T, s *broker.Subscription) event {
	t.Helper()
	e, ok := s.TryNext()
	if !ok {
		t.Fatal("nothing waits")
	}
	return e.(event)
}

func TestAnotherBrokerGoesOnWithTheBacklog(t *testing.T) {
	repository := &broker.Memory{}
	b, j := openJournal(t, broker.Options{Repository: repository, Overflow: broker.Spill, Buffer: 2})
	s := subscribe(t, b, "s")
	publish(t, b, 0, 5)
	err := b.Shutdown(ended())
	if want := `broker: shutdown: events left undelivered: 2 of "s" and 4 in the repository: context canceled`; err == nil || err.Error() != want {
		t.Errorf("Shutdown answers %v, want %s", err, want)
	}
	if st := s.Stats(); st.Offered != 6 || st.Dropped != 2 || j.count("(closed)") != 2 {
		t.Errorf("the stats are %+v", st) // 0 and 1 were never in the repository
	}
	again, _ := openJournal(t, broker.Options{Repository: repository})
	wantEvents(t, drain(with(t, again, "s", broker.Spill, 1)), 2, 3, 4, 5)
}

func TestABacklogLongerThanOneReadIsFoundWhole(t *testing.T) {
	repository := &broker.Memory{}
	for e := range event(1000) {
		if err := repository.Append(t.Context(), e, "s"); err != nil {
			t.Fatal(err)
		}
	}
	b, _ := openJournal(t, broker.Options{Repository: repository})
	s := with(t, b, "s", broker.Spill, 600)
	if st := s.Stats(); st.Backlog+uint64(st.Depth) != 1000 {
		t.Errorf("the stats are %+v", st)
	}
	if got := drain(s); len(got) != 1000 || !slices.IsSorted(got) {
		t.Errorf("got %d events", len(got))
	}
}

// An event that one could spill and another could not stays behind in the
// repository, where nobody may find it.
func TestWhatNobodyGotIsNotReadBack(t *testing.T) {
	repository := &faulty{}
	b, _ := openJournal(t, broker.Options{Repository: repository})
	first := with(t, b, "first", broker.Spill, 1)
	second := with(t, b, "second", broker.Spill, 1)
	publish(t, b, 0, 1)
	repository.failAppendTo("second")
	for e := event(2); e < 5; e++ {
		if err := b.TryPublish(e); !errors.Is(err, errFaulty) {
			t.Fatalf("the publisher gets %v", err)
		}
	}
	repository.repair()
	publish(t, b, 5, 6)
	wantEvents(t, drain(second), 0, 1, 5, 6)
	wantEvents(t, []event{mustTake(t, first), mustTake(t, first)}, 0, 1)
	first.Done()
	first.Close()
	again := with(t, b, "first", broker.Spill, 1)
	wantEvents(t, drain(again), 5, 6)
	wantEvents(t, repository.stored("first"))
}

func TestWhatIsDeliveredIsNotDeliveredAgainThoughItCouldNotBeCommitted(t *testing.T) {
	repository := &faulty{}
	b, _ := openJournal(t, broker.Options{Repository: repository})
	s := with(t, b, "s", broker.Spill, 1)
	publish(t, b, 0, 3)
	repository.failTo(brokertest.Commit)
	wantEvents(t, []event{mustTake(t, s), mustTake(t, s)}, 0, 1)
	s.Done()
	s.Close()
	repository.repair()
	again := with(t, b, "s", broker.Spill, 1)
	wantEvents(t, drain(again), 2, 3)
	wantEvents(t, repository.stored("s"))
}

func TestAStreamBelongsToOneSubscription(t *testing.T) {
	b, _ := openJournal(t, broker.Options{})
	first := with(t, b, "s", broker.Spill, 1)
	second := subscribe(t, b, "s")
	const want = "overflow policy spill takes a name of its own, which is the stream in the repository"
	if err := second.Configure(broker.Settings{Overflow: broker.Spill}); err == nil || err.Error() != `broker: configure "s": `+want {
		t.Errorf("Configure answers %v", err)
	}
	if _, err := b.Subscribe(broker.SubscribeOptions{Overflow: broker.Spill}); err == nil {
		t.Error("there is a stream without a name")
	}
	first.Close()
	configure(t, second, broker.Spill, 1)
	publish(t, b, 0, 3)
	wantEvents(t, drain(second), 0, 1, 2, 3)
}

func TestSpillTakesABuffer(t *testing.T) {
	b, _ := openJournal(t, broker.Options{})
	_, err := b.Subscribe(broker.SubscribeOptions{Name: "s", Buffer: broker.Unbuffered, Overflow: broker.Spill})
	if want := `broker: subscribe "s": overflow policy spill takes a buffer of at least 1, for what is read back`; err == nil || err.Error() != want {
		t.Errorf("Subscribe answers %v", err)
	}
}

func TestABacklogThatCannotBeFoundRefusesTheSubscription(t *testing.T) {
	repository := &faulty{}
	b, _ := openJournal(t, broker.Options{Repository: repository})
	repository.failTo(brokertest.Count)
	_, err := b.Subscribe(broker.SubscribeOptions{Name: "s", Overflow: broker.Spill})
	if !errors.Is(err, errFaulty) {
		t.Errorf("Subscribe answers %v", err)
	}
	s := subscribe(t, b, "s")
	publish(t, b, 0, 2)
	if err := s.Configure(broker.Settings{Overflow: broker.Spill, Buffer: 1}); !errors.Is(err, errFaulty) {
		t.Errorf("Configure answers %v", err)
	}
	wantEvents(t, drain(s), 0, 1, 2) // as before
}

func TestABacklogIsDeliveredBeforeAnythingNewWhateverTheNewPolicyIs(t *testing.T) {
	for _, policy := range broker.Overflows() {
		for _, buffer := range []int{broker.Unbuffered, 1, 2, 9} {
			if policy == broker.Spill && buffer == broker.Unbuffered {
				continue
			}
			t.Run(fmt.Sprint(policy, " ", buffer), func(t *testing.T) {
				b, j := openJournal(t, broker.Options{})
				s, err := b.Subscribe(broker.SubscribeOptions{
					Name: "s", Key: broker.Event.ID, Buffer: 2, Overflow: broker.Spill,
				})
				if err != nil {
					t.Fatal(err)
				}
				publish(t, b, 0, 9)
				s.TryNext()
				configure(t, s, policy, buffer)
				for e := event(10); e < 14; e++ {
					_ = b.TryPublish(e)
				}
				got := drain(s)
				if !slices.IsSorted(got) {
					t.Errorf("out of order: %v", got)
				}
				if j.count("dropped")+len(got) != 13-j.count("rejected")-map[bool]int{true: 14 - 1 - int(got[len(got)-1])}[policy == broker.Block] {
					t.Errorf("got %v, and the trace is %v", got, j.take())
				}
				for e := event(2); e < 10; e++ { // dropping the oldest may take these
					if !slices.Contains(got, e) && j.count(fmt.Sprintf("dropped %d (", e)) != 1 {
						t.Errorf("event %d is nowhere", e)
					}
				}
			})
		}
	}
}

func TestABacklogGrowsNoMoreUnderALossyPolicy(t *testing.T) {
	for policy, want := range map[broker.Overflow][]event{
		broker.DropNewest: {0, 1, 2, 3, 4},
		broker.DropOldest: {96, 97, 98, 99},
		broker.KeepLatest: {96, 97, 98, 99},
	} {
		b, _ := openJournal(t, broker.Options{})
		s := with(t, b, "s", broker.Spill, 2)
		publish(t, b, 0, 4)
		configure(t, s, policy, 2)
		publish(t, b, 5, 99)
		got := drain(s)
		if policy == broker.DropNewest {
			wantEvents(t, got, want...)
		} else if len(got) > 6 || got[len(got)-1] != 99 {
			t.Errorf("%v: got %v", policy, got)
		}
	}
}

func TestShrinkingABufferThatWasReadBackKeepsOrderAndCommitsWhatItDropped(t *testing.T) {
	repository := &faulty{}
	b, _ := openJournal(t, broker.Options{Repository: repository})
	s := with(t, b, "s", broker.Spill, 4)
	publish(t, b, 0, 7)
	for range 4 {
		mustTake(t, s)
	}
	configure(t, s, broker.DropNewest, 2) // of what was read back
	publish(t, b, 8, 8)
	got := drain(s)
	if !slices.IsSorted(got) {
		t.Errorf("got %v", got)
	}
	wantEvents(t, repository.stored("s"))
	s.Close()
	wantEvents(t, drain(with(t, b, "s", broker.Spill, 1)))
}

func TestWaitingReceiversGetABacklogThatIsFoundLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		repository := &broker.Memory{}
		for e := range event(2) {
			_ = repository.Append(t.Context(), e, "s")
		}
		b, _ := openJournal(t, broker.Options{Repository: repository})
		s := subscribe(t, b, "s")
		first := next(t.Context(), s)
		synctest.Wait()
		configure(t, s, broker.Spill, 3)
		if got := <-first; got.event != event(0) {
			t.Errorf("received %v", got)
		}
		wantEvents(t, drain(s), 1)
	})
}

func TestNothingIsLostUnderSpillWithARepositoryThatFailsNowAndThen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		memory := &broker.Memory{}
		b, j := openJournal(t, broker.Options{Repository: brokertest.Faulty{Repository: memory, Fail: brokertest.Every(3)}})
		s := with(t, b, "s", broker.Spill, 3)
		var got, published []event
		done := make(chan struct{})
		go func() {
			defer close(done)
			for e := range s.All(context.Background()) {
				got = append(got, e.(event))
				time.Sleep(3 * time.Millisecond)
			}
		}()
		for e := range event(500) {
			switch err := b.Publish(t.Context(), e); {
			case err == nil:
				published = append(published, e)
			case !errors.Is(err, brokertest.ErrFaulty):
				t.Fatal(err)
			}
			time.Sleep(time.Millisecond)
		}
		if err := b.Shutdown(t.Context()); err != nil {
			t.Errorf("Shutdown answers %v", err)
		}
		<-done
		wantEvents(t, got, published...)
		if len(published) == 500 || j.count("repository: ") == 0 || s.Stats().Spilled == 0 {
			t.Error("nothing failed, or nothing was spilled")
		}
	})
}

// backwards is a repository that reads from the first, whatever it is asked for.
type backwards struct{ broker.Memory }

func (b *backwards) Read(ctx context.Context, stream string, after uint64, into []broker.Stored) (int, error) {
	if len(into) == 256 { // how a backlog is looked for
		return b.Memory.Read(ctx, stream, after, into)
	}
	return b.Memory.Read(ctx, stream, 0, into)
}

func (*backwards) Commit(context.Context, string, uint64) error { return nil }

func TestARepositoryThatGoesBackIsFoundOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, j := openJournal(t, broker.Options{Repository: &backwards{}})
		s := with(t, b, "s", broker.Spill, 1)
		publish(t, b, 0, 3)
		wantEvents(t, drain(s), 0, 1)
		if j.count(`s repository: stream "s" goes from position 1 to 1`) != 1 {
			t.Errorf("the trace is %v", j.take())
		}
		s.Close()
	})
}

func TestWhatOthersAppendToAStreamIsLeftAlone(t *testing.T) {
	repository := &broker.Memory{}
	b, _ := openJournal(t, broker.Options{Repository: repository})
	s := with(t, b, "s", broker.Spill, 4)
	publish(t, b, 0, 5)
	for e := event(100); e < 103; e++ {
		_ = repository.Append(t.Context(), e, "s")
	}
	wantEvents(t, drain(s), 0, 1, 2, 3, 4, 5)
	if st := s.Stats(); st.Backlog != 0 {
		t.Errorf("the stats are %+v", st)
	}
}

// counting is a repository that counts what it would rather not read.
type counting struct {
	broker.Memory
	counted, read int
}

func (c *counting) Count(_ context.Context, _ string, after uint64) (uint64, error) {
	c.counted++
	return 1_000 - after, nil
}

func (c *counting) Read(ctx context.Context, stream string, after uint64, into []broker.Stored) (int, error) {
	c.read++
	return c.Memory.Read(ctx, stream, after, into)
}

func TestABacklogIsCountedWithoutBeingReadWhereTheRepositoryCan(t *testing.T) {
	repository := &counting{}
	for n := range 1_000 {
		if err := repository.Append(t.Context(), event(n), "s"); err != nil {
			t.Fatal(err)
		}
	}
	b, j := openJournal(t, broker.Options{Repository: repository, Overflow: broker.Spill, Buffer: 2})
	s := subscribe(t, b, "s")
	j.wantLines(t, "s recovered, backlog 1000", "s refilled 0, 1 wait", "s refilled 1, 2 wait")
	if repository.counted != 1 || repository.read != 1 {
		t.Errorf("it is counted %d times and read %d times", repository.counted, repository.read)
	}
	publish(t, b, 1_000, 1_000)
	for n := range 1_001 {
		if e, ok := s.TryNext(); !ok || e != event(n) {
			t.Fatalf("instead of %d comes %v", n, e)
		}
	}
}
