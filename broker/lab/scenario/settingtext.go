package scenario

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

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
