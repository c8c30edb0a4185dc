package broker

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
)

// A Handler does what an event asks for. Its context ends with that of Consume, has the
// values of the publisher's where ConsumeOptions say so, and knows whose handler it is: Publish needs it to find a deadlock, so it
// should not be used on other goroutines for that.
type Handler func(ctx context.Context, e Event) error

type attemptKey struct{}

// Attempt is which attempt at its event a handler is called for, from 1, by the
// context it was given.
func Attempt(ctx context.Context) int {
	if n, ok := ctx.Value(attemptKey{}).(int); ok {
		return n
	}
	return 1
}

// PanicError is what a panic becomes: that of a handler is an error of its event.
type PanicError struct {
	Value  any    // what it panicked with
	Stack  []byte // where
	ofHook bool
}

func (e *PanicError) Error() string {
	if e.ofHook {
		return fmt.Sprintf("a hook or Key panicked: %v", e.Value)
	}
	return fmt.Sprintf("the handler panicked: %v", e.Value)
}

// errGoexit is the error of a handler that ended its goroutine.
var errGoexit = errors.New("the handler called runtime.Goexit")

// crashed says whether a handler has ended by itself, though not by returning.
func crashed(err error) bool {
	var p *PanicError
	return errors.Is(err, errGoexit) || errors.As(err, &p)
}

// handle calls the handler for the worker's attempt.
func (w *worker) handle() (err error) {
	err = errGoexit
	var ended func(error) // of a trace
	defer func() {
		if v := recover(); v != nil {
			err = &PanicError{Value: v, Stack: debug.Stack()}
		}
		if ended != nil {
			ended(err)
		}
	}()
	ctx, e := w.of.ctx, bare(w.event)
	if c, is := w.event.(*carried); is && w.of.seesValues {
		ctx = &handling{ctx, c.values, c.hops}
	}
	if w.attempt > 1 {
		ctx = context.WithValue(ctx, attemptKey{}, w.attempt)
	}
	if handling := w.of.sub.broker.trace.Handling; handling != nil {
		ctx, ended = handling(ctx, w.of.sub, e, w.attempt)
	}
	return w.of.handler(ctx, e)
}
