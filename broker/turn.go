package broker

import (
	"runtime"
	"sync/atomic"
)

// turns are how publishers that never pause leave receivers their turn. It is of no use
// to anybody if they fill buffers faster and drop more.
type turns struct {
	wanted atomic.Int32 // goroutines of the pool that wait for the broker's lock

	// The broker's lock guards what follows.
	woken bool // somebody was woken since a publisher last yielded
	lossy bool // the last publish has dropped an event, or was refused
	vain  int  // such publishes since then
}

// cooperative is whether nothing takes the processor from a goroutine: in WebAssembly
// publishers have to yield even if nothing is lost.
const cooperative = runtime.GOARCH == "wasm"

// vainMost is after how many publishes in vain a publisher yields.
func vainMost() int {
	if cooperative {
		return 64
	}
	return 8
}

// yields says whether the publisher should yield now. It should if it drops events
// though it has woken who would take them: whom it has woken stands in the queue of its
// own processor, and others look there last, about 60 µs later. If it yields, they run
// here, and it goes on elsewhere.
func (t *turns) yields() bool {
	due := cooperative || t.woken && t.lossy
	t.lossy = false
	if !due {
		return false
	}
	if t.vain++; t.vain < vainMost() {
		return false
	}
	t.vain, t.woken = 0, false
	return true
}

// letIn lets those have the broker's lock that wait for it to begin or end events. The
// lock itself is not fair before they have waited for a millisecond.
func (b *Broker) letIn() {
	if b.turns.wanted.Load() > 0 { // split so that the fast path inlines
		b.letThemIn()
	}
}

func (b *Broker) letThemIn() {
	for range 1000 { // about as long as one of them holds the lock
		if b.turns.wanted.Load() == 0 {
			return
		}
	}
	runtime.Gosched() // they sleep: the one who was woken last runs now
}

// lockToServe locks the broker before the next publisher does.
func (b *Broker) lockToServe() {
	if b.mu.TryLock() {
		return
	}
	b.turns.wanted.Add(1)
	b.mu.Lock()
	b.turns.wanted.Add(-1)
}
