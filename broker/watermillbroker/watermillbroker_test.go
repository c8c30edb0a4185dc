package watermillbroker_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/ThreeDotsLabs/watermill/pubsub/tests"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/watermillbroker"
)

func open(t *testing.T, o watermillbroker.Options) (*broker.Broker, *watermillbroker.PubSub) {
	t.Helper()
	b, err := broker.New(broker.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return b, watermillbroker.New(b, o)
}

// What is said here selects the tests of Watermill, so it is what holds.
func TestPubSub(t *testing.T) {
	tests.TestPubSub(t, tests.Features{
		ConsumerGroups:        false, // each subscriber gets every message
		ExactlyOnceDelivery:   true,
		GuaranteedOrder:       true,
		Persistent:            false, // in memory only
		RequireSingleInstance: true,
		ContextPreserved:      true,
	}, func(t *testing.T) (message.Publisher, message.Subscriber) {
		_, p := open(t, watermillbroker.Options{Buffer: 10_000, Retain: 10_000})
		return p, p
	}, nil)
}

func TestAFullBufferHoldsItsPublisherUntilCloseOrTheEndOfItsContext(t *testing.T) {
	_, p := open(t, watermillbroker.Options{Buffer: 1})
	if _, err := p.Subscribe(t.Context(), "orders"); err != nil {
		t.Fatal(err)
	}
	m := message.NewMessage("1", nil)
	for range 2 { // one is offered to who subscribes, one waits
		if err := p.Publish("orders", m); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if err := p.Publish("orders", message.NewMessageWithContext(ctx, "2", nil)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Publish answers %v", err)
	}
	held := make(chan error)
	go func() { held <- p.Publish("orders", m) }()
	time.Sleep(10 * time.Millisecond) // or it is refused before it waits, which is the same
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	if err := <-held; !errors.Is(err, broker.ErrClosed) && err != nil {
		t.Errorf("Publish answers %v", err)
	}
	if _, err := p.Subscribe(t.Context(), "orders"); !errors.Is(err, broker.ErrClosed) {
		t.Errorf("Subscribe answers %v", err)
	}
}

func TestSubscriptionsOfTheBrokerAndSubscribersOfWatermillShareTopics(t *testing.T) {
	b, p := open(t, watermillbroker.Options{})
	seen, err := b.Subscribe(broker.SubscribeOptions{Name: "seen", Topics: []string{"orders.*"}})
	if err != nil {
		t.Fatal(err)
	}
	messages, err := p.Subscribe(t.Context(), "orders.>")
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Publish(t.Context(), broker.NewEvent(7).With(broker.Attributes{Topic: "orders.eu"})); err != nil { // no message
		t.Fatal(err)
	}
	if err := p.Publish("orders.eu", message.NewMessage("1", []byte("order"))); err != nil {
		t.Fatal(err)
	}
	m := <-messages
	m.Ack()
	seen.TryNext()
	if e, ok := seen.TryNext(); !ok || e.ID() != "1" || m.UUID != "1" || string(m.Payload) != "order" {
		t.Errorf("the broker's own got %v, and the subscriber %v", e, m)
	}
	if err := b.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	if _, more := <-messages; more {
		t.Error("there is one more message")
	}
	if err := p.Publish("orders.eu", message.NewMessage("2", nil)); !errors.Is(err, broker.ErrClosed) {
		t.Errorf("Publish answers %v", err)
	}
}

func TestATopicThatIsNoneIsRefused(t *testing.T) {
	_, p := open(t, watermillbroker.Options{})
	for _, topic := range []string{"", "orders.*", "a b", "a..b"} {
		if err := p.Publish(topic, message.NewMessage("1", nil)); err == nil {
			t.Errorf("a message was published to %q", topic)
		}
	}
	if _, err := p.Subscribe(t.Context(), "a..b"); err == nil {
		t.Error("a..b can be subscribed to")
	}
}

func TestTheNewestMessagesAreRetainedForThoseWhoComeLater(t *testing.T) {
	_, p := open(t, watermillbroker.Options{Retain: 3})
	for _, id := range []string{"1", "2", "3", "4"} {
		if err := p.Publish("orders.eu", message.NewMessage(id, nil)); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Publish("parcels", message.NewMessage("5", nil)); err != nil {
		t.Fatal(err)
	}
	messages, err := p.Subscribe(t.Context(), "orders.*")
	if err == nil {
		err = p.Publish("orders.us", message.NewMessage("6", nil))
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"3", "4", "6"} {
		m := <-messages
		if m.Ack(); m.UUID != want {
			t.Errorf("message %s came, want %s", m.UUID, want)
		}
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
}
