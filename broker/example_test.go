package broker_test

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/spillway-go/spillway/broker"
)

// OrderPlaced is a payload: it needs to know nothing of the broker.
type OrderPlaced struct{ Number int }

func ExampleHandle() {
	b, _ := broker.New(broker.Options{})
	sendMail := func(_ context.Context, o OrderPlaced) error {
		fmt.Println("a mail for order", o.Number)
		return nil
	}
	_, _ = broker.Handle(b, "mail", sendMail, broker.Buffer(64), broker.Attempts(3))
	for n := range 3 {
		_ = b.Publish(context.Background(), broker.NewEvent(OrderPlaced{n}))
	}
	_ = b.Shutdown(context.Background())
	// Output:
	// a mail for order 0
	// a mail for order 1
	// a mail for order 2
}

type signedUp int

func (e signedUp) ID() string            { return strconv.Itoa(int(e)) }
func (e signedUp) HappenedOn() time.Time { return time.Date(2021, 11, 1, 11, 11, int(e), 0, time.UTC) }

func ExampleBroker_Subscribe() {
	b, _ := broker.New(broker.Options{Buffer: 3, Trace: broker.Trace{
		Dropped: func(s *broker.Subscription, e broker.Event, why broker.DropReason, _ int) {
			fmt.Println(s.Name(), "lost event", e.ID(), "because its buffer is", why)
		},
	}})
	mailer, _ := b.Subscribe(broker.SubscribeOptions{Name: "mailer"})
	for n := range 5 {
		_ = b.TryPublish(signedUp(n))
	}
	for e, ok := mailer.TryNext(); ok; e, ok = mailer.TryNext() {
		fmt.Println(mailer.Name(), "got event", e.ID())
	}
	// Output:
	// mailer lost event 3 because its buffer is full
	// mailer lost event 4 because its buffer is full
	// mailer got event 0
	// mailer got event 1
	// mailer got event 2
}
