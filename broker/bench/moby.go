package main

import (
	"github.com/moby/pubsub"

	"github.com/spillway-go/spillway/broker"
)

// moby is github.com/moby/pubsub, which came out of Docker: a goroutine for each
// send, and Publish waits for all of them. Without a timeout it has queue
// semantics.
var moby = peer{name: "moby/pubsub", full: drops, open: openMoby}

type mobyBus struct {
	receivers
	publisher *pubsub.Publisher
}

func openMoby(handlers []handler, buffer int) bus {
	b := &mobyBus{publisher: pubsub.NewPublisher(0, buffer)}
	for _, handle := range handlers {
		events := b.publisher.Subscribe()
		b.all.Go(func() {
			for e := range events {
				handle(e.(broker.Event))
			}
		})
	}
	return b
}

func (b *mobyBus) publish(e broker.Event) { b.publisher.Publish(e) }

func (b *mobyBus) close() {
	b.publisher.Close()
	b.all.Wait()
}
