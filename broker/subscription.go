package broker

import (
	"fmt"
	"slices"
)

// SubscribeOptions set up a Subscription. The zero value works.
type SubscribeOptions struct {
	// Name is for people: traces, stats and errors. It need not be unique, except
	// where it names a stream of the repository: for Spill and dead letters.
	Name string
	// Topics are patterns of which one has to match an event's topic; see
	// ParsePattern. None: all events, also those without a topic.
	Topics []string
	// Key says which events replace each other under KeepLatest; nil means those
	// of the same topic. It is called inside the broker's critical section, so it
	// may not call the broker.
	Key func(Event) string
	// Paused lets the subscription begin paused: nothing is delivered until Resume.
	Paused bool
	Settings
}

// A Subscription is offered the events of its broker that it selects and holds a
// bounded number of them, oldest first, until a receiver takes them. Receivers of
// one subscription compete: each event goes to one of them.
type Subscription struct {
	// The broker's lock guards what follows. What a delivery writes comes first,
	// in one cache line: fetching one from another processor is most of its cost.
	settings
	careful bool // it may refuse, block or spill: counted by the broker
	idle    int  // workers with nothing to do
	active  int  // events with a worker, those before their next attempt included
	counts
	waiting []*sleeper // receivers inside Next, longest wait first
	queue   ring[Event]

	latest      map[string]uint64 // by key, under KeepLatest: the ordinal in the queue
	store       backlog           // under Spill
	consumption *consumption      // of Consume or a Driver, while it runs
	awaited     int               // publishers that wait for room here
	closed      bool
	paused      bool // nothing is delivered until Resume
	topics      []Pattern

	// What follows never changes.
	broker *Broker
	name   string
	index  int
	key    func(Event) string
	refuse error // what publishers get while it rejects: made once
}

// Subscribe adds a subscription that is offered every event published from now
// on that its topics select. One that spills goes on with the backlog its stream
// in the repository has.
func (b *Broker) Subscribe(o SubscribeOptions) (*Subscription, error) { return b.subscribe(o, nil) }

// subscribe adds a subscription. The workers of a consumption, if there is one, are
// there before the first event is offered, and before publishers that wait learn of
// it: one without a buffer has room at no other moment.
func (b *Broker) subscribe(o SubscribeOptions, c *consumption) (*Subscription, error) {
	b.mu.Lock()
	defer b.unlock()
	s, err := b.newSubscription(o)
	if err != nil {
		return nil, fmt.Errorf("broker: subscribe %q: %w", o.Name, err)
	}
	s.refill()
	b.next++
	b.subs = append(b.subs, s)
	if len(s.topics) > 0 {
		b.topical++
	}
	b.routes.forget()
	if c != nil {
		c.attach(s)
	}
	b.admitBlocked() // who waits already waits for this one too
	return s, nil
}

// newSubscription makes a subscription that nobody knows yet, or says which option
// is wrong.
func (b *Broker) newSubscription(o SubscribeOptions) (*Subscription, error) {
	if b.closing {
		return nil, ErrClosed
	}
	set, err := b.defaults.with(o.Settings)
	if err != nil {
		return nil, err
	}
	topics, err := parsePatterns(o.Topics)
	if err != nil {
		return nil, err
	}
	s := &Subscription{broker: b, name: o.Name, index: b.next, topics: topics, key: o.Key, paused: o.Paused}
	if s.key == nil {
		s.key = topicOf
	}
	s.refuse = publishError(fmt.Errorf("%q: %w", s.name, ErrFull))
	return s, s.set(set)
}

// Name is the name given to Subscribe.
func (s *Subscription) Name() string { return s.name }

// Index is the subscription's place in the order of subscription, from 0. It is
// never given out twice by one broker.
func (s *Subscription) Index() int { return s.index }

// receives says whether somebody waits for an event and may have it.
func (s *Subscription) receives() bool {
	return (s.idle > 0 || len(s.waiting) > 0) && !s.paused
}

// full says whether one more event would overflow.
func (s *Subscription) full() bool { return s.queue.len() >= s.buffer && !s.receives() }

// stalled says whether all that an offer can do is to drop the new event.
func (s *Subscription) stalled() bool {
	return s.overflow == DropNewest && s.queue.count >= s.buffer && !s.careful && !s.receives()
}

// offer is the heart of Publish: one event meets one subscription.
func (s *Subscription) offer(e Event) {
	if s.careful && s.store.count > 0 {
		s.offerBehindBacklog(e)
		return
	}
	if s.receives() {
		s.hand(e)
		return
	}
	if s.overflow == KeepLatest && s.replace(e) {
		return
	}
	switch s.overflow.decide(s.queue.len(), s.buffer) {
	case dropNew:
		s.drop(e, Full)
		return
	case dropOldest:
		s.drop(s.pop(), Displaced)
	}
	s.push(e)
	s.broker.trace.buffered(s, e)
}

func (s *Subscription) push(e Event) {
	if s.latest != nil {
		s.latest[s.key(e)] = s.queue.gone + uint64(s.queue.len())
	}
	s.queue.push(e)
	s.store.pushed(0)
	s.highWater = max(s.highWater, s.queue.len())
}

func (s *Subscription) pop() Event {
	if s.latest != nil {
		s.forgetLatest(s.queue.oldest(), s.queue.gone)
	}
	s.store.popped()
	return s.queue.pop()
}

// replace lets the event take the place of the one of its key, if one waits.
func (s *Subscription) replace(e Event) bool {
	ordinal, waits := s.latest[s.key(e)]
	if !waits {
		return false
	}
	s.drop(s.queue.replace(ordinal, e), Replaced)
	s.broker.trace.buffered(s, e)
	return true
}

// forgetLatest is for when the event of that ordinal leaves the queue.
func (s *Subscription) forgetLatest(e Event, ordinal uint64) {
	if key := s.key(e); s.latest[key] == ordinal {
		delete(s.latest, key)
	}
}

// hand gives the event to a receiver that already waits, as a Go channel does:
// the buffer is for what nobody waits for.
func (s *Subscription) hand(e Event) {
	if s.idle == 0 {
		s.handOver(e)
		return
	}
	s.idle--
	s.deliver(e)
	s.consumption.begin(e)
}

// handOver is hand for the caller of Next that has waited longest.
func (s *Subscription) handOver(e Event) {
	r := s.waiting[0]
	if len(s.waiting) == 1 { // most have one receiver
		s.waiting = s.waiting[:0]
	} else {
		s.waiting = slices.Delete(s.waiting, 0, 1)
	}
	s.deliver(e)
	r.event = e
	s.broker.wakeLater(r)
}

// feed hands what waits in the buffer to receivers that came to wait before it did.
func (s *Subscription) feed() {
	if s.queue.len() > 0 { // apart, for this is inlined
		s.feedThem()
	}
}

func (s *Subscription) feedThem() {
	for s.queue.len() > 0 && s.receives() {
		s.hand(s.pop())
		s.refill()
	}
}

func (s *Subscription) drop(e Event, why DropReason) {
	s.droppedBy[why]++
	s.broker.trace.dropped(s, e, why)
}

func (s *Subscription) deliver(e Event) {
	s.delivered++
	s.broker.trace.delivered(s, e)
}

// take is the next event, if one is there.
func (s *Subscription) take() (Event, bool) {
	if s.queue.len() == 0 || s.paused {
		return nil, false
	}
	e := s.pop()
	s.deliver(e)
	s.roomMade()
	return e, true
}

// roomMade is for when an event has left the buffer, or may find more room: what
// waited outside comes in, and a broker that shuts down may be done here.
func (s *Subscription) roomMade() {
	s.refill()
	s.feed()
	s.broker.admitBlocked()
	s.closeIfDone()
}

// closeIfDone ends the subscription of a broker that shuts down, once there is
// nothing left to deliver and nobody at work.
func (s *Subscription) closeIfDone() {
	if s.broker.closing { // apart, for this is inlined
		s.closeIfDrained()
	}
}

func (s *Subscription) closeIfDrained() {
	if s.empty() && s.active == 0 {
		s.close()
		s.broker.checkDrained()
	}
}

// empty says whether nothing waits for delivery.
func (s *Subscription) empty() bool { return s.queue.len() == 0 && s.backlog() == 0 }
