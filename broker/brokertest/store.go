package brokertest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/spillway-go/spillway/broker"
)

// Event is what the suite stores. Its fields are exported for those repositories
// that have to write an event down.
type Event struct {
	Number int
	At     time.Time
}

// ID implements broker.Event.
func (e Event) ID() string { return strconv.Itoa(e.Number) }

// HappenedOn implements broker.Event.
func (e Event) HappenedOn() time.Time { return e.At }

// numbered is the event of that number, on a clock of whole seconds.
func numbered(n int) Event { return Event{n, time.Unix(int64(n), 0).UTC()} }

// store is a repository and the context to ask it with.
type store struct {
	ctx        context.Context
	repository broker.Repository
}

// add appends the events of those numbers.
func (s store) add(from, to int, streams ...string) error {
	for n := from; n <= to; n++ {
		if err := s.repository.Append(s.ctx, numbered(n), streams...); err != nil {
			return fmt.Errorf("append event %d: %w", n, err)
		}
	}
	return nil
}

// append appends the events of those numbers and answers with their positions, as Read
// tells them.
func (s store) append(stream string, from, to int) ([]uint64, error) {
	if err := s.add(from, to, stream); err != nil {
		return nil, err
	}
	stored, err := s.read(stream, 0, 99)
	if err != nil {
		return nil, err
	}
	var positions []uint64
	for _, x := range stored[max(0, len(stored)-(to-from+1)):] {
		positions = append(positions, x.Position)
	}
	if len(positions) < to-from+1 {
		return nil, fmt.Errorf("%d events are read, %d were appended", len(positions), to-from+1)
	}
	return positions, nil
}

// read reads at most that many events.
func (s store) read(stream string, after uint64, most int) ([]broker.Stored, error) {
	into := make([]broker.Stored, most)
	n, err := s.repository.Read(s.ctx, stream, after, into)
	if err != nil {
		return nil, fmt.Errorf("read after %d: %w", after, err)
	}
	if n < 0 || n > most {
		return nil, fmt.Errorf("read after %d: %d events read, %d fit", after, n, most)
	}
	return into[:n], nil
}

// wants reads at most that many events and compares them.
func (s store) wants(stream string, after uint64, most int, want ...int) error {
	stored, err := s.read(stream, after, most)
	if err != nil {
		return err
	}
	var got []int
	for _, x := range stored {
		n, err := number(x.Event)
		if err != nil {
			return err
		}
		got = append(got, n)
	}
	if !slices.Equal(got, want) {
		return fmt.Errorf("read %d events after %d: got %v, want %v", most, after, got, want)
	}
	return nil
}

// number is the number of an event that is the same as when it was appended.
func number(e broker.Event) (int, error) {
	if e == nil {
		return 0, errors.New("a stored event is nil")
	}
	n, err := strconv.Atoi(e.ID())
	if err != nil {
		return 0, fmt.Errorf("a stored event has another ID: %w", err)
	}
	if want := numbered(n); !e.HappenedOn().Equal(want.At) {
		return 0, fmt.Errorf("event %d happened on %v, want %v", n, e.HappenedOn(), want.At)
	}
	return n, nil
}

func (s store) commit(stream string, upTo uint64) error {
	if err := s.repository.Commit(s.ctx, stream, upTo); err != nil {
		return fmt.Errorf("commit up to %d: %w", upTo, err)
	}
	return nil
}
