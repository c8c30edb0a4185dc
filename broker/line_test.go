package broker_test

import (
	"errors"
	"testing"

	"github.com/spillway-go/spillway/broker"
)

// asked is an event that counts how often the broker has asked for its topic, as it
// does whenever it looks at a publisher that waits.
type asked struct {
	event
	about string
	times *int
}

func (a asked) Topic() string { *a.times++; return a.about }

func TestPublishersThatWaitElsewhereCostADeliveryNothing(t *testing.T) {
	b, err := broker.New(broker.Options{})
	if err != nil {
		t.Fatal(err)
	}
	full := with(t, b, "full", broker.Block, 1, "full")
	busy := with(t, b, "busy", broker.DropNewest, 1, "busy")
	_, worked := driven(t, b, broker.Settings{}, broker.ConsumeOptions{})
	publishTo(t, b, 0, "full")
	times := 0
	for e := range event(10) {
		if err := broker.NewDriver(b).Publish(asked{e, "full", &times}); !errors.Is(err, broker.ErrWouldBlock) {
			t.Fatalf("Publish answers %v", err)
		}
	}
	times = 0
	for e := range event(100) {
		publishTo(t, b, e, "busy")
		busy.TryNext()
		worked.done(nil)
	}
	if times > 0 {
		t.Errorf("who waits elsewhere was looked at %d times in 100 deliveries", times)
	}
	full.TryNext()
	if times == 0 || b.Snapshot().Blocked != 9 {
		t.Errorf("%d publishers wait, after %d looks", b.Snapshot().Blocked, times)
	}
}
