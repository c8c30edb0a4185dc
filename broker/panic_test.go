package broker_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/spillway-go/spillway/broker"
)

// panics says whether f does.
func panics(f func()) (did bool) {
	defer func() { did = recover() != nil }()
	f()
	return
}

func TestAPanicOfAHookOrKeyReachesTheCallerAndLeavesTheBrokerUnlocked(t *testing.T) {
	explodes := true
	hook := func() {
		if explodes {
			panic("boom")
		}
	}
	for name, test := range map[string]struct {
		trace broker.Trace
		o     broker.SubscribeOptions
		do    func(*broker.Broker, *broker.Subscription, *driver)
	}{
		"in a loop over All": {
			trace: broker.Trace{Delivered: func(*broker.Subscription, broker.Event, int) { hook() }},
			do: func(b *broker.Broker, s *broker.Subscription, _ *driver) {
				for range s.All(context.Background()) {
					return
				}
			},
		},
		"in Next": {
			trace: broker.Trace{Delivered: func(*broker.Subscription, broker.Event, int) { hook() }},
			do:    func(b *broker.Broker, s *broker.Subscription, _ *driver) { _, _ = s.Next(context.Background()) },
		},
		"in a driver's Publish": {
			trace: broker.Trace{Dropped: func(*broker.Subscription, broker.Event, broker.DropReason, int) { hook() }},
			do: func(b *broker.Broker, _ *broker.Subscription, _ *driver) {
				_ = broker.NewDriver(b).Publish(event(9))
			},
		},
		"in a Key": {
			o:  broker.SubscribeOptions{Key: func(broker.Event) string { hook(); return "" }, Overflow: broker.KeepLatest},
			do: func(b *broker.Broker, _ *broker.Subscription, _ *driver) { _ = broker.NewDriver(b).Publish(event(9)) },
		},
		"in Done": {
			trace: broker.Trace{Handled: func(*broker.Subscription, broker.Event, int) { hook() }},
			do:    func(_ *broker.Broker, _ *broker.Subscription, d *driver) { d.done(nil) },
		},
	} {
		t.Run(name, func(t *testing.T) {
			explodes = false
			b, err := broker.New(broker.Options{Buffer: 1, Trace: test.trace})
			if err != nil {
				t.Fatal(err)
			}
			s, err := b.Subscribe(test.o)
			if err != nil {
				t.Fatal(err)
			}
			_, d := driven(t, b, broker.Settings{}, broker.ConsumeOptions{})
			publish(t, b, 0, 0)
			explodes = true
			if !panics(func() { test.do(b, s, d) }) {
				t.Error("nobody learns of the panic")
			}
			explodes = false
			s.Close() // which would wait for ever if the lock were still held
		})
	}
}

// explosive is a repository that panics.
type explosive struct{ broker.Repository }

func (explosive) Append(context.Context, broker.Event, ...string) error { panic("boom") }

func TestAPanicIsAnErrorAlsoOfTheRepositoryOfDeadLetters(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, j := openJournal(t, broker.Options{})
		s := subscribe(t, b, "s")
		consuming(t, s, broker.ConsumeOptions{DeadLetters: explosive{}}, func(context.Context, broker.Event) error { return errHandler })
		publish(t, b, 0, 1)
		synctest.Wait()
		if st := s.Stats(); st.Abandoned != 2 || st.InFlight != 0 {
			t.Errorf("the stats are %+v", st)
		}
		if lines := strings.Join(j.take(), "\n"); strings.Count(lines, "s repository: the repository panicked: boom") != 2 {
			t.Errorf("the trace is\n%s", lines)
		}
	})
}

// A hook that panics is contained: what follows is done, and somebody is told of it once.
func TestAPanicIsAnErrorAlsoOfAHookAfterAHandler(t *testing.T) {
	for _, told := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			var panics []error
			boom := func() { panic("boom") }
			trace := broker.Trace{
				Delivered: func(*broker.Subscription, broker.Event, int) { boom() },
				Handled:   func(*broker.Subscription, broker.Event, int) { boom() },
				Failed:    func(*broker.Subscription, broker.Event, int, error, time.Duration) { boom() },
				Retried:   func(*broker.Subscription, broker.Event, int) { boom() },
				Abandoned: func(*broker.Subscription, broker.Event, error) { boom() },
			}
			if told {
				trace.Panicked = func(err *broker.PanicError) { panics = append(panics, err); boom() }
			}
			b, err := broker.New(broker.Options{Trace: trace})
			if err != nil {
				t.Fatal(err)
			}
			s := subscribe(t, b, "s")
			ended := make(chan error, 1)
			ctx, cancel := context.WithCancel(t.Context())
			go func() {
				ended <- s.Consume(ctx, func(ctx context.Context, e broker.Event) error {
					if e == event(1) {
						return errHandler
					}
					return nil
				}, broker.ConsumeOptions{Attempts: 2})
			}()
			synctest.Wait()
			for e := range event(3) {
				func() {
					defer func() {
						if v := recover(); (v != nil) == told {
							t.Errorf("the publisher gets %v", v)
						}
					}()
					if err := b.TryPublish(e); err != nil {
						t.Error(err)
					}
				}()
				time.Sleep(time.Minute)
			}
			if st := s.Stats(); st.Handled != 2 || st.Abandoned != 1 || st.Failed != 2 || st.InFlight != 0 {
				t.Errorf("the stats are %+v", st)
			}
			cancel()
			var p *broker.PanicError
			if err := <-ended; errors.As(err, &p) == told {
				t.Errorf("Consume answers %v", err)
			}
			if told && (len(panics) < 6 || panics[0].Error() != "a hook or Key panicked: boom") {
				t.Errorf("the panics are %v", panics)
			}
		})
	}
}

func TestAKeyThatPanicsCountsAsEmpty(t *testing.T) {
	var panics int
	b, err := broker.New(broker.Options{Trace: broker.Trace{Panicked: func(*broker.PanicError) { panics++ }}})
	if err != nil {
		t.Fatal(err)
	}
	s, err := b.Subscribe(broker.SubscribeOptions{Overflow: broker.KeepLatest, Key: func(broker.Event) string { panic("boom") }})
	if err != nil {
		t.Fatal(err)
	}
	publish(t, b, 0, 4)
	if wantEvents(t, drain(s), 4); panics == 0 {
		t.Error("nobody is told")
	}
}
