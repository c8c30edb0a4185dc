// Package brokertest tests what a program gives to a broker: it has the
// conformance suite that every broker.Repository passes, and a repository that
// fails now and then.
package brokertest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"testing"
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

// Repository runs the conformance suite. open makes a new, empty repository, and
// may use t to clean up behind it.
func Repository(t *testing.T, open func(t *testing.T) broker.Repository) {
	for _, c := range checks {
		t.Run(c.says, func(t *testing.T) {
			if err := c.check(store{t.Context(), open(t)}); err != nil {
				t.Error(err)
			}
		})
	}
}

// checks are the sentences of the contract.
var checks = []struct {
	says  string
	check func(store) error
}{
	{"AnEmptyStreamHasNothingToRead", empty},
	{"WhatIsAppendedIsReadInOrder", order},
	{"PositionsBeginAtOneAndGrow", positions},
	{"ReadingGoesOnAfterAPosition", from},
	{"ReadingTakesWhatFits", fits},
	{"ReadingTakesNothingAway", again},
	{"ReadingPastTheEndFindsNothing", past},
	{"WhatIsCommittedIsForgotten", forgets},
	{"CommittingAgainOrLessDoesNothing", idempotent},
	{"CommittingPastTheEndKeepsWhatComesLater", beyond},
	{"PositionsGrowOnAfterACommit", growOn},
	{"StreamsAreIndependent", streams},
	{"AnEndedContextIsHonoured", ended},
	{"AllMayBeUsedAtOnce", concurrent},
}

// store is a repository and the context to ask it with.
type store struct {
	ctx        context.Context
	repository broker.Repository
}

// append appends the events of those numbers and answers with their positions.
func (s store) append(stream string, from, to int) ([]uint64, error) {
	var positions []uint64
	for n := from; n <= to; n++ {
		p, err := s.repository.Append(s.ctx, stream, numbered(n))
		if err != nil {
			return nil, fmt.Errorf("append event %d: %w", n, err)
		}
		positions = append(positions, p)
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

func empty(s store) error {
	if err := s.wants("s", 0, 3); err != nil {
		return err
	}
	return s.commit("s", 0)
}

func order(s store) error {
	if _, err := s.append("s", 1, 5); err != nil {
		return err
	}
	return s.wants("s", 0, 9, 1, 2, 3, 4, 5)
}

func positions(s store) error {
	told, err := s.append("s", 1, 5)
	if err != nil {
		return err
	}
	stored, err := s.read("s", 0, 9)
	if err != nil {
		return err
	}
	if len(stored) != len(told) {
		return fmt.Errorf("%d events are read, %d were appended", len(stored), len(told))
	}
	last := uint64(0)
	for i, p := range told {
		if p <= last {
			return fmt.Errorf("position %d follows %d", p, last)
		}
		if stored[i].Position != p {
			return fmt.Errorf("an event was appended at %d and is read at %d", p, stored[i].Position)
		}
		last = p
	}
	return nil
}

func from(s store) error {
	p, err := s.append("s", 1, 5)
	if err != nil {
		return err
	}
	return errors.Join(
		s.wants("s", p[0], 9, 2, 3, 4, 5),
		s.wants("s", p[2], 9, 4, 5),
		s.wants("s", p[3], 9, 5),
	)
}

func fits(s store) error {
	p, err := s.append("s", 1, 5)
	if err != nil {
		return err
	}
	return errors.Join(
		s.wants("s", 0, 0),
		s.wants("s", 0, 2, 1, 2),
		s.wants("s", p[1], 2, 3, 4),
		s.wants("s", p[3], 2, 5),
	)
}

func again(s store) error {
	if _, err := s.append("s", 1, 2); err != nil {
		return err
	}
	return errors.Join(s.wants("s", 0, 9, 1, 2), s.wants("s", 0, 9, 1, 2))
}

func past(s store) error {
	p, err := s.append("s", 1, 2)
	if err != nil {
		return err
	}
	return errors.Join(s.wants("s", p[1], 9), s.wants("s", p[1]+1000, 9))
}

func forgets(s store) error {
	p, err := s.append("s", 1, 5)
	if err != nil {
		return err
	}
	if err := s.commit("s", p[2]); err != nil {
		return err
	}
	return errors.Join(s.wants("s", 0, 9, 4, 5), s.wants("s", p[0], 9, 4, 5), s.wants("s", p[3], 9, 5))
}

func idempotent(s store) error {
	p, err := s.append("s", 1, 5)
	if err != nil {
		return err
	}
	return errors.Join(
		s.commit("s", p[2]),
		s.commit("s", p[2]),
		s.commit("s", p[0]),
		s.commit("s", 0),
		s.wants("s", 0, 9, 4, 5),
	)
}

func beyond(s store) error {
	p, err := s.append("s", 1, 2)
	if err != nil {
		return err
	}
	if err := s.commit("s", p[1]+1000); err != nil {
		return err
	}
	if err := s.wants("s", 0, 9); err != nil {
		return err
	}
	if _, err := s.append("s", 3, 3); err != nil {
		return err
	}
	return s.wants("s", 0, 9, 3)
}

func growOn(s store) error {
	before, err := s.append("s", 1, 2)
	if err != nil {
		return err
	}
	if err := s.commit("s", before[1]); err != nil {
		return err
	}
	after, err := s.append("s", 3, 3)
	if err != nil {
		return err
	}
	if after[0] <= before[1] {
		return fmt.Errorf("position %d was given out again after %d", after[0], before[1])
	}
	return s.wants("s", before[1], 9, 3)
}

func streams(s store) error {
	p, err := s.append("a", 1, 2)
	if err != nil {
		return err
	}
	if _, err := s.append("b", 3, 4); err != nil {
		return err
	}
	if _, err := s.append("a", 5, 5); err != nil {
		return err
	}
	return errors.Join(
		s.commit("a", p[1]),
		s.wants("a", 0, 9, 5),
		s.wants("b", 0, 9, 3, 4),
		s.wants("a.b", 0, 9),
	)
}

func ended(s store) error {
	p, err := s.append("s", 1, 2)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(s.ctx)
	cancel()
	if _, err := s.repository.Append(ctx, "s", numbered(3)); !errors.Is(err, context.Canceled) {
		return fmt.Errorf("append answers %v, want %v", err, context.Canceled)
	}
	if n, err := s.repository.Read(ctx, "s", 0, make([]broker.Stored, 9)); n != 0 || !errors.Is(err, context.Canceled) {
		return fmt.Errorf("read answers %d, %v, want 0, %v", n, err, context.Canceled)
	}
	if err := s.repository.Commit(ctx, "s", p[1]); !errors.Is(err, context.Canceled) {
		return fmt.Errorf("commit answers %v, want %v", err, context.Canceled)
	}
	return s.wants("s", 0, 9, 1, 2) // as if nobody had asked
}

// concurrent lets several append to one stream while somebody reads and commits:
// each event is read once, and those of one writer in order.
func concurrent(s store) error {
	const writers, each = 4, 50
	var all sync.WaitGroup
	failed := make([]error, writers)
	for w := range writers {
		all.Go(func() { _, failed[w] = s.append("s", w*each, w*each+each-1) })
	}
	err := readAll(s, writers, each)
	all.Wait()
	return errors.Join(append(failed, err)...)
}

func readAll(s store, writers, each int) error {
	next := make([]int, writers)
	last, idle := uint64(0), time.Now()
	for read := 0; read < writers*each; {
		stored, err := s.read("s", last, 7)
		if err != nil {
			return err
		}
		if len(stored) == 0 {
			if time.Since(idle) > 10*time.Second {
				return fmt.Errorf("%d of %d events have come", read, writers*each)
			}
			runtime.Gosched() // where there is no preemption, to let the writers run
		}
		for _, x := range stored {
			n, err := number(x.Event)
			if err != nil {
				return err
			}
			if w := n / each; n%each != next[w] {
				return fmt.Errorf("event %d of writer %d came, want %d", n%each, w, next[w])
			}
			next[n/each]++
			last, idle = x.Position, time.Now()
		}
		read += len(stored)
		if err := s.commit("s", last); err != nil {
			return err
		}
	}
	return s.wants("s", 0, 9)
}
