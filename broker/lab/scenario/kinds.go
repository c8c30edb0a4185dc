package scenario

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Arrivals say how a producer's intervals come about.
type Arrivals uint8

const (
	// Steady intervals are all the same.
	Steady Arrivals = iota
	// Poisson intervals are exponentially distributed: each moment is as likely as
	// any other, whatever came before.
	Poisson
)

// Times say how a consumer's service times come about.
type Times uint8

const (
	// Fixed service times are all the same.
	Fixed Times = iota
	// Exponential service times are exponentially distributed.
	Exponential
	// Uniform service times lie evenly between half the mean and one and a half.
	Uniform
)

var (
	arrivalNames = []string{"steady", "poisson"}
	timesNames   = []string{"fixed", "exponential", "uniform"}
)

// String is the name that UnmarshalText reads back: steady or poisson.
func (a Arrivals) String() string { return nameOf(arrivalNames, uint8(a)) }

// MarshalText writes the name.
func (a Arrivals) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads a name.
func (a *Arrivals) UnmarshalText(b []byte) error { return parseName(arrivalNames, "arrivals", b, a) }

// String is the name that UnmarshalText reads back: fixed, exponential or uniform.
func (t Times) String() string { return nameOf(timesNames, uint8(t)) }

// MarshalText writes the name.
func (t Times) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads a name.
func (t *Times) UnmarshalText(b []byte) error { return parseName(timesNames, "times", b, t) }

func nameOf(names []string, v uint8) string {
	if int(v) < len(names) {
		return names[v]
	}
	return strconv.Itoa(int(v))
}

func parseName[T ~uint8](names []string, what string, text []byte, v *T) error {
	i := slices.Index(names, string(text))
	if i < 0 {
		return fmt.Errorf("%s %q are unknown: use one of %s", what, text, strings.Join(names, ", "))
	}
	*v = T(i)
	return nil
}

// Percent is a fraction in hundredths, from 0 to 100: "25%" in JSON.
type Percent uint8

// String is the number with its sign.
func (p Percent) String() string { return strconv.Itoa(int(p)) + "%" }

// MarshalText writes a number with its sign.
func (p Percent) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads a whole number, with a percent sign.
func (p *Percent) UnmarshalText(text []byte) error {
	digits, ok := strings.CutSuffix(string(text), "%")
	n, err := strconv.ParseUint(digits, 10, 8)
	if err != nil || !ok || n > 100 {
		return fmt.Errorf("%q is not a whole percentage from 0%% to 100%%", text)
	}
	*p = Percent(n)
	return nil
}

// Own is the size of a buffer of one's own, or the zero value for none.
type Own struct{ plusOne int }

// OwnBuffer is a buffer of that size, from 0 to broker.MaxBuffer.
func OwnBuffer(size int) Own { return Own{size + 1} }

// Size is the size of the buffer, if there is one.
func (o Own) Size() (size int, own bool) { return o.plusOne - 1, o.plusOne != 0 }

// MarshalJSON writes the size, or "broker" for none: then the broker's holds.
func (o Own) MarshalJSON() ([]byte, error) {
	if size, own := o.Size(); own {
		return json.Marshal(size)
	}
	return json.Marshal(ofBroker)
}

// UnmarshalJSON reads what MarshalJSON writes, within bounds.
func (o *Own) UnmarshalJSON(text []byte) error {
	t, _ := SettingOf(SetOwnBuffer)
	return read(text, nil, func(r *reader, v jsonValue) {
		if size, _, ok := r.setting(t, t.Field, v); ok {
			o.plusOne = int(size) + 1
		}
	})
}
