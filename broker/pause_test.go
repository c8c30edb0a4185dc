package broker_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/spillway-go/spillway/broker"
)

func TestNothingIsDeliveredBetweenPauseAndResume(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, j := openJournal(t, broker.Options{})
		s := subscribe(t, b, "s")
		s.Pause()
		s.Pause()
		early := next(t.Context(), s)
		synctest.Wait()
		publish(t, b, 0, 0)
		late := next(t.Context(), s)
		publish(t, b, 1, 4)
		synctest.Wait()
		if e, ok := s.TryNext(); ok {
			t.Errorf("%v was taken", e)
		}
		if len(early)+len(late) > 0 {
			t.Error("a receiver got an event")
		}
		j.wantLines(t, "s buffered 0, 1 wait", "s buffered 1, 2 wait", "s buffered 2, 3 wait",
			"s dropped 3 (full), 3 wait", "s dropped 4 (full), 3 wait")
		s.Resume()
		s.Resume()
		if first, second := <-early, <-late; first.event != event(0) || second.event != event(1) {
			t.Errorf("received %v and %v", first, second)
		}
		j.wantLines(t, "s delivered 0, 2 wait", "s delivered 1, 1 wait")
		wantEvents(t, drain(s), 2)
	})
}

func TestAReceiverCanLeaveDuringAPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := openJournal(t, broker.Options{})
		s := subscribe(t, b, "s")
		s.Pause()
		publish(t, b, 0, 0)
		ctx, cancel := context.WithCancel(t.Context())
		impatient, all := next(ctx, s), make(chan []event, 1)
		go func() {
			var got []event
			for e := range s.All(ctx) {
				got = append(got, e.(event))
			}
			all <- got
		}()
		synctest.Wait()
		cancel()
		if got := <-impatient; !errors.Is(got.err, context.Canceled) {
			t.Errorf("Next answers %v", got)
		}
		wantEvents(t, <-all)
		s.Resume()
		wantEvents(t, drain(s), 0)
	})
}

func TestAllGoesOnAfterAPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := openJournal(t, broker.Options{})
		s := subscribe(t, b, "s")
		var got []event
		done := make(chan struct{})
		go func() {
			defer close(done)
			for e := range s.All(t.Context()) {
				got = append(got, e.(event))
			}
		}()
		publish(t, b, 0, 0)
		synctest.Wait()
		s.Pause()
		publish(t, b, 1, 2)
		synctest.Wait()
		wantEvents(t, got, 0)
		s.Resume()
		synctest.Wait()
		wantEvents(t, got, 0, 1, 2)
		s.Close()
		<-done
	})
}

func TestDuringAPauseHandlersFinishButNoneBegins(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, j := openJournal(t, broker.Options{})
		s := subscribe(t, b, "s")
		consuming(t, s, broker.ConsumeOptions{Attempts: 2, Backoff: time.Minute}, func(ctx context.Context, _ broker.Event) error {
			if broker.Attempt(ctx) == 1 {
				return errHandler
			}
			return nil
		})
		publish(t, b, 0, 1)
		synctest.Wait()
		s.Pause()
		time.Sleep(time.Hour)
		j.wantLines(t, "s delivered 0, 0 wait", "s buffered 1, 1 wait",
			"s failed 0 at 1: the mail server is down, again in 1m0s", "s retried 0 at 2", "s handled 0 at 2")
		s.Resume()
		time.Sleep(time.Hour)
		if st := s.Stats(); st.Handled != 2 || st.Depth != 0 {
			t.Errorf("the stats are %+v", st)
		}
	})
}

func TestConsumeMayBeginDuringAPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := openJournal(t, broker.Options{})
		s := subscribe(t, b, "s")
		s.Pause()
		publish(t, b, 0, 0)
		var a attempts
		consuming(t, s, broker.ConsumeOptions{}, func(_ context.Context, e broker.Event) error { a.note(e); return nil })
		time.Sleep(time.Hour)
		wantEvents(t, a.events())
		s.Resume()
		synctest.Wait()
		wantEvents(t, a.events(), 0)
	})
}

func TestDuringAPauseADrivenWorkerTakesNothingNew(t *testing.T) {
	b, _ := openJournal(t, broker.Options{})
	s, d := driven(t, b, broker.Settings{}, broker.ConsumeOptions{Attempts: 2})
	publish(t, b, 0, 1)
	s.Pause()
	w, _, _ := d.done(errHandler)
	w.Again()
	wantEvents(t, d.events(), 0)
	d.done(nil)
	adjust(t, s, broker.ConsumeOptions{Workers: 2})
	wantEvents(t, d.events())
	publish(t, b, 2, 2)
	s.Resume()
	wantEvents(t, d.events(), 1, 2)
}

func TestAPausedSubscriptionWithoutABufferIsFull(t *testing.T) {
	for policy, want := range map[broker.Overflow]error{broker.DropNewest: nil, broker.Reject: broker.ErrFull, broker.Block: broker.ErrWouldBlock} {
		b, _ := openJournal(t, broker.Options{})
		s, d := driven(t, b, broker.Settings{Buffer: broker.Unbuffered, Overflow: policy}, broker.ConsumeOptions{})
		s.Pause()
		if err := b.TryPublish(event(0)); !errors.Is(err, want) || want == nil && err != nil {
			t.Errorf("%v: TryPublish answers %v", policy, err)
		}
		s.Resume()
		publish(t, b, 1, 1)
		wantEvents(t, d.events(), 1)
	}
}

func TestPublishersWaitForAPausedSubscriptionUntilItGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, buffer := range []int{broker.Unbuffered, 1} {
			b, _ := openJournal(t, broker.Options{})
			s := with(t, b, "s", broker.Block, buffer)
			s.Pause()
			receiver := next(t.Context(), s)
			synctest.Wait()
			if buffer == 1 {
				publish(t, b, 0, 0)
			} else {
				waitInLine(t, b, 0, 0)
			}
			answer := publishing(t.Context(), b, event(1))
			if !waits(answer) || len(receiver) > 0 {
				t.Fatal("nobody waits")
			}
			s.Resume()
			if got := <-receiver; got.event != event(0) {
				t.Errorf("received %v", got)
			}
			wantEvents(t, drain(s), []event{1}[:max(0, buffer)]...)
			next(t.Context(), s)
			if waits(answer) || <-answer != nil {
				t.Error("the publisher still waits")
			}
			s.Close()
		}
	})
}

func TestAPausedBacklogStaysWhereItIs(t *testing.T) {
	b, j := openJournal(t, broker.Options{})
	s, d := driven(t, b, broker.Settings{Buffer: 1, Overflow: broker.Spill}, broker.ConsumeOptions{})
	s.Pause()
	publish(t, b, 0, 2)
	j.wantLines(t, "s buffered 0, 1 wait", "s spilled 1, backlog 1", "s spilled 2, backlog 2")
	s.Resume()
	j.wantLines(t, "s delivered 0, 0 wait", "s refilled 1, 1 wait")
	wantEvents(t, d.events(), 0)
	wantEvents(t, drain(s), 1, 2)
}

func TestShutdownWaitsForResume(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := openJournal(t, broker.Options{})
		s := subscribe(t, b, "s")
		s.Pause()
		publish(t, b, 0, 0)
		var got []event
		go func() {
			for e := range s.All(context.Background()) {
				got = append(got, e.(event))
			}
		}()
		time.AfterFunc(time.Hour, s.Resume)
		began := time.Now()
		if err := b.Shutdown(t.Context()); err != nil {
			t.Errorf("Shutdown answers %v", err)
		}
		synctest.Wait()
		wantEvents(t, got, 0)
		if took := time.Since(began); took != time.Hour {
			t.Errorf("it took %v", took)
		}
	})
}

func TestShutdownDoesNotWaitForResumeLongerThanItsContext(t *testing.T) {
	b, j := openJournal(t, broker.Options{})
	s := subscribe(t, b, "s")
	idle := subscribe(t, b, "idle")
	idle.Pause() // and has nothing to wait for
	s.Pause()
	publish(t, b, 0, 0)
	drain(idle)
	var left *broker.LeftError
	if err := b.Shutdown(ended()); !errors.As(err, &left) || len(left.Left) != 2 {
		t.Errorf("Shutdown answers %v", err)
	}
	if j.count("s dropped 0 (closed)") != 1 {
		t.Errorf("the trace is %v", j.take())
	}
	s.Pause()
	s.Resume() // does nothing any more
}
