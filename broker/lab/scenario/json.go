package scenario

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
)

// maxJSON is more bytes than anybody writes for the largest scenario; it bounds
// the time of a reading.
const maxJSON = 4 << 20

// JSON is a valid scenario as ParseJSON reads it, indented for people.
func (s Scenario) JSON() []byte {
	text, err := marshal(s, "  ")
	if err != nil {
		panic("scenario: " + err.Error()) // only a policy that Validate refuses can get here
	}
	return text
}

// marshal writes a line, or more with an indent. Unlike json.Marshal it leaves >
// as it is, which patterns of topics have and no one wants to read as \u003e.
func marshal(v any, indent string) ([]byte, error) {
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	e.SetIndent("", indent)
	err := e.Encode(v)
	return text.Bytes(), err
}

// MarshalJSON writes an intervention such as
// {"at":"3s","do":"set-interval","value":"500ms"}. Its value is a number where it
// has no unit, or else a text.
func (i Intervention) MarshalJSON() ([]byte, error) {
	out := struct {
		At    Duration `json:"at"`
		Do    Action   `json:"do"`
		Actor int      `json:"actor,omitempty"`
		Value any      `json:"value,omitempty"`
	}{At: i.At, Do: i.Do, Actor: i.Actor}
	if t, ok := SettingOf(i.Do); ok {
		switch {
		case t.Form == Text:
			out.Value = i.Text
		case t.Form == Number && i.Value >= 0:
			out.Value = i.Value
		default:
			out.Value = t.Format(i.Value)
		}
	}
	return marshal(out, "")
}

// UnmarshalJSON reads what MarshalJSON writes, as strictly as ParseJSON.
func (i *Intervention) UnmarshalJSON(text []byte) error {
	return read(text, nil, func(r *reader, v jsonValue) {
		*i = Intervention{}
		r.intervention(i, "intervention", v)
	})
}

// ParseJSON reads a scenario, and says of a mistake in which line it is. What the
// text leaves out of broker, duration, start and seed is as in the classic; else
// what may be left out means its default. A field that does not exist, or exists
// twice, is an error.
func ParseJSON(text []byte) (Scenario, error) {
	s, err := parseJSON(text)
	if err != nil {
		return Scenario{}, fmt.Errorf("scenario: %w", err)
	}
	return s.plain(), nil
}

func parseJSON(text []byte) (Scenario, error) {
	s := Classic()
	s.Producers, s.Consumers = nil, nil
	text = bytes.TrimPrefix(text, []byte("\ufeff")) // which some editors begin a file with
	if len(text) > maxJSON {
		return s, fmt.Errorf("the text has %d bytes: at most %d", len(text), maxJSON)
	}
	at := make(map[string]int)
	if err := read(text, at, func(r *reader, v jsonValue) { r.scenario(&s, v) }); err != nil {
		return s, err
	}
	errs := s.mistakes()
	for i, err := range errs {
		var m mistake
		if errors.As(err, &m) {
			if at, known := at[m.field]; known {
				errs[i] = fmt.Errorf("line %d: %w", line(text, at), err)
			}
		}
	}
	return s, errors.Join(errs...)
}

func (r *reader) scenario(s *Scenario, v jsonValue) {
	r.object("", v, []member{
		{"$schema", false, func(where string, v jsonValue) { r.is(where, v, "a text") }}, // editors look there
		{"producers", true, func(where string, v jsonValue) {
			list(r, &s.Producers, MaxProducers, where, v, func(i int, where string, v jsonValue) {
				p := &s.Producers[i]
				r.object(where, v, append(r.settings(s, OfProducer, i),
					member{"name", true, r.text(&p.Name)},
					member{"start", false, r.text(&p.Start)},
					member{"count", false, r.number(MaxCount, func(n uint64) { p.Count = int(n) })}))
			})
		}},
		{"broker", false, func(where string, v jsonValue) { r.object(where, v, r.settings(s, OfBroker, 0)) }},
		{"consumers", true, func(where string, v jsonValue) {
			list(r, &s.Consumers, MaxConsumers, where, v, func(i int, where string, v jsonValue) {
				c := &s.Consumers[i]
				r.object(where, v, append(r.settings(s, OfConsumer, i),
					member{"name", true, r.text(&c.Name)},
					member{"start", false, r.text(&c.Start)}))
			})
		}},
		{"duration", false, r.text(&s.Duration)},
		{"start", false, r.text(&s.Start)},
		{"seed", false, r.number(math.MaxUint64, func(n uint64) { s.Seed = n })},
		{"interventions", false, func(where string, v jsonValue) {
			list(r, &s.Interventions, MaxInterventions, where, v, func(i int, where string, v jsonValue) {
				r.intervention(&s.Interventions[i], where, v)
			})
		}},
	})
}

// settings are the members for those of an actor.
func (r *reader) settings(s *Scenario, role Role, actor int) []member {
	var members []member
	for _, t := range settings {
		if t.Role != role {
			continue
		}
		members = append(members, member{t.Field, t.required(), func(where string, v jsonValue) {
			if n, text, ok := r.setting(t, where, v); ok {
				t.apply(s, Intervention{Actor: actor, Value: n, Text: text})
			}
		}})
	}
	return members
}

// setting reads a value or a text of a setting, within its bounds.
func (r *reader) setting(t Setting, where string, v jsonValue) (n int64, text string, ok bool) {
	kind, written := "a text", string(v.text)
	if t.Form == Number && (t.Change != SetOwnBuffer || v.kind() != kind) {
		kind = "a number"
	}
	if !r.is(where, v, kind) {
		return 0, "", false
	}
	var err error
	if kind == "a text" {
		_ = json.Unmarshal(v.text, &written) // it is one
	}
	switch {
	case t.Form == Text:
		text = written
	case t.Form == Number && kind == "a text" && written != ofBroker:
		err = fmt.Errorf("%q does not fit here, a number or %q is wanted", written, ofBroker)
	case kind == "a number" && written[0] == '-':
		err = fmt.Errorf("%s is out of range: %d to %d", written, max(0, t.Low), t.High)
	default:
		if kind == "a number" {
			written = wholeNumber(written)
		}
		n, err = t.parse(written)
	}
	if err == nil {
		err = t.Check(n, text)
	}
	if err != nil {
		r.fail(where, v, err)
	}
	return n, text, err == nil
}

// intervention reads the value last: what it means depends on the action.
func (r *reader) intervention(i *Intervention, where string, v jsonValue) {
	var actor, value func()
	before := len(r.errs)
	r.object(where, v, []member{
		{"at", true, r.text(&i.At)},
		{"do", true, r.text(&i.Do)},
		{"actor", false, func(where string, v jsonValue) {
			actor = func() {
				if role := i.Do.Role(); role != OfProducer && role != OfConsumer {
					r.fail(where, v, fmt.Errorf("%v takes none", i.Do))
					return
				}
				r.number(max(MaxProducers, MaxConsumers)-1, func(n uint64) { i.Actor = int(n) })(where, v)
			}
		}},
		{"value", false, func(where string, v jsonValue) {
			value = func() {
				if t, ok := SettingOf(i.Do); ok {
					i.Value, i.Text, _ = r.setting(t, where, v)
				} else {
					r.fail(where, v, fmt.Errorf("%v takes none", i.Do))
				}
			}
		}},
	})
	if len(r.errs) > before {
		return // who knows what it was to do
	}
	if actor != nil {
		actor()
	}
	if _, takes := SettingOf(i.Do); value != nil {
		value()
	} else if takes {
		r.fail(join(where, "value"), v, fmt.Errorf("it is missing, and %v takes one", i.Do))
	}
}

// required says whether nothing is meant by leaving it out.
func (t Setting) required() bool {
	v, text := t.meant()
	return t.Check(v, text) != nil
}
