package main

import (
	"context"
	"sync"

	"github.com/spillway-go/spillway/broker"
)

// consume is this broker with handlers: its crew of workers serves all the
// subscriptions.
var consume = peer{name: consumeName, ours: true, full: drops, open: openConsume}

type consumeBus struct {
	all    sync.WaitGroup
	ctx    context.Context
	cancel context.CancelFunc
	broker *broker.Broker
}

func openConsume(handlers []handler, buffer int) bus {
	b := &consumeBus{}
	b.ctx, b.cancel = context.WithCancel(context.Background())
	b.broker = must(broker.New(broker.Options{Buffer: buffer}))
	for _, handle := range handlers {
		s := must(b.broker.Subscribe(broker.SubscribeOptions{}))
		b.all.Go(func() {
			_ = s.Consume(b.ctx, func(_ context.Context, e broker.Event) error {
				handle(e)
				return nil
			}, broker.ConsumeOptions{})
		})
	}
	return b
}

func (b *consumeBus) publish(e broker.Event) {
	if err := b.broker.Publish(b.ctx, e); err != nil {
		panic(err)
	}
}

func (b *consumeBus) close() {
	if err := b.broker.Shutdown(context.Background()); err != nil {
		panic(err)
	}
	b.all.Wait()
	b.cancel()
}
