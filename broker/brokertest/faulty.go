package brokertest

import (
	"context"
	"errors"
	"sync/atomic"

	"github.com/spillway-go/spillway/broker"
)

// Operation is a method of a broker.Repository.
type Operation string

// The operations that can fail.
const (
	Append Operation = "append"
	Read   Operation = "read"
	Commit Operation = "commit"
	Count  Operation = "count"
)

// ErrFaulty is the error of Every.
var ErrFaulty = errors.New("the repository is faulty")

// Faulty is a repository that does not do what Fail has an error for. Fail may be
// called by several goroutines at once.
type Faulty struct {
	broker.Repository
	Fail func(o Operation, stream string) error
}

// Every is a Fail that answers each n-th call with ErrFaulty.
func Every(n uint64) func(Operation, string) error {
	var calls atomic.Uint64
	return func(Operation, string) error {
		if calls.Add(1)%n == 0 {
			return ErrFaulty
		}
		return nil
	}
}

// Append implements broker.Repository.
func (f Faulty) Append(ctx context.Context, e broker.Event, streams ...string) error {
	for _, stream := range streams {
		if err := f.Fail(Append, stream); err != nil {
			return &broker.StreamError{Stream: stream, Err: err}
		}
	}
	return f.Repository.Append(ctx, e, streams...)
}

// Read implements broker.Repository.
func (f Faulty) Read(ctx context.Context, stream string, after uint64, into []broker.Stored) (int, error) {
	if err := f.Fail(Read, stream); err != nil {
		return 0, err
	}
	return f.Repository.Read(ctx, stream, after, into)
}

// Commit implements broker.Repository.
func (f Faulty) Commit(ctx context.Context, stream string, upTo uint64) error {
	if err := f.Fail(Commit, stream); err != nil {
		return err
	}
	return f.Repository.Commit(ctx, stream, upTo)
}

// Count implements broker.Repository.
func (f Faulty) Count(ctx context.Context, stream string, after uint64) (uint64, error) {
	if err := f.Fail(Count, stream); err != nil {
		return 0, err
	}
	return f.Repository.Count(ctx, stream, after)
}
