// Package broker is a domain event broker for one process. Producers publish
// events; every subscription has a small bounded buffer of its own, so a slow
// consumer can delay or lose only its own events, never the memory of the
// program, and the broker says so when it does.
//
//	b, err := broker.New(broker.Options{})
//	_, err = broker.Handle(b, "mail", sendMail, broker.Buffer(64), broker.Workers(4))
//	err = b.Publish(ctx, broker.NewEvent(OrderPlaced{Number: 1}))
//	err = b.Shutdown(ctx)
//
// where sendMail is a func(context.Context, OrderPlaced) error. What a full buffer does
// with one more event is the Overflow policy of its subscription: an option too.
//
// Below that lies the untyped core. An Event has an ID and a moment, and perhaps a
// topic; an Envelope gives them to any payload. Subscribe makes a Subscription, whose
// receivers call Next or range over All, or have Consume call a Handler.
//
// # Contract
//
// What holds, whatever the goroutines do; each has tests that begin with its name:
//
//   - Total order: all subscriptions are offered the same events in the same order.
//   - Typed: a handler of Handle gets the events of its type, and no others.
//   - A topic is not lost: also not where a value is published and only its pointer
//     has the method.
//   - FIFO: a subscription delivers events in the order it was offered them.
//   - Order per key: where OrderBy tells keys, several workers handle the events of one
//     key one after another in the order offered, retries included, and those of
//     different keys in parallel.
//   - Bound: never do more events wait than the buffer of the subscription holds.
//   - A waiting receiver is served first: an event for which a caller of Next
//     already waits takes no room in the buffer, as with a Go channel.
//   - Atomic fan-out: everybody is offered an event or, when one subscription
//     rejects it, blocks or cannot spill, nobody.
//   - Nothing is lost: under Block, Reject and Spill what was published is
//     delivered, unless the subscription is closed or made to drop it.
//   - At least once: what is in the repository stays there until its handler has
//     succeeded or its dead letter is stored, or until a receiver that pulls asks for
//     the next or says Done. What may come a second time is counted as Redelivered.
//   - Nobody else waits: for a repository that hangs in Append, and its publisher no
//     longer than its context allows. What was refused to it never comes back.
//   - Streams do not collide: no subscription spills to the stream of another one, or
//     to one of dead letters.
//   - Unrouted events are reported: what nobody selects is counted in the Snapshot, and
//     handed to the Trace.
//   - Every drop is reported: counted in Stats, and handed to the Trace with its reason.
//   - Conservation: offered = delivered − interrupted + dropped + waiting, at every
//     moment.
//   - Interruption: where the context of Consume ends, an event that its handler
//     can't finish, or that waits for a further attempt, is no dead letter. It waits
//     again, in its place, and no attempt is counted.
//   - Errors are data: what Publish answers is a *PublishError, which names the
//     subscription, and errors.Is finds what it wraps, the context's error included.
//   - Context values: of the publisher's context reach typed handlers, with attempts and
//     further publishing (through at most 64 handlers that add to them), and its end does
//     not. They cost nothing where nobody wants them.
//   - Dead letters: keep cause, attempts and times, can be listed and replayed; one
//     leaves its repository once it is handled, or is the newest there.
//   - A panic is an error: of its event, with its stack, and never of the program.
//   - No deadlock: a publisher that could only wait for itself is refused.
//   - No delivery after Close: and Close may be called again, also by a handler.
//   - Drain completeness: Shutdown is done when all that was published is handled
//     and no handler runs, also of no closed subscription and whatever became of the
//     context of Consume, or says of which subscription what was left.
//   - Determinism: the core reads no clock, draws no random number but a seed where
//     none is given, and starts no goroutine; the same calls in the same order have
//     the same outcome.
//
// # Exceptions
//
// KeepLatest replaces an event in its place, so the newer one may pass others;
// what was read back from a repository is not replaced.
//
// An event is offered to one subscription after the other. A receiver may have it from
// the first before it is offered to the last; whatever that receiver then asks of the
// broker, such as to publish or Stats, waits until everybody was offered it.
//
// A buffer that is made smaller under Block and Spill keeps its surplus until it
// is taken. What was interrupted is in the buffer again even if that is full. A backlog that a subscription without a buffer has from before is read
// back one event at a time.
//
// A handler that returns Permanent gets no further attempt, and one that returns
// RetryAfter the next after that pause.
//
// With one worker, Consume handles events one after another in order, retries
// included. With several, events are begun in order and may end in any.
//
// A loop over All, or a caller of Next, that publishes to its own subscription under Block
// is no handler: where only itself could make room, it waits as long as its context
// allows. TryPublish, or a context that ends, is its way out.
//
// While a subscription is paused nobody is served, also not a receiver that waits:
// what is offered waits in the buffer, or overflows. Publishers that wait for a
// paused subscription are not deadlocked, since it may be resumed; a Shutdown waits
// for that as long as its context allows.
//
// A program without goroutines to wait on, such as a simulation, has a Driver, which
// publishes and consumes in the same line and with the same workers; Trace.Unblocked
// and Work.Done say when to go on.
//
// A Repository appends outside of the broker's lock, with the context of the publisher;
// meanwhile only those wait who publish to a subscription that spills that event. It reads,
// commits and counts inside of it, with a context of one second, so those may not call the
// broker. One that fails to append fails the publisher; one that fails to read or commit
// is asked again, after pauses of 10 ms to 1 s. Memory holds MaxMemory events of a stream
// unless it is told otherwise, and refuses more.
//
// Asking for the next, those who call Next and TryNext are one receiver; each loop over
// All is one of its own, and what it has when it ends is left to Done.
//
// A hook or Key that panics is contained: what the broker was about is done all the same.
// Trace.Panicked is told once; without it the caller gets the panic afterwards, or Consume
// returns it where it came after a handler. Topic, ID and HappenedOn may not panic.
//
// The package never logs: it has a Trace. Package slogtrace makes lines of one, and the
// module otelbroker spans and metrics.
package broker
