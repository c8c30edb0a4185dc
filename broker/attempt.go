package broker

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"
)

// PanicError is what a handler's panic becomes: an error of that event.
type PanicError struct {
	Value any    // what it panicked with
	Stack []byte // where
}

func (e *PanicError) Error() string { return fmt.Sprintf("the handler panicked: %v", e.Value) }

// errGoexit is the error of a handler that ended its goroutine.
var errGoexit = errors.New("the handler called runtime.Goexit")

// errNoAttempt says that the handler was not called again.
var errNoAttempt = errors.New("no attempt")

// attempt calls the handler, though not once more after the end.
func (c *consumption) attempt(t *task) (err error) {
	if t.again != nil && c.ended() {
		return errNoAttempt
	}
	err = errGoexit
	defer func() {
		if v := recover(); v != nil {
			err = &PanicError{v, debug.Stack()}
		}
	}()
	ctx := c.ctx
	if n := t.attempt(); n > 1 {
		ctx = context.WithValue(ctx, attemptKey{}, n)
	}
	return c.handler(ctx, t.event)
}

// ended says whether the context is done or the subscription closed.
func (c *consumption) ended() bool {
	select {
	case <-c.ctx.Done():
		return true
	case <-c.halt:
		return true
	default:
		return false
	}
}

// last says whether there is no attempt after that one.
func (c *consumption) last(attempt int) bool {
	return attempt >= c.options.Attempts || c.stopping || c.ctx.Err() != nil
}

// bury puts an event that no attempt could handle where the dead letters go. The
// broker's lock is held, though not meanwhile, for a repository may be slow.
func (c *consumption) bury(e Event, cause error) {
	b := c.sub.broker
	if c.options.DeadLetters != nil {
		b.unlock()
		_, err := c.options.DeadLetters.Append(c.burial, c.grave, e)
		b.mu.Lock()
		if err == nil {
			c.sub.dead++
			b.trace.deadLettered(c.sub, e, cause)
			return
		}
		b.trace.repositoryFailed(c.sub, err)
	}
	c.sub.abandoned++
	b.trace.abandoned(c.sub, e, cause)
}

// finish notes how an attempt ended, and lets the worker go on, unless it keeps
// the event for another attempt after a pause. The broker's lock is held.
func (c *consumption) finish(e Event, attempt int, err error) (pause time.Duration, again bool) {
	s, b := c.sub, c.sub.broker
	switch {
	case err == nil:
		s.handled++
		b.trace.handled(s, e, attempt)
	case !c.last(attempt):
		s.failed++
		pause = c.pause(attempt)
		b.trace.failed(s, e, attempt, err, pause)
		return pause, true
	default:
		s.failed++
		b.trace.failed(s, e, attempt, err, -1)
		c.bury(e, err)
		if c.ctx.Err() != nil { // end is about to be called: nothing begins any more
			c.stopping, s.idle = true, 0
		}
	}
	c.release()
	return 0, false
}

// release lets a worker that is done with its event take the next.
func (c *consumption) release() {
	s := c.sub
	s.active--
	switch {
	case c.stopping:
		c.checkIdle()
	case s.active+s.idle >= c.options.Workers: // there are fewer workers now
		c.staff()
	default:
		s.idle++
		s.feed()
		if s.store.open { // from here on it is roomMade, without the call: this is every event's way
			s.refillFromStore()
			s.feed()
		}
		s.broker.admitBlocked()
	}
	s.closeIfDone()
}

// finishTask is finish for a task of the crew.
func (c *consumption) finishTask(t *task, err error) {
	if err == errNoAttempt {
		c.bury(t.event, t.again.err)
		c.release()
	} else if pause, again := c.finish(t.event, t.attempt(), err); again {
		c.retryIn(pause, t, err)
	}
}
