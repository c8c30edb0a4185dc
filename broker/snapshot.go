package broker

// Snapshot is a look at everything a broker holds at one moment.
type Snapshot struct {
	Subscriptions []SubscriptionSnapshot // in order of subscription
	Blocked       int                    // publishers that wait for room
	Unrouted      uint64                 // events that were published and nobody selected
	Closing       bool
}

// SubscriptionSnapshot is one subscription's part of a Snapshot.
type SubscriptionSnapshot struct {
	Name     string
	Index    int
	Topics   []string
	Buffer   int
	Overflow Overflow
	Waiting  int // receivers that wait for an event
	Workers  int // of Consume
	Awaited  int // publishers that wait for room here
	Stats
}

// Snapshot looks at the broker. It takes the lock once and is not for hot paths.
func (b *Broker) Snapshot() Snapshot {
	b.mu.Lock()
	defer b.unlock()
	snap := Snapshot{Blocked: len(b.line.waiting), Unrouted: b.unrouted, Closing: b.closing}
	for _, s := range b.subs {
		s.shutDoor()
		sub := SubscriptionSnapshot{
			Name: s.name, Index: s.index, Buffer: s.buffer, Overflow: s.overflow,
			Waiting: len(s.waiting) + s.idle, Awaited: s.awaited(), Stats: s.statsNow(),
		}
		for _, p := range s.topics {
			sub.Topics = append(sub.Topics, p.String())
		}
		if s.consumption != nil {
			sub.Workers = s.consumption.options.Workers
		}
		snap.Subscriptions = append(snap.Subscriptions, sub)
	}
	return snap
}

// Slowest is the subscription that is furthest behind: the one whose oldest event
// has waited longest, backlogs first. It is false if none has anything waiting.
func (s Snapshot) Slowest() (SubscriptionSnapshot, bool) {
	var slowest SubscriptionSnapshot
	found := false
	for _, sub := range s.Subscriptions {
		if sub.Depth == 0 && sub.Backlog == 0 {
			continue
		}
		if !found || sub.behind(slowest) {
			slowest, found = sub, true
		}
	}
	return slowest, found
}

// behind says whether s is further behind than o.
func (s SubscriptionSnapshot) behind(o SubscriptionSnapshot) bool {
	if (s.Backlog > 0) != (o.Backlog > 0) {
		return s.Backlog > 0
	}
	if s.Oldest != o.Oldest {
		return s.Oldest > o.Oldest
	}
	return s.Depth > o.Depth
}
