package scenario

import (
	"fmt"
	"time"
)

// Duration is a time.Duration, in nanoseconds, that is written as text in JSON:
// "1s", "250ms".
type Duration time.Duration

// String is as time.Duration writes it.
func (d Duration) String() string { return time.Duration(d).String() }

// MarshalText writes what time.ParseDuration reads.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads a number with a unit.
func (d *Duration) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	if err != nil {
		return fmt.Errorf("%q is not a number with a unit such as 250ms, 2s or 1h", text)
	}
	*d = Duration(v)
	return nil
}
