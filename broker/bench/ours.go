package main

import (
	"context"
	"sync"

	"github.com/spillway-go/spillway/broker"
)

// ranging is this broker, with a goroutine a subscription that ranges over All,
// and consume with handlers, which its crew of workers calls for all of them. Both
// have queue semantics, and a context that can be cancelled on either side, as in
// a program that ends gracefully.
var (
	ranging = peer{name: "Spillway All", ours: true, full: drops, open: func(handlers []handler, buffer int) bus {
		return openOurs(handlers, buffer, func(ctx context.Context, s *broker.Subscription, handle handler) {
			for e := range s.All(ctx) {
				handle(e)
			}
		})
	}}
	consume = peer{name: consumeName, ours: true, full: drops, open: func(handlers []handler, buffer int) bus {
		return openOurs(handlers, buffer, func(ctx context.Context, s *broker.Subscription, handle handler) {
			_ = s.Consume(ctx, func(_ context.Context, e broker.Event) error {
				handle(e)
				return nil
			}, broker.ConsumeOptions{}) // it ends with the subscription
		})
	}}
)

type ourBus struct {
	all    sync.WaitGroup
	ctx    context.Context
	cancel context.CancelFunc
	broker *broker.Broker
}

func openOurs(handlers []handler, buffer int, receive func(context.Context, *broker.Subscription, handler)) bus {
	b := &ourBus{}
	b.ctx, b.cancel = context.WithCancel(context.Background())
	b.broker = must(broker.New(broker.Options{Buffer: buffer}))
	for _, handle := range handlers {
		s := must(b.broker.Subscribe(broker.SubscribeOptions{}))
		b.all.Go(func() { receive(b.ctx, s, handle) })
	}
	return b
}

func (b *ourBus) publish(e broker.Event) {
	if err := b.broker.Publish(b.ctx, e); err != nil {
		panic(err)
	}
}

func (b *ourBus) close() {
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
