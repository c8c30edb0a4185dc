package main

import (
	"context"
	"time"

	"github.com/kelindar/event"

	"github.com/spillway-go/spillway/broker"
)

// kelindar is github.com/kelindar/event: a queue a subscriber behind one lock,
// from which subscribers are woken by a clock, twice a millisecond, so that what
// it gains when much is published one event pays for with its latency. It has no
// queue semantics: where a subscriber has 50,000 events waiting, the publisher
// waits, whatever buffer was asked for.
var kelindar = peer{name: "kelindar/event", full: waits, open: openKelindar}

type kelindarBus struct {
	dispatcher  *event.Dispatcher
	unsubscribe []context.CancelFunc
}

// typed is an event in the way of that package.
type typed struct{ broker.Event }

func (typed) Type() uint32 { return 1 }

func openKelindar(handlers []handler, _ int) bus {
	b := &kelindarBus{dispatcher: event.NewDispatcher()}
	for _, handle := range handlers {
		b.unsubscribe = append(b.unsubscribe, event.Subscribe(b.dispatcher, func(e typed) { handle(e.Event) }))
	}
	return b
}

func (b *kelindarBus) publish(e broker.Event) { event.Publish(b.dispatcher, typed{e}) }

func (b *kelindarBus) close() {
	for _, unsubscribe := range b.unsubscribe {
		unsubscribe()
	}
	time.Sleep(2 * time.Millisecond) // who has unsubscribed ends when the clock ticks next
	if err := b.dispatcher.Close(); err != nil {
		panic(err)
	}
}
