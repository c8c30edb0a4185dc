package main

import (
	"context"
	"sync"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/ThreeDotsLabs/watermill/pubsub/gochannel"

	"github.com/spillway-go/spillway/broker"
)

// watermill is the GoChannel of github.com/ThreeDotsLabs/watermill. It has no
// queue semantics: every message is a goroutine for each subscriber that waits
// until the message is acknowledged, so that nothing is dropped, nothing is
// bounded, and messages may overtake one another. A message carries bytes where
// the others carry a Go value; here it carries none, which is the cheapest,
// and a handler gets nil.
var watermill = peer{name: "watermill", full: grows, open: openWatermill}

type watermillBus struct {
	all     sync.WaitGroup
	channel *gochannel.GoChannel
}

func openWatermill(handlers []handler, buffer int) bus {
	b := &watermillBus{channel: gochannel.NewGoChannel(gochannel.Config{OutputChannelBuffer: int64(buffer)}, nil)}
	for _, handle := range handlers {
		messages, err := b.channel.Subscribe(context.Background(), "all")
		if err != nil {
			panic(err)
		}
		b.all.Go(func() {
			for m := range messages {
				handle(nil)
				m.Ack()
			}
		})
	}
	return b
}

func (b *watermillBus) publish(broker.Event) {
	if err := b.channel.Publish("all", message.NewMessage("", nil)); err != nil {
		panic(err)
	}
}

func (b *watermillBus) close() {
	if err := b.channel.Close(); err != nil {
		panic(err)
	}
	b.all.Wait()
}
