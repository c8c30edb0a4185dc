package broker

import (
	"context"
	"errors"
	"slices"
)

// publisher is one call of Publish, also of a Driver, that waits for room.
type publisher struct {
	event    Event
	from     *consumption // of the handler that publishes, if one does
	admitted chan error   // tells Publish how it ended; has room for one
}

// publishers are those of a Driver that are in no line any more.
type publishers []*publisher

func (p *publishers) get(e Event) *publisher {
	n := len(*p)
	if n == 0 {
		return &publisher{event: e}
	}
	last := (*p)[n-1]
	*p = (*p)[:n-1]
	last.event = e
	return last
}

// publishOrWait publishes the event, or else answers with a publisher that has
// been put in line.
func (b *Broker) publishOrWait(ctx context.Context, e Event) (*publisher, error) {
	b.mu.Lock()
	defer b.unlock()
	err := b.tryPublish(e)
	if err != errWouldBlock {
		return nil, err
	}
	p := &publisher{event: e, from: consumptionOf(ctx), admitted: make(chan error, 1)}
	b.blocked = append(b.blocked, p)
	if b.deadlocked(p) {
		b.blocked = b.blocked[:len(b.blocked)-1]
		return nil, publishError(ErrWouldDeadlock)
	}
	b.standInLine(e)
	return p, nil
}

// standInLine counts a new publisher in line where it waits, and tells the trace.
func (b *Broker) standInLine(e Event) {
	for _, s := range b.route(e) {
		if s.overflow == Block {
			if s.full() || s.awaited > 0 { // no room, or not for this one
				b.trace.blocked(s, e)
			}
			s.awaited++
		}
	}
}

// await counts the publisher where it waits.
func (b *Broker) await(p *publisher) {
	for _, s := range b.route(p.event) {
		if s.overflow == Block {
			s.awaited++
		}
	}
}

// stopWaiting takes p out of the line, or says that it no longer stands there.
func (b *Broker) stopWaiting(p *publisher, cause error) bool {
	b.mu.Lock()
	defer b.unlock()
	i := slices.Index(b.blocked, p)
	if i < 0 {
		return false
	}
	b.leaveLine(i, cause)
	b.admitBlocked() // those behind it may have waited for it alone
	return true
}

// leaveLine takes the i-th publisher, who has gone, out of the line. admitLine
// counts the others where they wait.
func (b *Broker) leaveLine(i int, cause error) {
	p := b.blocked[i]
	b.blocked = slices.Delete(b.blocked, i, i+1)
	for _, s := range b.subs {
		s.awaited = 0
	}
	b.trace.unblocked(p.event, cause)
}

// admitBlocked lets the publishers go on that have room now, and refuses those of
// handlers that can't go on any more.
func (b *Broker) admitBlocked() {
	if len(b.blocked) > 0 { // apart, for this is inlined
		b.admitWaiting()
	}
}

func (b *Broker) admitWaiting() {
	b.admitLine()
	for b.endDeadlock() {
		b.admitLine() // others may have waited for that one alone
	}
}

// admitLine lets in who has room: in line, except that one may pass those that
// wait for other subscriptions than it does.
func (b *Broker) admitLine() {
	for _, s := range b.subs {
		s.awaited = 0
	}
	line := b.blocked
	b.blocked, b.line = b.line[:0], nil // so that nobody is let in twice
	for _, p := range line {
		err := b.tryPublish(p.event)
		if err == errWouldBlock {
			b.await(p)
			b.blocked = append(b.blocked, p)
			continue
		}
		b.endWait(p, errors.Unwrap(err))
	}
	clear(line)
	b.line = line[:0]
}

// endWait tells a publisher that left the line how its wait has ended.
func (b *Broker) endWait(p *publisher, err error) {
	e := p.event
	if p.admitted != nil {
		p.admitted <- err
	} else {
		p.event = nil
		b.spare = append(b.spare, p)
	}
	b.trace.unblocked(e, err)
}
