package scenario

import (
	"errors"
	"fmt"
	"slices"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/spillway-go/spillway/broker"
)

// The limits of a scenario.
const (
	MaxProducers     = 16
	MaxConsumers     = 16
	MaxInterventions = 1_000
	MaxName          = 32 // characters

	MinTime     = time.Microsecond // the shortest interval, service time and run
	MaxTime     = time.Hour        // the longest interval and service time
	MaxDuration = 24 * time.Hour   // the longest run
)

// Starts lie in the years 1 to 9999, so that every log line has the same width.
var (
	minStart = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
	maxStart = time.Date(9999, 12, 30, 0, 0, 0, 0, time.UTC).Unix()
)

const maxOffset = 24*60*60 - 60 // seconds; Go prints offsets in whole minutes

// Validate says what is out of bounds, all of it, each by field, value and limit.
func (s Scenario) Validate() error {
	var errs []error
	check := func(err error) {
		if err != nil {
			errs = append(errs, err)
		}
	}
	check(inRange("the number of producers", len(s.Producers), 1, MaxProducers))
	check(inRange("the number of consumers", len(s.Consumers), 1, MaxConsumers))
	check(inRange("the number of interventions", len(s.Interventions), 0, MaxInterventions))
	if len(errs) > 0 {
		return errors.Join(errs...) // too much to look at each
	}
	var names []string
	for i, p := range s.Producers {
		check(nameOK(fmt.Sprintf("producers[%d].name", i), p.Name, &names))
		check(timeInRange(fmt.Sprintf("producers[%d].interval", i), p.Interval))
	}
	check(s.Broker.validate("broker"))
	for i, c := range s.Consumers {
		check(nameOK(fmt.Sprintf("consumers[%d].name", i), c.Name, &names))
		check(timeInRange(fmt.Sprintf("consumers[%d].service", i), c.Service))
	}
	check(inRange("duration", s.Duration, Duration(MinTime), Duration(MaxDuration)))
	check(s.Start.validate())
	for i, v := range s.Interventions {
		check(s.validateIntervention(i, v))
	}
	return errors.Join(errs...)
}

func (b Broker) validate(field string) error {
	var errs []error
	errs = append(errs, inRange(field+".buffer", b.Buffer, 0, broker.MaxBuffer))
	if !slices.Contains(Overflows(), b.Overflow) {
		errs = append(errs, fmt.Errorf("%s.overflow: %v is not a policy: use one of %v", field, b.Overflow, Overflows()))
	}
	return errors.Join(errs...)
}

func (s Start) validate() error {
	errs := []error{inRange("start, in seconds since 1970", s.Unix, minStart, maxStart)}
	if s.Offset < -maxOffset || s.Offset > maxOffset || s.Offset%60 != 0 {
		errs = append(errs, fmt.Errorf("start: zone offset %d s is not a whole number of minutes within a day", s.Offset))
		return errors.Join(errs...)
	}
	// What a zone may be called is what a log line of it can be read back from.
	var back Start
	if err := back.UnmarshalText([]byte(s.String())); err != nil || back != s {
		errs = append(errs, fmt.Errorf("start: zone %q is not an abbreviation such as UTC or CET", s.Zone))
	}
	return errors.Join(errs...)
}

// validateIntervention checks the i-th intervention against the rest of s.
func (s Scenario) validateIntervention(i int, v Intervention) error {
	field := func(name string) string { return fmt.Sprintf("interventions[%d].%s", i, name) }
	earliest := Duration(0)
	if i > 0 {
		earliest = s.Interventions[i-1].At
	}
	if err := inRange(field("at"), v.At, earliest, s.Duration); err != nil {
		return fmt.Errorf("%w, in order of time within the run", err)
	}
	only := Intervention{At: v.At, Do: v.Do}
	var err error
	switch v.Do {
	case SetInterval:
		only.Actor, only.Interval = v.Actor, v.Interval
		err = errors.Join(inRange(field("actor"), v.Actor, 0, len(s.Producers)-1), timeInRange(field("interval"), v.Interval))
	case SetService:
		only.Actor, only.Service = v.Actor, v.Service
		err = errors.Join(inRange(field("actor"), v.Actor, 0, len(s.Consumers)-1), timeInRange(field("service"), v.Service))
	case SetBuffer:
		only.Buffer = v.Buffer
		err = Broker{v.Buffer, broker.DropNewest}.validate(fmt.Sprintf("interventions[%d]", i))
	case SetOverflow:
		only.Overflow = v.Overflow
		err = Broker{0, v.Overflow}.validate(fmt.Sprintf("interventions[%d]", i))
	case Interrupt:
	default:
		return fmt.Errorf("%s: %v is unknown: use one of %v", field("do"), v.Do, actionNames[1:])
	}
	if err == nil && v != only {
		err = fmt.Errorf("interventions[%d]: has a field that %v does not take", i, v.Do)
	}
	return err
}

func inRange[T int | int64 | Duration](field string, v, low, high T) error {
	if v < low || v > high {
		return fmt.Errorf("%s: %v is out of range: %v to %v", field, v, low, high)
	}
	return nil
}

func timeInRange(field string, d Duration) error {
	return inRange(field, d, Duration(MinTime), Duration(MaxTime))
}

// nameOK checks one name and that it is not taken: names tell actors apart in the log.
func nameOK(field, name string, taken *[]string) error {
	if n := utf8.RuneCountInString(name); n < 1 || n > MaxName {
		return fmt.Errorf("%s: %q has %d characters: 1 to %d", field, name, n, MaxName)
	}
	if !utf8.ValidString(name) {
		return fmt.Errorf("%s: %q is not valid UTF-8", field, name)
	}
	for _, r := range name {
		if !unicode.IsPrint(r) {
			return fmt.Errorf("%s: %q has the character %U, which can't be printed", field, name, r)
		}
	}
	if slices.Contains(*taken, name) {
		return fmt.Errorf("%s: %q is taken: every producer and consumer has its own name", field, name)
	}
	*taken = append(*taken, name)
	return nil
}
