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
)

func TestErrorsAreDataWhateverEndsAPublish(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		enough := errors.New("enough")
		b, _ := openJournal(t, broker.Options{Repository: failing{}})
		is := func(err error, subscription string, all ...error) {
			t.Helper()
			var p *broker.PublishError
			if !errors.As(err, &p) || p.Subscription != subscription {
				t.Errorf("the error is %#v", err)
			}
			for _, want := range all {
				if !errors.Is(err, want) {
					t.Errorf("%v is not %v", err, want)
				}
			}
		}
		cancelled, cancel := context.WithCancelCause(t.Context())
		cancel(enough)
		is(b.Publish(cancelled, event(0)), "", enough, context.Canceled)
		is(b.TryPublish(nil), "")

		rejects := with(t, b, "rejects", broker.Reject, broker.Unbuffered)
		is(b.TryPublish(event(0)), "rejects", broker.ErrFull)
		rejects.Close()
		spills := with(t, b, "spills", broker.Spill, 1)
		publish(t, b, 0, 0)
		is(b.TryPublish(event(1)), "spills", errFaulty)
		spills.Close()

		blocks := with(t, b, "blocks", broker.Block, 1)
		publish(t, b, 0, 0)
		is(b.TryPublish(event(1)), "", broker.ErrWouldBlock)
		late, stop := context.WithTimeoutCause(t.Context(), time.Second, enough)
		defer stop()
		is(b.Publish(late, event(1)), "", enough, context.DeadlineExceeded)

		ended := make(chan error)
		go func() { ended <- b.Publish(t.Context(), event(1)) }()
		synctest.Wait()
		with(t, b, "also rejects", broker.Reject, broker.Unbuffered)
		is(<-ended, "also rejects", broker.ErrFull)

		if _, err := blocks.Next(cancelled); !errors.Is(err, enough) || !errors.Is(err, context.Canceled) {
			t.Errorf("Next answers %v", err)
		}
		if err := blocks.Consume(cancelled, nothing, broker.ConsumeOptions{}); !errors.Is(err, enough) || !errors.Is(err, context.Canceled) {
			t.Errorf("Consume answers %v", err)
		}
		if err := b.Shutdown(cancelled); !errors.Is(err, enough) || !errors.Is(err, context.Canceled) {
			t.Errorf("Shutdown answers %v", err)
		}
		is(b.TryPublish(event(0)), "", broker.ErrClosed)
	})
}

// failing is a repository that can keep nothing.
type failing struct{}

func (failing) Append(context.Context, broker.Event, ...string) error { return errFaulty }
func (failing) Read(context.Context, string, uint64, []broker.Stored) (int, error) {
	return 0, nil
}
func (failing) Count(context.Context, string, uint64) (uint64, error) { return 0, nil }
func (failing) Commit(context.Context, string, uint64) error          { return nil }

func TestAHandlerSaysWhetherAndWhenItShouldBeTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dead := &broker.Memory{}
		b, _ := openJournal(t, broker.Options{Buffer: 9})
		s := subscribe(t, b, "s")
		var a attempts
		consuming(t, s, broker.ConsumeOptions{Attempts: 3, Backoff: time.Second, DeadLetters: dead}, func(ctx context.Context, e broker.Event) error {
			switch n := a.note(e); {
			case e == event(1):
				return fmt.Errorf("this one: %w", broker.Permanent(errHandler))
			case n == 2:
				return broker.RetryAfter(time.Hour, nil)
			default:
				return errHandler
			}
		})
		publish(t, b, 0, 1)
		time.Sleep(2 * time.Hour)
		wantEvents(t, a.events(), 0, 0, 0, 1)
		if got, want := a.pauses(), []time.Duration{time.Second, time.Hour, 0}; !slices.Equal(got, want) {
			t.Errorf("the pauses are %v, want %v", got, want)
		}
		wantEvents(t, stored(dead, broker.DeadLetters("s")), 0, 1)
		if st := s.Stats(); st.Dead != 2 || st.Failed != 4 {
			t.Errorf("the stats are %+v", st)
		}
	})
}

func TestPermanentKeepsItsError(t *testing.T) {
	if err := broker.Permanent(nil); err != nil {
		t.Errorf("Permanent of no error is %v", err)
	}
	for _, err := range []error{broker.Permanent(errHandler), broker.RetryAfter(time.Second, errHandler), broker.RetryAfter(-1, errHandler)} {
		if !errors.Is(err, errHandler) || err.Error() != errHandler.Error() {
			t.Errorf("it is %v", err)
		}
	}
}

func TestDeadLettersKeepCauseAttemptsAndTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dead := &broker.Memory{}
		b, _ := openJournal(t, broker.Options{})
		s, err := broker.Handle(b, "mail", func(context.Context, orderPlaced) error { time.Sleep(time.Minute); return errHandler },
			broker.Attempts(2), broker.Backoff(time.Hour, 0), broker.DeadLettersTo(dead))
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		began := time.Now()
		e := broker.NewEvent(orderPlaced{1})
		if err := b.Publish(t.Context(), e); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Hour)
		var all []broker.DeadLetter
		for d, err := range broker.ListDeadLetters(t.Context(), dead, "mail") {
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, *d)
		}
		want := broker.DeadLetter{
			Event: e, Subscription: "mail", Cause: errHandler.Error(), Attempts: 2,
			First: began.Add(time.Minute), Last: began.Add(time.Hour + 2*time.Minute),
		}
		if len(all) != 1 || all[0] != want {
			t.Errorf("the dead letters are %+v, want %+v", all, want)
		}
		if all[0].ID() != e.ID() || all[0].Topic() != e.Topic() {
			t.Errorf("it is %s of %s", all[0].ID(), all[0].Topic())
		}
	})
}

func TestDeadLettersAreReplayedInOrderAndWhatFailsAgainIsTheNewest(t *testing.T) {
	dead := &broker.Memory{}
	stream := broker.DeadLetters("s")
	for n := range 600 { // more than are read at once
		if err := dead.Append(t.Context(), &broker.DeadLetter{Event: event(n), Subscription: "s", Attempts: 3}, stream); err != nil {
			t.Fatal(err)
		}
	}
	var replayed []broker.Event
	n, err := broker.ReplayDeadLetters(t.Context(), dead, "s", func(_ context.Context, e broker.Event) error {
		switch replayed = append(replayed, e); e {
		case event(7):
			return errHandler
		case event(8):
			panic("oh")
		}
		return nil
	})
	if err != nil || n != 598 || len(replayed) != 600 || replayed[599] != broker.Event(event(599)) {
		t.Errorf("%d of %d were handled: %v", n, len(replayed), err)
	}
	var left []string
	for d, err := range broker.ListDeadLetters(t.Context(), dead, "s") {
		left = append(left, fmt.Sprint(d.ID(), " ", d.Attempts, " ", d.Cause, err))
	}
	if want := []string{"7 4 the mail server is down<nil>", "8 4 the handler panicked: oh<nil>"}; !slices.Equal(left, want) {
		t.Errorf("left are %q, want %q", left, want)
	}

	ctx, cancel := context.WithCancel(t.Context())
	n, err = broker.ReplayDeadLetters(ctx, dead, "s", func(context.Context, broker.Event) error { cancel(); return ctx.Err() })
	if n != 0 || !errors.Is(err, context.Canceled) {
		t.Errorf("%d were handled: %v", n, err)
	}
	wantEvents(t, stored(dead, stream), 7, 8)

	b, _ := openJournal(t, broker.Options{})
	s := subscribe(t, b, "again")
	if n, err := broker.ReplayDeadLetters(t.Context(), dead, "s", b.Publish); n != 2 || err != nil {
		t.Errorf("%d were published: %v", n, err)
	}
	wantEvents(t, drain(s), 7, 8)
	wantEvents(t, stored(dead, stream))
}

func TestDeadLettersOfARepositoryThatFailsAreNotLost(t *testing.T) {
	for _, err := range broker.ListDeadLetters(t.Context(), nil, "s") {
		if err == nil || err.Error() != `broker: dead letters of "s": the repository is nil` {
			t.Errorf("the error is %v", err)
		}
	}
	full := &full{}
	if err := full.Memory.Append(t.Context(), event(0), broker.DeadLetters("s")); err != nil { // not written by this package
		t.Fatal(err)
	}
	failed := func(context.Context, broker.Event) error { return errHandler }
	if n, err := broker.ReplayDeadLetters(t.Context(), full, "s", failed); n != 0 || !errors.Is(err, errFaulty) {
		t.Errorf("%d were handled: %v", n, err)
	}
	wantEvents(t, stored(&full.Memory, broker.DeadLetters("s")), 0)
}

// full is a repository that can keep nothing more.
type full struct{ broker.Memory }

func (*full) Append(context.Context, broker.Event, ...string) error { return errFaulty }
