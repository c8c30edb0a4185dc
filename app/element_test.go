//go:build !js

package app

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

// element is an element of the rendered page.
type element struct {
	tag      string
	attrs    map[string]string
	children []*element
	text     string // of the element and all in it
}

// all are the elements in e for which is holds, e included.
func (e *element) all(is func(*element) bool) []*element {
	var found []*element
	if is(e) {
		found = append(found, e)
	}
	for _, c := range e.children {
		found = append(found, c.all(is)...)
	}
	return found
}

func (e *element) class(name string) []*element {
	return e.all(func(e *element) bool { return strings.Contains(" "+e.attrs["class"]+" ", " "+name+" ") })
}

func (e *element) tags(names ...string) []*element {
	return e.all(func(e *element) bool { return strings.Contains(" "+strings.Join(names, " ")+" ", " "+e.tag+" ") })
}

// one is the only one of them.
func one(t *testing.T, found []*element) *element {
	t.Helper()
	if len(found) != 1 {
		t.Fatalf("there are %d", len(found))
	}
	return found[0]
}

// parse reads HTML as go-app writes it: with an attribute that is true as its
// name only, and with line ends between elements that a browser never gets.
func parse(t *testing.T, html string) *element {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(html))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	stack := []*element{{}}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return stack[0]
		}
		if err != nil {
			t.Fatalf("the HTML can't be read: %v", err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			e := &element{tag: token.Name.Local, attrs: map[string]string{}}
			for _, a := range token.Attr {
				if e.attrs[a.Name.Local] = a.Value; a.Value == a.Name.Local {
					e.attrs[a.Name.Local] = "true"
				}
			}
			last := stack[len(stack)-1]
			last.children = append(last.children, e)
			stack = append(stack, e)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			for _, e := range stack {
				e.text += strings.ReplaceAll(string(token), "\n", "")
			}
		}
	}
}

// called are the elements with that accessible name.
func called(e *element, name string) []*element {
	return e.all(func(e *element) bool {
		return e.attrs["aria-label"] == name || e.tag == "button" && e.attrs["aria-label"] == "" && e.text == name
	})
}
