package broker_test

import (
	"context"
	"reflect"
	"slices"
	"testing"

	"github.com/spillway-go/spillway/broker"
)

func TestJoinTracesCallsEveryHookOfEachInOrder(t *testing.T) {
	var told []string
	// full is a trace with all hooks there are.
	full := func(name string) broker.Trace {
		var trace broker.Trace
		to := reflect.ValueOf(&trace).Elem()
		for i := range to.NumField() {
			hook := to.Type().Field(i)
			to.Field(i).Set(reflect.MakeFunc(hook.Type, func(args []reflect.Value) []reflect.Value {
				told = append(told, name+hook.Name)
				if hook.Type.NumOut() == 0 {
					return nil
				}
				ctx := context.WithValue(args[0].Interface().(context.Context), userKey{}, name)
				return []reflect.Value{
					reflect.ValueOf(&ctx).Elem(),
					reflect.ValueOf(func(error) { told = append(told, name+hook.Name+" ended") }),
				}
			}))
		}
		return trace
	}
	joined := reflect.ValueOf(broker.JoinTraces(full("a"), broker.Trace{}, full("b")))
	for i := range joined.NumField() {
		told = nil
		hook := joined.Type().Field(i)
		var args []reflect.Value
		for n := range hook.Type.NumIn() {
			args = append(args, reflect.Zero(hook.Type.In(n)))
		}
		if hook.Type.NumOut() > 0 {
			args[0] = reflect.ValueOf(t.Context())
		}
		answers := joined.Field(i).Call(args)
		want := []string{"a" + hook.Name, "b" + hook.Name}
		if len(answers) == 2 {
			if user := answers[0].Interface().(context.Context).Value(userKey{}); user != "b" {
				t.Errorf("%s: the context is that of %v", hook.Name, user)
			}
			answers[1].Interface().(func(error))(nil)
			want = append(want, "b"+hook.Name+" ended", "a"+hook.Name+" ended")
		}
		if !slices.Equal(told, want) {
			t.Errorf("%s: told are %q, want %q", hook.Name, told, want)
		}
	}
}

func TestJoinTracesOfNothingHasNoHooks(t *testing.T) {
	joined := reflect.ValueOf(broker.JoinTraces(broker.Trace{}, broker.Trace{}))
	for i := range joined.NumField() {
		if !joined.Field(i).IsNil() {
			t.Errorf("it has %s", joined.Type().Field(i).Name)
		}
	}
	one := broker.JoinTraces(broker.Trace{Rejected: func(*broker.Subscription, broker.Event) {}})
	if one.Rejected == nil || one.Blocked != nil {
		t.Error("one hook is not one")
	}
}
