package journal

// kind is all there is to know of a kind of record: what it says, and what it does to
// whatever is read from a journal. So a new kind is a constant, a row of the table,
// and the place that records it.
type kind struct {
	name    string
	subject subject
	detail  detail
	cause   func(cause uint8) string // why, in a word or empty; nil if there never is a reason

	speaker Speaker
	topic   Topic
	line    func(l *Log, r *Record) string // what is said; nil if it has no line

	loss   bool                      // the event is lost
	change bool                      // the user did it
	apply  func(s *State, r *Record) // counts, depths, who is at work
	queue  queue                     // what it does to the events that wait in a buffer
	time   timing                    // whether it tells how long an event took
}

// subject is what a record is about, beside the run.
type subject uint8

const (
	ofRun   subject = 0
	ofEvent subject = 1 << (iota - 1)
	ofConsumer
)

// detail is what else a record tells.
type detail uint8

const (
	nothing    detail = iota
	hasDepth          // Depth: events that wait in the buffer
	hasBacklog        // Depth: events that wait in the repository
	hasAttempt        // Cause: which attempt it was
	hasChange         // Number: which intervention
	hasSignal         // Number: which signal
)

// queue is an effect on the events that wait in a buffer.
type queue uint8

const (
	stays   queue = iota
	enters        // the event comes in
	leaves        // the event goes out, if it was there
	empties       // all events go out, of all consumers
)

// timing is what a record tells of how long an event took.
type timing uint8

const (
	untimed timing = iota
	waited         // until a worker began it
	took           // until it was handled
)

var kinds = [kindsEnd]kind{
	Produced: {
		name: "produced", subject: ofEvent, cause: producedCause,
		speaker: FromProducer, topic: AboutProduced, line: (*Log).produced,
		apply: (*State).produced,
	},
	Buffered: {
		name: "buffered", subject: ofEvent | ofConsumer, detail: hasDepth,
		apply: (*State).buffered, queue: enters,
	},
	Dropped: {
		name: "dropped", subject: ofEvent | ofConsumer, detail: hasDepth, cause: droppedCause,
		speaker: FromBroker, topic: AboutDropped, line: (*Log).dropped,
		loss: true, apply: (*State).dropped, queue: leaves,
	},
	Rejected: {
		name: "rejected", subject: ofEvent | ofConsumer, cause: rejectedCause,
		speaker: FromBroker, topic: AboutDropped, line: (*Log).rejected,
		loss: true, apply: (*State).rejected,
	},
	Blocked: {
		name: "blocked", subject: ofEvent | ofConsumer,
		speaker: FromProducer, topic: AboutWaiting, line: (*Log).blocked,
		apply: (*State).blocked,
	},
	Unblocked: {
		name: "unblocked", subject: ofEvent,
		speaker: FromProducer, topic: AboutWaiting, line: (*Log).unblocked,
		apply: (*State).unblocked,
	},
	Spilled: {
		name: "spilled", subject: ofEvent | ofConsumer, detail: hasBacklog,
		speaker: FromBroker, topic: AboutWaiting, line: (*Log).spilled,
		apply: (*State).spilled,
	},
	Refilled: {
		name: "refilled", subject: ofEvent | ofConsumer, detail: hasDepth,
		speaker: FromBroker, topic: AboutWaiting, line: (*Log).refilled,
		apply: (*State).refilled, queue: enters,
	},
	Returned: {
		name: "returned", subject: ofEvent | ofConsumer, detail: hasBacklog,
		speaker: FromBroker, topic: AboutWaiting, line: (*Log).returned,
		apply: (*State).returned, queue: leaves,
	},
	Delivered: {
		name: "delivered", subject: ofEvent | ofConsumer, detail: hasDepth,
		apply: (*State).delivered, queue: leaves, time: waited,
	},
	Handled: {
		name: "handled", subject: ofEvent | ofConsumer,
		speaker: FromConsumer, topic: AboutHandled, line: (*Log).handled,
		apply: (*State).handled, time: took,
	},
	Failed: {
		name: "failed", subject: ofEvent | ofConsumer, detail: hasAttempt,
		speaker: FromConsumer, topic: AboutFailures, line: (*Log).failed,
		apply: (*State).failed,
	},
	Retried: {
		name: "retried", subject: ofEvent | ofConsumer, detail: hasAttempt,
		speaker: FromConsumer, topic: AboutFailures, line: (*Log).retried,
		apply: (*State).retried,
	},
	DeadLettered: {
		name: "dead-lettered", subject: ofEvent | ofConsumer,
		speaker: FromBroker, topic: AboutFailures, line: (*Log).deadLettered,
		loss: true, apply: (*State).deadLettered,
	},
	PutBack: {
		name: "put-back", subject: ofEvent | ofConsumer, detail: hasDepth,
		speaker: FromBroker, topic: AboutWaiting, line: (*Log).putBack,
		apply: (*State).putBack, queue: enters,
	},
	Changed: {
		name: "changed", subject: ofRun, detail: hasChange,
		speaker: FromUser, topic: AboutChanges, line: (*Log).changed,
		change: true, apply: (*State).changed,
	},
	Paused: {
		name: "paused", subject: ofConsumer, detail: hasChange,
		speaker: FromUser, topic: AboutChanges, line: (*Log).changed,
		change: true, apply: (*State).paused,
	},
	Resumed: {
		name: "resumed", subject: ofConsumer, detail: hasChange,
		speaker: FromUser, topic: AboutChanges, line: (*Log).changed,
		change: true, apply: (*State).resumed,
	},
	Crashed: {
		name: "crashed", subject: ofRun, detail: hasChange,
		speaker: FromUser, topic: AboutChanges, line: (*Log).changed,
		change: true, apply: (*State).crashed, queue: empties,
	},
	Recovered: {
		name: "recovered", subject: ofConsumer, detail: hasBacklog,
		speaker: FromBroker, topic: AboutWaiting, line: (*Log).recovered,
		apply: (*State).recovered,
	},
	Interrupted: {
		name: "interrupted", subject: ofRun, detail: hasSignal,
		speaker: FromRun, topic: AboutChanges, line: (*Log).interrupted,
		change: true, apply: (*State).interrupted,
	},
	Quit: {
		name: "quit", subject: ofRun,
		speaker: FromRun, topic: AboutChanges, line: (*Log).quit,
		apply: (*State).quit,
	},
}
