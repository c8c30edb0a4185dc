package scenario

import (
	"fmt"
	"slices"
	"strings"
)

// Action is a kind of intervention; the zero value is none.
type Action uint8

// Each of the first changes a setting of a producer, of the broker or of a consumer,
// to the Value or Text of its intervention; see SettingOf. The others take none.
const (
	SetInterval Action = iota + 1
	SetArrivals
	SetBurst
	SetTopic
	SetBuffer
	SetOverflow
	SetService
	SetTimes
	SetWorkers
	SetOwnBuffer
	SetOwnOverflow
	SetFailures
	SetAttempts
	SetBackoff
	SetTopics

	// Publish lets a producer publish one event more.
	Publish
	// Stop lets a producer publish nothing more.
	Stop
	// Pause holds back what waits for a consumer; what it has begun goes on.
	Pause
	// Resume ends a Pause.
	Resume
	// Leave ends a consumer's subscription: it gets nothing more.
	Leave
	// Crash ends the process and starts it again: what was in memory is lost, the
	// repository is not.
	Crash
	// Interrupt is Ctrl-C: the run ends gracefully.
	Interrupt
)

var actionNames = []string{
	"", "set-interval", "set-arrivals", "set-burst", "set-topic", "set-buffer", "set-overflow",
	"set-service", "set-times", "set-workers", "set-own-buffer", "set-own-overflow", "set-failures",
	"set-attempts", "set-backoff", "set-topics",
	"publish", "stop", "pause", "resume", "leave", "crash", "interrupt",
}

// String is the name that UnmarshalText reads back.
func (a Action) String() string {
	if a != 0 && int(a) < len(actionNames) {
		return actionNames[a]
	}
	return fmt.Sprintf("Action(%d)", uint8(a))
}

// MarshalText writes the action's name.
func (a Action) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads an action's name.
func (a *Action) UnmarshalText(text []byte) error {
	i := slices.Index(actionNames, string(text))
	if i < 1 {
		return fmt.Errorf("action %q is unknown: use one of %s", text, strings.Join(actionNames[1:], ", "))
	}
	*a = Action(i)
	return nil
}

// Role is whose action it is.
func (a Action) Role() Role {
	if t, ok := SettingOf(a); ok {
		return t.Role
	}
	switch a {
	case Publish, Stop:
		return OfProducer
	case Pause, Resume, Leave:
		return OfConsumer
	default:
		return OfRun
	}
}

// Intervention is something the user did at one moment of the run.
type Intervention struct {
	// At is when, counted from the start of the run, from 0 to its duration.
	At Duration
	// Do is what.
	Do Action
	// Actor says which producer or consumer, from 0; 0 where it is neither.
	Actor int
	// Value is what a setting is from now on, or else 0. Of a Choice it is the
	// index, of SetOwnBuffer the size or -1 for the broker's.
	Value int64
	// Text is that of a setting whose form is Text, or else empty.
	Text string
}

// Same says whether both change the same setting, whenever and to whatever.
func (i Intervention) Same(o Intervention) bool {
	_, setting := SettingOf(i.Do)
	return setting && i.Do == o.Do && i.Actor == o.Actor
}

// Apply changes the setting that a valid intervention changes; some change none.
func (s *Scenario) Apply(i Intervention) {
	if t, ok := SettingOf(i.Do); ok {
		t.apply(s, i)
	}
}

// Describe tells a valid intervention in the words of a log line, with the names
// of s.
func (s Scenario) Describe(i Intervention) string {
	who := ""
	switch i.Do.Role() {
	case OfBroker:
		who = "broker: "
	case OfProducer:
		who = s.Producers[i.Actor].Name + ": "
	case OfConsumer:
		who = s.Consumers[i.Actor].Name + ": "
	}
	if t, ok := SettingOf(i.Do); ok {
		switch {
		case t.Form == Text && i.Text == "", t.SaysLow != "" && t.Form != Text && i.Value == t.Low:
			return who + t.SaysLow
		case t.Form == Text:
			return who + fmt.Sprintf(t.Says, i.Text)
		default:
			return who + fmt.Sprintf(t.Says, t.Format(i.Value))
		}
	}
	switch i.Do {
	case Publish:
		return who + "publishes one by hand"
	case Stop:
		return who + "publishes nothing more"
	case Pause:
		return who + "is paused"
	case Resume:
		return who + "goes on"
	case Leave:
		return who + "has left"
	case Crash:
		return "the process has crashed and starts again"
	default:
		return who + i.Do.String()
	}
}

// Differences are the interventions, all at one moment of the run, that change the
// settings of s to those of o; false if they differ in more than settings, or if
// the settings of o are not valid.
func (s Scenario) Differences(o Scenario, at Duration) ([]Intervention, bool) {
	if len(s.Producers) != len(o.Producers) || len(s.Consumers) != len(o.Consumers) {
		return nil, false
	}
	actors := [...]int{OfRun: 0, OfBroker: 1, OfProducer: len(s.Producers), OfConsumer: len(s.Consumers)}
	var todo []Intervention
	for _, t := range settings {
		for i := range actors[t.Role] {
			if v := t.intervention(&o, i); v != t.intervention(&s, i) {
				v.At = at
				todo = append(todo, v)
			}
		}
	}
	// A buffer and its policy have to fit at every step, so the order matters.
	// Taking the first that fits always gets there: what gives a consumer a buffer
	// never has to wait, a policy waits for buffers only, and what takes a buffer
	// away waits for policies only.
	var changes []Intervention
	changed := s.Clone()
	changed.Interventions, o.Interventions = nil, nil
	for len(todo) > 0 {
		n := slices.IndexFunc(todo, func(v Intervention) bool {
			next := changed.Clone()
			next.Apply(v)
			return next.validateBuffers() == nil
		})
		if n < 0 {
			return nil, false
		}
		changed.Apply(todo[n])
		changes = append(changes, todo[n])
		todo = slices.Delete(todo, n, n+1)
	}
	if s.Interventions = changes; !changed.Equal(o) || s.Validate() != nil {
		return nil, false
	}
	return changes, true
}
