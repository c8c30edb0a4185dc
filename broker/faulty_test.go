package broker_test

import (
	"context"
	"errors"
	"sync"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/brokertest"
)

var errFaulty = errors.New("the disk is full")

// faulty is a repository in memory that fails as it is told to.
type faulty struct {
	memory broker.Memory
	mu     sync.Mutex
	fail   func(o brokertest.Operation, stream string) bool
}

func (f *faulty) failing(fail func(o brokertest.Operation, stream string) bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fail = fail
}

func (f *faulty) failAppendTo(stream string) {
	f.failing(func(o brokertest.Operation, s string) bool { return o == brokertest.Append && s == stream })
}

func (f *faulty) failTo(what brokertest.Operation) {
	f.failing(func(o brokertest.Operation, _ string) bool { return o == what })
}

func (f *faulty) repair() { f.failing(nil) }

func (f *faulty) faults() brokertest.Faulty {
	return brokertest.Faulty{Repository: &f.memory, Fail: func(o brokertest.Operation, stream string) error {
		f.mu.Lock()
		defer f.mu.Unlock()
		if f.fail != nil && f.fail(o, stream) {
			return errFaulty
		}
		return nil
	}}
}

func (f *faulty) Append(ctx context.Context, e broker.Event, streams ...string) error {
	return f.faults().Append(ctx, e, streams...)
}

func (f *faulty) Count(ctx context.Context, stream string, after uint64) (uint64, error) {
	return f.faults().Count(ctx, stream, after)
}

func (f *faulty) Read(ctx context.Context, stream string, after uint64, into []broker.Stored) (int, error) {
	return f.faults().Read(ctx, stream, after, into)
}

func (f *faulty) Commit(ctx context.Context, stream string, upTo uint64) error {
	return f.faults().Commit(ctx, stream, upTo)
}

// stored are the events of a stream that are not committed.
func (f *faulty) stored(stream string) []event {
	return stored(&f.memory, stream)
}

func stored(r broker.Repository, stream string) []event {
	into := make([]broker.Stored, 1000)
	n, _ := r.Read(context.Background(), stream, 0, into)
	var events []broker.Event
	for _, s := range into[:n] {
		if dead, is := s.Event.(*broker.DeadLetter); is {
			s.Event = dead.Event
		}
		events = append(events, s.Event)
	}
	return numbers(events)
}
