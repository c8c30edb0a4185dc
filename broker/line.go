package broker

import (
	"context"
	"slices"
)

// publisher is one call of Publish, of a Broker or a Driver, that waits for room.
type publisher struct {
	event Event
	from  *consumption // of the handler that publishes, if one does
	ended chan error   // tells Publish how the wait has ended; has room for one
	told  bool         // the trace knows that it waits
	tries bool         // it does not wait for room, only for its turn at the repository
}

// line is the publishers that wait for room. Each waits for all subscriptions that
// block and select its event, and those that wait for the same one are served in the
// order in which they came.
type line struct {
	waiting []*publisher // longest wait first
	next    []*publisher // memory for what is left of it after a walk
	unused  []*publisher // of a Driver, which waits without a goroutine
	walk    uint64       // the walks so far: what was counted in an earlier one is void
}

// get is a publisher for a Driver.
func (l *line) get(e Event) *publisher {
	last := len(l.unused) - 1
	if last < 0 {
		return &publisher{event: e}
	}
	p := l.unused[last]
	l.unused = l.unused[:last]
	p.event = e
	return p
}

// publishOrWait publishes the event, or else answers with a publisher that waits. It says
// whether the goroutine should yield.
func (b *Broker) publishOrWait(ctx context.Context, e Event, tries bool) (waits *publisher, yields bool, err error) {
	b.letIn()
	b.mu.Lock()
	defer b.unlock()
	err = b.tryPublish(e)
	yields = b.turns.yields()
	if err != errHeld && (err != errWouldBlock || tries) {
		return nil, yields, err
	}
	p := &publisher{event: e, from: consumptionOf(ctx), ended: make(chan error, 1), tries: tries}
	b.line.waiting = append(b.line.waiting, p)
	if b.deadlocked(p) {
		b.line.waiting = b.line.waiting[:len(b.line.waiting)-1]
		return nil, yields, publishError(ErrWouldDeadlock)
	}
	b.tellBlocked(p)
	b.await(e)
	return p, yields, nil
}

// wait is publishOrWait for a Driver, whose event has found no room.
func (b *Broker) wait(e Event) {
	p := b.line.get(e)
	b.line.waiting = append(b.line.waiting, p)
	b.tellBlocked(p)
	p.told = true // it has no other way to learn how that ends
	b.await(e)
}

// tellBlocked tells the trace where a new publisher waits: where there is no room, or
// where others wait for it already.
func (b *Broker) tellBlocked(p *publisher) {
	for _, s := range b.route(p.event) {
		if s.overflow == Block && (s.isFull() || s.awaited() > 0) {
			p.told = true
			b.trace.blocked(s, p.event)
		}
	}
}

// await counts the publisher of the event where it waits.
func (b *Broker) await(e Event) {
	for _, s := range b.route(e) {
		if s.overflow == Block || s.held > 0 {
			s.shutDoor()
			s.publishers, s.countedIn = s.awaited()+1, b.line.walk
		}
	}
}

// awaited is how many publishers wait for room in the subscription.
func (s *Subscription) awaited() int {
	if s.countedIn != s.broker.line.walk {
		return 0
	}
	return s.publishers
}

// stopWaiting takes a publisher out of the line, or says that it no longer waits.
func (b *Broker) stopWaiting(p *publisher, cause error) bool {
	b.mu.Lock()
	defer b.unlock()
	i := slices.Index(b.line.waiting, p)
	if i < 0 {
		return false
	}
	b.leaveLine(i, cause)
	b.admitWaiting() // those behind it may have waited for it alone
	return true
}

// leaveLine takes the i-th publisher out of the line. The caller walks the line, which
// counts the others again.
func (b *Broker) leaveLine(i int, cause error) {
	p := b.line.waiting[i]
	b.line.waiting = slices.Delete(b.line.waiting, i, i+1)
	b.line.walk++
	if p.told {
		b.trace.unblocked(p.event, cause)
	}
}

// admitTo lets publishers go on that have waited for the room that there may be now in
// the subscription.
func (b *Broker) admitTo(s *Subscription) {
	if len(b.line.waiting) > 0 { // split so that the fast path inlines
		b.admitIfAwaited(s)
	}
}

// admitIfAwaited leaves alone who waits elsewhere, unless that may be refused: where a
// subscription rejects, it may have become full.
func (b *Broker) admitIfAwaited(s *Subscription) {
	if s.awaited() > 0 || b.rejecting > 0 {
		b.admitWaiting()
	}
}

// admitWaiting lets all publishers go on that have room now, and refuses those of
// handlers that can't go on any more.
func (b *Broker) admitWaiting() {
	if len(b.line.waiting) == 0 {
		return
	}
	b.walkLine()
	for b.endDeadlock() {
		b.walkLine() // others may have waited for that one alone
	}
}

// walkLine lets publishers go on that have room: in the order in which they came,
// except that one may pass those that wait for other subscriptions than it does.
func (b *Broker) walkLine() {
	l := &b.line
	l.walk++
	waiting := l.waiting
	l.waiting, l.next = l.next[:0], nil
	for _, p := range waiting {
		err := b.tryPublish(p.event)
		if err == errHeld || err == errWouldBlock && !p.tries {
			if err == errWouldBlock && !p.told {
				b.tellBlocked(p)
			}
			b.await(p.event)
			l.waiting = append(l.waiting, p)
			continue
		}
		b.endWait(p, err)
	}
	clear(waiting)
	l.next = waiting[:0]
}

// endWait tells a publisher that waits no longer how that has ended.
func (b *Broker) endWait(p *publisher, err error) {
	e, told := p.event, p.told
	a, appends := err.(*appending)
	if appends { // then that ends the wait
		a.told, told = told, false
	}
	if p.ended != nil {
		p.ended <- err
	} else {
		p.event = nil
		b.line.unused = append(b.line.unused, p)
		if appends { // nobody waits who could do it
			go func() {
				defer func() { _ = recover() }() // a hook's panic, which has no caller
				_ = b.append(context.Background(), a)
			}()
		}
	}
	if told {
		b.trace.unblocked(e, whyOf(err))
	}
}
