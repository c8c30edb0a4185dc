package sim_test

import (
	"slices"
	"time"

	"github.com/spillway-go/spillway/broker/lab/journal"
)

// pass lets time pass.
func (c *consumerBook) pass(to time.Duration) {
	s := &c.ledger.journal.Head().Consumers[c.index]
	c.area += int64(to-c.ledger.at) * int64(s.Depth+s.Backlog+len(s.Working))
}

// little checks L = λW in the form that holds for every run: the number in the
// system, summed over time, is the time in the system, summed over events.
func (c *consumerBook) little() {
	stayed := c.stayed
	for _, at := range c.since {
		stayed += c.ledger.at - at
	}
	c.want(int64(stayed) == c.area, "consumer %d: Little's law: %d events·ns, by the journal %d", c.index, stayed, c.area)
}

// compare sets the books beside the journal's.
func (l *ledger) compare() {
	s := l.journal.Head()
	for i := range l.producers {
		l.want(l.producers[i].equals(&s.Producers[i]), "producer %d: the journal has %+v, not %+v", i, s.Producers[i], l.producers[i])
	}
	for i := range l.consumers {
		l.consumers[i].compare(&s.Consumers[i])
	}
}

func (c *consumerBook) compare(s *journal.ConsumerState) {
	type figures struct {
		Delivered, Handled, Dropped, Spilled, Failed, DeadLettered, Lost, Again uint64
		Depth, Backlog, Working                                                 int
		Paused                                                                  bool
		Worked                                                                  time.Duration
	}
	got := figures{s.Delivered, s.Handled, s.Dropped, s.Spilled, s.Failed, s.DeadLettered, s.Lost, s.Again,
		s.Depth, s.Backlog, len(s.Working), s.Paused, s.Worked}
	want := figures{c.taken, c.handled, c.dropped, c.spills, c.failed, c.dead, c.lost, c.again,
		len(c.waiting), len(c.backlog), len(c.working), c.paused, c.worked}
	c.want(got == want, "consumer %d: the journal has\n%+v, not\n%+v", c.index, got, want)

	waiting := c.ledger.journal.Waiting(nil, c.ledger.journal.Head(), c.index, 1<<20)
	same := slices.EqualFunc(waiting, c.waiting, func(e journal.Event, w place) bool { return e == w.Event })
	c.want(same || c.replaced != nil, "consumer %d: in the journal wait %v, not %v", c.index, waiting, c.waiting)
	for _, w := range s.Working {
		a := c.working[w.Event]
		c.want(a != nil && a.number == int(w.Attempt) && a.resting == w.Resting, "consumer %d: the journal has %+v with a worker, not %+v", c.index, w, a)
	}
}
