package broker

import (
	"context"
	"fmt"
	"slices"
	"strings"
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
		s.dropOldest(Displaced)
		s.refill()
	}
}

// spill puts the event that is being published into the streams of those that spill.
func (b *Broker) spill(e Event, to []*Subscription) error {
	b.streams = b.streams[:0]
	for _, s := range to {
		if s.spills() {
			b.streams = append(b.streams, s.name)
		}
	}
	if len(b.streams) == 0 {
		return nil
	}
	if !b.immediate {
		return errMustAppend
	}
	if err := appendTo(context.Background(), b.repository, e, b.streams); err != nil {
		return b.notSpilled(err, b.streams, to)
	}
	for _, s := range to {
		if s.spills() {
			s.store.count++
			s.store.admitted = true
		}
	}
	return nil
}

// notSpilled tells the trace whose stream the repository has failed for, the first if it
// does not say, and is the error of the publisher.
func (b *Broker) notSpilled(err error, streams []string, to []*Subscription) error {
	stream, cause := streamOf(err)
	if !slices.Contains(streams, stream) {
		stream = streams[0]
	}
	for _, s := range to {
		if s.name == stream && s.store.open {
			b.trace.repositoryFailed(s, cause)
		}
	}
	return &PublishError{stream, fmt.Errorf("spill: %w", cause)}
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
	if b.count == 0 && b.behind.len() == 0 && !s.commit() {
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
	err := s.broker.ask(func(ctx context.Context, r Repository) (err error) {
		n, err = r.Read(ctx, s.name, b.read, into)
		return err
	})
	if err == nil {
		err = checkRead(into, n)
	}
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
		if stored.Redelivered {
			b.again = stored.Position
		}
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

// checkRead says what is wrong with what a repository says it has read.
func checkRead(into []Stored, n int) error {
	if n < 0 || n > len(into) {
		return fmt.Errorf("%d events are read where %d fit", n, len(into))
	}
	for _, stored := range into[:n] {
		if stored.Event == nil {
			return fmt.Errorf("there is no event at position %d", stored.Position)
		}
	}
	return nil
}

// refillLater tries again when the repository has had a pause.
func (s *Subscription) refillLater() {
	b := &s.store
	b.delay = min(max(2*b.delay, firstRetry), lastRetry)
	b.retry = time.AfterFunc(b.delay, func() {
		s.broker.mu.Lock()
		defer func() { s.broker.unlockAlone(s.consumption) }()
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
	settled := b.settled()
	if settled <= b.committed {
		return true
	}
	if err := s.broker.ask(func(ctx context.Context, r Repository) error { return r.Commit(ctx, s.name, settled) }); err != nil {
		s.broker.trace.repositoryFailed(s, err)
		return false
	}
	b.committed = settled
	b.prune(settled)
	return true
}

// done notes that a receiver is done with the event of that position; 0: it has none.
func (s *Subscription) done(position uint64) {
	if position == 0 {
		return
	}
	s.store.settle(position)
	switch {
	case !s.closed:
		s.refill()
	case !s.broker.spillsTo(s.name):
		s.commitRemains()
	}
}

// donePulling notes that those who call Next are done with what they had.
func (s *Subscription) donePulling() {
	if len(s.store.pulled) > 0 { // split so that it inlines
		s.settlePulled()
	}
}

func (s *Subscription) settlePulled() {
	pulled := s.store.pulled
	s.store.pulled = pulled[:0]
	for _, position := range pulled[1:] {
		s.store.settle(position)
	}
	s.done(pulled[0])
}

// Done says that what Next and TryNext have returned is done with, as asking for the next
// does: what is in the repository may be forgotten there.
func (s *Subscription) Done() {
	s.broker.mu.Lock()
	defer s.broker.unlock()
	s.donePulling()
}

// remains is what is known of a stream that nobody reads now, beside what is in
// the repository.
type remains struct {
	settled uint64   // though the repository would not commit it
	skip    []uint64 // as of backlog
}

// commitRemains is commit for a subscription that ends or has ended.
func (s *Subscription) commitRemains() {
	committed, settled := s.commit(), s.store.settled()
	done, _ := slices.BinarySearch(s.store.skip, settled+1)
	delete(s.broker.remains, s.name)
	if skip := s.store.skip[done:]; !committed || len(skip) > 0 {
		if s.broker.remains == nil {
			s.broker.remains = make(map[string]remains)
		}
		s.broker.remains[s.name] = remains{settled, slices.Clone(skip)}
	}
}

// spillsTo says whether a subscription spills to that stream.
func (b *Broker) spillsTo(stream string) bool {
	return slices.ContainsFunc(b.subs, func(s *Subscription) bool { return s.store.open && s.name == stream })
}

// openStore finds what an earlier subscription of that name has left behind.
func (s *Subscription) openStore() error {
	switch {
	case s.store.open:
		return nil
	case s.broker.repository == nil:
		return fmt.Errorf("overflow policy %v takes a Repository in the Options of the broker", Spill)
	case s.name == "":
		return fmt.Errorf("overflow policy %v takes a name, which is the stream in the repository", Spill)
	case strings.HasSuffix(s.name, deadSuffix):
		return fmt.Errorf("overflow policy %v takes a name that does not end with %q: that is a stream of dead letters", Spill, deadSuffix)
	case s.broker.spillsTo(s.name):
		return fmt.Errorf("overflow policy %v takes a name of its own, which is the stream in the repository", Spill)
	}
	known := s.broker.remains[s.name]
	count, err := s.broker.count(s.name, known.settled)
	if err != nil {
		return fmt.Errorf("spill: %w", err)
	}
	delete(s.broker.remains, s.name)
	s.store = backlog{
		open: true, count: count - min(count, uint64(len(known.skip))),
		read: known.settled, skip: known.skip, ahead: s.queue.len(),
	}
	if s.store.count > 0 {
		s.broker.trace.recovered(s, s.store.count)
	}
	s.awaitAppending()
	return nil
}

// count asks how many events of a stream come after a position.
func (b *Broker) count(stream string, after uint64) (n uint64, err error) {
	err = b.ask(func(ctx context.Context, r Repository) (err error) {
		n, err = r.Count(ctx, stream, after)
		return err
	})
	return n, err
}

// closeStore leaves what is not delivered to a later subscription of that name: also what
// was read back to the buffer, in which only the rest remains. What receivers still have
// is there too until they are done with it.
func (s *Subscription) closeStore() {
	b := &s.store
	if !b.open {
		return
	}
	s.commitRemains()
	if b.retry != nil {
		b.retry.Stop()
	}
	s.left += b.count
	left := backlog{read: b.read, skip: b.skip, taken: b.taken, pulled: b.pulled, committed: b.committed}
	for range s.queue.len() {
		position := b.position(0)
		e := s.queue.pop()
		b.pop()
		if position == 0 {
			s.queue.push(e)
			continue
		}
		left.read = min(left.read, position-1)
		s.left++
		s.broker.trace.returned(s, e, s.left)
	}
	s.latest = nil // the ordinals are others now
	s.store = left
}
