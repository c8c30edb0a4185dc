package scenario

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
)

// ParseJSON reads a scenario. What the text leaves out of broker, duration,
// start and seed is as in the classic; a field that does not exist is an error.
func ParseJSON(text []byte) (Scenario, error) {
	s := Classic()
	s.Producers, s.Consumers = nil, nil
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		return Scenario{}, fmt.Errorf("scenario: %w", jsonError(err, text))
	}
	if _, err := d.Token(); err != io.EOF {
		return Scenario{}, errors.New("scenario: there is more text after the closing brace")
	}
	if err := s.Validate(); err != nil {
		return Scenario{}, fmt.Errorf("scenario: %w", err)
	}
	return s, nil
}

// jsonError says in a reader's words, and with a line, what the decoder found.
func jsonError(err error, text []byte) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.Is(err, io.EOF):
		return errors.New("the text is empty")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("the text ends in the middle")
	case errors.As(err, &syntax):
		return fmt.Errorf("line %d: not JSON: %w", line(text, syntax.Offset), err)
	case errors.As(err, &kind):
		field := kind.Field
		if field == "" {
			field = "the scenario"
		}
		return fmt.Errorf("line %d: %s: %s does not fit here, %s is wanted", line(text, kind.Offset), field, kind.Value, wanted(kind.Type))
	default:
		return errors.New(strings.TrimPrefix(err.Error(), "json: "))
	}
}

// wanted is what JSON calls a value of the type.
func wanted(t reflect.Type) string {
	switch {
	case reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()), t.Kind() == reflect.String:
		return "a text"
	case t.Kind() == reflect.Struct:
		return "an object"
	case t.Kind() == reflect.Slice:
		return "a list"
	default:
		return "a whole number"
	}
}

func line(text []byte, offset int64) int {
	return 1 + bytes.Count(text[:min(int(offset), len(text))], []byte{'\n'})
}

// JSON is the scenario as ParseJSON reads it, indented for people.
func (s Scenario) JSON() []byte {
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		panic("scenario: " + err.Error()) // only a policy that Validate refuses can get here
	}
	return append(text, '\n')
}
