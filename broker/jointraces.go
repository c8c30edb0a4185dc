package broker

import (
	"context"
	"reflect"
)

// JoinTraces is a trace whose hooks call those of all of them, in that order.
func JoinTraces(traces ...Trace) Trace {
	var joined Trace
	to := reflect.ValueOf(&joined).Elem()
	for i := range to.NumField() {
		var hooks []reflect.Value
		for _, t := range traces {
			if hook := reflect.ValueOf(t).Field(i); !hook.IsNil() {
				hooks = append(hooks, hook)
			}
		}
		switch {
		case len(hooks) == 1:
			to.Field(i).Set(hooks[0])
		case len(hooks) > 1 && to.Field(i).Type().NumOut() == 0:
			to.Field(i).Set(reflect.MakeFunc(to.Field(i).Type(), func(told []reflect.Value) []reflect.Value {
				for _, hook := range hooks {
					hook.Call(told)
				}
				return nil
			}))
		}
	}
	joined.Publishing = joinPublishing(traces)
	joined.Handling = joinHandling(traces)
	return joined
}

// joinPublishing has each hook see the context that the one before it returned.
func joinPublishing(traces []Trace) func(context.Context, Event) (context.Context, func(error)) {
	var hooks []func(context.Context, Event) (context.Context, func(error))
	for _, t := range traces {
		if t.Publishing != nil {
			hooks = append(hooks, t.Publishing)
		}
	}
	if hooks == nil {
		return nil
	}
	return func(ctx context.Context, e Event) (context.Context, func(error)) {
		var all []func(error)
		for _, hook := range hooks {
			var ended func(error)
			if ctx, ended = hook(ctx, e); ended != nil {
				all = append(all, ended)
			}
		}
		return ctx, backwards(all)
	}
}

// joinHandling is joinPublishing for Handling.
func joinHandling(traces []Trace) func(context.Context, *Subscription, Event, int) (context.Context, func(error)) {
	var hooks []func(context.Context, *Subscription, Event, int) (context.Context, func(error))
	for _, t := range traces {
		if t.Handling != nil {
			hooks = append(hooks, t.Handling)
		}
	}
	if hooks == nil {
		return nil
	}
	return func(ctx context.Context, s *Subscription, e Event, attempt int) (context.Context, func(error)) {
		var all []func(error)
		for _, hook := range hooks {
			var ended func(error)
			if ctx, ended = hook(ctx, s, e, attempt); ended != nil {
				all = append(all, ended)
			}
		}
		return ctx, backwards(all)
	}
}

// backwards calls them all, the last first, as what they end was begun inside each other.
func backwards(all []func(error)) func(error) {
	return func(err error) {
		for i := len(all) - 1; i >= 0; i-- {
			all[i](err)
		}
	}
}
