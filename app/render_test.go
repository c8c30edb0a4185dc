//go:build !js

package app

import (
	"fmt"
	"hash/fnv"
	"io"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// digest stands for all that can be reached from a value: two values that are deeply
// equal have the same one, and so have a value before and after nothing has changed.
func digest(v any) uint64 {
	h := fnv.New64a()
	seen := map[any]int{}
	writeDeep(h, reflect.ValueOf(v), seen)
	return h.Sum64()
}

func writeDeep(w io.Writer, v reflect.Value, seen map[any]int) {
	switch v.Kind() {
	case reflect.Invalid:
		fmt.Fprint(w, "nothing;")
	case reflect.Pointer:
		type at struct {
			to any
			of reflect.Type
		}
		if v.IsNil() {
			fmt.Fprint(w, "nil;")
			return
		}
		key := at{v.Pointer(), v.Type()}
		if n, ok := seen[key]; ok {
			fmt.Fprintf(w, "the %dth;", n)
			return
		}
		seen[key] = len(seen)
		writeDeep(w, v.Elem(), seen)
	case reflect.Interface:
		if !v.IsNil() {
			fmt.Fprint(w, v.Elem().Type(), ":")
		}
		writeDeep(w, v.Elem(), seen)
	case reflect.Struct:
		for i := range v.NumField() {
			writeDeep(w, v.Field(i), seen)
		}
	case reflect.Slice, reflect.Array:
		fmt.Fprintf(w, "%d[", v.Len())
		if k := v.Type().Elem().Kind(); k >= reflect.Bool && k <= reflect.Complex128 || k == reflect.String {
			fmt.Fprintf(w, "%v]", v)
			return
		}
		for i := range v.Len() {
			writeDeep(w, v.Index(i), seen)
		}
	case reflect.Map:
		var entries []string
		for it := v.MapRange(); it.Next(); {
			entries = append(entries, fmt.Sprintf("%v=%v", it.Key(), it.Value()))
		}
		slices.Sort(entries)
		fmt.Fprint(w, entries)
	case reflect.Func, reflect.Chan, reflect.UnsafePointer:
		fmt.Fprintf(w, "%x;", v.Pointer())
	default:
		fmt.Fprintf(w, "%v;", v)
	}
}

func TestADigestTellsOneModelFromAnother(t *testing.T) {
	m := paused(labtest.Trio(), 3*time.Second)
	for _, msg := range []Msg{
		Seek{At: 4 * time.Second}, Toggle{}, Frame{Elapsed: time.Second, More: yes}, Select{Subject{Actor: consumer(m, 1)}}, ToggleMark{},
		setBuffer(7), MuteLog{Actor: producer(m, 0)}, SearchLog{"bank"}, Open{HelpDialog}, Notify{Notice{Text: "read this"}}, Undo{},
	} {
		before := digest(m)
		if digest(m) != before {
			t.Fatal("the same model has two digests")
		}
		if Update(m, msg); digest(m) == before {
			t.Errorf("after %T it is the same", msg)
		}
	}
}

func TestRenderingChangesNothing(t *testing.T) {
	b := open(t, "")
	m := b.page.model
	for _, msg := range []Msg{
		Frame{Elapsed: 700 * time.Millisecond, More: yes}, Pause{}, Seek{At: 7 * time.Second}, Step{By: 1},
		Select{Subject{Actor: consumer(m, 0)}}, Select{Subject{Actor: producer(m, 0), HasEvent: true, Event: 6}}, Hover{Subject{Actor: producer(m, 0)}},
		ShowChart{"time"}, SearchLog{"dropped"}, MuteLog{Actor: consumer(m, 0)}, HoldLog{true}, setBuffer(9), setBuffer(-1), Undo{}, Redo{},
		Add{scenario.OfConsumer}, Remove{consumer(m, 0)}, Open{HelpDialog}, Open{ShareDialog}, Open{ExportDialog}, Open{ScenariosDialog}, Open{NoDialog},
		Seek{At: 10 * time.Second}, LoadPreset{ID: "flaky"}, SetSpeed{Max}, Toggle{},
	} {
		Update(m, msg) // without all that the page does when it sends one
		m.Moment()     // which is made once, whoever looks first
		before := digest(m)
		first := app.HTMLString(b.page.Page.Render())
		second := app.HTMLString(b.page.Page.Render())
		if digest(m) != before {
			t.Fatalf("after %T, rendering changes the model", msg)
		}
		if len(first) != len(second) {
			t.Errorf("after %T, two renderings differ", msg)
		}
	}
}
