package brokertest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"github.com/spillway-go/spillway/broker"
)

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
	if err := s.add(1, 5, "s"); err != nil {
		return err
	}
	stored, err := s.read("s", 0, 9)
	if err != nil {
		return err
	}
	last := uint64(0)
	for _, x := range stored {
		if x.Position <= last {
			return fmt.Errorf("position %d follows %d", x.Position, last)
		}
		last = x.Position
	}
	return nil
}

// several appends to several streams at once, and to none once the context has ended.
func several(s store) error {
	if err := s.add(1, 2, "a", "b", "c"); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(s.ctx)
	cancel()
	if err := s.repository.Append(ctx, numbered(3), "a", "b", "c"); !errors.Is(err, context.Canceled) {
		return fmt.Errorf("append answers %v, want %v", err, context.Canceled)
	}
	if err := s.add(4, 4, "b"); err != nil {
		return err
	}
	return errors.Join(s.wants("a", 0, 9, 1, 2), s.wants("b", 0, 9, 1, 2, 4), s.wants("c", 0, 9, 1, 2))
}

// redelivered looks at what Read says of events that it has returned before.
func redelivered(s store) error {
	if err := s.add(1, 2, "s"); err != nil {
		return err
	}
	if _, err := s.repository.Count(s.ctx, "s", 0); err != nil { // which is no reading
		return fmt.Errorf("count: %w", err)
	}
	for round := range 2 {
		stored, err := s.read("s", 0, 1)
		if err != nil {
			return err
		}
		if len(stored) != 1 || stored[0].Redelivered != (round > 0) {
			return fmt.Errorf("what is read for the %d. time is %+v", round+1, stored)
		}
	}
	stored, err := s.read("s", 0, 9)
	if err != nil {
		return err
	}
	if len(stored) != 2 || !stored[0].Redelivered || stored[1].Redelivered {
		return fmt.Errorf("the first of these was read before: %+v", stored)
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
	if err := s.repository.Append(ctx, numbered(3), "s"); !errors.Is(err, context.Canceled) {
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
		all.Go(func() { failed[w] = s.add(w*each, w*each+each-1, "s") })
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

func counts(s store) error {
	positions, err := s.append("s", 1, 5)
	if err != nil {
		return err
	}
	if err := s.commit("s", positions[1]); err != nil {
		return err
	}
	for _, after := range append([]uint64{0}, positions...) {
		stored, err := s.read("s", after, 9)
		if err != nil {
			return err
		}
		n, err := s.repository.Count(s.ctx, "s", after)
		if err != nil {
			return fmt.Errorf("count after %d: %w", after, err)
		}
		if n != uint64(len(stored)) {
			return fmt.Errorf("after %d it counts %d events: %d are read", after, n, len(stored))
		}
	}
	return nil
}
