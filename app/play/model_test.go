package play

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
	"github.com/spillway-go/spillway/broker/lab/sim"
)

// simulated is the whole journal of a scenario, from a simulation of its own.
func simulated(t interface{ Fatalf(string, ...any) }, s scenario.Scenario) []journal.Record {
	var records []journal.Record
	run, err := sim.New(s, func(r *journal.Record) { records = append(records, *r) })
	if err != nil {
		t.Fatalf("a scenario that can't run: %v", err)
	}
	run.Run()
	return records
}

// until are the records at or before t.
func until(records []journal.Record, t time.Duration) []journal.Record {
	n := slices.IndexFunc(records, func(r journal.Record) bool { return r.At > t })
	if n < 0 {
		return records
	}
	return records[:n]
}

// sums are what a run has come to, as far as a reader could count it.
type sums struct {
	position                                         uint64
	at                                               time.Duration
	published, rejected, dropped, delivered, handled uint64
	spilled, failed, dead                            uint64
	changes, crashes                                 int
	interrupted, quit                                bool
	consumers                                        [scenario.MaxConsumers]part
}

type part struct {
	handled, dropped, spilled, failed, dead uint64
	depth, backlog                          int
	paused                                  bool
	working                                 string // the events with a worker, and the attempt
}

// counted counts records one by one.
func counted(records []journal.Record) sums {
	var s sums
	var working [len(s.consumers)]map[journal.Event]string
	crash := func() {
		for i := range s.consumers {
			s.consumers[i].depth, s.consumers[i].paused, working[i] = 0, false, map[journal.Event]string{}
		}
	}
	crash()
	for _, r := range records {
		s.position++
		s.at = r.At
		c, with := &s.consumers[r.Consumer], working[r.Consumer]
		switch r.Kind {
		case journal.Produced:
			s.published++
			if r.Cause == journal.ByHand {
				s.changes++
			}
		case journal.Rejected:
			s.rejected++
		case journal.Buffered:
			c.depth = int(r.Depth)
		case journal.Dropped:
			s.dropped++
			c.dropped++
			c.depth = int(r.Depth)
		case journal.Spilled:
			s.spilled++
			c.spilled++
			c.backlog = int(r.Depth)
		case journal.Refilled:
			c.backlog--
			c.depth = int(r.Depth)
		case journal.Returned:
			c.backlog = int(r.Depth)
			c.depth--
		case journal.Delivered:
			s.delivered++
			c.depth = int(r.Depth)
			with[r.Event()] = "1"
		case journal.Handled:
			s.handled++
			c.handled++
			delete(with, r.Event())
		case journal.Failed:
			s.failed++
			c.failed++
			with[r.Event()] = fmt.Sprint(r.Cause, " failed")
		case journal.Retried:
			with[r.Event()] = fmt.Sprint(r.Cause)
		case journal.PutBack:
			c.depth = int(r.Depth)
			delete(with, r.Event())
		case journal.DeadLettered:
			s.dead++
			c.dead++
			delete(with, r.Event())
		case journal.Changed:
			s.changes++
		case journal.Paused, journal.Resumed:
			s.changes++
			c.paused = r.Kind == journal.Paused
		case journal.Crashed:
			s.changes++
			s.crashes++
			crash()
		case journal.Recovered:
			c.backlog = int(r.Depth)
		case journal.Interrupted:
			s.interrupted = true
		case journal.Quit:
			s.quit = true
		}
	}
	for i := range s.consumers {
		s.consumers[i].working = fmt.Sprint(working[i]) // in order of the events
	}
	return s
}

// shown is the same of what a model shows.
func shown(m *Model) sums {
	st := m.View()
	s := sums{
		position: st.Position, at: st.At, published: st.Published, rejected: st.Rejected, dropped: st.Dropped,
		delivered: st.Delivered, handled: st.Handled, spilled: st.Spilled, failed: st.Failed, dead: st.DeadLettered,
		changes: st.Changes, crashes: st.Crashes, interrupted: st.Interrupted, quit: st.Quit,
	}
	for i := range s.consumers {
		working := map[journal.Event]string{}
		if i < len(st.Consumers) {
			c := st.Consumers[i]
			s.consumers[i] = part{
				handled: c.Handled, dropped: c.Dropped, spilled: c.Spilled, failed: c.Failed, dead: c.DeadLettered,
				depth: c.Depth, backlog: c.Backlog, paused: c.Paused,
			}
			for _, w := range c.Working {
				working[w.Event] = fmt.Sprint(w.Attempt)
				if w.Resting {
					working[w.Event] += " failed"
				}
			}
		}
		s.consumers[i].working = fmt.Sprint(working)
	}
	return s
}

func TestANewModelPlaysTheClassicFromTheStart(t *testing.T) {
	m := NewModel()
	if !m.Playing || m.Speed != 1 || m.At() != 0 || m.Preset != "classic" || m.Caption() == "" || !m.Scenario.Equal(scenario.Classic()) {
		t.Errorf("it is %+v", m)
	}
}

func TestTheSettingsAreThoseOfTheMomentThatIsShown(t *testing.T) {
	m := paused(scenario.Classic(), 2*time.Second)
	Update(m, setBuffer(5))
	Update(m, Seek{At: 4 * time.Second})
	Update(m, setService(m, time.Second))
	Update(m, setOverflow(broker.DropOldest))
	for _, want := range []struct {
		at       time.Duration
		buffer   int
		service  time.Duration
		overflow broker.Overflow
	}{
		{0, 3, 2 * time.Second, broker.DropNewest},
		{2 * time.Second, 3, 2 * time.Second, broker.DropNewest},
		{2*time.Second + 1, 5, 2 * time.Second, broker.DropNewest},
		{4 * time.Second, 5, 2 * time.Second, broker.DropNewest},
		{4*time.Second + 1, 5, time.Second, broker.DropNewest},
		{4*time.Second + 2, 5, time.Second, broker.DropOldest},
		{10 * time.Second, 5, time.Second, broker.DropOldest},
		{3 * time.Second, 5, 2 * time.Second, broker.DropNewest},
	} {
		Update(m, Seek{At: want.at})
		s := m.Settings()
		if s.Broker.Buffer != want.buffer || s.Broker.Overflow != want.overflow || time.Duration(s.Consumers[0].Service) != want.service || s.Interventions != nil {
			t.Errorf("at %v the settings are %+v %+v", want.at, s.Broker, s.Consumers)
		}
	}
	if m.Scenario.Broker.Buffer != 3 {
		t.Error("reading the settings changed the scenario")
	}
}

func TestWhatAConsumerHasBegunKeepsItsServiceTime(t *testing.T) {
	m := paused(scenario.Classic(), 2*time.Second)
	Update(m, setService(m, 5*time.Second))
	for at, want := range map[time.Duration]time.Duration{
		time.Second: 2 * time.Second, 2 * time.Second: 2 * time.Second,
		2*time.Second + 1: 5 * time.Second, 3 * time.Second: 5 * time.Second,
	} {
		if got := m.Moment().Lasts(0, &journal.Work{Since: at, Attempt: 1}); got != want {
			t.Errorf("what began at %v takes %v, want %v", at, got, want)
		}
	}
}

func TestALinkBringsBackWhatIsShown(t *testing.T) {
	m := paused(labtest.Many(2, 2, 4), 3*time.Second)
	Update(m, setBuffer(7))
	Update(m, Seek{At: 5 * time.Second})
	Update(m, setOverflow(broker.DropOldest))
	for _, at := range []time.Duration{1, 1500, 3*time.Second + 1, 7200 * time.Millisecond, 10 * time.Second} {
		Update(m, Seek{At: at})
		o := NewModel()
		Update(o, LoadLink{Link: m.Link()})
		if o.At() != at || o.Playing || o.Notice != (Notice{}) || !o.Scenario.Equal(m.Scenario) || shown(o) != shown(m) {
			t.Errorf("%s at %v brings back %v of %+v", m.Link(), at, o.At(), o.Scenario)
		}
		if o.Link() != m.Link() {
			t.Errorf("its own link is %s, not %s", o.Link(), m.Link())
		}
	}
}

func TestWhileItPlaysALinkHasNoPlayhead(t *testing.T) {
	m := NewModel()
	pass(m, time.Second)
	if got := m.Link(); got != ClassicLink {
		t.Errorf("the link is %s", got)
	}
}
