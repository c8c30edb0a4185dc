package consumer_test

import (
	"context"
	"reflect"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/consumer"
	"github.com/spillway-go/spillway/broker/producer"
)

const ms = time.Millisecond

// handling is one event that was handled and when.
type handling struct {
	Number uint64
	At     time.Duration
}

// stage is a consumer that needs 100 ms an event, at work in a bubble.
type stage struct {
	t        *testing.T
	start    time.Time
	broker   *broker.Broker
	events   *broker.Subscription
	consumer *consumer.Consumer
	handled  []handling
	running  sync.WaitGroup
}

func open(t *testing.T, ctx context.Context) *stage {
	t.Helper()
	b, err := broker.New(broker.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := &stage{t: t, start: time.Now(), broker: b}
	if s.events, err = b.Subscribe(broker.SubscribeOptions{Name: "consumer"}); err != nil {
		t.Fatal(err)
	}
	s.consumer, err = consumer.New(s.events, 100*ms, func(e broker.Event) {
		s.handled = append(s.handled, handling{e.(*producer.ProducedSomethingEvent).Number, time.Since(s.start)})
	})
	if err != nil {
		t.Fatal(err)
	}
	s.running.Go(func() { s.consumer.Run(ctx) })
	synctest.Wait()
	return s
}

func (s *stage) publish(numbers ...uint64) {
	s.t.Helper()
	for _, n := range numbers {
		if err := s.broker.TryPublish(&producer.ProducedSomethingEvent{Number: n}); err != nil {
			s.t.Fatal(err)
		}
	}
}

// want ends the run and checks what was handled until then.
func (s *stage) want(want ...handling) {
	s.t.Helper()
	s.events.Close()
	s.running.Wait()
	if !reflect.DeepEqual(s.handled, want) {
		s.t.Errorf("handled %v, want %v", s.handled, want)
	}
}

func TestEventsAreHandledOneAfterAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, t.Context())
		s.publish(0, 1, 2)
		time.Sleep(time.Second)
		s.publish(3)
		time.Sleep(time.Second)
		s.want(handling{0, 100 * ms}, handling{1, 200 * ms}, handling{2, 300 * ms}, handling{3, 1100 * ms})
	})
}

func TestANewServiceTimeIsForTheEventsBegunFromThenOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, t.Context())
		s.publish(0, 1, 2)
		time.Sleep(50 * ms)
		if err := s.consumer.SetService(0); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		s.want(handling{0, 100 * ms}, handling{1, 100 * ms}, handling{2, 100 * ms})
	})
}

func TestWhatTheEndOfTheContextCutsShortIsNotHandled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 150*ms)
		defer cancel()
		s := open(t, ctx)
		s.publish(0, 1, 2)
		s.running.Wait()
		if took := time.Since(s.start); took != 150*ms {
			t.Errorf("it ended at %v", took)
		}
		s.want(handling{0, 100 * ms})
	})
}

func TestAConsumerFinishesItsEventWhenTheSubscriptionIsClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, t.Context())
		s.publish(0, 1)
		s.want(handling{0, 100 * ms})
	})
}

func TestANegativeServiceTimeIsRefused(t *testing.T) {
	const want = "consumer: service time -1s is negative"
	if _, err := consumer.New(nil, -time.Second, nil); err == nil || err.Error() != want {
		t.Errorf("New answers %v", err)
	}
	c, err := consumer.New(nil, 0, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.SetService(-time.Second); err == nil || err.Error() != want {
		t.Errorf("SetService answers %v", err)
	}
}
