package panel

import (
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// controls are all of them, in the order of the panel.
var controls = func() map[scenario.Role][]*control {
	all := make(map[scenario.Role][]*control)
	for _, c := range []control{
		{id: "interval", label: "Every", says: "time between two events", pace: true, stops: values(TimeStops),
			hint: "How long it waits between two events. A rate will do as well: 4/s.", Setting: of(scenario.SetInterval)},
		{id: "arrivals", label: "Arrivals", says: "arrivals", words: []string{"steady", "Poisson"},
			hint: "Steady keeps time. Poisson is chance with the same mean, as with many independent visitors.", Setting: of(scenario.SetArrivals)},
		{id: "burst", label: "At once", says: "events at once", unit: "event", stops: values(burstStops), more: true,
			hint: "How many events come together each time.", Setting: of(scenario.SetBurst)},
		{id: "topic", label: "Topic", says: "topic", empty: "none", more: true,
			hint: "What its events are about, such as orders.new. Consumers can subscribe to topics.", Setting: of(scenario.SetTopic)},
		{id: "start", label: "Begins at", says: "begins at", stops: values(startStops), more: true, rerun: true,
			hint:    "When it begins; the first event comes an interval later.",
			Setting: scenario.Setting{Role: scenario.OfProducer, Form: scenario.Time, High: int64(scenario.MaxDuration)},
			field:   play.BeginField},
		{id: "count", label: "Ends after", says: "number of events", unit: "event", zero: "no end", more: true, rerun: true,
			hint:    "How many events it publishes, those by hand aside; 0 means no end.",
			note:    "A new beginning, end or order starts the run again.",
			Setting: scenario.Setting{Role: scenario.OfProducer, High: scenario.MaxCount},
			field:   play.CountField},

		{id: "buffer", label: "Buffer", says: "Buffer of each consumer", unit: "event", stops: values(BufferStops),
			hint: "How many events may wait for each consumer.", Setting: of(scenario.SetBuffer)},
		{id: "overflow", label: "When a buffer is full", says: "When a buffer is full", words: policyWords("inherit"), Setting: of(scenario.SetOverflow)},

		{id: "service", label: "Handles in", says: "time for one event", pace: true, stops: values(TimeStops),
			hint: "How long one event keeps it busy. A rate will do as well: 4/s.", Setting: of(scenario.SetService)},
		{id: "times", label: "Time", says: "service times", words: []string{"fixed", "exponential", "uniform"},
			hint: "Fixed: each event takes as long. Exponential: most are quick, some take long. Uniform: from half the mean to one and a half.", Setting: of(scenario.SetTimes)},
		{id: "workers", label: "Workers", says: "workers", unit: "worker", stops: values(workerStops),
			hint: "How many events it handles at the same time.", Setting: of(scenario.SetWorkers)},
		{id: "failures", label: "Fails", says: "attempts that fail", stops: values(percentStops),
			hint: "How many of its attempts fail, by chance.", Setting: of(scenario.SetFailures)},
		{id: "attempts", label: "Attempts", says: "attempts", unit: "time", stops: values(attemptStops), more: true,
			hint: "How often it tries an event at most. What still fails becomes a dead letter.", Setting: of(scenario.SetAttempts)},
		{id: "backoff", label: "Backs off", says: "pause before the second attempt", stops: values(TimeStops), more: true,
			hint: "The pause before the second attempt. It doubles with each further one.", Setting: of(scenario.SetBackoff)},
		{id: "topics", label: "Topics", says: "topics", empty: "all events", more: true,
			hint: "What it subscribes to, with spaces between the patterns.",
			note: "orders.* is one level below orders, orders.> is all of them.", Setting: of(scenario.SetTopics)},
		{id: "own-buffer", label: "Own buffer", says: "buffer of its own", unit: "event", zero: "broker’s", stops: append([]int64{-1}, values(BufferStops)...), more: true,
			hint: "How many events may wait for it. At the left: as the broker says.", Setting: of(scenario.SetOwnBuffer)},
		{id: "own-overflow", label: "When full", says: "what its full buffer does", words: policyWords("as the broker"), menu: true, more: true,
			hint: "What its full buffer does, if not as the broker says.", Setting: of(scenario.SetOwnOverflow)},
		{id: "start", label: "Begins at", says: "begins at", stops: values(startStops), more: true, rerun: true,
			hint: "When it subscribes. What was published before is not for it.", note: "A new beginning or order starts the run again.",
			Setting: scenario.Setting{Role: scenario.OfConsumer, Form: scenario.Time, High: int64(scenario.MaxDuration)},
			field:   play.BeginField},

		{id: "duration", label: "Stops after", says: "Duration of the run", stops: values(DurationStops), rerun: true,
			hint:    "How long the run lasts. A duration that is over by now starts it again.",
			Setting: scenario.Setting{Form: scenario.Time, Low: int64(scenario.MinTime), High: int64(scenario.MaxDuration)},
			field:   play.DurationField},
		{id: "seed", label: "Seed", says: "Seed", seed: true, rerun: true,
			hint:    "Decides what is left to chance: the same seed, the same run. Another starts it again.",
			Setting: scenario.Setting{Low: 0, High: -1},
			field:   play.SeedField},
		{id: "log-start", label: "Log starts", says: "Start of the log", empty: "2021-11-01 11:11:19",
			hint:    "What the log shows for the start of the run. All else stays as it is.",
			Setting: scenario.Setting{Form: scenario.Text},
			field:   play.LogStartField, parse: startText},
	} {
		if c.field == 0 {
			c.field = play.Field(c.Change)
		}
		all[c.Role] = append(all[c.Role], &c)
	}
	return all
}()

// of is the setting an action changes.
func of(do scenario.Action) scenario.Setting {
	t, _ := scenario.SettingOf(do)
	return t
}

// policies are what a full buffer does, in words, in the order of broker.Overflows.
var policies = map[broker.Overflow]struct{ words, says string }{
	broker.DropNewest: {"drop newest", "The broker drops the new event to protect itself, and says so. In production it would be saved to an event repository: choose spill."},
	broker.DropOldest: {"drop oldest", "The event that has waited longest makes room for the new one: what arrives is fresh."},
	broker.KeepLatest: {"keep latest", "A new event takes the place of the one of its topic that waits: good for prices, positions and states."},
	broker.Reject:     {"reject", "The producer gets an error, and nobody gets the event."},
	broker.Block:      {"block producer", "The producer waits for room. Nothing is lost, but it slows down to the slowest consumer."},
	broker.Spill:      {"spill to repository", "What does not fit goes to the event repository and comes back in order. Nothing is lost, not even in a crash."},
}

func policyWords(zero string) []string {
	words := []string{zero}
	for _, o := range broker.Overflows() {
		words = append(words, policies[o].words)
	}
	return words
}

func values[T ~int | ~int64](stops []T) []int64 {
	all := make([]int64, len(stops))
	for i, s := range stops {
		all[i] = int64(s)
	}
	return all
}
