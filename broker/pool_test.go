package broker_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/spillway-go/spillway/broker"
)

func TestWhoScalesDownTakesNobodyElsesWorkers(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		b, _ := openJournal(t, broker.Options{Buffer: 9})
		sleeps := func(d time.Duration) broker.Handler {
			return func(context.Context, broker.Event) error { time.Sleep(d); return nil }
		}
		slow := with(t, b, "slow", broker.DropNewest, 9, "slow")
		consuming(t, slow, broker.ConsumeOptions{Workers: 3, Waits: true}, sleeps(time.Hour))
		quick := with(t, b, "quick", broker.DropNewest, 9, "quick")
		consuming(t, quick, broker.ConsumeOptions{Waits: true}, sleeps(time.Second))
		synctest.Wait()
		for e := range event(4) {
			publishTo(t, b, e, "slow")
		}
		if err := slow.Adjust(broker.ConsumeOptions{Workers: 1}); err != nil {
			t.Fatal(err)
		}
		publishTo(t, b, 9, "quick")
		time.Sleep(2 * time.Second)
		if got := quick.Stats().Handled; got != 1 {
			t.Errorf("while another finishes what it had more workers for, %d events are handled", got)
		}
		time.Sleep(time.Hour) // the three are done, and one begins the fourth
		if got := slow.Stats(); got.Handled != 3 || got.InFlight != 1 {
			t.Errorf("the one that scaled down has %+v", got)
		}
		publishTo(t, b, 10, "quick")
		time.Sleep(time.Hour)
		if got := quick.Stats().Handled; got != 2 {
			t.Errorf("afterwards %d events are handled", got)
		}
	})
}
