package broker

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"
)

// A Handler does what an event asks for. Its context ends with that of Consume
// and knows whose handler it is: Publish needs it to find a deadlock, so it
// should not be used on other goroutines for that.
type Handler func(ctx context.Context, e Event) error

// MaxWorkers is the most workers a subscription can have.
const MaxWorkers = 1024

// ConsumeOptions set up Consume. The zero value works: one worker, one attempt.
type ConsumeOptions struct {
	// Workers is how many events are handled at the same time: 1 to MaxWorkers, 0
	// means 1.
	Workers int
	// Attempts is how often an event is given to the handler at most, 0 means once.
	Attempts int
	// Backoff is the pause before the second attempt, 0 means 100 ms. It doubles
	// with each further one, up to MaxBackoff, 0 means 10 s or Backoff if that is more.
	Backoff    time.Duration
	MaxBackoff time.Duration
	// Jitter is the fraction of a pause that is left to chance, from 0 to 1: a
	// pause p lasts from p·(1−Jitter) to p.
	Jitter float64
	// DeadLetters, if any, takes the events that no attempt could handle, in the
	// stream DeadLetters(the subscription's name).
	DeadLetters Repository
	// Waits says that handlers mostly wait, for a network perhaps, instead of
	// computing: then each begins at once, on a goroutine of its own if it must.
	// Otherwise one that waits may keep the next from beginning for up to 100 µs
	// while a worker is free.
	Waits bool
}

// DeadLetters is the stream of a repository that the dead letters of that
// subscription are in. It is not the one that the subscription spills to.
func DeadLetters(subscription string) string { return subscription + ".dead" }

func (o ConsumeOptions) withDefaults() (ConsumeOptions, error) {
	for _, d := range []struct {
		field *int
		zero  int
	}{{&o.Workers, 1}, {&o.Attempts, 1}} {
		if *d.field == 0 {
			*d.field = d.zero
		}
	}
	if o.Backoff == 0 {
		o.Backoff = 100 * time.Millisecond
	}
	if o.MaxBackoff == 0 {
		o.MaxBackoff = max(10*time.Second, o.Backoff)
	}
	switch {
	case o.Workers < 1 || o.Workers > MaxWorkers:
		return o, fmt.Errorf("workers %d are out of range: 1 to %d", o.Workers, MaxWorkers)
	case o.Attempts < 1:
		return o, fmt.Errorf("attempts %d are out of range: 1 or more", o.Attempts)
	case o.Backoff < 0 || o.MaxBackoff < 0:
		return o, fmt.Errorf("backoff %v up to %v is out of range: neither is negative", o.Backoff, o.MaxBackoff)
	case !(o.Jitter >= 0 && o.Jitter <= 1):
		return o, fmt.Errorf("jitter %v is out of range: 0 to 1", o.Jitter)
	}
	return o, nil
}

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

// Consume gives every event of the subscription to the handler, until ctx is
// done or the subscription is closed; then it waits for the handlers at work and
// returns the context's cause, or nil. An event whose handler fails is tried
// again as the options say; while it waits for that it keeps its worker. With one
// worker events are handled one after another, in order; with more they are begun
// in order, and end as they will.
//
// A handler may publish, subscribe, configure and close. A subscription has one
// Consume at a time, and then no other receivers.
func (s *Subscription) Consume(ctx context.Context, handler Handler, o ConsumeOptions) error {
	wait, err := s.Begin(ctx, handler, o)
	if err != nil {
		return err
	}
	return wait()
}

// Begin is Consume in two halves: it returns once what waits has been given to
// workers, and wait does the rest. It has to be called.
func (s *Subscription) Begin(ctx context.Context, handler Handler, o ConsumeOptions) (wait func() error, err error) {
	fail := func(err error) error { return fmt.Errorf("broker: consume %q: %w", s.name, err) }
	o, err = o.withDefaults()
	if err == nil && handler == nil {
		err = errors.New("the handler is nil")
	}
	if err == nil && ctx.Err() != nil { // its handlers could only fail
		err = context.Cause(ctx)
	}
	if err != nil {
		return nil, fail(err)
	}
	c := &consumption{sub: s, handler: handler, options: o, halt: make(chan struct{}), idle: make(chan struct{})}
	c.ctx = context.WithValue(ctx, consumptionKey{}, c)
	if err := c.start(); err != nil {
		return nil, fail(err)
	}
	return func() error {
		select {
		case <-ctx.Done():
		case <-c.halt: // the subscription is closed
		}
		c.end()
		<-c.idle
		c.leave()
		if ctx.Err() != nil {
			return fail(context.Cause(ctx))
		}
		return nil
	}, nil
}

type attemptKey struct{}

// Attempt is which attempt at its event a handler is called for, from 1, by the
// context it was given.
func Attempt(ctx context.Context) int {
	if n, ok := ctx.Value(attemptKey{}).(int); ok {
		return n
	}
	return 1
}

// consumption is one call of Consume. The broker's lock guards its state.
type consumption struct {
	sub     *Subscription
	handler Handler
	options ConsumeOptions
	ctx     context.Context // what the handlers get
	burial  context.Context // what the repository of dead letters gets
	grave   string          // the stream there

	retries  []*retry      // those before their next attempt
	begun    func(*Work)   // of Drive, which has the three below instead of handler and retries
	resting  []*Work       // those before their next attempt
	idlers   []*Work       // with nothing to do
	workers  int           // that were ever needed
	places   int           // of the crew: the workers, or those at work if these are more
	drawn    uint64        // draws of the jitter
	stopping bool          // no event is begun any more
	halt     chan struct{} // closed when the subscription is
	idle     chan struct{} // closed when it stops and nothing is active
}

type consumptionKey struct{}

// consumptionOf is whose handler a context was given to, or nil.
func consumptionOf(ctx context.Context) *consumption {
	c, _ := ctx.Value(consumptionKey{}).(*consumption)
	return c
}

func (c *consumption) start() error {
	s, b := c.sub, c.sub.broker
	b.mu.Lock()
	defer b.unlock()
	switch {
	case s.closed:
		return ErrClosed
	case s.consumption != nil, s.expected > 0, len(s.waiting) > 0:
		return errors.New("it has other receivers already")
	}
	s.consumption = c
	c.burial, c.grave = context.WithoutCancel(c.ctx), DeadLetters(s.name)
	c.staff()
	s.expected = c.options.Workers
	s.feed()
	b.admitBlocked()
	return nil
}

// begin lets the crew handle an event that was delivered to a worker.
func (c *consumption) begin(e Event) {
	c.sub.active++
	if c.begun != nil {
		c.begun(c.work(e))
	} else {
		c.sub.broker.crew.add(task{by: c, event: e})
	}
}

// stop is for when the subscription is closed.
func (c *consumption) stop() {
	if !c.stopping {
		c.stopping = true
		close(c.halt)
	}
}

// end lets nothing begin any more. What waits for another attempt does not get it.
func (c *consumption) end() {
	b := c.sub.broker
	b.mu.Lock()
	c.stopping = true
	c.sub.expected = 0
	given := c.retries
	c.retries = nil
	for _, r := range given {
		r.timer.Stop()
	}
	b.unlock()
	b.mu.Lock()
	defer b.unlock()
	for _, r := range given {
		c.bury(r.event, r.err)
		c.sub.active--
	}
	c.checkIdle()
}

func (c *consumption) checkIdle() {
	if !c.stopping || c.sub.active > 0 {
		return
	}
	select {
	case <-c.idle: // closed before
	default:
		close(c.idle)
	}
}

// leave gives the subscription free for other receivers.
func (c *consumption) leave() {
	b := c.sub.broker
	b.mu.Lock()
	defer b.unlock()
	c.sub.consumption = nil
	b.crew.resize(-c.places)
	c.sub.closeIfDone()
}

// staff sees to it that the crew can have as many at work for this Consume as it
// has workers, or events that are with one. Those of others can't be meant.
func (c *consumption) staff() {
	if c.begun == nil {
		places := max(c.options.Workers, c.sub.active)
		c.sub.broker.crew.resize(places - c.places)
		c.places = places
	}
}

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
			c.stopping, s.expected = true, 0
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
	case s.active+s.expected >= c.options.Workers: // there are fewer workers now
		c.staff()
	default:
		s.expected++
		s.feed()
		s.roomMade()
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

// Adjust changes the options of the Consume or Drive that runs, from now on: with
// more workers what waits is begun at once, with fewer those at work finish first.
// It changes neither Waits nor DeadLetters.
func (s *Subscription) Adjust(o ConsumeOptions) error {
	fail := func(err error) error { return fmt.Errorf("broker: adjust %q: %w", s.name, err) }
	o, err := o.withDefaults()
	if err != nil {
		return fail(err)
	}
	b := s.broker
	b.mu.Lock()
	defer b.unlock()
	c := s.consumption
	if c == nil || c.stopping {
		return fail(errors.New("nobody consumes it"))
	}
	o.Waits, o.DeadLetters = c.options.Waits, c.options.DeadLetters
	c.options = o
	c.staff()
	s.expected = max(0, o.Workers-s.active)
	s.roomMade()
	return nil
}
