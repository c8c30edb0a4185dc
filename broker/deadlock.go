package broker

import "slices"

// deadlocked says whether a handler's publisher that waits can never go on: the
// room it waits for can only come from workers that all wait to publish
// themselves, for room that can only come from such workers, and so on.
func (b *Broker) deadlocked(p *publisher) bool {
	if p.from == nil {
		return false // who is no handler may wait: that is what Block is for
	}
	for _, o := range b.stuck() {
		if o == p {
			return true
		}
	}
	return false
}

// endDeadlock refuses the first handler's publisher that can't go on any more,
// and says whether there was one.
func (b *Broker) endDeadlock() bool {
	for _, p := range b.stuck() {
		if p.from == nil {
			continue // it goes on when one of a handler is refused
		}
		for i, o := range b.line.waiting {
			if o == p {
				b.leaveLine(i, ErrWouldDeadlock)
				p.ended <- ErrWouldDeadlock
				return true
			}
		}
	}
	return false
}

// stuck are the publishers that can never go on. It is the greatest such set:
// begin with all that wait, and take out those that can still go on, until none
// is left to take out.
func (b *Broker) stuck() []*publisher {
	if !slices.ContainsFunc(b.line.waiting, func(p *publisher) bool { return p.from != nil }) {
		return nil
	}
	stuck := slices.Clone(b.line.waiting)
	for {
		waiting := make(map[*consumption]int)
		for _, p := range stuck {
			waiting[p.from]++
		}
		ahead := make(map[*Subscription]bool) // somebody stuck waits for it, further up
		kept := stuck[:0:0]
		for _, p := range stuck {
			if b.staysStuck(p, waiting, ahead) {
				kept = append(kept, p)
			}
		}
		if len(kept) == len(stuck) {
			return kept
		}
		stuck = kept
	}
}

// staysStuck says whether one subscription that p waits for never has room for it:
// none of its workers can take anything, or one that is stuck comes first in line.
func (b *Broker) staysStuck(p *publisher, waiting map[*consumption]int, ahead map[*Subscription]bool) bool {
	stays := false
	route := b.route(p.event)
	for _, s := range route {
		c := s.consumption
		noWorker := s.isFull() && c != nil && waiting[c] >= c.options.Workers-c.held()
		stays = stays || s.overflow == Block && (noWorker || ahead[s])
	}
	for _, s := range route {
		ahead[s] = ahead[s] || stays && s.overflow == Block
	}
	return stays
}
