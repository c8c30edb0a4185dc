package broker_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/spillway-go/spillway/broker"
)

func adjust(t *testing.T, s *broker.Subscription, o broker.ConsumeOptions) {
	t.Helper()
	if err := s.Configure(o); err != nil {
		t.Fatal(err)
	}
}

func TestMoreWorkersBeginAtOnceAndFewerWhenThoseAtWorkAreDone(t *testing.T) {
	b, _ := openJournal(t, broker.Options{Buffer: 99})
	s, d := driven(t, b, broker.Settings{}, broker.ConsumeOptions{Workers: 2})
	publish(t, b, 0, 9)
	wantEvents(t, d.events(), 0, 1)
	adjust(t, s, broker.ConsumeOptions{Workers: 4})
	wantEvents(t, d.events(), 0, 1, 2, 3)
	adjust(t, s, broker.ConsumeOptions{Workers: 1})
	for left := 3; left > 0; left-- {
		d.done(nil)
		if len(d.begun) != left {
			t.Errorf("%d are at work, want %d", len(d.begun), left)
		}
	}
	d.done(nil)
	wantEvents(t, d.events(), 4)
	if got := b.Snapshot().Subscriptions[0]; got.Workers != 1 || got.Waiting != 0 {
		t.Errorf("the snapshot is %+v", got)
	}
}

func TestIdleWorkersGoAndComeWithAdjust(t *testing.T) {
	b, _ := openJournal(t, broker.Options{})
	s, d := driven(t, b, broker.Settings{}, broker.ConsumeOptions{Workers: 3})
	for _, workers := range []int{1, 3, 2} {
		adjust(t, s, broker.ConsumeOptions{Workers: workers})
		publish(t, b, 0, 2)
		if len(d.begun) != workers {
			t.Errorf("%d are at work, want %d", len(d.begun), workers)
		}
		for len(d.begun) > 0 {
			d.done(nil)
		}
	}
}

func TestMoreWorkersAreRoomForThoseWhoWait(t *testing.T) {
	b, j := openJournal(t, broker.Options{})
	s, d := driven(t, b, broker.Settings{Buffer: broker.Unbuffered, Overflow: broker.Block}, broker.ConsumeOptions{})
	publish(t, b, 0, 0)
	waitInLine(t, b, 1, 1)
	adjust(t, s, broker.ConsumeOptions{Workers: 2})
	wantEvents(t, d.events(), 0, 1)
	j.wantLines(t, "s delivered 0, 0 wait", "s blocked 1", "s delivered 1, 0 wait", "unblocked 1: <nil>")
}

func TestAdjustChangesTheAttemptsAndPausesFromNowOn(t *testing.T) {
	b, _ := openJournal(t, broker.Options{})
	dead := &broker.Memory{}
	s, d := driven(t, b, broker.Settings{}, broker.ConsumeOptions{Attempts: 2, DeadLetters: dead})
	publish(t, b, 0, 1)
	w, pause, again := d.done(errHandler)
	if pause != 100*time.Millisecond || !again {
		t.Errorf("again in %v: %v", pause, again)
	}
	adjust(t, s, broker.ConsumeOptions{Attempts: 3, Backoff: time.Second, DeadLetters: nil})
	w.Again()
	if w, pause, again = d.done(errHandler); pause != 2*time.Second || !again {
		t.Errorf("again in %v: %v", pause, again)
	}
	adjust(t, s, broker.ConsumeOptions{})
	w.Again() // as it was told
	if _, _, again = d.done(errHandler); again {
		t.Error("there is a fourth attempt")
	}
	d.done(errHandler)
	wantEvents(t, stored(dead, broker.DeadLetters("s")), 0, 1)
}

func TestAdjustChangesHowManyHandlersRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := openJournal(t, broker.Options{Buffer: 99})
		s := subscribe(t, b, "s")
		consuming(t, s, broker.ConsumeOptions{Workers: 2, Waits: true}, sleeping(time.Minute))
		publish(t, b, 0, 59)
		for _, step := range []struct{ workers, now, later int }{{7, 7, 7}, {3, 7, 3}, {5, 5, 5}} {
			adjust(t, s, broker.ConsumeOptions{Workers: step.workers})
			time.Sleep(time.Second)
			if st := s.Stats(); st.InFlight != step.now {
				t.Errorf("with %d workers %d handlers run, want %d", step.workers, st.InFlight, step.now)
			}
			time.Sleep(2 * time.Minute)
			if st := s.Stats(); st.InFlight != step.later {
				t.Errorf("with %d workers %d handlers run later, want %d", step.workers, st.InFlight, step.later)
			}
		}
		time.Sleep(time.Hour)
		if st := s.Stats(); st.Handled != 60 {
			t.Errorf("the stats are %+v", st)
		}
	})
}
