package broker_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/spillway-go/spillway/broker"
)

// publishing calls Publish in a goroutine that waits, or is done, on return.
func publishing(ctx context.Context, b *broker.Broker, e broker.Event) <-chan error {
	answer := make(chan error, 1)
	go func() { answer <- b.Publish(ctx, e) }()
	synctest.Wait()
	return answer
}

// waits says whether there is no answer yet.
func waits(answer <-chan error) bool {
	synctest.Wait()
	return len(answer) == 0
}

func TestBlockLetsThePublisherWaitForRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, j := openJournal(t, broker.Options{})
		s := with(t, b, "s", broker.Block, 1)
		publish(t, b, 0, 0)
		answer := publishing(t.Context(), b, event(1))
		if snap := b.Snapshot(); !waits(answer) || snap.Blocked != 1 || snap.Subscriptions[0].Awaited != 1 {
			t.Errorf("it does not wait: %+v", snap)
		}
		time.Sleep(time.Hour)
		wantEvents(t, drain(s), 0, 1)
		if err := <-answer; err != nil {
			t.Errorf("the publisher gets %v", err)
		}
		j.wantLines(t, "s buffered 0, 1 wait", "s blocked 1", "s delivered 0, 0 wait",
			"s buffered 1, 1 wait", "unblocked 1: <nil>", "s delivered 1, 0 wait")
	})
}

func TestRoomIsMadeInEveryWay(t *testing.T) {
	for name, make := range map[string]func(*testing.T, *broker.Subscription){
		"a receiver takes": func(_ *testing.T, s *broker.Subscription) { s.TryNext() },
		"a larger buffer":  func(t *testing.T, s *broker.Subscription) { configure(t, s, broker.Block, 2) },
		"another policy":   func(t *testing.T, s *broker.Subscription) { configure(t, s, broker.DropOldest, 1) },
		"it closes":        func(_ *testing.T, s *broker.Subscription) { s.Close() },
		"handlers begin": func(t *testing.T, s *broker.Subscription) {
			go func() {
				_ = s.Consume(t.Context(), nothing, broker.ConsumeOptions{})
			}()
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b, _ := openJournal(t, broker.Options{})
				s := with(t, b, "s", broker.Block, 1)
				publish(t, b, 0, 0)
				answer := publishing(t.Context(), b, event(1))
				make(t, s)
				if waits(answer) {
					t.Fatal("it still waits")
				}
				if err := <-answer; err != nil {
					t.Errorf("the publisher gets %v", err)
				}
				s.Close()
				synctest.Wait()
			})
		})
	}
}

func TestAReceiverThatWaitsIsRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := openJournal(t, broker.Options{})
		s := with(t, b, "s", broker.Block, broker.Unbuffered)
		answer := publishing(t.Context(), b, event(0))
		if !waits(answer) {
			t.Fatal("there was no room")
		}
		if got := <-next(t.Context(), s); got.event != event(0) || <-answer != nil {
			t.Errorf("received %v", got)
		}
		second := next(t.Context(), s)
		synctest.Wait()
		if err := b.TryPublish(event(1)); err != nil {
			t.Errorf("the publisher gets %v", err)
		}
		<-second
	})
}

func TestPublishersAreServedInTheOrderTheyCame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := openJournal(t, broker.Options{})
		s := with(t, b, "s", broker.Block, 1)
		publish(t, b, 0, 0)
		for e := event(1); e <= 5; e++ {
			publishing(t.Context(), b, e)
		}
		for e := range event(6) {
			if got, _ := s.TryNext(); got != e {
				t.Errorf("took %v, want %v", got, e)
			}
			if err := b.TryPublish(event(9)); e < 4 && !errors.Is(err, broker.ErrWouldBlock) {
				t.Errorf("somebody jumped the queue: %v", err)
			}
		}
	})
}

func TestAPublisherMayPassThoseWhoWaitForOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := openJournal(t, broker.Options{})
		with(t, b, "a", broker.Block, 1, "a")
		free := with(t, b, "b", broker.Block, 1, "b")
		if err := b.TryPublish(on{0, "a"}); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		answer := publishing(ctx, b, on{1, "a"})
		if err := b.TryPublish(on{2, "b"}); err != nil {
			t.Errorf("the publisher of another topic gets %v", err)
		}
		wantEvents(t, takeAll(free), 2)
		cancel()
		<-answer
	})
}

func TestAPublisherThatGivesUpGetsTheCauseAndHoldsUpNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		enough := errors.New("enough")
		b, j := openJournal(t, broker.Options{})
		s := with(t, b, "s", broker.Block, 1)
		open := with(t, b, "open", broker.Block, 9)
		publish(t, b, 0, 0)
		ctx, cancel := context.WithCancelCause(t.Context())
		first := publishing(ctx, b, event(1))
		j.take()
		cancel(enough)
		if err := <-first; !errors.Is(err, enough) || err.Error() != "broker: publish: enough" {
			t.Errorf("the publisher gets %v", err)
		}
		j.wantLines(t, "unblocked 1: enough")
		for _, sub := range b.Snapshot().Subscriptions {
			if sub.Awaited != 0 {
				t.Errorf("%d publishers wait for %s", sub.Awaited, sub.Name)
			}
		}
		s.TryNext()
		publish(t, b, 2, 2) // there is room again, and nobody in line
		wantEvents(t, drain(s), 2)
		wantEvents(t, drain(open), 0, 2)
	})
}

func TestThePublisherBehindOneThatGivesUpGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, j := openJournal(t, broker.Options{})
		with(t, b, "full", broker.Block, 1, "both", "full")
		open := with(t, b, "open", broker.Block, 1, "both", "open")
		if err := b.TryPublish(on{0, "full"}); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		first := publishing(ctx, b, on{1, "both"})
		second := publishing(t.Context(), b, on{2, "open"})
		if !waits(second) || j.count("open blocked 2") != 1 {
			t.Errorf("it passed the one before it, or nobody was told: %v", j.take())
		}
		cancel()
		<-first
		if waits(second) {
			t.Fatal("it waits for nobody")
		}
		wantEvents(t, takeAll(open), 2)
	})
}

func TestBlockedPublishersGetErrClosedAtShutdown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := openJournal(t, broker.Options{})
		s := with(t, b, "s", broker.Block, 1)
		publish(t, b, 0, 0)
		var answers []<-chan error
		for e := event(1); e < 4; e++ {
			answers = append(answers, publishing(t.Context(), b, e))
		}
		time.AfterFunc(time.Second, func() {
			for _, answer := range answers {
				if len(answer) == 0 {
					t.Error("somebody still waits for room nobody will use")
				}
			}
			drain(s)
		})
		if err := b.Shutdown(t.Context()); err != nil {
			t.Errorf("Shutdown answers %v", err)
		}
		for _, answer := range answers {
			if err := <-answer; !errors.Is(err, broker.ErrClosed) {
				t.Errorf("the publisher gets %v", err)
			}
		}
	})
}

func TestANewBlockingSubscriptionIsWaitedForToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := openJournal(t, broker.Options{})
		s := with(t, b, "s", broker.Block, 1)
		publish(t, b, 0, 0)
		answer := publishing(t.Context(), b, event(1))
		late := with(t, b, "late", broker.Block, broker.Unbuffered)
		if n := b.Snapshot().Subscriptions[1].Awaited; n != 1 {
			t.Errorf("%d publishers wait for the late one", n)
		}
		s.TryNext()
		if !waits(answer) {
			t.Fatal("the late one had no room")
		}
		late.Close()
		if err := <-answer; err != nil {
			t.Errorf("the publisher gets %v", err)
		}
		wantEvents(t, drain(s), 1)
	})
}

func TestNothingIsLostUnderBlock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const publishers, each = 5, 40
		b, j := openJournal(t, broker.Options{Buffer: 2, Overflow: broker.Block})
		fast, slow := subscribe(t, b, "fast"), subscribe(t, b, "slow")
		got := map[*broker.Subscription][]broker.Event{}
		done := make(chan error)
		for s, pause := range map[*broker.Subscription]time.Duration{fast: 0, slow: time.Second} {
			go func() {
				done <- s.Consume(t.Context(), func(_ context.Context, e broker.Event) error {
					time.Sleep(pause)
					j.mu.Lock()
					defer j.mu.Unlock()
					got[s] = append(got[s], e)
					return nil
				}, broker.ConsumeOptions{})
			}()
		}
		published := make(chan error)
		for p := range publishers {
			go func() {
				for n := range each {
					if err := b.Publish(t.Context(), event(p*each+n)); err != nil {
						t.Error(err)
					}
				}
				published <- nil
			}()
		}
		for range publishers {
			<-published
		}
		if err := b.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
		<-done
		<-done
		wantEvents(t, numbers(got[slow]), numbers(got[fast])...)
		if n := len(got[slow]); n != publishers*each || j.count("dropped") > 0 {
			t.Errorf("%d events of %d came", n, publishers*each)
		}
	})
}

func TestTryPublishNeverWaitsAndNeverStandsInLine(t *testing.T) {
	b, j := openJournal(t, broker.Options{Buffer: 1, Overflow: broker.Block})
	s := subscribe(t, b, "s")
	publish(t, b, 0, 0)
	j.take()
	err := b.TryPublish(event(1))
	if want := fmt.Sprintf("broker: publish: %v", broker.ErrWouldBlock); err == nil || err.Error() != want {
		t.Errorf("the publisher gets %v, want %s", err, want)
	}
	j.wantLines(t)
	wantEvents(t, drain(s), 0)
}
