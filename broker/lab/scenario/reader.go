package scenario

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// jsonValue is a part of a text, and where it begins.
type jsonValue struct {
	text []byte
	at   int
}

// kind is what a person calls it.
func (v jsonValue) kind() string {
	switch v.text[0] { // JSON has no empty value
	case '{':
		return "an object"
	case '[':
		return "a list"
	case '"':
		return "a text"
	case 'n':
		return "null"
	case 't', 'f':
		return "true or false"
	default:
		return "a number"
	}
}

// reader reads well-formed JSON by the table of settings. encoding/json would
// forgive what a person should hear of: a name in the wrong case, a name twice,
// null for anything; and it forgets in which line a value was.
type reader struct {
	all  []byte
	at   map[string]int // where each field was, if anybody wants to know
	errs []error
}

// read reads a text, all of which is one value, and notes where each field was
// unless at is nil.
func read(text []byte, at map[string]int, value func(*reader, jsonValue)) error {
	trimmed := bytes.TrimSpace(text)
	if len(trimmed) == 0 {
		return errors.New("the text is empty")
	}
	if !utf8.Valid(text) {
		return errors.New("the text is not UTF-8")
	}
	var all json.RawMessage
	if err := json.Unmarshal(text, &all); err != nil {
		return syntaxError(err, text)
	}
	r := reader{all: text, at: at}
	value(&r, jsonValue{trimmed, bytes.Index(text, trimmed)})
	return errors.Join(r.errs...)
}

func syntaxError(err error, text []byte) error {
	var syntax *json.SyntaxError
	if !errors.As(err, &syntax) {
		return err
	}
	if err := json.NewDecoder(bytes.NewReader(text)).Decode(new(json.RawMessage)); err == nil {
		return errors.New("there is more text after the closing brace")
	} else if errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the text ends in the middle")
	}
	return fmt.Errorf("line %d: not JSON: %w", line(text, int(syntax.Offset)), err)
}

func (r *reader) line(at int) int { return line(r.all, at) }

// A reader stops after maxMistakes, and looks at no text or number of more than
// maxLeaf bytes, so that its time and its answer are bounded too.
const (
	maxMistakes = 20
	maxLeaf     = 1 << 10
	maxDigits   = 20 // of an exponent's effect: a number of more is out of any range
)

func (r *reader) full() bool { return len(r.errs) >= maxMistakes }

func (r *reader) fail(where string, v jsonValue, err error) {
	r.errs = append(r.errs, fmt.Errorf("line %d: %w", r.line(v.at), mistake{where, err}))
}

// is says whether v is of that kind, and complains if not.
func (r *reader) is(where string, v jsonValue, kind string) bool {
	if v.kind() != kind {
		r.fail(where, v, fmt.Errorf("%s does not fit here, %s is wanted", v.kind(), kind))
		return false
	}
	if (kind == "a text" || kind == "a number") && len(v.text) > maxLeaf {
		r.fail(where, v, fmt.Errorf("%s of %d bytes is too long", kind, len(v.text)))
		return false
	}
	return true
}

// member is a field of an object.
type member struct {
	name     string
	required bool
	read     func(where string, v jsonValue)
}

// object reads the members in the order of the text.
func (r *reader) object(where string, v jsonValue, members []member) {
	if !r.is(the(where), v, "an object") {
		return
	}
	seen := make([]bool, len(members))
	d := json.NewDecoder(bytes.NewReader(v.text))
	_, _ = d.Token() // the brace
next:
	for d.More() && !r.full() {
		name, _ := d.Token()
		named := jsonValue{at: v.at + int(d.InputOffset()) - 1} // the end of the name
		value := follow(d, v)
		for i, m := range members {
			path := join(where, m.name)
			switch {
			case m.name != name:
				continue
			case seen[i]:
				r.fail(path, named, errors.New("it is there twice"))
			default:
				seen[i] = true
				if r.at != nil {
					r.at[path] = value.at
				}
				m.read(path, value)
			}
			continue next
		}
		r.fail(the(where), named, fmt.Errorf("unknown field %.60q", name))
	}
	for i, m := range members {
		if m.required && !seen[i] {
			r.fail(join(where, m.name), v, errors.New("it is missing"))
		}
	}
}

// list reads at most so many items.
func list[T any](r *reader, items *[]T, most int, where string, v jsonValue, each func(i int, where string, v jsonValue)) {
	if *items = nil; !r.is(where, v, "a list") {
		return
	}
	d := json.NewDecoder(bytes.NewReader(v.text))
	_, _ = d.Token() // the bracket
	for d.More() && !r.full() {
		value := follow(d, v)
		i := len(*items)
		if i == most {
			r.fail(where, value, fmt.Errorf("there are more than %d", most))
			return
		}
		var zero T
		*items = append(*items, zero)
		each(i, fmt.Sprintf("%s[%d]", where, i), value)
	}
}

// follow is the next value of a decoder of v.
func follow(d *json.Decoder, v jsonValue) jsonValue {
	var text json.RawMessage
	_ = d.Decode(&text) // all of it was looked at before
	return jsonValue{text, v.at + int(d.InputOffset()) - len(text)}
}

func join(where, name string) string {
	if where == "" {
		return name
	}
	return where + "." + name
}

func the(where string) string {
	if where == "" {
		return "the scenario"
	}
	return where
}

// text reads a text by the rules of its type.
func (r *reader) text(v any) func(string, jsonValue) {
	return func(where string, of jsonValue) {
		if !r.is(where, of, "a text") {
			return
		}
		if err := json.Unmarshal(of.text, v); err != nil {
			r.fail(where, of, err)
		}
	}
}

// number reads a whole number from 0.
func (r *reader) number(most uint64, set func(uint64)) func(string, jsonValue) {
	return func(where string, v jsonValue) {
		if !r.is(where, v, "a number") {
			return
		}
		n, err := strconv.ParseUint(wholeNumber(string(v.text)), 10, 64)
		if err != nil || n > most {
			r.fail(where, v, fmt.Errorf("%s is not a whole number from 0 to %d", v.text, most))
			return
		}
		set(n)
	}
}

// wholeNumber writes a number of JSON with its digits alone where it is a whole one, as
// 1e1 and 10.0 are, and else leaves it as it is.
func wholeNumber(text string) string {
	mantissa, exponent, _ := strings.Cut(strings.ToLower(text), "e")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	e, err := strconv.Atoi(cmp.Or(strings.TrimPrefix(exponent, "+"), "0"))
	if err != nil || e < -maxLeaf || e > maxDigits {
		return text
	}
	digits := whole + fraction
	switch point := len(whole) + e; {
	case point <= 0 && strings.Trim(digits, "-0") == "": // 0.0, 0e-9
		return "0"
	case point <= 0:
		return text
	case point <= len(digits):
		if strings.Trim(digits[point:], "0") != "" {
			return text
		}
		digits = digits[:point]
	default:
		for len(digits) < point {
			digits += "0"
		}
	}
	if digits = strings.TrimLeft(digits, "0"); digits == "" {
		return "0"
	}
	return digits
}

func line(text []byte, offset int) int {
	return 1 + bytes.Count(text[:min(offset, len(text))], []byte{'\n'})
}
