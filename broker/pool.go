package broker

import (
	"runtime"
	"time"
)

// pool is the goroutines that call the handlers of all Consumes of one broker. A
// goroutine for each worker would cost a wake-up for each event and subscription,
// which is most of what a delivery costs; a few goroutines that stay awake while
// there is something to do cost one or two. Since a handler may also wait for
// something, more are woken when those awake make no progress, up to as many as there
// are workers. The broker's lock guards everything.
type pool struct {
	broker *Broker
	ready  ring[attempt] // those to begin
	limit  int           // workers of all subscriptions together
	procs  int           // how many goroutines can run at the same time
	total  int           // goroutines
	awake  int           // of these, or about to be
	parked []*sleeper

	watching bool // a timer checks whether those awake make progress
	watch    *time.Timer
	begun    uint64 // attempts begun so far
	seen     uint64 // when the watch last looked
}

// attempt is one attempt at an event. It is kept small: a publish to a hundred
// subscriptions writes a hundred of them for another processor to read.
type attempt struct {
	of    *consumption
	event Event   // of a first attempt, which has no worker before it begins
	again *worker // of a further one
}

// share is how many attempts one goroutine should have before the next is woken for
// them: a wake-up costs as much as a few short handlers.
const share = 16

// batch is how many events of one subscription a goroutine handles before it looks at
// what else is ready. Between them it needs only the lock of the door. To the watch they
// are one: if they take long, others are woken for what is ready.
const batch = 64

// stuckAfter is how long the pool may make no progress before more are woken.
const stuckAfter = 100 * time.Microsecond

// resize lets the pool have so many goroutines more, or fewer.
func (p *pool) resize(by int) {
	p.limit += by
	p.procs = runtime.GOMAXPROCS(0) // which is too slow to ask for every attempt
	for n := p.total - p.limit; n > 0 && len(p.parked) > 0; n-- {
		p.unpark() // it ends, since there are too many
	}
}

// unpark wakes a goroutine.
func (p *pool) unpark() {
	last := len(p.parked) - 1
	p.awake++
	p.broker.wakeLater(p.parked[last])
	p.parked = p.parked[:last]
}

// add is one attempt more to make. A goroutine that is awake will come to it.
func (p *pool) add(a attempt) {
	p.ready.push(a)
	if a.of.options.Waits || p.awake == 0 || p.ready.len() >= share*p.awake && p.awake < p.procs {
		p.more()
	} else {
		p.watchProgress() // those awake may all wait for something
	}
}

// more wakes or starts one more goroutine, if the limit allows it.
func (p *pool) more() {
	switch {
	case len(p.parked) > 0:
		p.unpark()
	case p.total < p.limit:
		p.total++
		p.awake++
		p.broker.turns.woken = true
		go p.run()
	}
}

// run is one goroutine of the pool.
func (p *pool) run() {
	b := p.broker
	me := newSleeper().(*sleeper)
	var w *worker       // whose handler runs
	var of *consumption // of the handler that has run last
	defer func() {
		if w != nil { // it has ended the goroutine
			p.replace(w)
		}
	}()
	b.lockToServe()
	for {
		for p.ready.len() == 0 {
			p.awake--
			if p.total > p.limit || len(p.parked) >= p.procs {
				p.total--
				b.unlockAlone(of)
				return
			}
			p.parked = append(p.parked, me)
			b.unlockAlone(of)
			<-me.wake
			b.lockToServe()
		}
		next := p.ready.pop()
		p.begun++
		s := next.of.sub
		s.shutDoor()
		if w = next.again; w == nil {
			w = next.of.take(next.event)
		}
		if next.of.interrupted() || next.again != nil && w.returns() && next.of.ended() { // since it was due
			w.cutShort()
			w = nil
			continue
		}
		more := s.queue.len() > 0
		if more {
			s.openDoor()
		}
		b.unlockAlone(of)
		of = next.of
		err := w.handle()
		for n := 1; more && err == nil && n < batch && w.goOn(); n++ {
			err = w.handle()
		}
		b.lockToServe()
		done := w
		w = nil
		done.endHandled(err)
	}
}

// replace ends the attempt of a handler that has called runtime.Goexit: this goroutine
// is gone, what it had to do is not.
func (p *pool) replace(w *worker) {
	p.broker.mu.Lock()
	defer p.broker.unlockAlone(w.of)
	p.total--
	p.awake--
	w.endHandled(errGoexit)
	if p.ready.len() > 0 && p.awake == 0 {
		p.more()
	}
}

// watchProgress has a look soon at whether those awake make progress.
func (p *pool) watchProgress() {
	if p.watching {
		return
	}
	p.watching, p.seen = true, p.begun
	if p.watch == nil {
		p.watch = time.AfterFunc(stuckAfter, p.look)
	} else {
		p.watch.Reset(stuckAfter)
	}
}

// look wakes as many more as are awake, if these have begun nothing lately: they wait
// for something, and others need not wait for them.
func (p *pool) look() {
	p.broker.mu.Lock()
	defer p.broker.unlock()
	p.watching = false
	if p.ready.len() == 0 {
		return
	}
	woken := 0
	if p.begun == p.seen {
		woken = min(max(p.awake, 1), p.ready.len())
		for range woken {
			p.more()
		}
	}
	p.watchProgress()
	p.seen += uint64(woken) // that those woken begin one each is no progress yet
}
