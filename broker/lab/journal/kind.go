package journal

import (
	"fmt"
)

// Kind says what a record tells.
type Kind uint8

const (
	// Produced: a producer made the event and offers it to the broker; Cause is
	// ByHand if the user asked for it.
	Produced Kind = iota + 1
	// Buffered: the event waits for the consumer; Depth counts it.
	Buffered
	// Dropped: the consumer will never get the event; Cause is a broker.DropReason.
	Dropped
	// Rejected: the event was refused, so nobody got it; Cause is a Refusal, and
	// Consumer is whose buffer or repository it was.
	Rejected
	// Blocked: the producer waits for room in the consumer's buffer.
	Blocked
	// Unblocked: the producer that waited goes on.
	Unblocked
	// Spilled: the event waits for the consumer in the repository, where Depth
	// events now do.
	Spilled
	// Refilled: the event is back from the repository and waits in the buffer,
	// with Depth counting it.
	Refilled
	// Returned: the event that was back from the repository is there again, since
	// the consumer leaves; Depth events now are.
	Returned
	// Delivered: a worker of the consumer begins to handle the event.
	Delivered
	// Handled: the worker is done with the event; Cause is the attempt, from 1.
	Handled
	// Failed: an attempt at the event failed; Cause is the attempt. If there is
	// another, the worker keeps the event until then.
	Failed
	// Retried: the next attempt begins; Cause is the attempt, from 2.
	Retried
	// DeadLettered: no attempt could handle the event; it is in the repository.
	DeadLettered
	// PutBack: the worker could not finish the event, which waits in the buffer again;
	// Depth counts it, and Cause is the worker.
	PutBack
	// Changed: the user changed something; Number is the index of the intervention. If
	// Cause is Staffed, Consumer has Depth workers from now on; 0: it leaves.
	Changed
	// Paused: the user holds the consumer back; Number is the index of the intervention.
	Paused
	// Resumed: the user lets the consumer go on; Number is the index of the intervention.
	Resumed
	// Crashed: the process died and has started again: what was in memory is
	// lost, what is in the repository is not. Number is the index of the
	// intervention.
	Crashed
	// Recovered: the consumer found Depth events in the repository.
	Recovered
	// Interrupted: a signal asks the run to end; Number is the signal's number.
	Interrupted
	// Quit: the run has ended.
	Quit

	kindsEnd
)

// of is the row of a kind, or an empty one.
func (k Kind) of() *kind {
	if k >= kindsEnd {
		k = 0
	}
	return &kinds[k]
}

// Kinds are all of them, in the order in which an event can meet them.
func Kinds() []Kind {
	all := make([]Kind, 0, kindsEnd-1)
	for k := Produced; k < kindsEnd; k++ {
		all = append(all, k)
	}
	return all
}

func (k Kind) String() string {
	if name := k.of().name; name != "" {
		return name
	}
	return fmt.Sprintf("Kind(%d)", uint8(k))
}

// OfEvent says whether a record of the kind is about an event.
func (k Kind) OfEvent() bool { return k.of().subject&ofEvent != 0 }

// OfConsumer says whether a record of the kind concerns a consumer.
func (k Kind) OfConsumer() bool { return k.of().subject&ofConsumer != 0 }

// HasLine says whether records of the kind have a line in the log.
func (k Kind) HasLine() bool { return k.of().line != nil }

// HasCause says whether Cause tells why; see Record.CauseText.
func (k Kind) HasCause() bool { return k.of().cause != nil }

// HasAttempt says whether Cause tells which attempt at the event it was.
func (k Kind) HasAttempt() bool { return k.of().detail == hasAttempt }

// HasChange says whether Number tells which intervention it was.
func (k Kind) HasChange() bool { return k.of().detail == hasChange }

// HasSignal says whether Number tells which signal it was.
func (k Kind) HasSignal() bool { return k.of().detail == hasSignal }

// Speaker is who says the line.
func (k Kind) Speaker() Speaker { return k.of().speaker }

// Topic is what the line is about.
func (k Kind) Topic() Topic { return k.of().topic }

// Loss says whether the event is lost.
func (k Kind) Loss() bool { return k.of().loss }

// Speaker is who says the line of a record.
type Speaker uint8

const (
	FromBroker Speaker = iota
	FromProducer
	FromConsumer
	FromUser // of the playground
	FromRun  // which has no name
)

// Topic is what the line of a record is about.
type Topic uint8

const (
	AboutProduced Topic = iota
	AboutHandled
	AboutDropped // and what was rejected
	AboutWaiting
	AboutFailures
	AboutChanges // by the user, and the end

	topics
)

var topicNames = [topics]string{"produced", "handled", "dropped", "waiting", "failures", "changes"}

// Topics are all of them.
func Topics() []Topic {
	return []Topic{AboutProduced, AboutHandled, AboutDropped, AboutWaiting, AboutFailures, AboutChanges}
}

func (t Topic) String() string { return topicNames[t] }
