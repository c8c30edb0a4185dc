// Package producer has the example's producer and the event it publishes.
package producer

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Beat is one moment at which a producer publishes.
type Beat struct {
	Gap   time.Duration // since the beat before it; more than 0
	Burst int           // how many events it publishes
}

// A Producer publishes at its beats, the first of them one gap after it began to
// run. It keeps to them: a late one does not delay the next. Only when it had to
// wait for room the next gap begins when it could go on.
type Producer struct {
	beat    func(n uint64) (Beat, bool)
	publish func(ctx context.Context) (waited bool, err error)
	beats   uint64 // so far

	mu      sync.Mutex
	changed chan struct{} // closed when beat has other answers
}

// New makes a producer. It asks beat for its n-th beat, counted from 0, and calls
// publish for each event of it, which says whether it had to wait. Where there is
// no n-th beat Run ends, as it does with an error of publish, and with one of its
// own for a gap that is not positive.
func New(beat func(n uint64) (Beat, bool), publish func(ctx context.Context) (waited bool, err error)) *Producer {
	return &Producer{beat: beat, publish: publish, changed: make(chan struct{})}
}

// Every is the beat of one event at a steady interval.
func Every(interval time.Duration) func(uint64) (Beat, bool) {
	return func(uint64) (Beat, bool) { return Beat{interval, 1}, true }
}

// Changed says that beat has other answers from now on. The beat that the
// producer waits for comes a new gap after the last, or at once if that moment
// has passed.
func (p *Producer) Changed() {
	p.mu.Lock()
	defer p.mu.Unlock()
	close(p.changed)
	p.changed = make(chan struct{})
}

// Run publishes until ctx is done, and then returns nil. The first gap is counted
// from start. When it is called again it goes on with the next beat.
func (p *Producer) Run(ctx context.Context, start time.Time) error {
	last := start
	for {
		due, burst, err := p.await(ctx, last)
		if err == errOver {
			return nil
		}
		if err != nil {
			return err
		}
		p.beats++
		last = due
		for range burst {
			waited, err := p.publish(ctx)
			if err != nil {
				return err
			}
			if waited {
				last = time.Now()
			}
			if ctx.Err() != nil {
				return nil
			}
		}
	}
}

// errOver says that there is no next beat, or that the context ended before it.
var errOver = errors.New("it is over")

// await waits for the next beat after last and tells when it was due.
func (p *Producer) await(ctx context.Context, last time.Time) (due time.Time, burst int, err error) {
	var earliest time.Time // a new gap can't ask for a moment before it was set
	for {
		p.mu.Lock()
		changed := p.changed
		p.mu.Unlock()
		b, more := p.beat(p.beats)
		if !more {
			return due, 0, errOver
		}
		if b.Gap <= 0 {
			return due, 0, fmt.Errorf("producer: the gap %v before beat %d is not positive", b.Gap, p.beats)
		}
		due = last.Add(b.Gap)
		if due.Before(earliest) {
			due = earliest
		}
		timer := time.NewTimer(time.Until(due))
		select {
		case <-timer.C:
			if ctx.Err() != nil {
				return due, 0, errOver
			}
			return due, b.Burst, nil
		case <-changed:
			earliest = time.Now()
		case <-ctx.Done():
			timer.Stop()
			return due, 0, errOver
		}
		timer.Stop()
	}
}
