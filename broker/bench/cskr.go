package main

import (
	"github.com/cskr/pubsub/v2"

	"github.com/spillway-go/spillway/broker"
)

// cskr is github.com/cskr/pubsub: an actor too, with topics. TryPub has queue
// semantics (Pub has not: it waits for the slowest).
var cskr = peer{name: "cskr/pubsub", full: drops, open: openCskr}

type cskrBus struct {
	receivers
	ps     *pubsub.PubSub[string, broker.Event]
	topics []string
}

func openCskr(handlers []handler, buffer int) bus {
	b := &cskrBus{ps: pubsub.New[string, broker.Event](buffer), topics: []string{"all"}}
	for _, handle := range handlers {
		b.add(b.ps.Sub(b.topics...), handle)
	}
	return b
}

func (b *cskrBus) publish(e broker.Event) { b.ps.TryPub(e, b.topics...) }

func (b *cskrBus) close() {
	b.ps.Shutdown()
	b.all.Wait()
}
