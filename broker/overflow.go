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
	// KeepLatest lets the new event take the place of the one of its key that
	// waits, full or not. Where none does and the buffer is full, it drops the
	// event that has waited longest.
	KeepLatest
	// Reject refuses the new event: nobody gets it, and the publisher gets ErrFull.
	Reject
	// Block lets the publisher wait for room: nobody gets the event before.
	Block
	// Spill sends the new event to the repository, and every later one too until
	// the backlog there is read back, so that order is kept and nothing is lost.
	Spill
)

var overflowNames = []string{
	Inherit: "inherit", DropNewest: "drop-newest", DropOldest: "drop-oldest",
	KeepLatest: "keep-latest", Reject: "reject", Block: "block", Spill: "spill",
}

// Overflows are the policies a subscription can have, in the order they are taught.
func Overflows() []Overflow {
	return []Overflow{DropNewest, DropOldest, KeepLatest, Reject, Block, Spill}
}

// lossless says whether a full buffer concerns the publisher or the repository, so
// that it has to be looked at before anybody is offered an event.
func (o Overflow) lossless() bool { return o >= Reject }

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

// decide is what a lossy policy does: a pure function of how many events wait
// and how many may. The others never offer to a full buffer.
func (o Overflow) decide(waiting, buffer int) verdict {
	switch {
	case waiting < buffer:
		return accept
	case (o == DropOldest || o == KeepLatest) && buffer > 0:
		return dropOldest
	default: // DropNewest, and every policy where there is no buffer to make room in
		return dropNew
	}
}
