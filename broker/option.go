package broker

import (
	"errors"
	"time"
)

// An Option is one setting of a subscription or of its handlers, for Handle and
// Configure: Buffer(64), Workers(4) or an overflow policy, such as Block. The fields of
// the same name in SubscribeOptions and ConsumeOptions say what each means.
type Option interface{ apply(*setup) }

// setup is what options change.
type setup struct {
	subscribe SubscribeOptions
	consume   ConsumeOptions
	changes   parts
}

// parts are what of a subscription an option changes.
type parts uint8

const (
	itsSettings parts = 1 << iota
	itsTopics
	itsHandling
	itsBeginning // what is said once, when it subscribes
)

type option func(*setup)

func (o option) apply(to *setup) { o(to) }

// with applies the options.
func (to *setup) with(options []Option) error {
	for _, o := range options {
		if o == nil {
			return errors.New("an option is nil")
		}
		o.apply(to)
	}
	return nil
}

// Buffer is how many events may wait: 0 means the broker's, Unbuffered none, MaxBuffer
// is the most.
func Buffer(events int) Option {
	return option(func(to *setup) { to.changes |= itsSettings; to.subscribe.Buffer = events })
}

func (o Overflow) apply(to *setup) { to.changes |= itsSettings; to.subscribe.Overflow = o }

func (o Settings) apply(to *setup) {
	to.changes |= itsSettings
	to.subscribe.Buffer, to.subscribe.Overflow = o.Buffer, o.Overflow
}

// Topics are patterns of which one has to match an event's topic; none: all events.
func Topics(patterns ...string) Option {
	return option(func(to *setup) { to.changes |= itsTopics; to.subscribe.Topics = patterns })
}

// Key says which events replace each other under KeepLatest.
func Key(of func(Event) string) Option {
	return option(func(to *setup) { to.changes |= itsBeginning; to.subscribe.Key = of })
}

// Workers is how many events are handled at the same time.
func Workers(n int) Option {
	return option(func(to *setup) { to.changes |= itsHandling; to.consume.Workers = n })
}

// Attempts is how often an event is given to the handler at most.
func Attempts(n int) Option {
	return option(func(to *setup) { to.changes |= itsHandling; to.consume.Attempts = n })
}

// Backoff is the pause before the second attempt, which doubles up to the longest.
func Backoff(first, longest time.Duration) Option {
	return option(func(to *setup) {
		to.changes |= itsHandling
		to.consume.Backoff, to.consume.MaxBackoff = first, longest
	})
}

// Jitter is the fraction of a pause that is left to chance, from 0 to 1.
func Jitter(fraction float64) Option {
	return option(func(to *setup) { to.changes |= itsHandling; to.consume.Jitter = fraction })
}

// OrderBy has events of one key handled one after another, and those of different keys in
// parallel, by several Workers. Events that are no T have no key.
func OrderBy[T any](key func(T) string) Option {
	return option(func(to *setup) {
		to.changes |= itsBeginning
		to.consume.OrderBy = func(e Event) string {
			if v, is := As[T](e); is {
				return key(v)
			}
			return ""
		}
	})
}

// DeadLettersTo is the repository that takes the events that no attempt could handle.
func DeadLettersTo(r Repository) Option {
	return option(func(to *setup) { to.changes |= itsBeginning; to.consume.DeadLetters = r })
}

// Waiting says that handlers mostly wait, for a network perhaps, instead of computing.
func Waiting() Option {
	return option(func(to *setup) { to.changes |= itsBeginning; to.consume.Waits = true })
}

// apply sets all there is to say of how events are handled. Configure leaves OrderBy,
// Waits, Values and DeadLetters as they are.
func (o ConsumeOptions) apply(to *setup) {
	o.Values = o.Values || to.consume.Values
	to.changes |= itsHandling
	to.consume = o
}
