package main

import (
	"github.com/teivah/broadcast"

	"github.com/spillway-go/spillway/broker"
)

// teivah is github.com/teivah/broadcast: a map of channels behind a lock.
// Broadcast has queue semantics (Notify has not: it waits for the slowest).
var teivah = peer{name: "teivah/broadcast", full: drops, open: openTeivah}

type teivahBus struct {
	receivers
	relay *broadcast.Relay[broker.Event]
}

func openTeivah(handlers []handler, buffer int) bus {
	b := &teivahBus{relay: broadcast.NewRelay[broker.Event]()}
	for _, handle := range handlers {
		b.add(b.relay.Listener(buffer).Ch(), handle)
	}
	return b
}

func (b *teivahBus) publish(e broker.Event) { b.relay.Broadcast(e) }

func (b *teivahBus) close() {
	b.relay.Close()
	b.all.Wait()
}
