package broker

import (
	"runtime"
	"time"
)

// crew runs the handlers of all Consumes of one broker. A goroutine for each
// subscription would cost a wake-up for each event and subscription, which is
// most of what a delivery costs; a few workers that stay awake while there is
// something to do cost one or two. Since a handler may also wait for something,
// more are called when those at work make no progress, up to as many as all
// subscriptions have workers. The broker's lock guards everything.
type crew struct {
	broker *Broker
	ready  ring[task]
	limit  int // workers of all subscriptions together
	procs  int // how many can work at the same time
	total  int // goroutines
	awake  int // those that are at work, or called to it
	parked []*sleeper

	watching bool // a timer looks after a crew that may be stuck
	watch    *time.Timer
	begun    uint64 // tasks begun so far
	seen     uint64 // when the watch last looked
}

// task is one attempt at an event. It is kept small: a publish to a hundred
// subscriptions writes a hundred of them for another processor to read.
type task struct {
	by    *consumption
	event Event
	again *retry // nil for the first attempt
}

// attempt counts the attempts, from 1.
func (t *task) attempt() int {
	if t.again == nil {
		return 1
	}
	return t.again.attempt
}

// share is how many tasks one worker should have before the next is woken for
// them: a wake-up costs as much as a few short handlers.
const share = 16

// stuckAfter is how long the crew may make no progress before more are called.
const stuckAfter = 100 * time.Microsecond

func (w *crew) grow(by int) {
	w.limit += by
	w.procs = runtime.GOMAXPROCS(0) // which is too slow to ask for every task
}

func (w *crew) resize(by int) {
	if by < 0 {
		w.shrink(-by)
	} else {
		w.grow(by)
	}
}

// shrink lets the goroutines go that have nothing to do any more.
func (w *crew) shrink(by int) {
	w.limit -= by
	for i := w.total - w.limit; i > 0 && len(w.parked) > 0; i-- {
		w.call(w.unpark())
	}
}

func (w *crew) unpark() *sleeper {
	p := w.parked[len(w.parked)-1]
	w.parked = w.parked[:len(w.parked)-1]
	return p
}

func (w *crew) call(p *sleeper) {
	w.awake++
	w.broker.rouse(p)
}

// add is one task more. A worker that is awake will come to it.
func (w *crew) add(t task) {
	w.ready.push(t)
	if t.by.options.Waits || w.awake == 0 || w.ready.len() >= share*w.awake && w.awake < w.procs {
		w.more()
	} else {
		w.lookAfter() // those awake may all wait for something
	}
}

// more calls one more worker to work, if the limit allows it.
func (w *crew) more() {
	switch {
	case len(w.parked) > 0:
		w.call(w.unpark())
	case w.total < w.limit:
		w.total++
		w.awake++
		go w.work()
	}
}

// work is a worker's goroutine.
func (w *crew) work() {
	b := w.broker
	me := newSleeper().(*sleeper)
	var t task
	done := true
	defer func() {
		if !done { // a handler ended the goroutine
			w.recover(&t)
		}
	}()
	b.mu.Lock()
	for {
		for w.ready.len() == 0 {
			w.awake--
			if w.total > w.limit || len(w.parked) >= w.procs {
				w.total--
				b.unlock()
				return
			}
			w.parked = append(w.parked, me)
			b.unlock()
			<-me.wake
			b.mu.Lock()
		}
		t = w.ready.pop()
		w.begun++
		b.unlock()
		done = false
		err := t.by.attempt(&t)
		done = true
		b.mu.Lock()
		t.by.finishTask(&t, err)
		t = task{}
	}
}

// recover is for when a handler has called runtime.Goexit: the worker is gone,
// its task is not.
func (w *crew) recover(t *task) {
	w.broker.mu.Lock()
	defer w.broker.unlock()
	w.total--
	w.awake--
	t.by.finishTask(t, errGoexit)
	if w.ready.len() > 0 && w.awake == 0 {
		w.more()
	}
}

// lookAfter has a look soon at whether those at work make progress.
func (w *crew) lookAfter() {
	if w.watching {
		return
	}
	w.watching, w.seen = true, w.begun
	if w.watch == nil {
		w.watch = time.AfterFunc(stuckAfter, w.look)
	} else {
		w.watch.Reset(stuckAfter)
	}
}

// look calls as many more as are at work, if these have begun nothing lately:
// they wait for something, and others need not wait for them.
func (w *crew) look() {
	w.broker.mu.Lock()
	defer w.broker.unlock()
	w.watching = false
	if w.ready.len() == 0 {
		return
	}
	if w.begun == w.seen {
		for range min(max(w.awake, 1), w.ready.len()) {
			w.more()
		}
	}
	w.lookAfter()
}
