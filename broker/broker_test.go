package broker_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/spillway-go/spillway/broker"
)

// event is an event of these tests: its number is all there is to it.
type event int

func (e event) ID() string          { return strconv.Itoa(int(e)) }
func (event) HappenedOn() time.Time { return time.Time{} }

// lossy are the policies that never refuse an event and keep none elsewhere.
var lossy = []broker.Overflow{broker.DropNewest, broker.DropOldest}

// told is one call of a trace hook.
type told struct {
	What  string // buffered, delivered, rejected, spilled, refilled, or why it was dropped
	Sub   int
	Event event
	Depth int
}

// trace is one that adds what it is told to log.
func trace(log *[]told) broker.Trace {
	tell := func(what string, s *broker.Subscription, e broker.Event, depth int) {
		*log = append(*log, told{what, s.Index(), numbers([]broker.Event{e})[0], depth})
	}
	return broker.Trace{
		Rejected:  func(s *broker.Subscription, e broker.Event) { tell("rejected", s, e, 0) },
		Spilled:   func(s *broker.Subscription, e broker.Event, backlog uint64) { tell("spilled", s, e, int(backlog)) },
		Refilled:  func(s *broker.Subscription, e broker.Event, depth int) { tell("refilled", s, e, depth) },
		Buffered:  func(s *broker.Subscription, e broker.Event, depth int) { tell("buffered", s, e, depth) },
		Delivered: func(s *broker.Subscription, e broker.Event, depth int) { tell("delivered", s, e, depth) },
		Dropped: func(s *broker.Subscription, e broker.Event, why broker.DropReason, depth int) {
			tell(why.String(), s, e, depth)
		},
	}
}

// open makes a broker whose trace is added to the log it returns.
func open(t *testing.T, o broker.Options) (*broker.Broker, *[]told) {
	t.Helper()
	log := new([]told)
	o.Trace = trace(log)
	if o.Repository == nil {
		o.Repository = &broker.Memory{}
	}
	b, err := broker.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return b, log
}

func subscribe(t *testing.T, b *broker.Broker, name string) *broker.Subscription {
	t.Helper()
	s, err := b.Subscribe(broker.SubscribeOptions{Name: name})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// publish publishes the events from, from+1, … to.
func publish(t *testing.T, b *broker.Broker, from, to event) {
	t.Helper()
	for e := from; e <= to; e++ {
		if err := b.TryPublish(e); err != nil {
			t.Fatal(err)
		}
	}
}

// drain takes everything that waits.
func drain(s *broker.Subscription) (events []event) {
	for e, ok := s.TryNext(); ok; e, ok = s.TryNext() {
		events = append(events, e.(event))
	}
	return events
}

func wantEvents(t *testing.T, got []event, want ...event) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got the events %v, want %v", got, want)
	}
}

func TestTotalOrderAllSubscriptionsAreOfferedTheSameEventsInTheSameOrder(t *testing.T) {
	const publishers, each = 4, 200
	b, _ := open(t, broker.Options{Buffer: publishers * each})
	subs := []*broker.Subscription{subscribe(t, b, "a"), subscribe(t, b, "b"), subscribe(t, b, "c")}
	var all sync.WaitGroup
	for p := range publishers {
		all.Go(func() { publish(t, b, event(p*each), event(p*each+each-1)) })
	}
	all.Wait()
	first := drain(subs[0])
	if len(first) != publishers*each {
		t.Fatalf("%d events of %d", len(first), publishers*each)
	}
	for _, s := range subs[1:] {
		wantEvents(t, drain(s), first...)
	}
}

func TestFIFOASubscriptionDeliversInTheOrderItWasOffered(t *testing.T) {
	b, _ := open(t, broker.Options{Buffer: 5})
	s := subscribe(t, b, "s")
	var got []event
	for round := range event(10) { // so that the ring turns
		publish(t, b, 3*round, 3*round+2)
		got = append(got, drain(s)...)
	}
	if !slices.IsSorted(got) || len(got) != 30 {
		t.Errorf("out of order: %v", got)
	}
}

func TestBoundNeverDoMoreEventsWaitThanTheBufferHolds(t *testing.T) {
	for _, test := range []struct{ buffer, holds int }{
		{0, broker.DefaultBuffer}, {broker.Unbuffered, 0}, {1, 1}, {4, 4}, {1000, 1000},
	} {
		for _, policy := range lossy {
			b, _ := open(t, broker.Options{Buffer: test.buffer, Overflow: policy})
			s := subscribe(t, b, "s")
			for e := range event(test.holds + 7) {
				publish(t, b, e, e)
				if st := s.Stats(); st.Depth > test.holds || st.HighWater > test.holds {
					t.Fatalf("buffer %d, %v: %+v", test.buffer, policy, st)
				}
			}
			if got := len(drain(s)); got != test.holds {
				t.Errorf("buffer %d, %v: held %d events, want %d", test.buffer, policy, got, test.holds)
			}
		}
	}
}

func TestAWaitingReceiverIsServedFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, log := open(t, broker.Options{Buffer: broker.Unbuffered})
		receiver := next(t.Context(), subscribe(t, b, "s"))
		synctest.Wait()
		publish(t, b, 0, 1)
		want := []told{{"delivered", 0, 0, 0}, {"full", 0, 1, 0}}
		if !reflect.DeepEqual(*log, want) {
			t.Errorf("the trace is %v, want %v", *log, want)
		}
		if got := <-receiver; got.event != event(0) {
			t.Errorf("received %v", got)
		}
	})
}

func TestEveryDropIsReported(t *testing.T) {
	for _, test := range []struct {
		name   string
		policy broker.Overflow
		do     func(*broker.Subscription)
		want   []told // the drops
	}{
		{"the newest", broker.DropNewest, func(*broker.Subscription) {},
			[]told{{"full", 0, 3, 3}, {"full", 0, 4, 3}}},
		{"the oldest", broker.DropOldest, func(*broker.Subscription) {},
			[]told{{"displaced", 0, 0, 2}, {"displaced", 0, 1, 2}}},
		{"what a smaller buffer can't hold, the newest first", broker.DropNewest,
			func(s *broker.Subscription) { _ = s.Configure(broker.Settings{Buffer: 1}) },
			[]told{{"full", 0, 3, 3}, {"full", 0, 4, 3}, {"shrunk", 0, 2, 2}, {"shrunk", 0, 1, 1}}},
		{"what a smaller buffer can't hold, the oldest first", broker.DropOldest,
			func(s *broker.Subscription) { _ = s.Configure(broker.Settings{Buffer: broker.Unbuffered}) },
			[]told{{"displaced", 0, 0, 2}, {"displaced", 0, 1, 2}, {"shrunk", 0, 2, 2}, {"shrunk", 0, 3, 1}, {"shrunk", 0, 4, 0}}},
		{"what waits at Close", broker.DropNewest, (*broker.Subscription).Close,
			[]told{{"full", 0, 3, 3}, {"full", 0, 4, 3}, {"closed", 0, 0, 2}, {"closed", 0, 1, 1}, {"closed", 0, 2, 0}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			b, log := open(t, broker.Options{Overflow: test.policy})
			s := subscribe(t, b, "s")
			publish(t, b, 0, 4)
			test.do(s)
			drops := slices.DeleteFunc(*log, func(x told) bool { return x.What == "buffered" })
			if !reflect.DeepEqual(drops, test.want) {
				t.Errorf("the drops are %v, want %v", drops, test.want)
			}
			if got := s.Stats().Dropped; got != uint64(len(test.want)) {
				t.Errorf("%d drops are counted, want %d", got, len(test.want))
			}
		})
	}
}

func TestNoDeliveryAfterClose(t *testing.T) {
	b, log := open(t, broker.Options{})
	s := subscribe(t, b, "s")
	publish(t, b, 0, 0)
	s.Close()
	s.Close()
	publish(t, b, 1, 1)
	wantEvents(t, drain(s))
	if e, err := s.Next(t.Context()); e != nil || !errors.Is(err, broker.ErrClosed) {
		t.Errorf("Next answers %v, %v", e, err)
	}
	want := []told{{"buffered", 0, 0, 1}, {"closed", 0, 0, 0}}
	if !reflect.DeepEqual(*log, want) {
		t.Errorf("the trace is %v, want %v", *log, want)
	}
}

func TestAnEventHandedToAReceiverBeforeCloseIsStillReceived(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, log := open(t, broker.Options{})
		s := subscribe(t, b, "s")
		receiver := next(t.Context(), s)
		synctest.Wait()
		publish(t, b, 0, 0)
		s.Close()
		if got := <-receiver; got.event != event(0) {
			t.Errorf("received %v", got)
		}
		if want := []told{{"delivered", 0, 0, 0}}; !reflect.DeepEqual(*log, want) {
			t.Errorf("the trace is %v, want %v", *log, want)
		}
	})
}

func TestClosingOneSubscriptionLeavesTheOthersAsTheyWere(t *testing.T) {
	b, _ := open(t, broker.Options{})
	first, second, third := subscribe(t, b, "1"), subscribe(t, b, "2"), subscribe(t, b, "3")
	publish(t, b, 0, 0)
	second.Close()
	publish(t, b, 1, 1)
	wantEvents(t, drain(first), 0, 1)
	wantEvents(t, drain(third), 0, 1)
	if fourth := subscribe(t, b, "4"); fourth.Index() != 3 {
		t.Errorf("the index %d was given out twice", fourth.Index())
	}
}

func TestASubscriptionTakesWhatItDoesNotSayFromItsBroker(t *testing.T) {
	b, _ := open(t, broker.Options{Buffer: 2, Overflow: broker.DropOldest})
	s := subscribe(t, b, "s")
	publish(t, b, 0, 3)
	wantEvents(t, drain(s), 2, 3)
	if err := s.Configure(broker.Settings{Buffer: 1, Overflow: broker.DropNewest}); err != nil {
		t.Fatal(err)
	}
	publish(t, b, 4, 6)
	wantEvents(t, drain(s), 4)
	if err := s.Configure(broker.Settings{}); err != nil {
		t.Fatal(err)
	}
	publish(t, b, 7, 9)
	wantEvents(t, drain(s), 8, 9)
}

func TestWhatIsOutOfBoundsIsNamed(t *testing.T) {
	b, _ := open(t, broker.Options{})
	s := subscribe(t, b, "mailer")
	newError := func(o broker.Options) error { _, err := broker.New(o); return err }
	subscribeError := func(o broker.SubscribeOptions) error { _, err := b.Subscribe(o); return err }
	for _, test := range []struct {
		err  error
		want string
	}{
		{newError(broker.Options{Buffer: -2}), "broker: new: buffer -2 is out of range: 1 to 1000000, 0 for the default, -1 for none"},
		{newError(broker.Options{Buffer: 1_000_001}), "broker: new: buffer 1000001 is out of range: 1 to 1000000, 0 for the default, -1 for none"},
		{newError(broker.Options{Overflow: 77}), "broker: new: overflow policy 77 is unknown: use one of drop-newest, drop-oldest"},
		{subscribeError(broker.SubscribeOptions{Name: "x", Buffer: -9}), `broker: subscribe "x": buffer -9 is out of range`},
		{s.Configure(broker.Settings{Overflow: 99}), `broker: configure "mailer": overflow policy 99 is unknown`},
		{b.TryPublish(nil), "broker: publish: the event is nil"},
		{b.Publish(t.Context(), nil), "broker: publish: the event is nil"},
	} {
		if test.err == nil || !strings.HasPrefix(test.err.Error(), test.want) {
			t.Errorf("got the error %v, want %s", test.err, test.want)
		}
	}
	for _, buffer := range []int{broker.Unbuffered, 0, 1, broker.MaxBuffer} {
		if err := newError(broker.Options{Buffer: buffer}); err != nil {
			t.Errorf("buffer %d: %v", buffer, err)
		}
	}
}

func TestARefusedConfigureChangesNothing(t *testing.T) {
	b, _ := open(t, broker.Options{Buffer: 2})
	s := subscribe(t, b, "s")
	publish(t, b, 0, 1)
	if err := s.Configure(broker.Settings{Buffer: 1, Overflow: 99}); err == nil {
		t.Fatal("an unknown policy was taken")
	}
	wantEvents(t, drain(s), 0, 1)
}

func TestAPublisherWhoseContextHasEndedPublishesNothing(t *testing.T) {
	b, log := open(t, broker.Options{})
	subscribe(t, b, "s")
	enough := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(enough)
	if err := b.Publish(ctx, event(0)); !errors.Is(err, enough) {
		t.Errorf("the error is %v, want the cause", err)
	}
	if len(*log) != 0 {
		t.Errorf("the trace is %v", *log)
	}
}

func TestPublishingToAStalledSubscriptionAllocatesNothing(t *testing.T) {
	for _, policy := range lossy {
		b, err := broker.New(broker.Options{Overflow: policy})
		if err != nil {
			t.Fatal(err)
		}
		s := subscribe(t, b, "stalled")
		publish(t, b, 0, 9)
		var e broker.Event = event(1 << 40)
		if n := testing.AllocsPerRun(1000, func() { _ = b.TryPublish(e) }); n != 0 {
			t.Errorf("%v: %v allocations an event", policy, n)
		}
		if s.Stats().Dropped < 1000 {
			t.Errorf("%v: nothing was dropped", policy)
		}
	}
}

func TestPublishingAndTakingAllocatesNothing(t *testing.T) {
	b, err := broker.New(broker.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := subscribe(t, b, "s")
	publish(t, b, 0, 9)
	drain(s)
	var e broker.Event = event(1 << 40)
	if n := testing.AllocsPerRun(1000, func() {
		_ = b.TryPublish(e)
		s.TryNext()
	}); n != 0 {
		t.Errorf("%v allocations an event", n)
	}
}

func TestTheNamesOfPoliciesAreReadBack(t *testing.T) {
	for _, policy := range append(broker.Overflows(), broker.Inherit) {
		text, err := policy.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		var back broker.Overflow
		if err := back.UnmarshalText(text); err != nil || back != policy {
			t.Errorf("%v is read back as %v, %v", policy, back, err)
		}
	}
	if _, err := broker.ParseOverflow("drop"); err == nil || err.Error() != `overflow policy "drop" is unknown: use one of drop-newest, drop-oldest, keep-latest, reject, block, spill` {
		t.Errorf("the error is %v", err)
	}
	if _, err := broker.Overflow(9).MarshalText(); err == nil {
		t.Error("an unknown policy has a text")
	}
	if got := fmt.Sprint(broker.Overflow(9), broker.DropReason(0), broker.DropReason(9)); got != "Overflow(9) DropReason(0) DropReason(9)" {
		t.Error(got)
	}
}
