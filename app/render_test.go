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

	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/app/playtest"
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
	m := playtest.Paused(labtest.Trio(), 3*time.Second)
	for _, msg := range []play.Msg{
		play.Seek{At: 4 * time.Second}, play.Toggle{}, play.Frame{Elapsed: time.Second, More: playtest.Yes}, play.Select{Subject: play.Subject{Actor: playtest.Consumer(m, 1)}}, play.ToggleMark{},
		playtest.SetBuffer(7), play.MuteLog{Actor: playtest.Producer(m, 0)}, play.SearchLog{Query: "bank"}, play.Open{Dialog: play.HelpDialog}, play.Notify{Notice: play.Notice{Text: "read this"}}, play.Undo{},
	} {
		before := digest(m)
		if digest(m) != before {
			t.Fatal("the same model has two digests")
		}
		if play.Update(m, msg); digest(m) == before {
			t.Errorf("after %T it is the same", msg)
		}
	}
}

func TestRenderingChangesNothing(t *testing.T) {
	b := open(t, "")
	m := b.page.model
	for _, msg := range []play.Msg{
		play.Frame{Elapsed: 700 * time.Millisecond, More: playtest.Yes}, play.Pause{}, play.Seek{At: 7 * time.Second}, play.Step{By: 1},
		play.Select{Subject: play.Subject{Actor: playtest.Consumer(m, 0)}}, play.Select{Subject: play.Subject{Actor: playtest.Producer(m, 0), HasEvent: true, Event: 6}}, play.Hover{Subject: play.Subject{Actor: playtest.Producer(m, 0)}},
		play.ShowChart{Chart: "time"}, play.SearchLog{Query: "dropped"}, play.MuteLog{Actor: playtest.Consumer(m, 0)}, play.HoldLog{Hold: true}, playtest.SetBuffer(9), playtest.SetBuffer(-1), play.Undo{}, play.Redo{},
		play.Add{Role: scenario.OfConsumer}, play.Remove{Actor: playtest.Consumer(m, 0)}, play.Open{Dialog: play.HelpDialog}, play.Open{Dialog: play.ShareDialog}, play.Open{Dialog: play.ExportDialog}, play.Open{Dialog: play.ScenariosDialog}, play.Open{Dialog: play.NoDialog},
		play.Seek{At: 10 * time.Second}, play.LoadPreset{ID: "flaky"}, play.SetSpeed{Speed: play.Max}, play.Toggle{},
	} {
		play.Update(m, msg) // without all that the page does when it sends one
		m.Moment()          // which is made once, whoever looks first
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
