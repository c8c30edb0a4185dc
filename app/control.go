package app

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/scenario"
)

// control is what the panel knows of one value of a scenario: the words for it, and
// how it is written, read and changed.
type control struct {
	scenario.Setting
	id    string // part of the IDs of its elements
	label string
	says  string   // its name for a screen reader, after that of its actor
	hint  string   // for who wonders what it does
	note  string   // the same, always to be read
	unit  string   // of a number
	words []string // for the values of a choice
	zero  string   // what the least value is called, where it is no number
	empty string   // what no text means
	stops []int64  // of its slider; none: it has no slider
	menu  bool     // a choice from a menu, because it has many
	pace  bool     // a time that is also read from a rate, such as 4/s
	seed  bool     // a number of 64 bits without a sign
	rerun bool     // a change begins the run anew, or may
	more  bool     // it is one of those that are shown on request
	value func(s *scenario.Scenario, actor int) int64
	// change is the message for a new value.
	change func(actor int, v int64, text string) Msg
}

// controls are all of them, in the order of the panel.
var controls = func() map[scenario.Role][]*control {
	all := make(map[scenario.Role][]*control)
	for _, c := range []control{
		{id: "interval", label: "Every", says: "time between two events", pace: true, stops: values(timeStops),
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
			value:   func(s *scenario.Scenario, i int) int64 { return int64(s.Producers[i].Start) },
			change: func(i int, v int64, _ string) Msg {
				return SetStart{Role: scenario.OfProducer, Actor: i, Start: time.Duration(v)}
			}},
		{id: "count", label: "Ends after", says: "number of events", unit: "event", zero: "no end", more: true, rerun: true,
			hint:    "How many events it publishes, those by hand aside; 0 means no end.",
			note:    "A new beginning, end or order starts the run again.",
			Setting: scenario.Setting{Role: scenario.OfProducer, High: scenario.MaxCount},
			value:   func(s *scenario.Scenario, i int) int64 { return int64(s.Producers[i].Count) },
			change:  func(i int, v int64, _ string) Msg { return SetCount{Actor: i, Count: int(v)} }},

		{id: "buffer", label: "Buffer", says: "Buffer of each consumer", unit: "event", stops: values(bufferStops),
			hint: "How many events may wait for each consumer.", Setting: of(scenario.SetBuffer)},
		{id: "overflow", label: "When a buffer is full", says: "When a buffer is full", words: policyWords("inherit"), Setting: of(scenario.SetOverflow)},

		{id: "service", label: "Handles in", says: "time for one event", pace: true, stops: values(timeStops),
			hint: "How long one event keeps it busy. A rate will do as well: 4/s.", Setting: of(scenario.SetService)},
		{id: "times", label: "Time", says: "service times", words: []string{"fixed", "exponential", "uniform"},
			hint: "Fixed: each event takes as long. Exponential: most are quick, some take long. Uniform: from half the mean to one and a half.", Setting: of(scenario.SetTimes)},
		{id: "workers", label: "Workers", says: "workers", unit: "worker", stops: values(workerStops),
			hint: "How many events it handles at the same time.", Setting: of(scenario.SetWorkers)},
		{id: "failures", label: "Fails", says: "attempts that fail", stops: values(percentStops),
			hint: "How many of its attempts fail, by chance.", Setting: of(scenario.SetFailures)},
		{id: "attempts", label: "Attempts", says: "attempts", unit: "time", stops: values(attemptStops), more: true,
			hint: "How often it tries an event at most. What still fails becomes a dead letter.", Setting: of(scenario.SetAttempts)},
		{id: "backoff", label: "Backs off", says: "pause before the second attempt", stops: values(timeStops), more: true,
			hint: "The pause before the second attempt. It doubles with each further one.", Setting: of(scenario.SetBackoff)},
		{id: "topics", label: "Topics", says: "topics", empty: "all events", more: true,
			hint: "What it subscribes to, with spaces between the patterns.",
			note: "orders.* is one level below orders, orders.> is all of them.", Setting: of(scenario.SetTopics)},
		{id: "own-buffer", label: "Own buffer", says: "buffer of its own", unit: "event", zero: "broker’s", stops: append([]int64{-1}, values(bufferStops)...), more: true,
			hint: "How many events may wait for it. At the left: as the broker says.", Setting: of(scenario.SetOwnBuffer)},
		{id: "own-overflow", label: "When full", says: "what its full buffer does", words: policyWords("as the broker"), menu: true, more: true,
			hint: "What its full buffer does, if not as the broker says.", Setting: of(scenario.SetOwnOverflow)},
		{id: "start", label: "Begins at", says: "begins at", stops: values(startStops), more: true, rerun: true,
			hint: "When it subscribes. What was published before is not for it.", note: "A new beginning or order starts the run again.",
			Setting: scenario.Setting{Role: scenario.OfConsumer, Form: scenario.Time, High: int64(scenario.MaxDuration)},
			value:   func(s *scenario.Scenario, i int) int64 { return int64(s.Consumers[i].Start) },
			change: func(i int, v int64, _ string) Msg {
				return SetStart{Role: scenario.OfConsumer, Actor: i, Start: time.Duration(v)}
			}},

		{id: "duration", label: "Stops after", says: "Duration of the run", stops: values(durationStops), rerun: true,
			hint:    "How long the run lasts. A duration that is over by now starts it again.",
			Setting: scenario.Setting{Form: scenario.Time, Low: int64(scenario.MinTime), High: int64(scenario.MaxDuration)},
			value:   func(s *scenario.Scenario, _ int) int64 { return int64(s.Duration) },
			change:  func(_ int, v int64, _ string) Msg { return SetDuration{time.Duration(v)} }},
		{id: "seed", label: "Seed", says: "Seed", seed: true, rerun: true,
			hint:    "Decides what is left to chance: the same seed, the same run. Another starts it again.",
			Setting: scenario.Setting{Low: 0, High: -1},
			value:   func(s *scenario.Scenario, _ int) int64 { return int64(s.Seed) },
			change:  func(_ int, v int64, _ string) Msg { return SetSeed{uint64(v)} }},
	} {
		if c.change == nil {
			do := c.Change
			c.value = c.Get
			c.change = func(i int, v int64, text string) Msg {
				return Change{scenario.Intervention{Do: do, Actor: i, Value: v, Text: text}}
			}
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

// show writes a value as the panel has it.
func (c *control) show(v int64) string {
	switch {
	case c.seed:
		return strconv.FormatUint(uint64(v), 10)
	case c.zero != "" && v == c.Low:
		return c.zero
	case c.Form == scenario.Time:
		return exactTime(time.Duration(v))
	case c.Form == scenario.Choice:
		return c.words[v]
	case c.Form == scenario.Percentage:
		return strconv.FormatInt(v, 10) + " %"
	}
	text := strconv.FormatInt(v, 10)
	if c.unit == "" {
		return text
	}
	if text += " " + c.unit; v != 1 {
		text += "s"
	}
	return text
}

// narrow is show where there is little room: a unit that does not fit is left out.
func (c *control) narrow(v int64) string {
	const room = 9
	text := c.show(v)
	if number, _, found := strings.Cut(text, " "); found && utf8.RuneCountInString(text) > room && c.Form == scenario.Number && text != c.zero {
		return number
	}
	return text
}

// limits says what a value may be.
func (c *control) limits() string { return c.show(c.Low) + " to " + c.show(c.High) }

// title is what there is to know about a control.
func (c *control) title() string {
	switch {
	case c.Form == scenario.Choice:
		return c.hint
	case c.Form == scenario.Text:
		return fmt.Sprintf("%s At most %d characters.", c.hint, c.High)
	default:
		return c.hint + " From " + c.limits() + "."
	}
}

// read reads what a person has typed. An error names the value and the limit.
func (c *control) read(typed string) (v int64, text string, err error) {
	typed = strings.TrimSpace(typed)
	if c.Form == scenario.Text {
		text = strings.Join(strings.Fields(typed), " ")
		if err := c.Check(0, text); err != nil {
			return 0, "", err
		}
		return 0, text, nil
	}
	plain := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, typed)
	if c.zero != "" && (plain == strings.ReplaceAll(c.zero, " ", "") || c.Low < 0 && (plain == "asthebroker" || plain == "broker" || plain == "broker's")) {
		return c.Low, "", nil
	}
	if c.seed {
		n, err := strconv.ParseUint(plain, 10, 64)
		if err != nil {
			return 0, "", fmt.Errorf("“%s” is not a whole number from %s", clip(typed, 20), c.limits())
		}
		return int64(n), "", nil
	}
	free := c.Setting // whose limits are told below, in other words
	free.Low, free.High = math.MinInt64, math.MaxInt64
	switch {
	case c.Form == scenario.Time:
		if v, err = free.Parse(plainTime(plain)); err == nil {
			break
		}
		if interval, ok := rate(plain); ok && c.pace {
			v, err = int64(interval), nil
			break
		}
		example := "250 ms, 2 s or 1.5 min"
		if c.pace {
			example = "250 ms, 2 s or 4/s"
		}
		return 0, "", fmt.Errorf("“%s” is no time from %s: write %s", clip(typed, 20), c.limits(), example)
	case c.Form == scenario.Percentage:
		if v, err = strconv.ParseInt(strings.TrimSuffix(plain, "%"), 10, 64); err != nil {
			return 0, "", fmt.Errorf("“%s” is not a whole percentage from %s", clip(typed, 20), c.limits())
		}
	default:
		if number, found := strings.CutSuffix(strings.TrimSuffix(plain, "s"), c.unit); found {
			plain = number
		}
		if v, err = strconv.ParseInt(plain, 10, 64); err != nil {
			return 0, "", fmt.Errorf("“%s” is not a whole number from %s", clip(typed, 20), c.limits())
		}
	}
	switch {
	case v < c.Low:
		return 0, "", fmt.Errorf("%s is too little: %s", clip(typed, 20), c.limits())
	case v > c.High:
		return 0, "", fmt.Errorf("%s is too much: %s", clip(typed, 20), c.limits())
	}
	return v, "", nil
}

// timeWords are how people write the units of a time, and how Go does.
var timeWords = strings.NewReplacer(
	",", ".", "minutes", "m", "minute", "m", "mins", "m", "min", "m", "seconds", "s", "second", "s", "secs", "s", "sec", "s",
	"hours", "h", "hour", "h")

// plainTime is a time as time.ParseDuration reads it. Without a unit it is in seconds.
func plainTime(text string) string {
	text = timeWords.Replace(text)
	if text != "" && text[len(text)-1] >= '0' && text[len(text)-1] <= '9' {
		text += "s"
	}
	return text
}

// rate is the interval of a rate such as 4/s or 30/min.
func rate(text string) (time.Duration, bool) {
	many, per, found := strings.Cut(timeWords.Replace(text), "/")
	unit, known := map[string]time.Duration{"ms": time.Millisecond, "s": time.Second, "m": time.Minute, "h": time.Hour}[per]
	if number, found := strings.CutSuffix(strings.TrimSuffix(many, "s"), "event"); found {
		many = number
	}
	n, err := strconv.ParseFloat(many, 64)
	if !found || !known || err != nil || !(n > 0) || float64(unit)/n > float64(math.MaxInt64/2) {
		return 0, false
	}
	return time.Duration(math.Round(float64(unit) / n)), true
}

// exactTime is a time as Time writes it, with all its digits.
func exactTime(d time.Duration) string {
	if d == 0 {
		return "0 s"
	}
	text := Time(d)
	if back, err := time.ParseDuration(plainTime(strings.ReplaceAll(text, " ", ""))); err == nil && back == d {
		return text
	}
	for _, u := range []struct {
		name   string
		digits int
	}{{"s", 9}, {"ms", 6}, {"µs", 3}} {
		unit := time.Duration(math.Pow10(u.digits))
		if d >= unit {
			fraction := strings.TrimRight(fmt.Sprintf("%0*d", u.digits, d%unit), "0")
			return strings.TrimSuffix(fmt.Sprintf("%d.%s", d/unit, fraction), ".") + " " + u.name
		}
	}
	return text
}

// sentence begins with a capital letter and ends with a full stop.
func sentence(text string) string {
	text, _, _ = strings.Cut(text, "\n")
	r, n := utf8.DecodeRuneInString(text)
	if text = string(unicode.ToUpper(r)) + text[n:]; !strings.HasSuffix(text, ".") {
		text += "."
	}
	return text
}

// CheckChange says what is wrong with a change.
func (m *Model) CheckChange(i scenario.Intervention) error {
	s := m.Now()
	if role := i.Do.Role(); m.restarts() && (role == scenario.OfProducer || role == scenario.OfConsumer) {
		here, ok := m.here(role, i.Actor)
		if !ok {
			return nil
		}
		s, i.Actor = m.Settings(), here
	}
	s.Apply(i)
	err := s.Validate()
	if err == nil {
		return nil
	}
	text := err.Error()
	for i, c := range s.Consumers {
		text = strings.Replace(text, fmt.Sprintf("consumers[%d]", i), "“"+c.Name+"”", 1)
	}
	return errors.New(text)
}

// plainName says what is wrong with a name, without where it stands.
func plainName(err error) string {
	_, text, found := strings.Cut(err.Error(), ".name: ")
	if !found {
		text = err.Error()
	}
	return sentence(text)
}

// newSeed is another seed, one that is easy to say.
func newSeed() uint64 { return 1 + rand.Uint64N(9999) }
