package broker

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
)

// Publish offers the event to every subscription that selects it, in one
// critical section and in order of subscription. Nobody is offered it unless
// everybody is: Publish fails with ErrFull where a full subscription rejects it,
// with the repository's error where it can't be spilled, with ErrClosed after
// Shutdown, and with the context's cause when ctx is done first. It waits while
// a subscription that blocks is full; from inside a handler, with that handler's
// context, it fails with ErrWouldDeadlock where that wait could never end. A drop
// is not an error of the publisher.
//
// Publishers that wait for the same subscription are served in the order they came.
func (b *Broker) Publish(ctx context.Context, e Event) error {
	if ctx.Err() != nil {
		return publishError(context.Cause(ctx))
	}
	p, err := b.publishOrWait(ctx, e)
	if p == nil {
		b.yield()
		return err
	}
	select {
	case err = <-p.admitted:
	case <-ctx.Done():
		err = context.Cause(ctx)
		if !b.stopWaiting(p, err) {
			err = <-p.admitted // too late to leave
		}
	}
	return publishError(err)
}

// TryPublish is Publish for a caller that can't wait: where Publish would, it
// fails with ErrWouldBlock.
func (b *Broker) TryPublish(e Event) error {
	b.mu.Lock()
	defer b.unlock()
	return b.tryPublish(e)
}

// errWouldBlock is made once: it is no failure but an answer.
var errWouldBlock = publishError(ErrWouldBlock)

func publishError(cause error) error {
	if cause == nil {
		return nil
	}
	return fmt.Errorf("broker: publish: %w", cause)
}

func (b *Broker) tryPublish(e Event) error {
	switch {
	case e == nil:
		return errors.New("broker: publish: the event is nil")
	case b.closing:
		return publishError(ErrClosed)
	}
	to := b.route(e)
	if b.careful > 0 {
		if err := b.admit(to, e); err != nil {
			return err
		}
	}
	silent := b.trace.Dropped == nil
	for _, s := range to {
		if silent && s.stalled() { // as offer would, but a hundred of them are cheap
			s.droppedBy[Full]++
			continue
		}
		s.offer(e)
	}
	return nil
}

// admit finds out whether everybody can take the event. What has to be spilled
// is in the repository afterwards.
func (b *Broker) admit(to []*Subscription, e Event) error {
	wait := false
	for _, s := range to {
		switch {
		case s.overflow == Reject && s.full():
			b.trace.rejected(s, e)
			return s.refuse
		case s.overflow == Block && (s.full() || s.awaited > 0):
			wait = true
		}
	}
	if wait {
		return errWouldBlock
	}
	for i, s := range to {
		if !s.spills() {
			continue
		}
		if err := s.spill(e); err != nil {
			for _, o := range to[:i] {
				o.unspill() // nobody gets it, so nobody keeps it
			}
			return publishError(fmt.Errorf("%q: spill: %w", s.name, err))
		}
	}
	return nil
}

// publisher is one call of Publish, also of a Driver, that waits for room.
type publisher struct {
	event    Event
	from     *consumption // of the handler that publishes, if one does
	admitted chan error   // tells Publish how it ended; has room for one
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

// await counts the publisher where it waits.
func (b *Broker) await(p *publisher) {
	for _, s := range b.route(p.event) {
		if s.overflow == Block {
			s.awaited++
		}
	}
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

// burst is how many events a publisher may publish in a row where there is no
// preemption before it lets the receivers run.
const burst = 64

// yield keeps a publisher that never waits from starving its consumers in
// WebAssembly, where nothing else would ever take the processor from it.
func (b *Broker) yield() {
	if runtime.GOARCH != "wasm" {
		return
	}
	b.mu.Lock()
	b.unyielded++
	now := b.unyielded >= burst
	if now {
		b.unyielded = 0
	}
	b.unlock()
	if now {
		runtime.Gosched()
	}
}
