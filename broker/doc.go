// Package broker is a domain event broker for one process. Producers publish
// events; every subscription has a small bounded buffer of its own, so a slow
// consumer can delay or lose only its own events, never the memory of the
// program, and the broker says so when it does.
//
//	b, _ := broker.New(broker.Options{})
//	s, _ := b.Subscribe(broker.SubscribeOptions{Name: "mailer"})
//	_ = b.Publish(ctx, event)
//	e, err := s.Next(ctx)
//
// What holds, whatever the goroutines do:
//
//   - Total order: all subscriptions are offered the same events in the same order.
//   - FIFO: a subscription delivers events in the order it was offered them.
//   - Bound: never do more events wait than the buffer of the subscription holds.
//   - A waiting receiver is served first: an event for which a caller of Next
//     already waits takes no room in the buffer, as with a Go channel.
//   - Every drop is reported: counted in Stats, and handed to the Trace with its reason.
//   - Conservation: offered = delivered + dropped + waiting, at every moment.
//   - No delivery after Close, and Close may be called again.
//   - Determinism: the core reads no clock, draws no random number and starts no
//     goroutine; the same calls in the same order have the same outcome.
//
// The package never logs: it has a Trace.
package broker
