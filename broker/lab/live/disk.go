package live

import (
	"context"
	"errors"
	"sync"

	"github.com/spillway-go/spillway/broker"
)

// disk is the event repository of a run, which survives a crash.
type disk struct {
	events, dead broker.Memory
}

var errGone = errors.New("the process is gone")

// mount is the repository as one process sees it.
func (d *disk) mount() *drive { return &drive{disk: d} }

// drive is a broker.Repository until its process ends.
type drive struct {
	disk *disk

	mu   sync.Mutex
	gone bool
}

// unmount ends the access of the process: what it still does has no effect.
func (d *drive) unmount() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.gone = true
}

// do does what the process asks for, unless it is gone.
func (d *drive) do(what func() error) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.gone {
		return errGone
	}
	return what()
}

// Immediate implements broker.Immediate.
func (d *drive) Immediate() {}

// Append implements broker.Repository.
func (d *drive) Append(ctx context.Context, e broker.Event, streams ...string) error {
	return d.do(func() error { return d.disk.events.Append(ctx, e, streams...) })
}

// Read implements broker.Repository.
func (d *drive) Read(ctx context.Context, stream string, after uint64, into []broker.Stored) (n int, err error) {
	err = d.do(func() (err error) {
		n, err = d.disk.events.Read(ctx, stream, after, into)
		return err
	})
	return n, err
}

// Commit implements broker.Repository.
func (d *drive) Commit(ctx context.Context, stream string, upTo uint64) error {
	return d.do(func() error { return d.disk.events.Commit(ctx, stream, upTo) })
}

// Count implements broker.Repository.
func (d *drive) Count(ctx context.Context, stream string, after uint64) (n uint64, err error) {
	err = d.do(func() (err error) {
		n, err = d.disk.events.Count(ctx, stream, after)
		return err
	})
	return n, err
}
