package main

import (
	"sync"

	"github.com/spillway-go/spillway/broker"
)

// A peer is one way of getting an event to many subscribers.
type peer struct {
	name string
	ours bool // it is this broker
	full full
	// open starts a bus on which each handler is a subscriber of its own: it is
	// called for one event at a time, in a goroutine that is not the publisher's.
	open func(handlers []handler, buffer int) bus
}

type handler func(broker.Event)

type bus interface {
	// publish offers the event to every subscriber.
	publish(broker.Event)
	// close follows the last publish. Where the bus drops, close returns when all
	// that was not dropped has been handled; where it does not, the caller has
	// waited for all that it published.
	close()
}

// full is what becomes of an event for a subscriber that does not keep up: what
// a comparison has to know to be fair.
type full uint8

const (
	// drops is to have queue semantics: a bounded buffer a subscriber, and a
	// publisher that one stalled subscriber does not stop.
	drops full = iota
	// waits is to stop the publisher, and with it every other subscriber.
	waits
	// grows is to bound nothing: the memory of the program is the buffer.
	grows
)

func (f full) String() string { return [...]string{"drops", "waits", "grows"}[f] }

// peers are all that is measured, the yardstick first.
var peers = []peer{channels, ranging, consume, actor, cskr, teivah, moby, watermill, kelindar}

// receivers are goroutines that each handle what comes out of one channel.
type receivers struct{ all sync.WaitGroup }

func (r *receivers) add(events <-chan broker.Event, handle handler) {
	r.all.Go(func() {
		for e := range events {
			handle(e)
		}
	})
}
