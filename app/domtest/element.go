//go:build !js

package domtest

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

// Element is an element of the rendered page.
type Element struct {
	Tag      string
	Attrs    map[string]string
	children []*Element
	Text     string // of the element and all in it
}

// All are the elements in e for which is holds, e included.
func (e *Element) All(is func(*Element) bool) []*Element {
	var found []*Element
	if is(e) {
		found = append(found, e)
	}
	for _, c := range e.children {
		found = append(found, c.All(is)...)
	}
	return found
}

func (e *Element) Class(name string) []*Element {
	return e.All(func(e *Element) bool { return strings.Contains(" "+e.Attrs["class"]+" ", " "+name+" ") })
}

func (e *Element) Tags(names ...string) []*Element {
	return e.All(func(e *Element) bool { return strings.Contains(" "+strings.Join(names, " ")+" ", " "+e.Tag+" ") })
}

// One is the only one of them.
func One(t *testing.T, found []*Element) *Element {
	t.Helper()
	if len(found) != 1 {
		t.Fatalf("there are %d", len(found))
	}
	return found[0]
}

// Parse reads HTML as go-app writes it: with an attribute that is true as its
// name only, and with line ends between elements that a browser never gets.
func Parse(t *testing.T, html string) *Element {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(html))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	stack := []*Element{{}}
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
			e := &Element{Tag: token.Name.Local, Attrs: map[string]string{}}
			for _, a := range token.Attr {
				if e.Attrs[a.Name.Local] = a.Value; a.Value == a.Name.Local {
					e.Attrs[a.Name.Local] = "true"
				}
			}
			last := stack[len(stack)-1]
			last.children = append(last.children, e)
			stack = append(stack, e)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			for _, e := range stack {
				e.Text += strings.ReplaceAll(string(token), "\n", "")
			}
		}
	}
}

// Called are the elements with that accessible name.
func Called(e *Element, name string) []*Element {
	return e.All(func(e *Element) bool {
		return e.Attrs["aria-label"] == name || e.Tag == "button" && e.Attrs["aria-label"] == "" && e.Text == name
	})
}
