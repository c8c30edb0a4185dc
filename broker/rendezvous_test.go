package broker_test

import (
	"context"
	"sync"
	"testing"

	"github.com/spillway-go/spillway/broker"
)

// A receiver may make room just when a publisher has found none and begins to wait.
func TestAPublisherAndAReceiverNeverWaitForEachOther(t *testing.T) {
	for _, buffer := range []int{broker.Unbuffered, 1, 2} {
		b, err := broker.New(broker.Options{Buffer: buffer, Overflow: broker.Block})
		if err != nil {
			t.Fatal(err)
		}
		s := subscribe(t, b, "s")
		const each = 50000
		var all sync.WaitGroup
		all.Go(func() {
			for range each {
				if _, err := s.Next(context.Background()); err != nil {
					t.Error(err)
					return
				}
			}
		})
		for n := range each {
			if err := b.Publish(context.Background(), event(n)); err != nil {
				t.Fatal(err)
			}
		}
		all.Wait()
	}
}
