package broker_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/spillway-go/spillway/broker"
)

func TestNothingBeginsWithAContextThatHasEnded(t *testing.T) {
	b, _ := openJournal(t, broker.Options{})
	s := subscribe(t, b, "s")
	publish(t, b, 0, 0)
	enough := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(enough)
	err := s.Consume(ctx, func(context.Context, broker.Event) error { t.Error("a handler was called"); return nil }, broker.ConsumeOptions{})
	if !errors.Is(err, enough) || err.Error() != `broker: consume "s": enough` {
		t.Errorf("Consume answers %v", err)
	}
	wantEvents(t, drain(s), 0)
}

func TestAHandlerCanTellWhichAttemptItIs(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		b, _ := openJournal(t, broker.Options{})
		var got []int
		consuming(t, subscribe(t, b, "s"), broker.ConsumeOptions{Attempts: 3}, func(ctx context.Context, e broker.Event) error {
			got = append(got, broker.Attempt(ctx))
			if e == event(0) {
				return errHandler
			}
			return nil
		})
		publish(t, b, 0, 1)
		time.Sleep(time.Hour)
		synctest.Wait()
		if want := []int{1, 2, 3, 1}; len(got) != 4 || [4]int(got) != [4]int(want) {
			t.Errorf("the attempts are %v, want %v", got, want)
		}
		if n := broker.Attempt(context.Background()); n != 1 {
			t.Errorf("without a handler the attempt is %d", n)
		}
	})
}

func TestHandlersThatWaitBeginAtTheSameInstant(t *testing.T) {
	const workers = 64
	inBubble(t, func(t *testing.T) {
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
	inBubble(t, func(t *testing.T) {
		b, _ := openJournal(t, broker.Options{})
		s := subscribe(t, b, "s")
		consuming(t, s, broker.ConsumeOptions{Workers: workers, Waits: true}, func(_ context.Context, e broker.Event) error {
			time.Sleep(time.Minute)
			return nil
		})
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
