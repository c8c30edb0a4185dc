package scenario

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/spillway-go/spillway/broker"
)

// The limits of a scenario.
const (
	MaxProducers     = 16        // and at least one
	MaxConsumers     = 16        // and at least one
	MaxInterventions = 1_000     // of one run
	MaxName          = 32        // characters, and at most MaxNameBytes
	MaxNameBytes     = 40        // of UTF-8
	MaxTopic         = 20        // characters, all of a consumer's patterns together
	MaxBurst         = 1_000     // events at once
	MaxCount         = 1_000_000 // events of a producer
	MaxWorkers       = 64        // of a consumer
	MaxAttempts      = 20        // at an event
	MaxBacklog       = 1_000_000 // events of a consumer that the repository takes

	MinTime     = time.Microsecond // the shortest interval, service time and run
	MaxTime     = time.Hour        // the longest interval and service time
	MaxDuration = 24 * time.Hour   // the longest run
)

// Starts lie in the years 1 to 9999 in every zone, and so does all of a run, so that
// every log line has the same width.
var (
	minStart = time.Date(1, 1, 2, 0, 0, 0, 0, time.UTC).Unix()
	maxStart = time.Date(9999, 12, 30, 0, 0, 0, 0, time.UTC).Unix()
)

const (
	maxOffset = 24*60*60 - 60 // seconds; Go prints offsets in whole minutes
	maxZone   = 6             // bytes, as in GMT+12; Go reads zeros without end
)

// mistake is what is wrong with one field.
type mistake struct {
	field string
	err   error
}

// Error names the field first.
func (m mistake) Error() string { return m.field + ": " + m.err.Error() }

// mistakes are all that were found.
type mistakes []error

func (m *mistakes) add(field string, err error) {
	if err != nil {
		*m = append(*m, mistake{field, err})
	}
}

// Validate says what is out of bounds, all of it, each by field, value and limit.
func (s Scenario) Validate() error { return errors.Join(s.mistakes()...) }

func (s *Scenario) mistakes() (m mistakes) {
	m.add("the number of producers", inRange(len(s.Producers), 1, MaxProducers))
	m.add("the number of consumers", inRange(len(s.Consumers), 1, MaxConsumers))
	m.add("the number of interventions", inRange(len(s.Interventions), 0, MaxInterventions))
	if len(m) > 0 {
		return m // too much to look at each
	}
	var names []string
	for i, p := range s.Producers {
		where := fmt.Sprintf("producers[%d]", i)
		m.add(where+".name", nameOK(p.Name, &names))
		s.checkSettings(&m, where, OfProducer, i)
		m.add(where+".start", inRange(p.Start, 0, Duration(MaxDuration)))
		m.add(where+".count", inRange(p.Count, 0, MaxCount))
	}
	s.checkSettings(&m, "broker", OfBroker, 0)
	for i, c := range s.Consumers {
		where := fmt.Sprintf("consumers[%d]", i)
		m.add(where+".name", nameOK(c.Name, &names))
		s.checkSettings(&m, where, OfConsumer, i)
		m.add(where+".start", inRange(c.Start, 0, Duration(MaxDuration)))
	}
	m.add("duration", inRange(s.Duration, Duration(MinTime), Duration(MaxDuration)))
	m.add("start", s.Start.validate())
	if err := s.validateBuffers(); err != nil {
		m = append(m, err)
	}
	if len(m) > 0 {
		return m // of which interventions may be the consequence
	}
	return s.checkInterventions()
}

// checkSettings checks the settings that an actor begins with.
func (s *Scenario) checkSettings(m *mistakes, where string, role Role, actor int) {
	for _, t := range settings {
		if t.Role != role {
			continue
		}
		text := ""
		if t.Form == Text {
			text = t.GetText(s, actor)
		}
		m.add(where+"."+t.Field, t.Check(t.Get(s, actor), text))
	}
}

// validateBuffers checks what the broker asks of a buffer and its policy together.
func (s *Scenario) validateBuffers() error {
	for i := range s.Consumers {
		if set := s.Settings(i); set.Overflow == broker.Spill && set.Buffer < 1 {
			return mistake{fmt.Sprintf("consumers[%d]", i),
				fmt.Errorf("the overflow policy %v takes a buffer of at least 1, for what is read back", broker.Spill)}
		}
	}
	return nil
}

func (s Start) validate() error {
	if err := inRange(s.Unix, minStart, maxStart); err != nil {
		return fmt.Errorf("%w seconds since 1970", err)
	}
	if s.Offset < -maxOffset || s.Offset > maxOffset || s.Offset%60 != 0 {
		return fmt.Errorf("zone offset %d s is not a whole number of minutes within a day", s.Offset)
	}
	// What a zone may be called is what a log line of it can be read back from.
	var back Start
	if err := back.UnmarshalText([]byte(s.String())); err != nil || back != s || len(s.Zone) > maxZone {
		return fmt.Errorf("zone %q is not an abbreviation such as UTC or CET", s.Zone)
	}
	return nil
}

// checkInterventions checks them one after another, each against what the ones
// before have made of s.
func (s Scenario) checkInterventions() (m mistakes) {
	now := s.Clone()
	for i, v := range s.Interventions {
		field, err := s.validateIntervention(i, v)
		if err == nil {
			if now.Apply(v); v.Do.Role() == OfBroker || v.Do.Role() == OfConsumer {
				err = now.validateBuffers()
			}
		}
		if err != nil {
			m.add(fmt.Sprintf("interventions[%d]%s", i, field), err)
		}
	}
	return m
}

// validateIntervention checks the i-th intervention by itself, and says which field
// an error is about.
func (s *Scenario) validateIntervention(i int, v Intervention) (field string, err error) {
	earliest := Duration(0)
	if i > 0 {
		earliest = s.Interventions[i-1].At
	}
	if err := inRange(v.At, earliest, s.Duration); err != nil {
		return ".at", fmt.Errorf("%w, in order of time within the run", err)
	}
	if v.Do < SetInterval || v.Do > Interrupt {
		return ".do", fmt.Errorf("%v is unknown: use one of %s", v.Do, strings.Join(actionNames[1:], ", "))
	}
	actors := [...]int{OfRun: 1, OfBroker: 1, OfProducer: len(s.Producers), OfConsumer: len(s.Consumers)}[v.Do.Role()]
	if err := inRange(v.Actor, 0, actors-1); err != nil {
		return ".actor", err
	}
	t, ok := SettingOf(v.Do)
	if !ok && (v.Value != 0 || v.Text != "") || ok && t.Form == Text && v.Value != 0 || ok && t.Form != Text && v.Text != "" {
		return ".value", fmt.Errorf("%v takes none of that kind", v.Do)
	}
	if ok {
		return ".value", t.Check(v.Value, v.Text)
	}
	return "", nil
}

func inRange[T int | int64 | Duration](v, low, high T) error {
	if v < low || v > high {
		return fmt.Errorf("%v is out of range: %v to %v", v, low, high)
	}
	return nil
}

// nameOK checks one name and that it is not taken: names tell actors apart in the log.
func nameOK(name string, taken *[]string) error {
	if n := utf8.RuneCountInString(name); n < 1 || n > MaxName {
		return fmt.Errorf("%q has %d characters: 1 to %d", name, n, MaxName)
	}
	if len(name) > MaxNameBytes {
		return fmt.Errorf("%q has %d bytes in UTF-8: at most %d", name, len(name), MaxNameBytes)
	}
	if !utf8.ValidString(name) {
		return fmt.Errorf("%q is not valid UTF-8", name)
	}
	for _, r := range name {
		if !unicode.IsPrint(r) {
			return fmt.Errorf("%q has the character %U, which can't be printed", name, r)
		}
	}
	if slices.Contains(*taken, name) {
		return fmt.Errorf("%q is taken: every producer and consumer has its own name", name)
	}
	*taken = append(*taken, name)
	return nil
}
