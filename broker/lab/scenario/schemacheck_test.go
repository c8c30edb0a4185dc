package scenario_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// schemaChecker checks texts against a JSON schema, as far as the one of scenarios
// goes: a keyword it does not know is a mistake in the test.
type schemaChecker struct {
	root     any
	patterns map[string]*regexp.Regexp
}

func checkerOf(schema []byte) *schemaChecker {
	root, err := parsed(schema)
	must(err)
	return &schemaChecker{root, map[string]*regexp.Regexp{}}
}

func parsed(text []byte) (v any, err error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	err = d.Decode(&v)
	return v, err
}

func (c *schemaChecker) check(text []byte) error {
	v, err := parsed(text)
	if err != nil {
		return err
	}
	return c.value(c.root, v, "#")
}

// value says what about v, which is at a place, does not fit.
func (c *schemaChecker) value(schema, v any, at string) error {
	s := schema.(map[string]any)
	for _, keyword := range slices.Sorted(maps.Keys(s)) {
		if err := c.keyword(s, keyword, v, at); err != nil {
			return err
		}
	}
	return nil
}

func (c *schemaChecker) keyword(s map[string]any, keyword string, v any, at string) error {
	wrong := func() error { return fmt.Errorf("%s: %v: %s %v", at, v, keyword, s[keyword]) }
	must := func(ok bool) error {
		if !ok {
			return wrong()
		}
		return nil
	}
	is := s[keyword]
	text, isText := v.(string)
	list, isList := v.([]any)
	object, isObject := v.(map[string]any)
	number, isNumber := v.(json.Number)
	switch keyword {
	case "$schema", "$defs", "title", "description", "default":
		return nil
	case "$ref":
		return c.value(c.find(is.(string)), v, at)
	case "type":
		return must(is == "string" && isText || is == "array" && isList || is == "object" && isObject ||
			is == "integer" && isNumber && rat(number).IsInt())
	case "const":
		return must(reflect.DeepEqual(v, is))
	case "enum":
		return must(slices.ContainsFunc(is.([]any), func(one any) bool { return reflect.DeepEqual(v, one) }))
	case "minimum":
		return must(!isNumber || rat(number).Cmp(rat(is)) >= 0)
	case "maximum":
		return must(!isNumber || rat(number).Cmp(rat(is)) <= 0)
	case "minLength":
		return must(!isText || rat(utf8.RuneCountInString(text)).Cmp(rat(is)) >= 0)
	case "maxLength":
		return must(!isText || rat(utf8.RuneCountInString(text)).Cmp(rat(is)) <= 0)
	case "minItems":
		return must(!isList || rat(len(list)).Cmp(rat(is)) >= 0)
	case "maxItems":
		return must(!isList || rat(len(list)).Cmp(rat(is)) <= 0)
	case "pattern":
		return must(!isText || c.pattern(is.(string)).MatchString(text))
	case "items":
		for i, item := range list {
			if err := c.value(is, item, fmt.Sprintf("%s/%d", at, i)); err != nil {
				return err
			}
		}
	case "properties":
		for _, name := range slices.Sorted(maps.Keys(is.(map[string]any))) {
			if property, ok := object[name]; ok {
				if err := c.value(is.(map[string]any)[name], property, at+"/"+name); err != nil {
					return err
				}
			}
		}
	case "required":
		for _, name := range is.([]any) {
			if _, ok := object[name.(string)]; isObject && !ok {
				return wrong()
			}
		}
	case "additionalProperties":
		known := s["properties"].(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(object)) {
			if _, ok := known[name]; !ok && is == false {
				return wrong()
			}
		}
	case "anyOf", "oneOf":
		fits := 0
		for _, one := range is.([]any) {
			if c.value(one, v, at) == nil {
				fits++
			}
		}
		return must(fits == 1 || fits > 1 && keyword == "anyOf")
	default:
		panic("the test does not know " + keyword)
	}
	return nil
}

// find follows a pointer into the schema.
func (c *schemaChecker) find(ref string) any {
	v := c.root
	for _, name := range strings.Split(strings.TrimPrefix(ref, "#/"), "/") {
		v = v.(map[string]any)[name]
	}
	return v
}

func (c *schemaChecker) pattern(text string) *regexp.Regexp {
	if c.patterns[text] == nil {
		c.patterns[text] = regexp.MustCompile(text)
	}
	return c.patterns[text]
}

func rat(v any) *big.Rat {
	r, ok := new(big.Rat).SetString(fmt.Sprint(v))
	if !ok {
		panic(fmt.Sprintf("%v is no number", v))
	}
	return r
}
