package main

import "github.com/spillway-go/spillway/broker"

// channels are the yardstick: a buffered channel and a goroutine a subscriber,
// and a publisher that does select with default. They have queue semantics, and
// nothing else of a broker: nobody can come or go, nobody is told of a drop, and
// two publishers are not in one order.
var channels = peer{name: "channels", full: drops, open: openChannels}

type channelBus struct {
	receivers
	out []chan broker.Event
}

func openChannels(handlers []handler, buffer int) bus {
	b := &channelBus{}
	for _, handle := range handlers {
		events := make(chan broker.Event, buffer)
		b.out = append(b.out, events)
		b.add(events, handle)
	}
	return b
}

func (b *channelBus) publish(e broker.Event) {
	for _, events := range b.out {
		select {
		case events <- e:
		default:
		}
	}
}

func (b *channelBus) close() {
	for _, events := range b.out {
		close(events)
	}
	b.all.Wait()
}
