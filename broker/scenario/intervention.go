package scenario

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spillway-go/spillway/broker"
)

// Action is a kind of intervention.
type Action uint8

const (
	// SetInterval changes the interval of a producer.
	SetInterval Action = iota + 1
	// SetService changes the service time of a consumer.
	SetService
	// SetBuffer changes the buffer of every consumer.
	SetBuffer
	// SetOverflow changes what full buffers do.
	SetOverflow
	// Interrupt is Ctrl-C: the run ends gracefully.
	Interrupt
)

var actionNames = []string{"", "set-interval", "set-service", "set-buffer", "set-overflow", "interrupt"}

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

// Intervention is something the user did at one moment of the run. Only the
// field its action names has a meaning; the others are zero.
type Intervention struct {
	At Duration `json:"at"`
	Do Action   `json:"do"`
	// Actor says which producer or consumer, from 0.
	Actor    int             `json:"actor,omitempty"`
	Interval Duration        `json:"interval,omitempty"`
	Service  Duration        `json:"service,omitempty"`
	Buffer   int             `json:"buffer,omitempty"`
	Overflow broker.Overflow `json:"overflow,omitzero"`
}

// Same says whether both change the same setting, whenever and to whatever.
func (i Intervention) Same(o Intervention) bool { return i.Do == o.Do && i.Actor == o.Actor }

// Apply changes the setting an intervention changes. An interrupt changes none.
func (s *Scenario) Apply(i Intervention) {
	switch i.Do {
	case SetInterval:
		s.Producers[i.Actor].Interval = i.Interval
	case SetService:
		s.Consumers[i.Actor].Service = i.Service
	case SetBuffer:
		s.Broker.Buffer = i.Buffer
	case SetOverflow:
		s.Broker.Overflow = i.Overflow
	}
}

// Describe tells an intervention in the words of a log line, with the names of s.
func (s Scenario) Describe(i Intervention) string {
	switch i.Do {
	case SetInterval:
		return fmt.Sprintf("%s: publishes every %v from now on", s.Producers[i.Actor].Name, i.Interval)
	case SetService:
		return fmt.Sprintf("%s: needs %v an event from now on", s.Consumers[i.Actor].Name, i.Service)
	case SetBuffer:
		return fmt.Sprintf("broker: buffers hold %d from now on", i.Buffer)
	case SetOverflow:
		return fmt.Sprintf("broker: full buffers %v from now on", i.Overflow)
	default:
		return i.Do.String()
	}
}
