package sim_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
	"github.com/spillway-go/spillway/broker/lab/sim"
	"pgregory.net/rapid"
)

// ledger keeps the books of a run from its records and its scenario alone, by
// what the documentation promises, and says where they differ. It shares no code
// with the broker, the simulation or the journal, but that of chance.
type ledger struct {
	plan     scenario.Scenario // with what was added while it ran
	settings scenario.Scenario // of now
	chance   *scenario.Chance

	at        time.Duration
	section   journal.Record // what began the critical section that goes on
	planned   int            // interventions so far
	topics    map[journal.Event]string
	fresh     *publication // what was produced last, until everybody has been offered it
	line      []*publication
	producers []producerBook
	consumers []consumerBook
	journal   *journal.Journal
	trouble   []string
}

// publication is an event on its way to those who are offered it.
type publication struct {
	journal.Event
	byHand   bool
	got      map[int]bool // consumers that were offered it
	refused  bool
	wanted   []int // consumers that have to be offered it
	possible []int // and those that may have joined just before
}

func newLedger(s scenario.Scenario) *ledger {
	l := &ledger{
		plan: s, settings: s.Clone(), chance: s.Chance(),
		topics:    map[journal.Event]string{},
		producers: make([]producerBook, len(s.Producers)),
		consumers: make([]consumerBook, len(s.Consumers)),
		journal:   journal.New(0, s, len(s.Producers), len(s.Consumers)),
	}
	for i := range l.producers {
		l.producers[i].last = time.Duration(s.Producers[i].Start)
		l.schedule(i)
	}
	for i := range l.consumers {
		c := &l.consumers[i]
		c.index, c.ledger = i, l
		c.working = map[journal.Event]*attempt{}
		c.since = map[journal.Event]time.Duration{}
		if s.Consumers[i].Start == 0 {
			c.join()
		}
	}
	return l
}

// want notes what is wrong.
func (l *ledger) want(ok bool, format string, args ...any) {
	if !ok {
		l.trouble = append(l.trouble, fmt.Sprintf(format, args...))
	}
}

// add enters the next record, and says what is wrong with it, or with what should
// have come before it.
func (l *ledger) add(r journal.Record) error {
	l.want(r.At >= l.at, "it comes before %v", l.at)
	if begins(r.Kind) || r.At > l.at {
		l.settle()
		l.section = r
	}
	for i := range l.consumers {
		l.consumers[i].pass(r.At)
	}
	if l.at = r.At; l.at > 0 {
		l.overdue()
	}
	l.enter(r)
	l.journal.Append(&r)
	l.compare()
	return l.err(r)
}

func (l *ledger) err(r journal.Record) error {
	if l.trouble == nil {
		return nil
	}
	return fmt.Errorf("at %v, %v of event %d of producer %d at consumer %d, depth %d, cause %d:\n%s",
		r.At, r.Kind, r.Number, r.Producer, r.Consumer, r.Depth, r.Cause, strings.Join(l.trouble, "\n"))
}

// begins says whether a critical section of the broker, or what leads to one,
// begins with a record of that kind.
func begins(k journal.Kind) bool {
	switch k {
	case journal.Produced, journal.Handled, journal.Failed, journal.Retried,
		journal.Changed, journal.Paused, journal.Resumed, journal.Crashed, journal.Interrupted, journal.Quit:
		return true
	}
	return false
}

func (l *ledger) enter(r journal.Record) {
	c := &l.consumers[r.Consumer]
	switch r.Kind {
	case journal.Produced:
		l.produced(r)
	case journal.Rejected:
		l.rejected(c, r)
	case journal.Blocked:
		l.blocked(c, r)
	case journal.Unblocked:
		l.unblocked(r)
	case journal.Buffered:
		c.buffered(r)
	case journal.Dropped:
		c.drop(r)
	case journal.Spilled:
		c.spilled(r)
	case journal.Refilled:
		c.refilled(r)
	case journal.Returned:
		c.returned(r)
	case journal.Recovered:
		c.recovered(int(r.Depth))
	case journal.Delivered:
		c.delivered(r)
	case journal.Handled, journal.Failed, journal.Retried, journal.DeadLettered, journal.PutBack:
		c.work(r)
	case journal.Changed, journal.Paused, journal.Resumed, journal.Crashed, journal.Interrupted:
		l.intervention(r)
	case journal.Quit:
		l.want(l.planned > 0 && l.plan.Interventions[l.planned-1].Do == scenario.Interrupt || r.At == time.Duration(l.plan.Duration), "the run ends early")
	}
}

// intervention is for what the user did.
func (l *ledger) intervention(r journal.Record) {
	if l.planned == len(l.plan.Interventions) {
		l.want(false, "nobody did that")
		return
	}
	v := l.plan.Interventions[l.planned]
	l.want(r.At == time.Duration(v.At), "it was to be at %v", v.At)
	if r.Kind != journal.Interrupted && r.Kind != journal.Produced {
		l.want(r.Number == uint64(l.planned), "it is intervention %d", l.planned)
	}
	l.planned++
	l.settings.Apply(v)
	kinds := map[scenario.Action]journal.Kind{
		scenario.Publish: journal.Produced, scenario.Pause: journal.Paused, scenario.Resume: journal.Resumed,
		scenario.Crash: journal.Crashed, scenario.Interrupt: journal.Interrupted,
	}
	kind, special := kinds[v.Do]
	l.want(r.Kind == kind || !special && r.Kind == journal.Changed, "it is to %v", v.Do)
	switch v.Do {
	case scenario.SetInterval, scenario.SetArrivals:
		l.schedule(v.Actor)
	case scenario.Stop:
		l.producers[v.Actor].stopped = true
		l.schedule(v.Actor)
	case scenario.Pause, scenario.Resume:
		l.consumers[v.Actor].paused = v.Do == scenario.Pause
	case scenario.Leave:
		l.consumers[v.Actor].leave()
	case scenario.Crash:
		l.crash()
	case scenario.SetBuffer, scenario.SetOverflow, scenario.SetOwnBuffer, scenario.SetOwnOverflow:
		for i := range l.consumers {
			if c := &l.consumers[i]; c.here() {
				c.open = c.open || c.policy() == broker.Spill
			}
		}
	}
}

// crash loses what is in memory.
func (l *ledger) crash() {
	l.fresh, l.line = nil, nil
	for i := range l.producers {
		p := &l.producers[i]
		p.lost += p.waiting
		p.waiting, p.blocked, p.left = 0, false, 0
		p.last = max(l.at, time.Duration(l.plan.Producers[i].Start))
		l.schedule(i)
	}
	for i := range l.consumers {
		l.consumers[i].crash()
	}
}

// settle checks what has to be so between two critical sections.
func (l *ledger) settle() {
	if l.fresh != nil {
		l.arrived(l.fresh)
		l.fresh = nil
	}
	for i := range l.consumers {
		l.consumers[i].settle()
	}
	l.settleLine()
}

// finish checks what has to be so at the end.
func (l *ledger) finish() error {
	l.settle()
	l.want(l.section.Kind == journal.Quit, "the run does not end")
	for i := range l.consumers {
		l.consumers[i].little()
	}
	return l.err(l.section)
}

// overdue checks that nothing was forgotten.
func (l *ledger) overdue() {
	for i := range l.producers {
		l.want(l.producers[i].due >= l.at, "producer %d had to publish at %v", i, l.producers[i].due)
	}
	for i := range l.consumers {
		for e, a := range l.consumers[i].working {
			l.want(a.due >= l.at, "consumer %d had to go on with %+v at %v", i, e, a.due)
		}
	}
}

// audited is a run with the books open.
type audited struct {
	*sim.Sim
	t       labtest.T
	ledger  *ledger
	records []journal.Record
	wrong   error
}

func open(t labtest.T, s scenario.Scenario) *audited {
	t.Helper()
	a := &audited{t: t, ledger: newLedger(s)}
	var err error
	if a.Sim, err = sim.New(s, func(r *journal.Record) {
		a.records = append(a.records, *r)
		if a.wrong == nil {
			a.wrong = a.ledger.add(*r)
		}
	}); err != nil {
		t.Fatal(err)
	}
	return a
}

// advance lets the run go on, and checks it.
func (a *audited) advance(to time.Duration) {
	a.t.Helper()
	a.Advance(to)
	if a.Done() && a.wrong == nil {
		a.wrong = a.ledger.finish()
	}
	if a.wrong != nil {
		a.t.Fatalf("%v\n%s", a.wrong, a.ledger.plan.JSON())
	}
}

// audit runs a scenario to its end.
func audit(t labtest.T, s scenario.Scenario) *audited {
	t.Helper()
	a := open(t, s)
	a.advance(time.Duration(s.Duration))
	return a
}

func TestTheBooksOfEveryRunAreRight(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { audit(t, labtest.Crowded().Scenario().Draw(t, "scenario")) })
}

func TestTheBooksOfThePresetsAreRight(t *testing.T) {
	for _, p := range scenario.Presets() {
		t.Run(p.ID, func(t *testing.T) { audit(t, p.Scenario) })
	}
}
