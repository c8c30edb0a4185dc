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
	// Buffer is how many events may wait: 0 means the broker's, Unbuffered none,
	// MaxBuffer is the most.
	Buffer int
	// Overflow is what a full buffer does; Inherit means the broker's.
	Overflow Overflow

	is func(Event) bool // of Handle: whether the event is of its type
}

// A Subscription is offered the events of its broker that it selects and holds a
// bounded number of them, oldest first, until a receiver takes them. Receivers of
// one subscription compete: each event goes to one of them.
type Subscription struct {
	// The broker's lock guards what follows; see door for who has another. What a delivery writes comes first,
	// in one cache line: fetching one from another processor is most of its cost.
	settings
	guarded bool // it may reject, block or spill an event
	rejects bool
	idle    int // workers with nothing to do
	active  int // events with a worker, those before their next attempt included
	counts
	door    door
	waiting []*sleeper // receivers inside Next, longest wait first
	queue   ring[Event]
	again   int // events at its front that were put back
	kept    int // places for events that are being appended elsewhere

	held     int // it takes no event before so many that are being appended
	expected int // events that are being appended

	latest      map[string]uint64 // by key, under KeepLatest: the ordinal in the queue
	store       backlog           // under Spill
	consumption *consumption      // of Consume or a Driver, while it runs
	stopped     *consumption      // of Consume, when its context has ended
	stoppedAt   uint64            // what had been delivered then
	publishers  int               // that wait for room here; see awaited
	countedIn   uint64            // the walk of the line in which they were counted
	closed      bool
	paused      bool // nothing is delivered until Resume
	topics      []Pattern

	// What follows never changes.
	broker *Broker
	name   string
	index  int
	key    func(Event) string
	is     func(Event) bool // nil: events of all types
	refuse error            // what publishers get while it rejects: made once
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
	err := b.checkDeadLetters(o.Name, c)
	var s *Subscription
	if err == nil {
		s, err = b.newSubscription(o)
	}
	if err != nil {
		return nil, fmt.Errorf("broker: subscribe %q: %w", o.Name, err)
	}
	s.refill()
	b.next++
	b.subs = append(b.subs, s)
	b.countSelective(s, +1)
	b.routes.forget()
	if c != nil {
		c.attach(s)
	}
	b.admitWaiting() // who waits already waits for this one too
	return s, nil
}

// newSubscription makes a subscription that nobody knows yet, or says which option
// is wrong.
func (b *Broker) newSubscription(o SubscribeOptions) (*Subscription, error) {
	if b.closing {
		return nil, ErrClosed
	}
	set, err := b.defaults.with(Settings{o.Buffer, o.Overflow})
	if err != nil {
		return nil, err
	}
	topics, err := parsePatterns(o.Topics)
	if err != nil {
		return nil, err
	}
	s := &Subscription{broker: b, name: o.Name, index: b.next, topics: topics, is: o.is, paused: o.Paused}
	if s.key = func(e Event) string { return topicOf(bare(e)) }; o.Key != nil {
		s.key = func(e Event) string {
			defer b.trace.contain()
			return o.Key(bare(e))
		}
	}
	s.refuse = &PublishError{s.name, ErrFull}
	return s, s.set(set)
}

// Name is the name given to Subscribe.
func (s *Subscription) Name() string { return s.name }

// Index is the subscription's place in the order of subscription, from 0. It is
// never given out twice by one broker.
func (s *Subscription) Index() int { return s.index }

// Pause holds everything back: from now on nothing is delivered, though events
// are offered as ever, until Resume. What a handler has begun goes on, retries
// included. Pausing again does nothing. A Shutdown meanwhile waits for Resume, or
// for the end of its context.
func (s *Subscription) Pause() {
	s.broker.mu.Lock()
	defer s.broker.unlock()
	s.shutDoor()
	s.paused = true
}

// Resume ends a Pause: receivers that wait are given what waits for them.
func (s *Subscription) Resume() {
	s.broker.mu.Lock()
	defer s.broker.unlock()
	if s.paused {
		s.paused = false
		s.roomMade()
	}
}

// Close ends the subscription: it is offered nothing more, every receiver gets
// ErrClosed, and what still waited is dropped and told to the trace; what is in
// the repository stays there, also what was read back to the buffer. Closing again
// does nothing.
func (s *Subscription) Close() {
	s.broker.mu.Lock()
	defer s.broker.unlock()
	c := s.consumption
	s.close()
	s.broker.admitWaiting()
	s.broker.checkDrained()
	if c != nil {
		c.closed()
	}
}

func (s *Subscription) close() {
	if s.closed {
		return
	}
	s.shutDoor()
	s.closed = true
	s.broker.leave(s)
	s.closeStore()
	for s.queue.len() > 0 {
		s.drop(s.pop(), Closed)
	}
	for _, r := range s.waiting {
		s.broker.wakeLater(r)
	}
	s.waiting = nil
	s.idle = 0
	if s.active > 0 {
		s.broker.unfinished = append(s.broker.unfinished, s)
	}
	if s.consumption != nil {
		s.consumption.stop()
	}
}

// leave takes a subscription out of everything the broker knows of it.
func (b *Broker) leave(s *Subscription) {
	b.subs = slices.DeleteFunc(b.subs, func(o *Subscription) bool { return o == s })
	b.countSelective(s, -1)
	s.guard(false, false)
	b.routes.forget()
}

// closeIfDone ends the subscription of a broker that shuts down, once there is
// nothing left to deliver and no worker is busy.
func (s *Subscription) closeIfDone() {
	if s.broker.closing { // split so that the fast path inlines
		s.closeIfDrained()
	}
}

func (s *Subscription) closeIfDrained() {
	s.shutDoor()
	if s.empty() && s.active == 0 && s.expected == 0 {
		s.close()
		s.broker.checkDrained()
	}
}

// empty says whether nothing waits for delivery.
func (s *Subscription) empty() bool { return s.queue.len() == 0 && s.backlog() == 0 }
