package main

import "github.com/spillway-go/spillway/broker"

// actor is the design of the example that Spillway grew from: one goroutine owns
// the subscribers, everything asked of it comes over a channel, and each
// subscriber has a buffered channel that is sent to with select and default. It
// has queue semantics.
var actor = peer{name: "actor", full: drops, open: openActor}

type actorBus struct {
	receivers
	subscribing   chan chan broker.Event
	unsubscribing chan chan broker.Event
	publishing    chan broker.Event
	closing       chan struct{}
}

func openActor(handlers []handler, buffer int) bus {
	b := &actorBus{
		subscribing:   make(chan chan broker.Event),
		unsubscribing: make(chan chan broker.Event),
		publishing:    make(chan broker.Event),
		closing:       make(chan struct{}),
	}
	b.all.Go(b.run)
	for _, handle := range handlers {
		events := make(chan broker.Event, buffer)
		b.subscribing <- events
		b.add(events, handle)
	}
	return b
}

func (b *actorBus) run() {
	var out []chan broker.Event
	for {
		select {
		case events := <-b.subscribing:
			out = append(out, events)
		case events := <-b.unsubscribing:
			for i := range out {
				if out[i] == events {
					out = append(out[:i], out[i+1:]...)
					close(events)
					break
				}
			}
		case e := <-b.publishing:
			for _, events := range out {
				select {
				case events <- e:
				default:
				}
			}
		case <-b.closing:
			for _, events := range out {
				close(events)
			}
			return
		}
	}
}

func (b *actorBus) publish(e broker.Event) { b.publishing <- e }

func (b *actorBus) close() {
	close(b.closing)
	b.all.Wait()
}
