package broker

import (
	"fmt"
	"strings"
)

// Overflow says what a full buffer does with one more event.
type Overflow uint8

const (
	// Inherit, the zero value, takes the policy of the broker; for a broker
	// it means DropNewest.
	Inherit Overflow = iota
	// DropNewest drops the new event and keeps what waits.
	DropNewest
	// DropOldest drops the event that has waited longest and keeps the new one.
	DropOldest
)

var overflowNames = []string{Inherit: "inherit", DropNewest: "drop-newest", DropOldest: "drop-oldest"}

// Overflows are the policies a subscription can have, in the order they are taught.
func Overflows() []Overflow { return []Overflow{DropNewest, DropOldest} }

// String is the name that ParseOverflow reads back.
func (o Overflow) String() string {
	if int(o) < len(overflowNames) {
		return overflowNames[o]
	}
	return fmt.Sprintf("Overflow(%d)", uint8(o))
}

// ParseOverflow reads the name of a policy, such as "drop-newest".
func ParseOverflow(name string) (Overflow, error) {
	for i, n := range overflowNames {
		if n == name {
			return Overflow(i), nil
		}
	}
	return Inherit, fmt.Errorf("overflow policy %q is unknown: use one of %s", name, strings.Join(overflowNames[1:], ", "))
}

// MarshalText writes the name, so a policy is a word in JSON.
func (o Overflow) MarshalText() ([]byte, error) {
	if err := o.validate(); err != nil {
		return nil, err
	}
	return []byte(o.String()), nil
}

// UnmarshalText reads a name that MarshalText wrote.
func (o *Overflow) UnmarshalText(text []byte) (err error) {
	*o, err = ParseOverflow(string(text))
	return err
}

func (o Overflow) validate() error {
	if int(o) >= len(overflowNames) {
		return fmt.Errorf("overflow policy %d is unknown: use one of %s", uint8(o), strings.Join(overflowNames[1:], ", "))
	}
	return nil
}

// verdict is what becomes of one offered event.
type verdict uint8

const (
	accept     verdict = iota // there is room
	dropNew                   // the new event is dropped
	dropOldest                // the oldest makes room for the new one
)

// decide is the whole of a policy: a pure function of how many events wait and
// how many may.
func (o Overflow) decide(waiting, buffer int) verdict {
	switch {
	case waiting < buffer:
		return accept
	case o == DropOldest && buffer > 0:
		return dropOldest
	default: // DropNewest, and every policy where there is no buffer to make room in
		return dropNew
	}
}
