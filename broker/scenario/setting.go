package scenario

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spillway-go/spillway/broker"
)

// Role is who a setting or an action belongs to.
type Role uint8

const (
	OfRun      Role = iota // nobody's in particular
	OfBroker               // the broker's
	OfProducer             // a producer's
	OfConsumer             // a consumer's
)

// Form is how the values of a setting are written.
type Form uint8

const (
	Number     Form = iota // a whole number, without a unit
	Time                   // a duration, in nanoseconds
	Choice                 // an index of Choices
	Percentage             // from 0 to 100
	Text                   // not a number: see Setting.GetText
)

// Setting is one thing a scenario has a value for and the user can change while
// it runs. All that is known about it is here: codecs, checks, words and controls
// are made from it.
type Setting struct {
	Change Action // the intervention that changes it
	Role   Role   // whose it is
	Field  string // its name in JSON
	Form   Form   // how its values are written
	// Low and High are the least and the greatest value. Of a text they are its
	// length in bytes.
	Low, High int64
	// Choices are the names of the values from 0 of a Choice; those below Low have
	// no place here.
	Choices []string
	// About tells in a sentence what the value is.
	About string
	// Says tells a change, with the value for its verb, and SaysLow that to Low.
	Says, SaysLow string

	number  access                               // unless it is a text
	text    func(s *Scenario, actor int) *string // if it is one
	check   func(string) error                   // of a text
	pattern string                               // that a text matches if check has nothing to say
}

// access reads and writes a value where a scenario keeps it, whatever its type.
type access struct {
	get func(s *Scenario, actor int) int64
	set func(s *Scenario, actor int, v int64)
}

// whole is access to a value whose zero stands for another one, or for itself.
func whole[T ~int | ~int64 | ~uint8](zero T, of func(s *Scenario, actor int) *T) access {
	return access{
		get: func(s *Scenario, actor int) int64 { return value(int64(*of(s, actor)), int64(zero)) },
		set: func(s *Scenario, actor int, v int64) { *of(s, actor) = unless(T(v), zero) },
	}
}

func ofProducer[T ~int | ~int64 | ~uint8](zero T, of func(*Producer) *T) access {
	return whole(zero, func(s *Scenario, i int) *T { return of(&s.Producers[i]) })
}

func ofConsumer[T ~int | ~int64 | ~uint8](zero T, of func(*Consumer) *T) access {
	return whole(zero, func(s *Scenario, i int) *T { return of(&s.Consumers[i]) })
}

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

// SettingOf is the setting an action changes, if it changes one.
func SettingOf(a Action) (Setting, bool) {
	if i := int(a) - 1; i >= 0 && i < len(settings) {
		return settings[i], true
	}
	return Setting{}, false
}

// Get is the value that an actor of s has; zero for a text.
func (t Setting) Get(s *Scenario, actor int) int64 {
	if t.Form == Text {
		return 0
	}
	return t.number.get(s, actor)
}

// GetText is the text that an actor of s has, or its value as Format writes it.
func (t Setting) GetText(s *Scenario, actor int) string {
	if t.Form != Text {
		return t.Format(t.Get(s, actor))
	}
	return *t.text(s, actor)
}

// intervention is the one that would give an actor of s what it has.
func (t Setting) intervention(s *Scenario, actor int) Intervention {
	v := Intervention{Do: t.Change, Actor: actor, Value: t.Get(s, actor)}
	if t.Form == Text {
		v.Text = t.GetText(s, actor)
	}
	return v
}

// apply gives an actor of s the value of an intervention.
func (t Setting) apply(s *Scenario, v Intervention) {
	if t.Form == Text {
		*t.text(s, v.Actor) = v.Text
	} else {
		t.number.set(s, v.Actor, v.Value)
	}
}

// meant is the value or the text of whoever says nothing about it.
func (t Setting) meant() (v int64, text string) {
	s := Scenario{Producers: make([]Producer, 1), Broker: Classic().Broker, Consumers: make([]Consumer, 1)}
	if t.Form == Text {
		return 0, *t.text(&s, 0)
	}
	return t.Get(&s, 0), ""
}

// Check says what is wrong with a value, or with a text.
func (t Setting) Check(v int64, text string) error {
	switch {
	case t.Form == Text && (int64(len(text)) < t.Low || int64(len(text)) > t.High):
		return fmt.Errorf("%q has %d bytes: %d to %d", text, len(text), t.Low, t.High)
	case t.Form == Text:
		return t.check(text)
	case v >= t.Low && v <= t.High:
		return nil
	case t.Form == Choice:
		return t.unknown(t.Format(v))
	default:
		return fmt.Errorf("%s is out of range: %s to %s", t.Format(v), t.Format(t.Low), t.Format(t.High))
	}
}

func (t Setting) unknown(choice string) error {
	return fmt.Errorf("%q is unknown: use one of %s", choice, strings.Join(t.Choices[t.Low:], ", "))
}

// ofBroker is how one writes that a consumer has no buffer of its own.
const ofBroker = "broker"

// Format writes a value for people.
func (t Setting) Format(v int64) string {
	switch {
	case t.Form == Time:
		return time.Duration(v).String()
	case t.Form == Choice && v >= 0 && v < int64(len(t.Choices)):
		return t.Choices[v]
	case t.Form == Percentage:
		return strconv.FormatInt(v, 10) + "%"
	case t.Change == SetOwnBuffer && v == -1:
		return ofBroker
	default:
		return strconv.FormatInt(v, 10)
	}
}

// Parse reads what Format writes, and what people write for it: a time without a
// unit is in seconds, a percentage needs no sign. The value is in bounds. A text
// has no value to parse.
func (t Setting) Parse(text string) (int64, error) {
	v, err := t.parse(t.tidy(text))
	if err != nil {
		return 0, err
	}
	if err := t.Check(v, ""); err != nil {
		return 0, err
	}
	return v, nil
}

// tidy is what people write as Format writes it.
func (t Setting) tidy(text string) string {
	text = strings.TrimSpace(text)
	switch t.Form {
	case Time:
		text = strings.ReplaceAll(text, " ", "")
		if text != "" && strings.Trim(text, "+-.0123456789") == "" {
			text += "s"
		}
	case Percentage:
		text = strings.TrimSpace(strings.TrimSuffix(text, "%")) + "%"
	}
	return text
}

// parse reads what Format writes, in bounds or not.
func (t Setting) parse(text string) (int64, error) {
	switch t.Form {
	case Text:
		return 0, fmt.Errorf("%s is a text, not a value", t.Field)
	case Time:
		var d Duration
		err := d.UnmarshalText([]byte(text))
		return int64(d), err
	case Choice:
		if i := slices.Index(t.Choices, text); i >= int(t.Low) {
			return int64(i), nil
		}
		return 0, t.unknown(text)
	case Percentage:
		var p Percent
		err := p.UnmarshalText([]byte(text))
		return int64(p), err
	}
	if t.Change == SetOwnBuffer && text == ofBroker {
		return -1, nil
	}
	v, err := strconv.ParseInt(text, 10, 64)
	if errors.Is(err, strconv.ErrRange) {
		return 0, fmt.Errorf("%s is out of range: %s to %s", text, t.Format(t.Low), t.Format(t.High))
	}
	if err != nil {
		return 0, fmt.Errorf("%q is not a whole number", text)
	}
	return v, nil
}
