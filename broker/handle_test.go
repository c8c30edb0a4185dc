package broker_test

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/spillway-go/spillway/broker"
)

// orderPlaced is a payload, which knows nothing of the broker.
type orderPlaced struct{ Number int }

type orderPaid struct{ Number int }

// parcel is an event whose topic is that of its pointer.
type parcel struct{ event }

func (p *parcel) Topic() string { return "parcels.sent" }

// errorsOf is the first of two answers less: what matters is the error.
func errorOf[T any](_ T, err error) error { return err }

func TestTypedHandlersGetTheEventsOfTheirTypeAndNoOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := openJournal(t, broker.Options{})
		var placed []orderPlaced
		var paid []*orderPaid
		var parcels []parcel
		var topical []string
		for _, err := range []error{
			errorOf(broker.Handle(b, "placed", func(_ context.Context, o orderPlaced) error { placed = append(placed, o); return nil })),
			errorOf(broker.Handle(b, "paid", func(_ context.Context, o *orderPaid) error { paid = append(paid, o); return nil })),
			errorOf(broker.Handle(b, "parcels", func(_ context.Context, p parcel) error { parcels = append(parcels, p); return nil })),
			errorOf(broker.Handle(b, "topical", func(_ context.Context, e broker.Topical) error { topical = append(topical, e.Topic()); return nil })),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		for _, e := range []broker.Event{
			broker.NewEvent(orderPlaced{1}), broker.NewEvent(&orderPlaced{2}), broker.NewEvent(&orderPaid{3}),
			parcel{4}, event(5), broker.NewEvent(nil), broker.NewEvent(orderPlaced{6}),
		} {
			if err := b.Publish(t.Context(), e); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
		}
		if err := b.Shutdown(t.Context()); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(placed, []orderPlaced{{1}, {6}}) || !reflect.DeepEqual(paid, []*orderPaid{{3}}) || !reflect.DeepEqual(parcels, []parcel{{4}}) {
			t.Errorf("the handlers got %v, %v and %v", placed, paid, parcels)
		}
		want := "broker_test.orderPlaced broker_test.orderPlaced broker_test.orderPaid  broker_test.orderPlaced"
		if got := strings.Join(topical, " "); got != want {
			t.Errorf("the topics are %q, want %q", got, want)
		}
	})
}

func TestTypedSubscriptionsHoldOnlyWhatTheySelect(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := openJournal(t, broker.Options{})
		s, err := broker.Handle(b, "eu", func(context.Context, orderPlaced) error { return nil }, broker.Topics("orders.eu"))
		if err != nil {
			t.Fatal(err)
		}
		all := subscribe(t, b, "all")
		for _, e := range []*broker.Envelope{
			broker.NewEvent(orderPlaced{1}).With(broker.Attributes{Topic: "orders.eu"}),
			broker.NewEvent(orderPlaced{2}).With(broker.Attributes{Topic: "orders.us"}),
			broker.NewEvent(orderPaid{3}).With(broker.Attributes{Topic: "orders.eu"}),
		} {
			if err := b.TryPublish(e); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		if got := s.Stats().Offered; got != 1 {
			t.Errorf("%d events were offered", got)
		}
		if got := all.Stats().Offered; got != 3 {
			t.Errorf("%d events were offered to who selects nothing", got)
		}
		s.Close()
	})
}

func TestHandleTakesItsOptionsInTheSameCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dead := &broker.Memory{}
		b, j := openJournal(t, broker.Options{})
		tries := 0
		s, err := broker.Handle(b, "mail", func(context.Context, orderPlaced) error { tries++; return errHandler },
			broker.Buffer(64), broker.DropOldest, broker.Topics("orders.>"), broker.Workers(4), broker.Attempts(3),
			broker.Backoff(time.Second, time.Minute), broker.Jitter(0), broker.DeadLettersTo(dead), broker.Waiting(), broker.Key(broker.Event.ID))
		if err != nil {
			t.Fatal(err)
		}
		snap := b.Snapshot().Subscriptions[0]
		if snap.Name != "mail" || snap.Buffer != 64 || snap.Overflow != broker.DropOldest || snap.Workers != 4 || snap.Topics[0] != "orders.>" {
			t.Errorf("it is %+v", snap)
		}
		e := broker.NewEvent(orderPlaced{1}).With(broker.Attributes{ID: "1", Topic: "orders.placed"})
		if err := b.TryPublish(e); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		var stored [2]broker.Stored
		n, err := dead.Read(t.Context(), broker.DeadLetters("mail"), 0, stored[:])
		letter, _ := stored[0].Event.(*broker.DeadLetter)
		if err != nil || n != 1 || letter.Event != broker.Event(e) || tries != 3 {
			t.Errorf("after %d attempts %d dead letters: %v, %v\n%v", tries, n, stored, err, j.take())
		}
		s.Close()
	})
}

func TestHandleNamesWhatIsOutOfBounds(t *testing.T) {
	b, _ := openJournal(t, broker.Options{})
	handler := func(context.Context, orderPlaced) error { return nil }
	for want, err := range map[string]error{
		`broker: handle "mail": the handler is nil`:                      errorOf(broker.Handle[orderPlaced](b, "mail", nil)),
		`broker: handle "mail": an option is nil`:                        errorOf(broker.Handle(b, "mail", handler, nil)),
		`broker: handle "mail": workers -1 are out of range: 1 to 1024`:  errorOf(broker.Handle(b, "mail", handler, broker.Workers(-1))),
		`broker: subscribe "mail": buffer -9 is out of range: 1 to 1000`: errorOf(broker.Handle(b, "mail", handler, broker.Buffer(-9))),
	} {
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("the error is %v, want %s", err, want)
		}
	}
	if n := len(b.Snapshot().Subscriptions); n != 0 {
		t.Errorf("there are %d subscriptions", n)
	}
}

func TestConfigureChangesWhatItNamesAndNothingElse(t *testing.T) {
	b, _ := openJournal(t, broker.Options{Buffer: 7})
	s, err := broker.Handle(b, "s", func(context.Context, orderPlaced) error { return nil }, broker.Buffer(64), broker.Reject, broker.Workers(4))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	is := func(buffer int, o broker.Overflow, workers int, topics ...string) {
		t.Helper()
		if snap := b.Snapshot().Subscriptions[0]; snap.Buffer != buffer || snap.Overflow != o || snap.Workers != workers ||
			strings.Join(snap.Topics, " ") != strings.Join(topics, " ") {
			t.Errorf("it is %+v", snap)
		}
	}
	configure := func(options ...broker.Option) {
		t.Helper()
		if err := s.Configure(options...); err != nil {
			t.Error(err)
		}
	}
	configure()
	is(64, broker.Reject, 4)
	configure(broker.Workers(2), broker.Topics("a.*", "b"))
	is(64, broker.Reject, 2, "a.*", "b")
	configure(broker.Buffer(0))
	is(7, broker.Reject, 2, "a.*", "b")
	configure(broker.Block, broker.Buffer(broker.Unbuffered))
	configure(broker.Topics())
	is(0, broker.Block, 2)
	for want, options := range map[string][]broker.Option{
		"workers 2000 are out of range": {broker.Buffer(5), broker.Topics("c"), broker.Workers(2000)},
		`topic pattern "c..d"`:          {broker.Buffer(5), broker.Workers(9), broker.Topics("c..d")},
		"buffer -5 is out of range":     {broker.Workers(9), broker.Buffer(-5)},
		"can't be changed later":        {broker.Workers(9), broker.Waiting()},
		"an option is nil":              {broker.Workers(9), nil},
	} {
		if err := s.Configure(options...); err == nil || !strings.HasPrefix(err.Error(), `broker: configure "s": `) || !strings.Contains(err.Error(), want) {
			t.Errorf("the error is %v, want %s", err, want)
		}
		is(0, broker.Block, 2)
	}
}

func TestATopicIsNotLostWhereOnlyThePointerHasIt(t *testing.T) {
	b, _ := openJournal(t, broker.Options{})
	topics := []string{"parcels.*"}
	s, err := b.Subscribe(broker.SubscribeOptions{Name: "s", Topics: topics})
	if err != nil {
		t.Fatal(err)
	}
	latest, err := b.Subscribe(broker.SubscribeOptions{Name: "latest", Overflow: broker.KeepLatest, Buffer: 9})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range []broker.Event{event(0), parcel{1}, &parcel{2}, broker.NewEvent(parcel{3}), broker.NewEvent(&parcel{4})} {
		if err := b.TryPublish(e); err != nil {
			t.Fatal(err)
		}
	}
	if got := s.Stats().Offered; got != 4 {
		t.Errorf("%d events were offered, want 4", got)
	}
	if got := latest.Stats().Depth; got != 2 { // the newest without a topic, and the newest of that one
		t.Errorf("%d wait under KeepLatest, want 2", got)
	}
}

func TestAnEnvelopeSaysWhatAnEventAndCloudEventsNeed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, other := broker.NewEvent(orderPlaced{1}), broker.NewEvent(orderPlaced{1})
		if a.ID() == "" || a.ID() == other.ID() {
			t.Errorf("the IDs are %q and %q", a.ID(), other.ID())
		}
		if !a.HappenedOn().Equal(time.Now()) {
			t.Errorf("it happened on %v", a.HappenedOn())
		}
		at := a.Attributes()
		if at.ID != a.ID() || at.Topic != "broker_test.orderPlaced" || at.Source == "" || !at.Time.Equal(a.HappenedOn()) {
			t.Errorf("the attributes are %+v", at)
		}
		if got := broker.NewEvent(&orderPlaced{1}).Topic(); got != at.Topic {
			t.Errorf("the topic of a pointer is %q", got)
		}
		if got := broker.NewEvent(parcel{4}); got.ID() != "4" || !got.HappenedOn().Equal(event(4).HappenedOn()) || got.Topic() != "parcels.sent" {
			t.Errorf("an event in an envelope is %+v", got.Attributes())
		}

		made := a.With(broker.Attributes{Subject: "order 1", Topic: "orders.eu", Extensions: map[string]string{"traceparent": "00-1"}})
		made.Attributes().Extensions["traceparent"] = "changed"
		made = made.With(broker.Attributes{Time: time.Unix(9, 0), ID: "7", Source: "/shop"})
		want := broker.Attributes{ID: "7", Time: time.Unix(9, 0), Topic: "orders.eu", Source: "/shop", Subject: "order 1",
			Extensions: map[string]string{"traceparent": "00-1"}}
		if got := made.Attributes(); !reflect.DeepEqual(got, want) {
			t.Errorf("the attributes are %+v, want %+v", got, want)
		}
		if made.Payload() != any(orderPlaced{1}) || a.Topic() != "broker_test.orderPlaced" {
			t.Errorf("the payload is %v, and the first topic %q", made.Payload(), a.Topic())
		}
		if e := broker.NewEvent(nil); e.ID() == "" || e.Topic() != "" {
			t.Errorf("no payload makes %+v", e.Attributes())
		}
	})
}

func TestAsFindsWhatIsInAnEvent(t *testing.T) {
	if v, is := broker.As[orderPlaced](broker.NewEvent(orderPlaced{1})); !is || v.Number != 1 {
		t.Errorf("it is %v, %v", v, is)
	}
	if v, is := broker.As[event](event(3)); !is || v != 3 {
		t.Errorf("it is %v, %v", v, is)
	}
	if _, is := broker.As[orderPaid](broker.NewEvent(orderPlaced{1})); is {
		t.Error("it is of another type")
	}
	if _, is := broker.As[orderPaid](nil); is {
		t.Error("no event is one")
	}
}

func TestTypedRoutingAllocatesNothing(t *testing.T) {
	b, err := broker.New(broker.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := broker.Handle(b, "s", func(context.Context, orderPlaced) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	e := broker.NewEvent(orderPaid{1}) // which nobody handles, so that only its way is measured
	if n := testing.AllocsPerRun(100, func() { _ = b.TryPublish(e) }); n != 0 {
		t.Errorf("%v allocations a publish", n)
	}
}

func TestHandlersOfABrokerThatIsShutDownAreDrained(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := openJournal(t, broker.Options{Buffer: 9})
		handled := 0
		_, err := broker.Handle(b, "s", func(context.Context, orderPlaced) error { time.Sleep(time.Second); handled++; return nil })
		if err != nil {
			t.Fatal(err)
		}
		for n := range 5 {
			if err := b.Publish(t.Context(), broker.NewEvent(orderPlaced{n})); err != nil {
				t.Fatal(err)
			}
		}
		if err := b.Shutdown(t.Context()); err != nil || handled != 5 {
			t.Errorf("%d were handled: %v", handled, err)
		}
		if _, err := broker.Handle(b, "late", func(context.Context, orderPlaced) error { return nil }); !errors.Is(err, broker.ErrClosed) {
			t.Errorf("Handle answers %v", err)
		}
	})
}

func TestHandlersAreToldWhenAShutdownHasNoMoreTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := openJournal(t, broker.Options{})
		var told error
		_, err := broker.Handle(b, "s", func(ctx context.Context, _ orderPlaced) error {
			<-ctx.Done()
			told = context.Cause(ctx)
			return told
		})
		if err == nil {
			err = b.Publish(t.Context(), broker.NewEvent(orderPlaced{1}))
		}
		if err != nil {
			t.Fatal(err)
		}
		enough := errors.New("enough")
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Second, enough)
		defer cancel()
		var left *broker.LeftError
		if err := b.Shutdown(ctx); !errors.As(err, &left) || left.Left[0].InFlight != 1 {
			t.Errorf("Shutdown answers %v", err)
		}
		synctest.Wait()
		if told != enough {
			t.Errorf("the handler was told %v", told)
		}
	})
}

type shipped struct{ event }

func (shipped) Topic() string { return "shipped" }

func TestTypedHandlersTellAnEventFromAnEnvelopeOfIt(t *testing.T) {
	for _, envelopeFirst := range []bool{true, false} {
		b, err := broker.New(broker.Options{Overflow: broker.Block})
		if err != nil {
			t.Fatal(err)
		}
		var got []*broker.Envelope
		if _, err := broker.Handle(b, "envelopes", func(_ context.Context, e *broker.Envelope) error {
			got = append(got, e)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		alone, enveloped := broker.Event(shipped{1}), broker.Event(broker.NewEvent(shipped{2}))
		events := []broker.Event{alone, enveloped, alone, enveloped}
		if envelopeFirst {
			events = events[1:]
		}
		for _, e := range events {
			if err := b.Publish(t.Context(), e); err != nil {
				t.Fatal(err)
			}
		}
		if err := b.Shutdown(t.Context()); err != nil {
			t.Fatal(err)
		}
		if len(got) != 2 || got[0] != enveloped || got[1] != enveloped {
			t.Errorf("the handler of envelopes got %v", got)
		}
	}
}

func TestTypedHandlersDoNotGetWhatAnotherHasSpilledToTheirStream(t *testing.T) {
	repository := &broker.Memory{}
	if err := repository.Append(t.Context(), event(7), "mail"); err != nil {
		t.Fatal(err)
	}
	b, err := broker.New(broker.Options{Repository: repository})
	if err != nil {
		t.Fatal(err)
	}
	s, err := broker.Handle(b, "mail", func(_ context.Context, e shipped) error {
		t.Errorf("the handler got %v", e)
		return nil
	}, broker.Spill, broker.DeadLettersTo(repository))
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	if st := s.Stats(); st.Dead != 1 {
		t.Errorf("the event is no dead letter: %+v", st)
	}
	const want = "the event is a broker_test.event, and the handler takes a broker_test.shipped"
	for d := range broker.ListDeadLetters(t.Context(), repository, "mail") {
		if d.Cause != want {
			t.Errorf("the cause is %q, want %q", d.Cause, want)
		}
	}
}
