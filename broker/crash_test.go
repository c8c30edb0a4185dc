package broker_test

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/brokertest"
	"pgregory.net/rapid"
)

// doomed is a process that may crash at any step: then all that is left is its repository.
type doomed struct {
	repository *faulty
	broker     *broker.Broker
	sub        *broker.Subscription
	works      []broker.Work
	asked      event
	pulled     []event // and not done with

	spilled, delivered, finished map[event]bool
}

func begin(t *rapid.T, buffer, workers int) *doomed {
	d := &doomed{repository: &faulty{}, spilled: map[event]bool{}, delivered: map[event]bool{}, finished: map[event]bool{}}
	number := func(e broker.Event) event { return e.(event) }
	var err error
	d.broker, err = broker.New(broker.Options{Repository: d.repository, Trace: broker.Trace{
		Spilled:   func(_ *broker.Subscription, e broker.Event, _ uint64) { d.spilled[number(e)] = true },
		Delivered: func(_ *broker.Subscription, e broker.Event, _ int) { d.delivered[number(e)] = true },
		Handled:   func(_ *broker.Subscription, e broker.Event, _ int) { d.finished[number(e)] = true },
		Abandoned: func(_ *broker.Subscription, e broker.Event, _ error) { d.finished[number(e)] = true },
	}})
	if err != nil {
		t.Fatal(err)
	}
	o := broker.SubscribeOptions{Name: "s", Buffer: buffer, Overflow: broker.Spill}
	if workers > 0 {
		d.sub, err = broker.NewDriver(d.broker).Subscribe(o, broker.ConsumeOptions{Workers: workers, Attempts: 2},
			func(w broker.Work) { d.works = append(d.works, w) })
	} else {
		d.sub, err = d.broker.Subscribe(o)
	}
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// step does what the number says.
func (d *doomed) step(n int) {
	switch what := n % 10; {
	case what < 5:
		d.asked++
		_ = d.broker.TryPublish(d.asked) // a repository that fails is an answer too
	case what == 5:
		d.repository.failTo([]brokertest.Operation{brokertest.Append, brokertest.Read, brokertest.Commit}[n/10%3])
	case what == 6:
		d.repository.repair()
	case len(d.works) > 0:
		w := d.works[n/10%len(d.works)]
		var err error
		if n/10%3 == 0 {
			err = errHandler
		}
		w.Again()
		w.Done(err)
	case what == 7:
		d.ask()
		d.sub.Done()
	default:
		d.ask()
		if e, ok := d.sub.TryNext(); ok {
			d.pulled = append(d.pulled, e.(event))
		}
	}
}

// ask says that what was pulled is done with.
func (d *doomed) ask() {
	for _, e := range d.pulled {
		d.finished[e] = true
	}
	d.pulled = nil
}

// recover is another process that finds the repository.
func (d *doomed) recover(t *rapid.T) {
	d.repository.repair()
	b, err := broker.New(broker.Options{Repository: &d.repository.memory})
	if err != nil {
		t.Fatal(err)
	}
	s, err := b.Subscribe(broker.SubscribeOptions{Name: "s", Buffer: 3, Overflow: broker.Spill})
	if err != nil {
		t.Fatal(err)
	}
	got := drain(s)
	again := uint64(0)
	for i, e := range got {
		if !d.spilled[e] || i > 0 && got[i-1] >= e {
			t.Fatalf("%v comes back, of %v that were spilled", got, d.spilled)
		}
		if d.delivered[e] {
			again++
		}
	}
	for e := range d.spilled {
		if !d.finished[e] && !slices.Contains(got, e) {
			t.Fatalf("event %d is lost: nobody was done with it, and %v come back", e, got)
		}
	}
	if st := s.Stats(); st.Redelivered < again || st.Redelivered > st.Delivered {
		t.Fatalf("of %v events %d were delivered before, and the stats are %+v", got, again, st)
	}
}

func TestAtLeastOnceWhereverTheProcessCrashes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		buffer, workers := rapid.IntRange(1, 4).Draw(t, "buffer"), rapid.IntRange(0, 3).Draw(t, "workers")
		steps := rapid.SliceOfN(rapid.IntRange(0, 299), 1, 60).Draw(t, "steps")
		for crash := range len(steps) + 1 {
			d := begin(t, buffer, workers)
			for _, n := range steps[:crash] {
				d.step(n)
			}
			d.recover(t)
			d.sub.Close() // of a process that is gone; it ends the timers
		}
	})
}

// A loop over All has an event until it asks for the next.
func TestAtLeastOnceALoopThatEndsEarlyIsNotDoneWithItsEvent(t *testing.T) {
	for name, test := range map[string]struct {
		inside func()
		after  func(*broker.Subscription)
		want   []event
	}{
		"break":          {func() {}, func(*broker.Subscription) {}, []event{2, 3}},
		"panic":          {func() { panic("boom") }, func(*broker.Subscription) {}, []event{2, 3}},
		"break and Done": {func() {}, (*broker.Subscription).Done, []event{3}},
	} {
		t.Run(name, func(t *testing.T) {
			repository := &broker.Memory{}
			b, _ := openJournal(t, broker.Options{Repository: repository})
			s := with(t, b, "s", broker.Spill, 1)
			publish(t, b, 0, 3)
			func() {
				defer func() { _ = recover() }()
				for e := range s.All(context.Background()) {
					if e == event(2) {
						test.inside()
						break
					}
				}
			}()
			test.after(s)
			s.Close()
			again, _ := openJournal(t, broker.Options{Repository: repository})
			wantEvents(t, drain(with(t, again, "s", broker.Spill, 1)), test.want...)
		})
	}
}

func TestAtLeastOnceInterruptedWorkIsInItsStreamWhereTheSubscriptionIsClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		repository := &broker.Memory{}
		b, j := openJournal(t, broker.Options{Repository: repository})
		s := with(t, b, "s", broker.Spill, 1)
		cancel, done := consumeUntil(s, func(ctx context.Context, _ broker.Event) error {
			<-ctx.Done()
			return ctx.Err()
		}, broker.ConsumeOptions{Workers: 2})
		publish(t, b, 0, 5) // 3 to 5 go to the repository
		cancel()
		<-done
		wantEvents(t, []event{mustTake(t, s), mustTake(t, s), mustTake(t, s)}, 0, 1, 2)
		cancel, done = consumeUntil(s, obedient(1<<40), broker.ConsumeOptions{Workers: 2})
		s.Close()
		cancel()
		<-done
		if j.count("returned 3") != 1 || j.count("returned 4") != 1 || s.Stats().Abandoned+s.Stats().Dropped > 0 {
			t.Errorf("the trace is %q, the stats are %+v", j.take(), s.Stats())
		}
		if st := s.Stats(); st.Offered != 6 {
			t.Errorf("the stats are %+v", st)
		}
		s = with(t, b, "s", broker.Spill, 1)
		wantEvents(t, drain(s), 3, 4, 5)
		if st := s.Stats(); st.Redelivered < 2 {
			t.Errorf("the stats are %+v", st)
		}
	})
}

func TestAtLeastOnceHoldsForWhatIsInterruptedByCloseBeforeALaterEventIsHandled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := openJournal(t, broker.Options{Repository: &broker.Memory{}})
		s := with(t, b, "s", broker.Spill, 2)
		publish(t, b, 0, 3)
		closed, later := make(chan struct{}), make(chan struct{})
		done := make(chan error, 1)
		go func() {
			done <- s.Consume(context.Background(), func(_ context.Context, e broker.Event) error {
				switch e {
				case event(2):
					<-closed
					return errHandler
				case event(3):
					<-later
				}
				return nil
			}, broker.ConsumeOptions{Workers: 2, Attempts: 9})
		}()
		synctest.Wait()
		s.Close()
		close(closed)
		synctest.Wait()
		close(later)
		if err := <-done; err != nil {
			t.Error(err)
		}
		wantEvents(t, takeAll(with(t, b, "s", broker.Spill, 9)), 2, 3) // 3 once more, since it is behind 2
	})
}
