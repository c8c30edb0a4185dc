package broker_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/spillway-go/spillway/broker"
)

func choose(t *testing.T, s *broker.Subscription, topics ...string) {
	t.Helper()
	if err := s.Configure(broker.Topics(topics...)); err != nil {
		t.Fatal(err)
	}
}

func TestSelectChangesTheTopicsFromNowOn(t *testing.T) {
	b, _ := openJournal(t, broker.Options{Buffer: 99})
	s, all := subscribe(t, b, "s"), subscribe(t, b, "all")
	n := event(0)
	each := func() {
		for _, topic := range []string{"", "a", "a.b"} {
			publishTo(t, b, n, topic)
			n++
		}
	}
	each()
	choose(t, s, "a")
	each()
	choose(t, s, "a", "a.*")
	each()
	choose(t, s, ">")
	choose(t, s, "nobody")
	each()
	choose(t, s)
	each()
	wantEvents(t, takeAll(s), 0, 1, 2, 4, 7, 8, 12, 13, 14)
	if got := takeAll(all); len(got) != 15 {
		t.Errorf("the other got %v", got)
	}
}

// The broker counts who selects topics: with none of them it need not ask.
func TestSelectAndCloseKeepCountOfWhoSelects(t *testing.T) {
	b, _ := openJournal(t, broker.Options{Buffer: 99})
	all := subscribe(t, b, "all")
	s, other := with(t, b, "s", broker.Inherit, 0, "a"), subscribe(t, b, "other")
	choose(t, other, "a")
	choose(t, other, "b")
	choose(t, s)
	choose(t, s)
	publishTo(t, b, 0, "b")
	choose(t, other)
	choose(t, s, "a")
	other.Close()
	publishTo(t, b, 1, "b")
	s.Close()
	publishTo(t, b, 2, "b")
	late := with(t, b, "late", broker.Inherit, 0, "a")
	publishTo(t, b, 3, "b")
	publishTo(t, b, 4, "a")
	wantEvents(t, takeAll(all), 0, 1, 2, 3, 4)
	wantEvents(t, takeAll(late), 4)
	if st := s.Stats(); st.Offered != 1 {
		t.Errorf("the stats are %+v", st)
	}
}

func TestSelectIsSeenInTheSnapshot(t *testing.T) {
	b, _ := openJournal(t, broker.Options{})
	s := subscribe(t, b, "s")
	choose(t, s, "a.*", "b.>")
	if got := strings.Join(b.Snapshot().Subscriptions[0].Topics, " "); got != "a.* b.>" {
		t.Errorf("the topics are %s", got)
	}
}

func TestASelectThatIsRefusedChangesNothing(t *testing.T) {
	b, _ := openJournal(t, broker.Options{})
	s := with(t, b, "s", broker.Inherit, 0, "a")
	if err := s.Configure(broker.Topics("b", "c..d")); err == nil || !strings.HasPrefix(err.Error(), `broker: configure "s": topic pattern "c..d": there is nothing between two dots`) {
		t.Errorf("Select answers %v", err)
	}
	publishTo(t, b, 0, "a")
	publishTo(t, b, 1, "b")
	wantEvents(t, takeAll(s), 0)
	s.Close()
	if err := s.Configure(broker.Topics("b")); !errors.Is(err, broker.ErrClosed) || err.Error() != `broker: configure "s": closed` {
		t.Errorf("Select answers %v", err)
	}
}

func TestAPublisherGoesOnWhenNoSubscriptionItWaitsForSelectsItsEventAnyMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, j := openJournal(t, broker.Options{})
		s, other := with(t, b, "s", broker.Block, 1), with(t, b, "other", broker.DropNewest, 9)
		publishTo(t, b, 0, "a")
		first, second := publishing(t.Context(), b, on{1, "a"}), publishing(t.Context(), b, on{2, "b"})
		if err := broker.NewDriver(b).Publish(on{3, "c"}); !errors.Is(err, broker.ErrWouldBlock) {
			t.Errorf("Publish answers %v", err)
		}
		j.take()
		choose(t, s, "a", "c")
		if !waits(first) || waits(second) {
			t.Error("not the second is let go")
		}
		choose(t, s, "a")
		j.wantLines(t, "other buffered 2, 2 wait", "unblocked 2: <nil>", "other buffered 3, 3 wait", "unblocked 3: <nil>")
		wantEvents(t, takeAll(s), 0, 1)
		wantEvents(t, takeAll(other), 0, 2, 3, 1)
		<-first
	})
}

func TestAPublisherThatWaitsAlsoWaitsForASubscriptionThatSelectsItsEventNow(t *testing.T) {
	b, _ := openJournal(t, broker.Options{})
	s, other := with(t, b, "s", broker.Block, 1), with(t, b, "other", broker.Block, 1, "nothing")
	publishTo(t, b, 0, "nothing")
	if err := broker.NewDriver(b).Publish(on{1, "a"}); !errors.Is(err, broker.ErrWouldBlock) {
		t.Errorf("Publish answers %v", err)
	}
	choose(t, other, "a")
	wantEvents(t, takeAll(s), 0)
	if b.Snapshot().Blocked != 1 {
		t.Error("it was let in")
	}
	wantEvents(t, takeAll(other), 0, 1)
	wantEvents(t, takeAll(s), 1)
}

func TestAnEventThatWaitsIsDeliveredThoughItIsNotSelectedAnyMore(t *testing.T) {
	b, _ := openJournal(t, broker.Options{})
	s := with(t, b, "s", broker.Spill, 1)
	for e := range event(3) {
		publishTo(t, b, e, "a")
	}
	choose(t, s, "b")
	wantEvents(t, takeAll(s), 0, 1, 2)
}
