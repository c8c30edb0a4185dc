package broker

// deadlocked says whether a publisher that waits can never go on: the room it
// waits for can only come from workers that all wait to publish themselves, for
// room that can only come from such workers, and so on. It is the greatest set of
// stuck consumptions: begin with all of which every worker waits, and take out
// those of which one can still go on, until none is left to take out.
func (b *Broker) deadlocked(p *publisher) bool {
	if p.from == nil {
		return false // somebody outside waits: that is what Block is for
	}
	waiting := make(map[*consumption]int)
	for _, o := range b.blocked {
		if o.from != nil {
			waiting[o.from]++
		}
	}
	stuck := func(c *consumption) bool { return c != nil && waiting[c] >= c.options.Workers }
	for changed := true; changed; {
		changed = false
		for _, o := range b.blocked {
			if o.from == nil || !stuck(o.from) {
				continue
			}
			// It can go on once each subscription it waits for has room; one that
			// stays full for ever is enough to keep it.
			kept := false
			for _, s := range b.route(o.event) {
				kept = kept || s.overflow == Block && s.full() && stuck(s.consumption)
			}
			if !kept {
				waiting[o.from] = -len(b.blocked) // out of the set, for good
				changed = true
			}
		}
	}
	return stuck(p.from)
}

// endDeadlocks refuses handlers' publishers that can't go on any more.
func (b *Broker) endDeadlocks() {
	for i := 0; i < len(b.blocked); i++ {
		p := b.blocked[i]
		if !b.deadlocked(p) {
			continue
		}
		b.blocked = append(b.blocked[:i:i], b.blocked[i+1:]...)
		b.trace.unblocked(p.event, ErrWouldDeadlock)
		p.admitted <- ErrWouldDeadlock
		i = -1 // the others may go on now
	}
}
