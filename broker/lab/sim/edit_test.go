package sim_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
	"pgregory.net/rapid"
)

// player is somebody who watches a run and does everything one can do with it.
type player struct {
	*rapid.T
	run  *audited
	seen journal.State // where the slider is
}

// plan is the scenario of the run with what was done so far.
func (p *player) plan() *scenario.Scenario { return &p.run.ledger.plan }

func (p *player) later(label string) time.Duration {
	left := time.Duration(p.plan().Duration) - p.run.Now()
	return p.run.Now() + time.Duration(rapid.Int64Range(0, int64(left)/int64(5*time.Millisecond)).Draw(p.T, label))*5*time.Millisecond
}

func (p *player) advance() {
	if !p.run.Done() {
		p.run.advance(min(p.later("to"), p.run.Now()+100*time.Millisecond))
	}
}

// intervene does something now or later. What the run refuses must not be valid.
func (p *player) intervene() {
	v := labtest.Crowded().Intervention(p.T, *p.plan(), scenario.Duration(p.later("at")))
	longer := p.plan().Clone()
	longer.Interventions = append(longer.Interventions, v)
	late := p.run.Done() || p.run.Now() > 0 && time.Duration(v.At) <= p.run.Now()
	err := p.run.Intervene(v)
	if want := longer.Validate() == nil && !late; want != (err == nil) {
		p.Fatalf("%+v at %v: %v", v, p.run.Now(), err)
	}
	if err == nil {
		*p.plan() = longer
	}
}

// scrub moves the slider to any position, and looks whether it shows what a
// journal shows that goes no further.
func (p *player) scrub() {
	j := p.run.ledger.journal
	position := uint64(rapid.IntRange(0, len(p.run.records)).Draw(p.T, "position"))
	j.Seek(&p.seen, position)
	short := journal.New(0, p.plan(), len(p.plan().Producers), len(p.plan().Consumers))
	for _, r := range p.run.records[:position] {
		short.Append(&r)
	}
	show := func(j *journal.Journal, s *journal.State) (text string) {
		text = fmt.Sprint(s.Position, s.At, s.Published, s.Rejected, s.Handled, s.Dropped, s.Lost, s.Changes, s.Producers)
		for i, c := range s.Consumers {
			text += fmt.Sprintln(i, c.Delivered, c.Depth, c.Backlog, c.Paused, c.Worked, c.Working, j.Waiting(nil, s, i, 1000))
		}
		return text
	}
	if got, want := show(j, &p.seen), show(short, short.Head()); got != want {
		p.Fatalf("at position %d it shows\n%s, want\n%s", position, got, want)
	}
}

// fork runs a copy that goes another way from now on.
func (p *player) fork() {
	now := p.run.Now()
	other := p.plan().Until(now)
	if v := labtest.Crowded().Intervention(p.T, other, scenario.Duration(p.later("from"))); time.Duration(v.At) > now {
		if other.Interventions = append(other.Interventions, v); other.Validate() != nil {
			return
		}
	}
	fork := audit(p.T, other)
	shared := slices.IndexFunc(fork.records, func(r journal.Record) bool { return r.At > now })
	if shared < 0 {
		shared = len(fork.records)
	}
	if now > 0 && !p.run.Done() && !slices.Equal(fork.records[:shared], p.run.records) {
		p.Fatalf("until %v it was\n%+v, but of the copy\n%+v", now, p.run.records, fork.records[:shared])
	}
}

// restart begins the run anew with all that was done.
func (p *player) restart() {
	before := p.run
	p.run = open(p.T, *p.plan())
	p.run.advance(before.Now())
	if !slices.Equal(p.run.records, before.records) && before.Now() > 0 {
		p.Fatalf("begun anew it is\n%+v, want\n%+v", p.run.records, before.records)
	}
	p.seen = journal.State{}
}

func TestWhateverOneDoesWithARunItsBooksAreRight(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := labtest.Crowded().Scenario().Draw(t, "scenario")
		s.Interventions = nil
		p := &player{T: t, run: open(t, s)}
		deeds := []func(){p.advance, p.advance, p.intervene, p.intervene, p.scrub, p.fork, p.restart}
		for range rapid.IntRange(1, 12).Draw(t, "deeds") {
			rapid.SampledFrom(deeds).Draw(t, "deed")()
		}
		p.run.advance(time.Duration(s.Duration))
		if want := labtest.Play(t, *p.plan()); !slices.Equal(p.run.records, want) {
			t.Fatalf("it became\n%+v, want\n%+v", p.run.records, want)
		}
	})
}
