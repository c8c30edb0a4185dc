package main

import (
	"context"
	"errors"
	"io"
	"sync/atomic"
	"time"
)

// patience is how long the end may take after a signal. A write that is stuck then is given up: one that has
// lasted for a tick.
const (
	patience = 200 * time.Millisecond
	tick     = 20 * time.Millisecond
)

var errBlocked = errors.New("the output was not taken, so it ends in the middle")

// untilBlocked does something that writes to out, until a write is stuck after ctx is
// done: nobody can end a write to a pipe that is full.
func untilBlocked(ctx context.Context, out io.Writer, do func(io.Writer) error) error {
	w := &watched{Writer: out}
	done := make(chan error, 1)
	go func() { done <- do(w) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	for signalled := time.Now(); ; {
		writes := w.writes.Load()
		select {
		case err := <-done:
			return err
		case <-time.After(tick):
			if stuck := writes%2 == 1 && w.writes.Load() == writes; stuck && time.Since(signalled) >= patience {
				return errors.Join(context.Cause(ctx), errBlocked)
			}
		}
	}
}

// watched counts the beginnings and the ends of writes.
type watched struct {
	io.Writer
	writes atomic.Uint64
}

func (w *watched) Write(text []byte) (int, error) {
	w.writes.Add(1)
	defer w.writes.Add(1)
	return w.Writer.Write(text)
}
