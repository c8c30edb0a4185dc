package broker

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// The pauses between attempts to read from a repository that fails.
const (
	firstRetry = 10 * time.Millisecond
	lastRetry  = time.Second
)

func (s *Subscription) backlog() uint64 { return s.store.count }

// spills says whether the next event goes to the repository. Under a lossy
// policy a backlog from before and the buffer count together as what waits.
func (s *Subscription) spills() bool {
	switch {
	case s.store.count == 0:
		return s.overflow == Spill && s.full()
	case s.overflow == DropNewest:
		return s.waits() < uint64(s.buffer)
	default:
		return true
	}
}

// waits is how many events wait, wherever they are.
func (s *Subscription) waits() uint64 { return uint64(s.queue.len()) + s.store.count }

// offerBehindBacklog is offer for an event that must not pass a backlog.
func (s *Subscription) offerBehindBacklog(e Event) {
	if !s.store.admitted {
		s.drop(e, Full)
		return
	}
	s.store.admitted = false
	s.spilled++
	s.broker.trace.spilled(s, e)
	if !s.overflow.lossless() && s.queue.len() > 0 && s.waits() > uint64(s.buffer) {
		s.drop(s.pop(), Displaced)
		s.refill()
	}
}

// spill puts the event that is being published into the repository.
func (s *Subscription) spill(e Event) error {
	position, err := s.broker.repository.Append(context.Background(), s.name, bare(e))
	if err != nil {
		s.broker.trace.repositoryFailed(s, err)
		return err
	}
	s.store.appended = position
	s.store.count++
	s.store.admitted = true
	return nil
}

// unspill takes back what spill did: the event could not be published after all.
func (s *Subscription) unspill() {
	if s.store.admitted {
		s.store.admitted = false
		s.store.count--
		s.store.skip = append(s.store.skip, s.store.appended)
	}
}

// readAtMost is how many events are read back at once.
const readAtMost = 256

// refill reads back what fits once half of the buffer is free: the repository is
// asked less often than for every event, and the receivers need not wait for it.
// What has no buffer reads back one event at a time.
func (s *Subscription) refill() {
	if s.store.open { // split so that the fast path inlines
		s.refillFromStore()
	}
}

func (s *Subscription) refillFromStore() {
	b := &s.store
	if s.closed || b.retry != nil {
		return
	}
	for half := s.queue.len() <= s.buffer/2; half && b.count > 0 && s.queue.len() < max(s.buffer, 1); {
		s.commit()
		if err := s.readBack(); err != nil {
			s.broker.trace.repositoryFailed(s, err)
			s.refillLater()
			return
		}
		b.delay = 0
	}
	if b.count > 0 || b.behind.len() > 0 {
		return
	}
	if len(b.skip) > 0 { // there is nothing else in the stream
		b.read, b.delivered, b.skip = b.appended, b.appended, nil
	}
	if !s.commit() {
		s.refillLater()
	}
}

// readBack moves events from the repository to the buffer.
func (s *Subscription) readBack() error {
	b := &s.store
	room := max(s.buffer-s.queue.len(), 1)
	n := int(min(uint64(room), b.count+uint64(len(b.skip)), readAtMost))
	if cap(b.into) < n {
		b.into = make([]Stored, n)
	}
	into := b.into[:n]
	defer clear(into) // let the events be collected
	n, err := s.broker.repository.Read(context.Background(), s.name, b.read, into)
	if err == nil && n == 0 {
		err = fmt.Errorf("%d events of stream %q are not in the repository", b.count, s.name)
	}
	if err != nil {
		return err
	}
	for _, stored := range into[:n] {
		if stored.Position <= b.read {
			return fmt.Errorf("stream %q goes from position %d to %d", s.name, b.read, stored.Position)
		}
		if b.count == 0 {
			return nil // what follows is not ours
		}
		b.read = stored.Position
		if _, skip := slices.BinarySearch(b.skip, stored.Position); skip {
			continue
		}
		b.count--
		s.queue.push(stored.Event)
		b.pushed(stored.Position)
		s.highWater = max(s.highWater, s.queue.len())
		s.broker.trace.refilled(s, stored.Event)
	}
	return nil
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
		s.roomMade()
	})
}

// commit tells the repository what is done with, and says whether it took it. If
// not, it is told again later.
func (s *Subscription) commit() bool {
	b := &s.store
	if b.delivered == b.committed {
		return true
	}
	if err := s.broker.repository.Commit(context.Background(), s.name, b.delivered); err != nil {
		s.broker.trace.repositoryFailed(s, err)
		return false
	}
	b.committed = b.delivered
	b.prune()
	return true
}

// remains is what is known of a stream that nobody reads now, beside what is in
// the repository.
type remains struct {
	delivered uint64   // though the repository would not commit it
	skip      []uint64 // as of backlog
}

// openStore finds what an earlier subscription of that name has left behind.
func (s *Subscription) openStore() error {
	if s.store.open {
		return nil
	}
	if s.name == "" {
		return fmt.Errorf("overflow policy %v takes a name, which is the stream in the repository", Spill)
	}
	for _, o := range s.broker.subs {
		if o.store.open && o.name == s.name {
			return fmt.Errorf("overflow policy %v takes a name of its own, which is the stream in the repository", Spill)
		}
	}
	known := s.broker.remains[s.name]
	count, last, err := s.broker.remaining(s.name, known)
	if err != nil {
		return fmt.Errorf("spill: %w", err)
	}
	delete(s.broker.remains, s.name)
	s.store = backlog{
		open: true, count: count, appended: last,
		read: known.delivered, delivered: known.delivered, skip: known.skip,
		ahead: s.queue.len(),
	}
	if count > 0 {
		s.broker.trace.recovered(s, count)
	}
	return nil
}

// remaining counts the events of a stream that are not done with, and tells the
// position of the newest.
func (b *Broker) remaining(stream string, known remains) (count, last uint64, err error) {
	last = known.delivered
	if c, ok := b.repository.(Counter); ok && len(known.skip) == 0 {
		n, newest, err := c.Count(context.Background(), stream, last)
		return n, max(last, newest), err
	}
	into := make([]Stored, readAtMost)
	for {
		n, err := b.repository.Read(context.Background(), stream, last, into)
		if err != nil || n == 0 {
			return count, last, err
		}
		for _, stored := range into[:n] {
			last = stored.Position
			if _, skip := slices.BinarySearch(known.skip, last); !skip {
				count++
			}
		}
	}
}

// closeStore leaves what is not delivered to a later subscription of that name:
// also what was read back to the buffer, in which only the rest remains.
func (s *Subscription) closeStore() {
	b := &s.store
	if !b.open {
		return
	}
	committed := s.commit()
	if b.skip = b.skip[b.skippedBefore():]; !committed || len(b.skip) > 0 {
		if s.broker.remains == nil {
			s.broker.remains = make(map[string]remains)
		}
		s.broker.remains[s.name] = remains{b.delivered, b.skip}
	}
	if b.retry != nil {
		b.retry.Stop()
	}
	s.left += b.count
	for range s.queue.len() {
		e, stored := s.queue.pop(), b.position(0) != 0
		b.popped()
		if stored {
			s.left++
			s.broker.trace.returned(s, e, s.left)
		} else {
			s.queue.push(e)
		}
	}
	s.latest = nil // the ordinals are others now
	s.store = backlog{}
}
