package broker_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/spillway-go/spillway/broker"
)

// driver is a program that has a clock of its own: it notes what is begun.
type driver struct {
	begun   []broker.Work
	workers []int // of each that was begun, in order
}

func (d *driver) begin(w broker.Work) {
	d.begun = append(d.begun, w)
	d.workers = append(d.workers, w.Worker())
}

// driven subscribes with workers of a driver.
func driven(t *testing.T, b *broker.Broker, set broker.Settings, o broker.ConsumeOptions) (*broker.Subscription, *driver) {
	t.Helper()
	d := &driver{}
	s, err := broker.NewDriver(b).Subscribe(broker.SubscribeOptions{Name: "s", Buffer: set.Buffer, Overflow: set.Overflow}, o, d.begin)
	if err != nil {
		t.Fatal(err)
	}
	return s, d
}

// done ends the attempt that was begun first.
func (d *driver) done(err error) (broker.Work, time.Duration, bool) {
	w := d.begun[0]
	d.begun = d.begun[1:]
	pause, again := w.Done(err)
	return w, pause, again
}

// events are those at work, in the order they were begun.
func (d *driver) events() (events []event) {
	for _, w := range d.begun {
		events = append(events, w.Event().(event))
	}
	return events
}

func TestADriverBeginsWhatItFindsAtOnceAndWhatComesWhenAWorkerIsFree(t *testing.T) {
	b, j := openJournal(t, broker.Options{})
	spills := broker.Settings{Buffer: 2, Overflow: broker.Spill}
	s, _ := driven(t, b, spills, broker.ConsumeOptions{})
	s.Pause()
	publish(t, b, 7, 9) // of which 9 is spilled
	s.Close()
	publish(t, b, 0, 0) // of which nobody knows
	j.take()
	s, d := driven(t, b, spills, broker.ConsumeOptions{Workers: 2})
	wantEvents(t, d.events(), 9)
	publish(t, b, 0, 2)
	wantEvents(t, d.events(), 9, 0)
	if st := s.Stats(); st.Depth != 2 || st.InFlight != 2 {
		t.Errorf("the stats are %+v", st)
	}
	if _, pause, again := d.done(nil); pause != 0 || again {
		t.Errorf("what is handled is tried again in %v: %v", pause, again)
	}
	wantEvents(t, d.events(), 0, 1)
	d.done(nil)
	d.done(nil)
	d.done(nil)
	publish(t, b, 3, 3)
	wantEvents(t, d.events(), 3)
	if d.begun[0].Attempt() != 1 {
		t.Errorf("the first attempt is counted %d", d.begun[0].Attempt())
	}
	j.wantLines(t, "s recovered, backlog 1", "s refilled 9, 1 wait", "s delivered 9, 0 wait",
		"s delivered 0, 0 wait", "s buffered 1, 1 wait", "s buffered 2, 2 wait",
		"s handled 9 at 1", "s delivered 1, 1 wait", "s handled 0 at 1", "s delivered 2, 0 wait",
		"s handled 1 at 1", "s handled 2 at 1", "s delivered 3, 0 wait")
	s.Close()
}

func TestASubscriptionThatBeginsPausedGivesItsWorkersNothingBeforeResume(t *testing.T) {
	b, j := openJournal(t, broker.Options{})
	d := &driver{}
	s, err := broker.NewDriver(b).Subscribe(broker.SubscribeOptions{Name: "s", Paused: true}, broker.ConsumeOptions{}, d.begin)
	if err != nil {
		t.Fatal(err)
	}
	publish(t, b, 0, 0)
	j.wantLines(t, "s buffered 0, 1 wait")
	s.Resume()
	wantEvents(t, d.events(), 0)
}

func TestWorkersAreThereBeforePublishersThatWaitLearnOfTheirSubscription(t *testing.T) {
	rejects := broker.Settings{Buffer: broker.Unbuffered, Overflow: broker.Reject}
	for paused, want := range map[bool][]string{
		false: {"s delivered 1, 0 wait", "unblocked 1: <nil>"},
		true:  {`s rejected 1`, `unblocked 1: "s": the buffer is full`},
	} {
		b, j := openJournal(t, broker.Options{})
		full := with(t, b, "full", broker.Block, 1)
		publish(t, b, 0, 0)
		waitInLine(t, b, 1, 1)
		j.take()
		_, err := broker.NewDriver(b).Subscribe(broker.SubscribeOptions{Name: "s", Paused: paused, Buffer: rejects.Buffer, Overflow: rejects.Overflow},
			broker.ConsumeOptions{}, (&driver{}).begin)
		if err != nil {
			t.Fatal(err)
		}
		full.TryNext()
		var got []string
		for _, line := range j.take() {
			if !strings.HasPrefix(line, "full") {
				got = append(got, line)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("paused %v: the trace is %q, want %q", paused, got, want)
		}
	}
}

func TestTheIndexOfADrivenWorkerIsLessThanTheMostWorkersThereWere(t *testing.T) {
	b, _ := openJournal(t, broker.Options{Buffer: 999})
	s, d := driven(t, b, broker.Settings{}, broker.ConsumeOptions{Workers: 3, Attempts: 2})
	most := 3
	for e := range event(300) {
		publish(t, b, e, e)
		switch {
		case e == 100:
			most = 5
			adjust(t, s, broker.ConsumeOptions{Workers: 5, Attempts: 2})
		case e == 200:
			adjust(t, s, broker.ConsumeOptions{Workers: 1, Attempts: 2})
		case len(d.begun) > 2:
			var err error
			if e%7 == 0 {
				err = errHandler
			}
			if w, _, again := d.done(err); again {
				w.Again()
			}
		}
		var workers []int
		for _, w := range d.begun {
			workers = append(workers, w.Worker())
		}
		slices.Sort(workers)
		if len(slices.Compact(slices.Clone(workers))) != len(workers) || len(workers) > 0 && workers[len(workers)-1] >= most {
			t.Fatalf("of %d workers those at work are %v", most, workers)
		}
	}
	if slices.Max(d.workers) != 4 {
		t.Errorf("the last worker is %d, want 4", slices.Max(d.workers))
	}
}

func TestDoneAndAgainDoNothingWhereTheyAreNotDue(t *testing.T) {
	b, j := openJournal(t, broker.Options{})
	s, d := driven(t, b, broker.Settings{}, broker.ConsumeOptions{Attempts: 2})
	publish(t, b, 0, 1)
	first, _, _ := d.done(errHandler)
	j.take()
	idle := func(w broker.Work) {
		t.Helper()
		for _, err := range []error{nil, errHandler} {
			if pause, again := w.Done(err); pause != 0 || again {
				t.Errorf("once more done it is tried again in %v: %v", pause, again)
			}
		}
	}
	idle(first) // it rests
	j.wantLines(t)
	first.Again()
	first.Again()
	wantEvents(t, d.events(), 0)
	j.take()
	d.done(nil)
	wantEvents(t, d.events(), 1) // with the same worker
	j.take()
	idle(first)
	first.Again()
	j.wantLines(t)
	second, _, _ := d.done(nil)
	j.take()
	idle(first)
	idle(second)
	j.wantLines(t)
	if st := s.Stats(); st.Handled != 2 || st.Failed != 1 || st.InFlight != 0 {
		t.Errorf("the stats are %+v", st)
	}
	publish(t, b, 2, 2)
	wantEvents(t, d.events(), 2)
}

func TestDoneSaysWhenTheNextAttemptIsAndAgainBeginsIt(t *testing.T) {
	b, j := openJournal(t, broker.Options{})
	s, d := driven(t, b, broker.Settings{}, broker.ConsumeOptions{Attempts: 3, Backoff: time.Second})
	publish(t, b, 0, 1)
	for attempt, want := range []time.Duration{time.Second, 2 * time.Second} {
		w, pause, again := d.done(errHandler)
		if pause != want || !again || w.Attempt() != attempt+1 || w.Event() != event(0) {
			t.Errorf("after attempt %d at %v: again in %v, %v", w.Attempt(), w.Event(), pause, again)
		}
		if st := s.Stats(); st.InFlight != 1 || st.Depth != 1 {
			t.Errorf("it does not keep its worker: %+v", st)
		}
		w.Again()
		w.Again() // does nothing: it is at it
		wantEvents(t, d.events(), 0)
		if w != d.begun[0] || w.Attempt() != attempt+2 {
			t.Errorf("attempt %d is begun", w.Attempt())
		}
	}
	if _, pause, again := d.done(errHandler); pause != 0 || again {
		t.Errorf("there is another attempt in %v: %v", pause, again)
	}
	wantEvents(t, d.events(), 1)
	j.wantLines(t, "s delivered 0, 0 wait", "s buffered 1, 1 wait",
		"s failed 0 at 1: the mail server is down, again in 1s", "s retried 0 at 2",
		"s failed 0 at 2: the mail server is down, again in 2s", "s retried 0 at 3",
		"s failed 0 at 3: the mail server is down, again in -1ns", "s abandoned 0: the mail server is down",
		"s delivered 1, 0 wait")
	if st := s.Stats(); st.Failed != 3 || st.Abandoned != 1 || st.InFlight != 1 {
		t.Errorf("the stats are %+v", st)
	}
}

func TestCloseGivesUpWhatRestsAndLetsWhatIsAtWorkEnd(t *testing.T) {
	for name, end := range map[string]func(*broker.Broker, *broker.Subscription){
		"Close":    func(_ *broker.Broker, s *broker.Subscription) { s.Close(); s.Close() },
		"Shutdown": func(b *broker.Broker, _ *broker.Subscription) { _ = b.Shutdown(ended()) },
	} {
		t.Run(name, func(t *testing.T) {
			b, j := openJournal(t, broker.Options{})
			dead := &broker.Memory{}
			s, d := driven(t, b, broker.Settings{}, broker.ConsumeOptions{Workers: 3, Attempts: 9, DeadLetters: dead})
			publish(t, b, 0, 3)
			first, _, _ := d.done(errHandler)
			second, _, _ := d.done(errHandler)
			j.take()
			end(b, s)
			j.wantLines(t, "s dropped 3 (closed), 0 wait", "s dead 0: the mail server is down", "s dead 1: the mail server is down")
			first.Again()
			second.Again()
			wantEvents(t, d.events(), 2)
			if st := s.Stats(); st.InFlight != 1 || st.Dead != 2 {
				t.Errorf("the stats are %+v", st)
			}
			if _, _, again := d.done(errHandler); again {
				t.Error("there is another attempt after the end")
			}
			wantEvents(t, stored(dead, broker.DeadLetters("s")), 0, 1, 2)
			j.wantLines(t, "s failed 2 at 1: the mail server is down, again in -1ns", "s dead 2: the mail server is down")
			if st := s.Stats(); st.InFlight != 0 || st.Offered != st.Delivered+st.Dropped || st.Delivered != st.Dead {
				t.Errorf("the stats are %+v", st)
			}
		})
	}
}

func TestShutdownWaitsForWhatIsDriven(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := openJournal(t, broker.Options{})
		_, d := driven(t, b, broker.Settings{}, broker.ConsumeOptions{Attempts: 2})
		publish(t, b, 0, 1)
		ended := make(chan error, 1)
		go func() { ended <- b.Shutdown(t.Context()) }()
		over := func() bool { synctest.Wait(); return len(ended) > 0 }
		w, _, _ := d.done(errHandler)
		if over() {
			t.Fatal("it did not wait for the second attempt")
		}
		w.Again()
		d.done(nil)
		if over() {
			t.Fatal("it did not wait for the second event")
		}
		d.done(nil)
		if !over() || <-ended != nil {
			t.Error("it waits though everything is handled")
		}
	})
}

func TestWhatIsDrivenIsBegunInsideTheCriticalSection(t *testing.T) {
	b, j := openJournal(t, broker.Options{})
	done := make(chan struct{})
	_, err := broker.NewDriver(b).Subscribe(broker.SubscribeOptions{Name: "s"}, broker.ConsumeOptions{}, func(w broker.Work) {
		j.add("begun %s", w.Event().ID())
		go func() { _ = b.TryPublish(event(1)); close(done) }()
		for range 1000 {
			runtime.Gosched() // the other can only wait for the lock
		}
		j.add("noted %s", w.Event().ID())
	})
	if err != nil {
		t.Fatal(err)
	}
	publish(t, b, 0, 0)
	<-done
	j.wantLines(t, "s delivered 0, 0 wait", "begun 0", "noted 0", "s buffered 1, 1 wait")
}

func TestADrivenSubscriptionIsConsumedByNobodyElse(t *testing.T) {
	b, _ := openJournal(t, broker.Options{})
	s, d := driven(t, b, broker.Settings{}, broker.ConsumeOptions{})
	err := s.Consume(t.Context(), nothing, broker.ConsumeOptions{})
	if err == nil || err.Error() != `broker: consume "s": it has other receivers already` {
		t.Errorf("Consume answers %v", err)
	}
	publish(t, b, 0, 1)
	wantEvents(t, d.events(), 0)
}

func TestADriverNamesWhatIsOutOfBounds(t *testing.T) {
	b, _ := openJournal(t, broker.Options{})
	s := subscribe(t, b, "s")
	subscribing := func(o broker.SubscribeOptions, c broker.ConsumeOptions, begin func(broker.Work)) error {
		_, err := broker.NewDriver(b).Subscribe(o, c, begin)
		return err
	}
	named, begin := broker.SubscribeOptions{Name: "d"}, (&driver{}).begin
	for want, err := range map[string]error{
		`broker: subscribe "d": begin is nil`:                             subscribing(named, broker.ConsumeOptions{}, nil),
		`broker: subscribe "d": workers 1025 are out of range: 1 to 1024`: subscribing(named, broker.ConsumeOptions{Workers: 1025}, begin),
		`broker: subscribe "": overflow policy spill takes a name, which is the stream in the repository`: subscribing(
			broker.SubscribeOptions{Overflow: broker.Spill}, broker.ConsumeOptions{}, begin),
		`broker: configure "s": attempts -1 are out of range: 1 or more`: s.Configure(broker.ConsumeOptions{Attempts: -1}),
		`broker: configure "s": nobody consumes it`:                      s.Configure(broker.ConsumeOptions{}),
	} {
		if err == nil || err.Error() != want {
			t.Errorf("the error is %v, want %s", err, want)
		}
	}
	if n := len(b.Snapshot().Subscriptions); n != 1 {
		t.Errorf("there are %d subscriptions", n)
	}
	gone, _ := driven(t, b, broker.Settings{}, broker.ConsumeOptions{})
	gone.Close()
	if err := gone.Configure(broker.ConsumeOptions{}); err == nil {
		t.Error("a closed subscription was adjusted")
	}
	_ = b.Shutdown(ended())
	if err := subscribing(named, broker.ConsumeOptions{}, begin); !errors.Is(err, broker.ErrClosed) {
		t.Errorf("Subscribe answers %v", err)
	}
}

func TestDrivingAllocatesNothing(t *testing.T) {
	b, err := broker.New(broker.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var at []broker.Work
	_, err = broker.NewDriver(b).Subscribe(broker.SubscribeOptions{}, broker.ConsumeOptions{Workers: 2, Attempts: 2}, func(w broker.Work) { at = append(at, w) })
	if err != nil {
		t.Fatal(err)
	}
	var e broker.Event = event(1 << 40)
	if n := testing.AllocsPerRun(1000, func() {
		for range 4 {
			_ = b.TryPublish(e)
		}
		first := at[0]
		if _, again := first.Done(errHandler); again {
			first.Again()
		}
		for len(at) > 0 {
			w := at[len(at)-1]
			at = at[:len(at)-1]
			if w != first || len(at) == 0 {
				w.Done(nil)
			}
		}
	}); n != 0 {
		t.Errorf("%v allocations a round", n)
	}
}

// consumed subscribes with handlers in one step.
func consumed(t *testing.T, b *broker.Broker, ctx context.Context, handler broker.Handler, o broker.ConsumeOptions) (s *broker.Subscription, wait func() error) {
	t.Helper()
	s, wait, err := broker.NewDriver(b).Consume(ctx, broker.SubscribeOptions{Name: "s"}, handler, o)
	if err != nil {
		t.Fatal(err)
	}
	return s, wait
}

func TestHandlersAreThereBeforeTheFirstEventAndUntilTheirContextEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, j := openJournal(t, broker.Options{Buffer: broker.Unbuffered})
		ctx, cancel := context.WithCancel(t.Context())
		s, wait := consumed(t, b, ctx, sleeping(time.Second), broker.ConsumeOptions{Workers: 2})
		publish(t, b, 0, 2)
		j.wantLines(t, "s delivered 0, 0 wait", "s delivered 1, 0 wait", "s dropped 2 (full), 0 wait")
		time.Sleep(time.Minute)
		cancel()
		if err := wait(); !errors.Is(err, context.Canceled) || err.Error() != `broker: consume "s": context canceled` {
			t.Errorf("it ends with %v", err)
		}
		configure(t, s, broker.DropNewest, 1)
		publish(t, b, 3, 3)
		wantEvents(t, drain(s), 3) // the workers are gone
	})
}

func TestWaitEndsWithTheSubscriptionOnceItsHandlersHave(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := openJournal(t, broker.Options{})
		s, wait := consumed(t, b, t.Context(), sleeping(time.Minute), broker.ConsumeOptions{})
		publish(t, b, 0, 0)
		s.Close()
		began := time.Now()
		if err := wait(); err != nil || time.Since(began) != time.Minute {
			t.Errorf("it ends with %v after %v", err, time.Since(began))
		}
	})
}

func TestWaitMayBeCalledAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := openJournal(t, broker.Options{})
		ctx, cancel := context.WithCancel(t.Context())
		s, wait := consumed(t, b, ctx, nothing, broker.ConsumeOptions{})
		cancel()
		first := wait()
		consuming(t, s, broker.ConsumeOptions{Workers: 2}, nothing)
		if again := wait(); again != first || !errors.Is(again, context.Canceled) {
			t.Errorf("it ends with %v, then with %v", first, again)
		}
		if n := b.Snapshot().Subscriptions[0].Workers; n != 2 {
			t.Errorf("the next Consume has %d workers, want 2", n)
		}
	})
}

func TestADriverThatCannotSubscribeDoesNotConsume(t *testing.T) {
	b, _ := openJournal(t, broker.Options{})
	d := broker.NewDriver(b)
	consume := func(ctx context.Context, o broker.SubscribeOptions, h broker.Handler) error {
		_, _, err := d.Consume(ctx, o, h, broker.ConsumeOptions{})
		return err
	}
	for want, err := range map[string]error{
		`broker: consume "s": the handler is nil`:                           consume(t.Context(), broker.SubscribeOptions{Name: "s"}, nil),
		`broker: consume "s": context canceled`:                             consume(ended(), broker.SubscribeOptions{Name: "s"}, nothing),
		`broker: subscribe "s": topic pattern "": it has 0 bytes: 1 to 256`: consume(t.Context(), broker.SubscribeOptions{Name: "s", Topics: []string{""}}, nothing),
	} {
		if err == nil || err.Error() != want {
			t.Errorf("the error is %v, want %s", err, want)
		}
	}
	if n := len(b.Snapshot().Subscriptions); n != 0 {
		t.Errorf("there are %d subscriptions", n)
	}
}
