package scenario

import (
	"slices"

	"github.com/spillway-go/spillway/broker"
)

// settings are in the order of the actions that change them.
var settings = []Setting{
	{Change: SetInterval, Role: OfProducer, Field: "interval", Form: Time, Low: int64(MinTime), High: int64(MaxTime),
		About:  "The time between two events or bursts; the mean time, where it is left to chance.",
		Says:   "publishes every %s from now on",
		number: ofProducer(0, func(p *Producer) *Duration { return &p.Interval })},
	{Change: SetArrivals, Role: OfProducer, Field: "arrivals", Form: Choice, High: int64(Poisson), Choices: arrivalNames,
		About:  "Whether all intervals are the same or exponentially distributed.",
		Says:   "publishes at %s intervals from now on",
		number: ofProducer(0, func(p *Producer) *Arrivals { return &p.Arrivals })},
	{Change: SetBurst, Role: OfProducer, Field: "burst", Low: 1, High: MaxBurst,
		About:   "How many events come at once.",
		Says:    "publishes %s at once from now on",
		SaysLow: "publishes one at a time from now on",
		number:  ofProducer(1, func(p *Producer) *int { return &p.Burst })},
	{Change: SetTopic, Role: OfProducer, Field: "topic", Form: Text, High: MaxTopic,
		About:   "What its events are about: tokens with dots between them; empty for nothing.",
		Says:    "publishes on topic %q from now on",
		SaysLow: "publishes on no topic from now on",
		text:    func(s *Scenario, i int) *string { return &s.Producers[i].Topic },
		check:   checkTopic, pattern: topicPattern},
	{Change: SetBuffer, Role: OfBroker, Field: "buffer", High: broker.MaxBuffer,
		About:   "How many events may wait for each consumer.",
		Says:    "buffers hold %s from now on",
		SaysLow: "buffers hold nothing from now on",
		number:  whole(0, func(s *Scenario, _ int) *int { return &s.Broker.Buffer })},
	{Change: SetOverflow, Role: OfBroker, Field: "overflow", Form: Choice, Low: int64(broker.DropNewest), High: int64(broker.Spill), Choices: overflowNames("inherit"),
		About:  "What a full buffer does with one more event; spill takes a buffer of at least 1.",
		Says:   "full buffers %s from now on",
		number: whole(0, func(s *Scenario, _ int) *broker.Overflow { return &s.Broker.Overflow })},
	{Change: SetService, Role: OfConsumer, Field: "service", Form: Time, Low: int64(MinTime), High: int64(MaxTime),
		About:  "The time one event needs; the mean time, where it is left to chance.",
		Says:   "needs %s an event from now on",
		number: ofConsumer(0, func(c *Consumer) *Duration { return &c.Service })},
	{Change: SetTimes, Role: OfConsumer, Field: "times", Form: Choice, High: int64(Uniform), Choices: timesNames,
		About:  "Whether all service times are the same, exponentially distributed, or even between half the mean and one and a half.",
		Says:   "has %s service times from now on",
		number: ofConsumer(0, func(c *Consumer) *Times { return &c.Times })},
	{Change: SetWorkers, Role: OfConsumer, Field: "workers", Low: 1, High: MaxWorkers,
		About:   "How many events it handles at the same time.",
		Says:    "has %s workers from now on",
		SaysLow: "has one worker from now on",
		number:  ofConsumer(1, func(c *Consumer) *int { return &c.Workers })},
	{Change: SetOwnBuffer, Role: OfConsumer, Field: "buffer", Low: -1, High: broker.MaxBuffer,
		About:   "How many events may wait for it, if not as many as the broker says.",
		Says:    "has a buffer of %s from now on",
		SaysLow: "has a buffer as the broker says from now on",
		number: access{
			get: func(s *Scenario, i int) int64 { return int64(s.Consumers[i].Buffer.plusOne) - 1 },
			set: func(s *Scenario, i int, v int64) { s.Consumers[i].Buffer.plusOne = int(v) + 1 },
		}},
	{Change: SetOwnOverflow, Role: OfConsumer, Field: "overflow", Form: Choice, High: int64(broker.Spill), Choices: overflowNames("broker"),
		About:   "What its full buffer does with one more event, if not what the broker says; spill takes a buffer of at least 1.",
		Says:    "has the overflow policy %s from now on",
		SaysLow: "has the overflow policy of the broker from now on",
		number:  ofConsumer(0, func(c *Consumer) *broker.Overflow { return &c.Overflow })},
	{Change: SetFailures, Role: OfConsumer, Field: "failures", Form: Percentage, High: 100,
		About:   "How many of its attempts fail, by chance.",
		Says:    "fails at %s of its attempts from now on",
		SaysLow: "fails at none of its attempts from now on",
		number:  ofConsumer(0, func(c *Consumer) *Percent { return &c.Failures })},
	{Change: SetAttempts, Role: OfConsumer, Field: "attempts", Low: 1, High: MaxAttempts,
		About:   "How often it tries an event at most.",
		Says:    "tries an event %s times from now on",
		SaysLow: "tries an event once from now on",
		number:  ofConsumer(1, func(c *Consumer) *int { return &c.Attempts })},
	{Change: SetBackoff, Role: OfConsumer, Field: "backoff", Form: Time, Low: int64(MinTime), High: int64(MaxTime),
		About:  "The pause before the second attempt; it doubles with each further one.",
		Says:   "waits %s before the second attempt from now on",
		number: ofConsumer(DefaultBackoff, func(c *Consumer) *Duration { return &c.Backoff })},
	{Change: SetTopics, Role: OfConsumer, Field: "topics", Form: Text, High: MaxTopic,
		About:   "The patterns of what it subscribes to, with spaces between them: * stands for any one token, > at the end for one or more; empty for all events.",
		Says:    "subscribes to %q from now on",
		SaysLow: "subscribes to everything from now on",
		text:    func(s *Scenario, i int) *string { return &s.Consumers[i].Topics },
		check:   checkTopics, pattern: topicsPattern},
}

// overflowNames are those of the policies, with that for the zero value.
func overflowNames(zero string) []string {
	names := []string{zero}
	for _, o := range broker.Overflows() {
		names = append(names, o.String())
	}
	return names
}

// Settings are all of them, in the order of the actions that change them: those of
// producers first, then those of the broker and of consumers.
func Settings() []Setting { return slices.Clone(settings) }
