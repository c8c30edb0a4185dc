package broker_test

import (
	"fmt"
	"strconv"
	"time"

	"github.com/spillway-go/spillway/broker"
)

type signedUp int

func (e signedUp) ID() string            { return strconv.Itoa(int(e)) }
func (e signedUp) HappenedOn() time.Time { return time.Date(2021, 11, 1, 11, 11, int(e), 0, time.UTC) }

func Example() {
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
