package live

import (
	"context"
	"errors"
	"sync"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// disk is the event repository of a run, which survives a crash.
type disk struct {
	events, dead broker.Memory
}

var (
	errDiskFull = errors.New("the repository is full")
	errGone     = errors.New("the process is gone")
)

// mount is the repository as one process sees it.
func (d *disk) mount() *drive { return &drive{disk: d, waiting: map[string]*positions{}} }

// drive is a broker.Repository that takes so much and no more, until its process ends.
type drive struct {
	disk *disk

	mu      sync.Mutex
	gone    bool
	waiting map[string]*positions // by stream
}

type positions struct{ first, last uint64 } // what is not committed, if first <= last

// unmount ends the access of the process: what it still does has no effect.
func (d *drive) unmount() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.gone = true
}

// Append implements broker.Repository.
func (d *drive) Append(ctx context.Context, stream string, e broker.Event) (uint64, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.gone {
		return 0, errGone
	}
	w := d.waiting[stream]
	if w == nil {
		w = &positions{first: 1}
		d.waiting[stream] = w
	}
	if w.last+1-w.first >= scenario.MaxBacklog {
		return 0, errDiskFull
	}
	p, err := d.disk.events.Append(ctx, stream, e)
	if err == nil {
		w.last = p
	}
	return p, err
}

// Read implements broker.Repository.
func (d *drive) Read(ctx context.Context, stream string, after uint64, into []broker.Stored) (int, error) {
	n, err := d.disk.events.Read(ctx, stream, after, into)
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.gone {
		return 0, errGone
	}
	if w := d.waiting[stream]; w == nil && n > 0 {
		d.waiting[stream] = &positions{first: into[0].Position, last: into[n-1].Position}
	} else if n > 0 {
		w.last = max(w.last, into[n-1].Position)
	}
	return n, err
}

// Commit implements broker.Repository.
func (d *drive) Commit(ctx context.Context, stream string, upTo uint64) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.gone {
		return errGone
	}
	if w := d.waiting[stream]; w != nil {
		w.first = max(w.first, min(upTo, w.last)+1)
	}
	return d.disk.events.Commit(ctx, stream, upTo)
}
