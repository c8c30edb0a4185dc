package main

import (
	"context"
	"sync"

	"github.com/spillway-go/spillway/broker"
)

// next is this broker, with a goroutine a subscription that calls Next in a
// loop. It has queue semantics. Both sides have a context that can be cancelled,
// as in a program that ends gracefully.
var next = peer{name: "Spillway Next", ours: true, full: drops, open: openNext}

type nextBus struct {
	all    sync.WaitGroup
	ctx    context.Context
	cancel context.CancelFunc
	broker *broker.Broker
}

func openNext(handlers []handler, buffer int) bus {
	b := &nextBus{}
	b.ctx, b.cancel = context.WithCancel(context.Background())
	b.broker = must(broker.New(broker.Options{Buffer: buffer}))
	for _, handle := range handlers {
		s := must(b.broker.Subscribe(broker.SubscribeOptions{}))
		b.all.Go(func() {
			for {
				e, err := s.Next(b.ctx)
				if err != nil {
					return
				}
				handle(e)
			}
		})
	}
	return b
}

func (b *nextBus) publish(e broker.Event) {
	if err := b.broker.Publish(b.ctx, e); err != nil {
		panic(err)
	}
}

func (b *nextBus) close() {
	if err := b.broker.Shutdown(context.Background()); err != nil {
		panic(err)
	}
	b.all.Wait()
	b.cancel()
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
