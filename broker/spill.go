package broker

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// backlog is what a spilling subscription has in the repository.
type backlog struct {
	open     bool
	count    uint64   // events there that are not yet read back
	appended uint64   // the position of the newest
	read     uint64   // the position of the newest that was read back
	skip     []uint64 // positions of events that nobody got after all
	admitted bool     // the event that is being published is there already

	// Which events of the buffer are from the repository: the first ahead are
	// not, then behind tells the position of each, 0 for none.
	ahead     int
	behind    []uint64
	delivered uint64 // the newest position that is done with
	committed uint64

	retry *time.Timer   // after the repository failed
	delay time.Duration // until then
}

// The pauses between attempts to read from a repository that fails.
const (
	firstRetry = 10 * time.Millisecond
	lastRetry  = time.Second
)

func (s *Subscription) backlog() uint64 { return s.store.count }

// spills says whether the next event goes to the repository.
func (s *Subscription) spills() bool {
	return s.store.count > 0 || s.overflow == Spill && s.full()
}

// spill puts the event that is being published into the repository.
func (s *Subscription) spill(e Event) error {
	position, err := s.broker.repository.Append(context.Background(), s.name, e)
	if err != nil {
		s.broker.trace.repositoryFailed(s, err)
		return err
	}
	s.store.appended = position
	s.store.count++
	s.store.admitted = true
	return nil
}

// unspill is for when the event could not be published after all.
func (s *Subscription) unspill() {
	if s.store.admitted {
		s.store.admitted = false
		s.store.count--
		s.store.skip = append(s.store.skip, s.store.appended)
	}
}

// refill reads back as much as fits, once half of the buffer is free: the
// repository is asked less often than for every event, and the receivers need
// not wait for it.
func (s *Subscription) refill() {
	b := &s.store
	if b.count == 0 || s.closed || b.retry != nil || s.queue.len() > s.buffer/2 {
		if b.open && b.count == 0 && len(b.behind) == 0 {
			s.commit()
		}
		return
	}
	s.commit()
	into := make([]Stored, min(uint64(max(s.buffer-s.queue.len(), 1)), b.count+uint64(len(b.skip))))
	n, err := s.broker.repository.Read(context.Background(), s.name, b.read, into)
	if err == nil && n == 0 {
		err = fmt.Errorf("%d events of stream %q are not in the repository", b.count, s.name)
	}
	if err != nil {
		s.broker.trace.repositoryFailed(s, err)
		s.refillLater()
		return
	}
	b.delay = 0
	for _, stored := range into[:n] {
		b.read = stored.Position
		if i := slices.Index(b.skip, stored.Position); i >= 0 {
			b.skip = slices.Delete(b.skip, i, i+1)
			continue
		}
		b.count--
		s.queue.push(stored.Event)
		b.pushed(stored.Position)
		s.highWater = max(s.highWater, s.queue.len())
		s.broker.trace.refilled(s, stored.Event)
	}
}

// refillLater tries again when the repository has had a pause.
func (s *Subscription) refillLater() {
	b := &s.store
	b.delay = min(max(2*b.delay, firstRetry), lastRetry)
	b.retry = time.AfterFunc(b.delay, func() {
		s.broker.mu.Lock()
		defer s.broker.unlock()
		b.retry = nil
		if s.closed {
			return
		}
		s.refill()
		s.feed()
		s.closeIfDone()
	})
}

// commit tells the repository what is done with. If it fails, that is told again
// with the next.
func (s *Subscription) commit() {
	b := &s.store
	if b.delivered == b.committed {
		return
	}
	if err := s.broker.repository.Commit(context.Background(), s.name, b.delivered); err != nil {
		s.broker.trace.repositoryFailed(s, err)
		return
	}
	b.committed = b.delivered
}

// openStore finds what an earlier subscription of that name has left behind.
func (s *Subscription) openStore() error {
	if s.store.open {
		return nil
	}
	if s.name == "" {
		return fmt.Errorf("overflow policy %v takes a name, which is the stream in the repository", Spill)
	}
	into := make([]Stored, 256)
	var count, last uint64
	for n := len(into); n == len(into); {
		var err error
		if n, err = s.broker.repository.Read(context.Background(), s.name, last, into); err != nil {
			return fmt.Errorf("spill: %w", err)
		}
		if n > 0 {
			count, last = count+uint64(n), into[n-1].Position
		}
	}
	s.store = backlog{open: true, count: count, appended: last, ahead: s.queue.len()}
	return nil
}

// closeStore leaves what is not delivered to a later subscription of that name.
func (s *Subscription) closeStore() {
	if !s.store.open {
		return
	}
	s.commit()
	if s.store.retry != nil {
		s.store.retry.Stop()
	}
	s.store = backlog{}
}

// pushed notes where an event comes from that now waits in the buffer.
func (b *backlog) pushed(position uint64) {
	switch {
	case !b.open:
	case position == 0 && len(b.behind) == 0:
		b.ahead++
	default:
		b.behind = append(b.behind, position)
	}
}

// popped notes that the oldest event has left the buffer.
func (b *backlog) popped() {
	switch {
	case !b.open:
	case b.ahead > 0:
		b.ahead--
	default:
		if b.behind[0] != 0 {
			b.delivered = b.behind[0]
		}
		b.behind = b.behind[1:]
	}
}

// poppedNewest notes that the newest has left, which is dropped.
func (b *backlog) poppedNewest() {
	switch {
	case !b.open:
	case len(b.behind) > 0:
		b.behind = b.behind[:len(b.behind)-1]
	default:
		b.ahead--
	}
}
