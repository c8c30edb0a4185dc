package main

import (
	"context"
	"sync"

	"github.com/spillway-go/spillway/broker"
)

// ranging is this broker, with a goroutine a subscription that ranges over All.
// It has queue semantics. Both sides have a context that can be cancelled,
// as in a program that ends gracefully.
var ranging = peer{name: "Spillway All", ours: true, full: drops, open: openAll}

type allBus struct {
	all    sync.WaitGroup
	ctx    context.Context
	cancel context.CancelFunc
	broker *broker.Broker
}

func openAll(handlers []handler, buffer int) bus {
	b := &allBus{}
	b.ctx, b.cancel = context.WithCancel(context.Background())
	b.broker = must(broker.New(broker.Options{Buffer: buffer}))
	for _, handle := range handlers {
		s := must(b.broker.Subscribe(broker.SubscribeOptions{}))
		b.all.Go(func() {
			for e := range s.All(b.ctx) {
				handle(e)
			}
		})
	}
	return b
}

func (b *allBus) publish(e broker.Event) {
	if err := b.broker.Publish(b.ctx, e); err != nil {
		panic(err)
	}
}

func (b *allBus) close() {
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
