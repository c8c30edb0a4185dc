package dom_test

import (
	"syscall/js"
	"testing"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"github.com/spillway-go/spillway/app/dom"
	"github.com/spillway-go/spillway/app/domtest"
)

func TestAnElementIsFoundByItsIDAndInAnother(t *testing.T) {
	box := domtest.Put(t, "div", "box", nil)
	box.Set("innerHTML", `<i class="a"></i><b class="b"></b>`)
	if e, ok := dom.Element("box"); !ok || !e.Equal(box) {
		t.Error("it is not found without go-app")
	}
	e, ok := dom.ByID("box")
	if !ok {
		t.Fatal("it is not found")
	}
	if b, ok := dom.Within(e, ".b"); !ok || b.Get("tagName").String() != "B" {
		t.Error("what is in it is not found")
	}
	if _, ok := dom.Within(e, ".c"); ok {
		t.Error("what is not in it is found")
	}
	if _, ok := dom.ByID("nowhere"); ok {
		t.Error("what is not there is found")
	}
	if _, ok := dom.Element("nowhere"); ok {
		t.Error("what is not there is found without go-app")
	}
}

func TestEventsAreHeardUntilTheyAreReleased(t *testing.T) {
	box := domtest.Put(t, "div", "box", nil)
	heard := ""
	release := dom.Listen(dom.TheStage, box, func(e js.Value) { heard += e.Get("type").String() + " " }, "one", "two")
	send := func(name string) { box.Call("dispatchEvent", js.Global().Get("Event").New(name)) }
	for _, name := range []string{"one", "two", "three", "one"} {
		send(name)
	}
	release()
	send("one")
	if want := "one two one "; heard != want {
		t.Errorf("heard is %q, want %q", heard, want)
	}
}

func TestAPromiseIsAwaitedWhetherItIsKeptOrNot(t *testing.T) {
	promise := func(how string) app.Value { return app.Window().Get("Promise").Call(how, how) }
	if value, kept := dom.Await(dom.TheCopying, promise("resolve")); !kept || value.String() != "resolve" {
		t.Errorf("of a promise that is kept comes %v", value)
	}
	if _, kept := dom.Await(dom.TheCopying, promise("reject")); kept {
		t.Error("a promise that is broken counts as kept")
	}
}
