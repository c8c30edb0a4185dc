// Package producer has the example's producer and the event it publishes.
package producer

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// A Producer publishes at a steady interval, the first time one interval after
// it began to run. It keeps to its beat: a late event does not delay the next.
type Producer struct {
	publish func(ctx context.Context, n uint64) error

	mu       sync.Mutex
	interval time.Duration
	changed  chan struct{} // closed when the interval has changed
}

// New makes a producer that calls publish for its n-th event, counted from 0, at
// every interval. An error of publish ends Run. The interval must be positive.
func New(interval time.Duration, publish func(ctx context.Context, n uint64) error) (*Producer, error) {
	if interval <= 0 {
		return nil, fmt.Errorf("producer: interval %v is not positive", interval)
	}
	return &Producer{publish: publish, interval: interval, changed: make(chan struct{})}, nil
}

// SetInterval changes the interval from now on: the next event comes one new
// interval after the last one, or at once if that moment has passed. An
// interval that is not positive is refused.
func (p *Producer) SetInterval(d time.Duration) error {
	if d <= 0 {
		return fmt.Errorf("producer: interval %v is not positive", d)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.interval = d
	close(p.changed)
	p.changed = make(chan struct{})
	return nil
}

// Run publishes until ctx is done, and then returns nil.
func (p *Producer) Run(ctx context.Context) error {
	last := time.Now()
	for n := uint64(0); ; n++ {
		due, ok := p.await(ctx, last)
		if !ok {
			return nil
		}
		if err := p.publish(ctx, n); err != nil {
			return err
		}
		last = due
	}
}

// await waits for the next beat after last and tells when it was due; false
// when ctx ended first.
func (p *Producer) await(ctx context.Context, last time.Time) (due time.Time, ok bool) {
	var earliest time.Time // a new interval can't ask for a moment before it was set
	for {
		p.mu.Lock()
		interval, changed := p.interval, p.changed
		p.mu.Unlock()

		due = last.Add(interval)
		if due.Before(earliest) {
			due = earliest
		}
		timer := time.NewTimer(time.Until(due))
		select {
		case <-timer.C:
			return due, ctx.Err() == nil
		case <-changed:
			earliest = time.Now()
		case <-ctx.Done():
			timer.Stop()
			return due, false
		}
		timer.Stop()
	}
}
