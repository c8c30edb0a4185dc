package sim_test

import (
	"slices"
	"strings"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/sim"
)

// producerBook is what a ledger knows of a producer.
type producerBook struct {
	published, rejected, offered, lost uint64
	waiting                            uint64 // events that wait for room

	beats   uint64
	made    int
	last    time.Duration // what the next interval is counted from
	left    int           // of the burst
	due     time.Duration
	blocked bool // by an event of its own
	stopped bool
}

// schedule says when the producer has to publish next.
func (l *ledger) schedule(i int) {
	p, of := &l.producers[i], &l.settings.Producers[i]
	switch {
	case p.stopped, p.blocked, of.Count > 0 && p.made == of.Count:
		p.due = sim.Never
	case p.left > 0:
		p.due = l.at
	default:
		p.due = max(l.at, p.last+l.chance.Gap(of, i, p.beats))
	}
}

func (l *ledger) produced(r journal.Record) {
	i := int(r.Producer)
	p := &l.producers[i]
	l.want(r.Number == p.published, "it is number %d", p.published)
	l.want(r.Born == r.At, "it happened at %v", r.Born)
	p.published++
	if r.Cause == journal.ByHand {
		l.intervention(r)
	} else {
		l.want(r.At == p.due, "it was due at %v", p.due)
		if p.left == 0 {
			p.left, p.last = max(1, l.settings.Producers[i].Burst), r.At
			p.beats++
		}
		p.left--
		if p.made++; p.made == l.settings.Producers[i].Count {
			p.left = 0
		}
		l.schedule(i)
	}
	l.topics[r.Event()] = l.settings.Producers[i].Topic
	l.fresh = &publication{Event: r.Event(), byHand: r.Cause == journal.ByHand, got: map[int]bool{}}
	l.address(l.fresh)
}

// address says who has to be offered an event.
func (l *ledger) address(p *publication) {
	p.wanted, p.possible = nil, nil
	for i := range l.consumers {
		c := &l.consumers[i]
		switch {
		case !matches(l.settings.Consumers[i].Topics, l.topics[p.Event]):
		case c.here():
			p.wanted = append(p.wanted, i)
		case !c.left && l.at == time.Duration(l.plan.Consumers[i].Start):
			p.possible = append(p.possible, i)
		}
	}
}

// matches says whether one of the patterns is of the topic, as NATS has them.
func matches(patterns, topic string) bool {
	if patterns == "" {
		return true
	}
	parts := strings.Split(topic, ".")
	for pattern := range strings.FieldsSeq(patterns) {
		names := strings.Split(pattern, ".")
		for i, name := range names {
			if name == ">" && topic != "" && len(parts) > i {
				return true
			}
			if i >= len(parts) || name != "*" && name != parts[i] || topic == "" {
				break
			}
			if i == len(names)-1 && len(parts) == len(names) {
				return true
			}
		}
	}
	return false
}

// offer notes that a consumer is offered an event, which has to be the new one or
// one that waited for room.
func (l *ledger) offer(c *consumerBook, e journal.Event) {
	c.join()
	p := l.publication(e)
	if p == nil {
		l.want(false, "nobody offers it")
		return
	}
	if p == l.fresh {
		l.want(len(l.line) == 0 || l.line[len(l.line)-1] != p, "its producer waits for room")
	} else {
		l.address(p)
	}
	l.want(slices.Contains(p.wanted, c.index) || slices.Contains(p.possible, c.index), "it is not for this one")
	l.want(!p.got[c.index], "it is offered again")
	l.want(!p.refused, "it was refused")
	if l.section.Kind != journal.Changed { // else the policy may be so new that it held for nobody yet
		l.want(c.policy() != broker.Block || !l.awaited(c, e), "it passes others in line")
	}
	p.got[c.index] = true
}

func (l *ledger) publication(e journal.Event) *publication {
	for _, p := range l.line {
		if p.Event == e {
			return p
		}
	}
	if l.fresh != nil && l.fresh.Event == e {
		return l.fresh
	}
	return nil
}

// arrived checks that everybody was offered an event who had to be, or nobody.
func (l *ledger) arrived(p *publication) {
	for _, i := range p.wanted {
		l.want(p.got[i] != p.refused, "consumer %d is offered %+v: %v, though it is refused: %v", i, p.Event, p.got[i], p.refused)
	}
	for i := range p.got {
		l.consumers[i].offered++
		l.want(!p.refused, "consumer %d is offered %+v, which is refused", i, p.Event)
	}
	if !p.refused {
		l.producers[p.Producer].offered++
	}
}

func (l *ledger) rejected(c *consumerBook, r journal.Record) {
	l.want(r.Cause == uint8(journal.FullBuffer), "the repository is not full")
	l.want(c.policy() == broker.Reject && c.full(), "it has the policy %v, and room", c.policy())
	p := l.publication(r.Event())
	if p == nil {
		l.want(false, "nobody offers it")
		return
	}
	l.want(len(p.got) == 0, "others have got it: %v", p.got)
	p.refused = true
	l.producers[p.Producer].rejected++
}

func (l *ledger) blocked(c *consumerBook, r journal.Record) {
	l.want(c.policy() == broker.Block && (c.full() || l.awaited(c, r.Event())), "it has the policy %v, and room", c.policy())
	if l.fresh != nil && l.fresh.Event == r.Event() {
		p := l.fresh
		l.want(len(p.got) == 0 && !p.refused, "others have got it: %v", p.got)
		l.fresh, l.line = nil, append(l.line, p)
		book := &l.producers[r.Producer]
		book.waiting++
		if !p.byHand {
			book.blocked = true
			l.schedule(int(r.Producer))
		}
	}
	n := len(l.line)
	l.want(n > 0 && l.line[n-1].Event == r.Event(), "it is not the last in line")
}

// awaited says whether an event that is ahead in line waits for the consumer too.
func (l *ledger) awaited(c *consumerBook, e journal.Event) bool {
	for _, p := range l.line {
		if p.Event == e {
			return false
		}
		if c.policy() == broker.Block && matches(l.settings.Consumers[c.index].Topics, l.topics[p.Event]) {
			return true
		}
	}
	return false
}

func (l *ledger) unblocked(r journal.Record) {
	i := slices.IndexFunc(l.line, func(p *publication) bool { return p.Event == r.Event() })
	if i < 0 {
		l.want(false, "it does not wait")
		return
	}
	p, book := l.line[i], &l.producers[r.Producer]
	l.line = slices.Delete(l.line, i, i+1)
	l.address(p)
	l.arrived(p)
	book.waiting--
	if !p.byHand {
		book.blocked = false
		book.last = l.at
		l.schedule(int(r.Producer))
	}
}

// settleLine checks that nobody waits for room that is there.
func (l *ledger) settleLine() {
	for _, p := range l.line {
		l.want(len(p.got) == 0, "%+v waits, though %v have got it", p.Event, p.got)
		l.address(p)
		waits := len(p.possible) > 0
		for _, i := range p.wanted {
			c := &l.consumers[i]
			waits = waits || c.policy() == broker.Block && (c.full() || l.awaited(c, p.Event))
		}
		l.want(waits, "%+v waits, though there is room", p.Event)
	}
	for i := range l.producers {
		p := &l.producers[i]
		l.want(p.published == p.rejected+p.offered+p.lost+p.waiting, "producer %d: the books don't balance: %+v", i, *p)
	}
}

// state compares the books with those of the journal.
func (p *producerBook) equals(s *journal.ProducerState) bool {
	return p.published == s.Published && p.rejected == s.Rejected && p.lost == s.Lost && p.waiting == uint64(s.Waiting)
}
