package broker

import (
	"slices"
	"time"
)

// A worker handles one event after another, each until it is handled or given up.
// Who calls the handler, the pool or the program that has a Driver, makes no
// difference to what becomes of an event:
//
//	idle ──begin──▶ busy ──end: handled, or given up──▶ idle
//	                │  ▲
//	      end: failed  again
//	                ▼  │
//	               resting ──giveUp──▶ idle
//
// Where nothing begins any more, an event that a handler was interrupted at, or that
// waited for its next attempt, is cut short: it waits in the buffer again when all other
// workers are done.
//
// The broker's lock guards it all.
type worker struct {
	of       *consumption
	event    Event
	attempt  int       // at the event, counted from 1
	err      error     // of the attempt before
	failed   time.Time // when the first attempt did, if that is asked for
	position uint64    // in the repository, of the event; 0: it is not from there
	ordinal  uint64    // of the event, among those that were begun
	turn     uint32    // the events begun: a Work of an earlier one is no longer valid
	key      string    // of the event, where events of one key are handled in order
	index    uint16    // among the workers of the consumption
	state    workerState
	timer    *time.Timer // of Consume, before the next attempt
}

type workerState uint8

const (
	idle    workerState = iota
	busy                // the attempt is under way, or about to begin
	resting             // before the next attempt
	ending              // the event is on its way to the dead letters
	cut                 // the event is to be put back
	behind              // another event of its key
)

// begin lets a worker have an event that was delivered. In the pool it gets it when a
// goroutine comes to it: then publishers write nothing that a goroutine on another
// processor writes too.
func (c *consumption) begin(e Event, position uint64) {
	c.sub.active++
	c.begun++
	if position != 0 {
		c.stored.push(storedWork{c.begun, position})
	}
	switch {
	case c.options.OrderBy != nil:
		c.beginInOrder(e)
		return
	case c.note == nil:
		c.sub.broker.pool.add(attempt{of: c, event: e})
		return
	}
	w := c.take(e)
	c.note(Work{w, w.turn})
}

// take gives the event to a worker with nothing to do. The one that was busy last
// comes first.
func (c *consumption) take(e Event) *worker {
	var w *worker
	if last := len(c.idle) - 1; last >= 0 {
		w = c.idle[last]
		c.idle = c.idle[:last]
	} else {
		w = &worker{of: c, index: c.workers}
		c.workers++
	}
	c.handOn(w, e)
	return w
}

// handOn lets the worker have the event.
func (c *consumption) handOn(w *worker, e Event) {
	w.turn++
	c.taken++
	w.position = 0
	if c.stored.len() > 0 && c.stored.oldest().ordinal == c.taken {
		w.position = c.stored.pop().position
	}
	w.event, w.attempt, w.state, w.ordinal = e, 1, busy, c.taken
}

// end notes how the attempt ended. If the event is to be tried again, it keeps the
// worker for the pause before that; otherwise the worker goes on to the next event.
func (w *worker) end(err error) (pause time.Duration, again bool) {
	c := w.of
	s, t := c.sub, &c.sub.broker.trace
	if err == nil {
		s.handled++
		t.handled(s, w.event, w.attempt)
		w.release()
		return 0, false
	}
	w.err = err
	if c.interrupted() && !crashed(err) {
		w.cutShort()
		return 0, false
	}
	s.failed++
	if c.options.DeadLetters != nil && w.attempt == 1 {
		w.failed = s.broker.now()
	}
	pause, advised := adviceIn(err)
	more := w.attempt < c.options.Attempts && !(advised && pause == never)
	if more && !c.stopping && !c.interrupted() {
		w.state = resting
		c.resting = append(c.resting, w)
		if !advised {
			pause = c.pause(w.attempt)
		}
		t.failed(s, w.event, w.attempt, err, pause)
		return pause, true
	}
	t.failed(s, w.event, w.attempt, err, -1)
	if more {
		w.cutShort()
	} else {
		w.giveUp()
	}
	return 0, false
}

// cutShort ends the work at an event for which there would be a further attempt. After
// the subscription was closed it can only be given up if it has failed before.
func (w *worker) cutShort() {
	c := w.of
	if !c.interrupted() && w.position == 0 {
		w.giveUp()
		return
	}
	w.state = cut
	w.passOn()
	c.cut = append(c.cut, w)
	c.beginNothing()
	if c.sub.closed { // there is no order to keep any more
		c.putBack()
	}
	c.finishIfDone()
}

// returns says whether the next attempt at the event may be left to others: it has failed
// before, or it may be behind such a one of its key, and waits in the repository.
func (w *worker) returns() bool { return w.attempt > 1 || w.position != 0 }

// endHandled is end for an attempt that the pool made: after a pause the next follows.
func (w *worker) endHandled(err error) {
	w.of.sub.shutDoor()
	if pause, again := w.end(err); again {
		w.timer = time.AfterFunc(pause, Work{w, w.turn}.due)
	}
}

// again begins the next attempt, unless the worker does not rest.
func (w *worker) again() {
	if !w.of.rested(w) {
		return
	}
	c := w.of
	w.attempt++
	w.state = busy
	c.sub.broker.trace.retried(c.sub, w.event, w.attempt)
	if c.note == nil {
		c.sub.broker.pool.add(attempt{of: c, again: w})
	} else {
		c.note(Work{w, w.turn})
	}
}

// rested takes a worker from those that rest, or says that it is not one of them or
// that no attempt begins any more.
func (c *consumption) rested(w *worker) bool {
	i := slices.Index(c.resting, w)
	if i < 0 || c.stopping {
		return false
	}
	c.resting = slices.Delete(c.resting, i, i+1)
	return true
}

// giveUp ends the event for which there is no further attempt. The lock is free
// meanwhile, since the repository of dead letters may be slow.
func (w *worker) giveUp() {
	w.state = ending
	c := w.of
	c.deadLetter(w)
	if c.interrupted() {
		c.beginNothing()
	}
	w.release()
}

// deadLetter puts an event that no attempt could handle into its repository.
func (c *consumption) deadLetter(w *worker) {
	s, b, e, cause := c.sub, c.sub.broker, bare(w.event), w.err
	if c.options.DeadLetters != nil {
		err := c.storeDeadLetter(&DeadLetter{
			Event: e, Subscription: s.name, Cause: cause.Error(), Attempts: w.attempt, First: w.failed, Last: b.now(),
		})
		if err == nil {
			s.dead++
			b.trace.deadLettered(s, e, cause)
			return
		}
		b.trace.repositoryFailed(s, err)
	}
	s.abandoned++
	b.trace.abandoned(s, e, cause)
}

// storeDeadLetter does the part of deadLetter that may be slow.
func (c *consumption) storeDeadLetter(d *DeadLetter) (err error) {
	b, to := c.sub.broker, c.options.DeadLetters // the options may change meanwhile
	b.unlockAlone(c)
	defer b.mu.Lock()
	defer recoverRepository(&err)
	if err = to.Append(c.endless, d, c.deadLetters...); err != nil {
		_, err = streamOf(err) // there is but one
	}
	return err
}

// leave lets the worker go.
func (w *worker) leave() {
	w.of.sub.shutDoor()
	w.state, w.event, w.err, w.position = idle, nil, nil, 0
	c := w.of
	c.idle = append(c.idle, w)
	c.sub.active--
}

// release lets the worker go, and on to the next event if it is still wanted.
func (w *worker) release() {
	c, position := w.of, w.position
	s := c.sub
	w.passOn()
	w.leave()
	switch {
	case position == 0:
	case s.closed:
		s.done(position)
	default: // it is committed when there is more to read, or nothing left
		s.store.settle(position)
	}
	switch {
	case c.stopping:
		c.finishIfDone()
	case c.engaged()+s.idle >= c.options.Workers: // there are fewer workers now
		c.staff()
	default:
		s.idle++
		s.feed()
		if s.store.open { // from here on it is roomMade, without the call: every event comes this way
			s.refillFromStore()
			s.feed()
		}
		s.broker.admitTo(s)
	}
	s.closeIfDone()
}

// pause is how long to wait after an attempt: exponential backoff with jitter.
func (c *consumption) pause(attempt int) time.Duration {
	p := c.options.Pause(attempt)
	c.drawn++
	chance := float64(mix(c.sub.broker.seed^uint64(c.sub.index)<<32+c.drawn)>>11) / (1 << 53)
	return p - time.Duration(c.options.Jitter*chance*float64(p))
}

// mix turns a counter into uniform bits: the finalizer of SplitMix64 (Steele,
// Lea, Flood: Fast Splittable Pseudorandom Number Generators, OOPSLA 2014).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
