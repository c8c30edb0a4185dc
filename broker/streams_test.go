package broker_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/spillway-go/spillway/broker"
)

func TestStreamsDoNotCollideWithDeadLetters(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		repository := &broker.Memory{}
		b, _ := openJournal(t, broker.Options{Repository: repository})
		s := subscribe(t, b, "a")
		consuming(t, s, broker.ConsumeOptions{DeadLetters: repository}, explode)
		publish(t, b, 0, 0)
		synctest.Wait()
		_, err := b.Subscribe(broker.SubscribeOptions{Name: "a.dead", Overflow: broker.Spill})
		if err == nil || !strings.Contains(err.Error(), `takes a name that does not end with ".dead"`) {
			t.Errorf("Subscribe answers %v", err)
		}
		dead := subscribe(t, b, "a.dead")
		if err := dead.Configure(broker.Spill); err == nil {
			t.Error("it reads the dead letters of another")
		}
		wantEvents(t, stored(repository, broker.DeadLetters("a")), 0)
	})
}

func TestStreamsDoNotCollideOfSubscriptionsWithoutANameOrWithTheSame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := openJournal(t, broker.Options{})
		o := broker.ConsumeOptions{DeadLetters: &broker.Memory{}}
		if err := subscribe(t, b, "").Consume(t.Context(), nothing, o); err == nil || !strings.Contains(err.Error(), "dead letters take a name") {
			t.Errorf("Consume answers %v", err)
		}
		if _, err := broker.NewDriver(b).Subscribe(broker.SubscribeOptions{}, o, func(broker.Work) {}); err == nil {
			t.Error("a driver has dead letters without a name")
		}
		consuming(t, subscribe(t, b, "s"), o, nothing)
		if err := subscribe(t, b, "s").Consume(t.Context(), nothing, o); err == nil || !strings.Contains(err.Error(), "a name of its own") {
			t.Errorf("Consume answers %v", err)
		}
	})
}

func TestSpillTakesARepository(t *testing.T) {
	b, err := broker.New(broker.Options{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = b.Subscribe(broker.SubscribeOptions{Name: "s", Overflow: broker.Spill})
	if want := `broker: subscribe "s": overflow policy spill takes a Repository in the Options of the broker`; err == nil || err.Error() != want {
		t.Errorf("Subscribe answers %v, want %s", err, want)
	}
	if _, err := broker.New(broker.Options{Overflow: broker.Spill}); err == nil {
		t.Error("a broker spills to nowhere")
	}
}

func TestAMemoryHasABound(t *testing.T) {
	b, _ := openJournal(t, broker.Options{Repository: &broker.Memory{Limit: 2}})
	s := with(t, b, "s", broker.Spill, 1)
	publish(t, b, 0, 2)
	if err := b.TryPublish(event(3)); !errors.Is(err, broker.ErrRepositoryFull) {
		t.Errorf("the publisher gets %v", err)
	}
	wantEvents(t, drain(s), 0, 1, 2)
	s.Done()
	publish(t, b, 4, 6)
	wantEvents(t, drain(s), 4, 5, 6)
}
