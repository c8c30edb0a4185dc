package broker

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// DefaultBuffer is how many events a subscription holds when nothing else is said.
	DefaultBuffer = 3
	// MaxBuffer is the largest buffer a subscription can have.
	MaxBuffer = 1_000_000
	// Unbuffered asks for no buffer at all: an event is taken by a receiver
	// that already waits, or it overflows.
	Unbuffered = -1
)

var (
	// ErrClosed is what a broker or subscription answers once it is closed.
	ErrClosed = errors.New("closed")
	// ErrFull is what a publisher gets when a full subscription rejects its event.
	ErrFull = errors.New("the buffer is full")
	// ErrWouldBlock is what TryPublish answers where Publish would wait for room.
	ErrWouldBlock = errors.New("the buffer is full and its publishers wait")
	// ErrWouldDeadlock is what a handler's Publish answers when the room it would
	// wait for can only come from handlers that wait themselves.
	ErrWouldDeadlock = errors.New("the wait would never end")
)

// Options set up a Broker. The zero value works.
type Options struct {
	// Buffer is how many events a subscription holds unless it says otherwise:
	// 0 means DefaultBuffer, Unbuffered none, MaxBuffer is the most.
	Buffer int
	// Overflow is what a full buffer does unless its subscription says otherwise.
	Overflow Overflow
	// Repository is where spilled events go: without one nobody can have Spill. A Memory is
	// one that does not outlive the program.
	Repository Repository
	// Seed decides the jitter of retries; 0 means one that is drawn at random, so that
	// the replicas of a program do not retry all at once.
	Seed uint64
	// Now is the clock that ages are told by; nil means time.Now.
	Now func() time.Time
	// Trace is told everything that happens.
	Trace Trace
}

// A Broker offers every published event to every subscription that selects it.
// All its methods may be called from any goroutine.
type Broker struct {
	// What every publish and every delivery touches comes first, in one cache line.
	mu                 sync.Mutex
	toWake, lastToWake *sleeper        // when the lock is free
	turns              turns           // of publishers and receivers
	subs               []*Subscription // in order of subscription: the order of delivery
	selective          int             // subscriptions that select topics or a type
	typed              int             // of these, those that select a type
	guarded            int             // subscriptions to look at before anybody is offered an event
	rejecting          int             // subscriptions that reject
	closing            bool            // no more publishing: Shutdown has begun
	line               line            // of publishers that wait for room
	pool               pool            // of goroutines, for the handlers of Consume

	defaults   settings
	unrouted   uint64 // events that nobody selected
	next       int    // the index of the next subscription
	routes     routes
	streams    []string           // to spill to: memory for it
	appendings []*appending       // events on their way to the repository
	remains    map[string]remains // of streams that nobody reads now
	unfinished []*Subscription    // closed, though they have busy workers
	draining   context.Context    // of the first Shutdown
	drained    chan struct{}      // closed when closing and there is nothing left to do

	// What follows never changes.
	trace      tracer
	repository Repository
	immediate  bool // the repository may be called while the lock is held
	seed       uint64
	now        func() time.Time
	sleepers   sync.Pool // of those who wait: then waiting allocates nothing

	wantValues atomic.Int32 // Consumes, and a Trace, that want the values of publishers' contexts
}

// New makes a broker, or says which option is out of bounds.
func New(o Options) (*Broker, error) {
	defaults, err := settings{buffer: DefaultBuffer, overflow: DropNewest}.with(Settings{o.Buffer, o.Overflow})
	if err == nil && defaults.overflow == Spill && o.Repository == nil {
		err = fmt.Errorf("overflow policy %v takes a Repository", Spill)
	}
	if err != nil {
		return nil, fmt.Errorf("broker: new: %w", err)
	}
	b := &Broker{
		trace:      tracer{Trace: o.Trace},
		repository: o.Repository,
		seed:       o.Seed,
		now:        o.Now,
		defaults:   defaults,
		drained:    make(chan struct{}),
	}
	_, b.immediate = o.Repository.(Immediate)
	b.sleepers.New = newSleeper
	b.pool.broker = b
	if b.now == nil {
		b.now = time.Now
	}
	if b.trace.Handling != nil {
		b.wantValues.Add(1)
	}
	if b.seed == 0 {
		b.seed = rand.Uint64()
	}
	return b, nil
}
