// Package interrupt ends a program's context when a signal asks the program to end.
package interrupt

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

// Error is the cause of a context that a signal cancelled.
type Error struct{ Signal os.Signal }

func (e Error) Error() string {
	return fmt.Sprintf("cancelling from signal [signal=%v]", e.Signal)
}

// Context returns a context that is cancelled by an interrupt (Ctrl-C) or a request to terminate, with an
// [Error] as its [context.Cause]. The first signal asks for a graceful end; from then on signals do what they
// do by default, so a second one ends a program that hangs. The function it returns stops the waiting.
func Context(parent context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(parent)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		defer signal.Stop(signals)
		select {
		case s := <-signals:
			// Before the context ends: whoever sees it ended may count on the default already.
			signal.Stop(signals)
			cancel(Error{s})
		case <-ctx.Done():
		}
	}()
	return ctx, func() { cancel(nil) }
}
