package play

import (
	"time"

	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// Moment is what is shown of a run. It does not change: when anything else is to be
// shown, that is another Moment. Only the run it is of goes on, and with it the
// journal and the latencies.
type Moment struct {
	Scenario *scenario.Scenario // of the run, with what the user did in it
	Now      *scenario.Scenario // with the settings of the moment, and all its actors, also those who are gone
	Roster   *Roster            // who the actors are
	State    *journal.State

	At      time.Duration
	Goal    time.Duration // where the playhead was sent
	Reached time.Duration // how far the run has been shown; less than 0 while its first moment is simulated
	Records uint64        // that it has left up to then

	Playing       bool
	Speed         Speed   // asked for
	Auto          bool    // it is the one that fits the scenario
	Actual        float64 // that the device reaches
	ReducedMotion bool
	Flows         bool // it is too fast for single events

	Seen    time.Duration // what the visual clock shows
	Stepped bool          // the last thing was a step
	StepAt  time.Duration // to a record of this instant
	After   time.Duration // what has passed on the screen since that record was seen; less than 0 until it is

	Selection, Hover Selection

	run      *run
	settings *settings
}

// settings are those of a moment, made once for each change of the scenario.
type settings struct {
	scenario, now scenario.Scenario
	roster        Roster
	changes       int
	stopped, left Members

	inTimes, outTimes []time.Duration // by actor
	slowest           time.Duration   // of the inTimes
}

// of says whether the settings are still those of p. A scenario is replaced by a
// copy when it changes, so the place of its actors in memory tells.
func (s *settings) of(p *Player) bool {
	return s != nil && s.changes == p.view.Changes && len(s.scenario.Interventions) == len(p.Scenario.Interventions) &&
		&s.scenario.Producers[0] == &p.Scenario.Producers[0] && s.scenario.Start == p.Scenario.Start
}

func newSettings(p *Player) *settings {
	s := &settings{scenario: p.Scenario, roster: p.Roster, changes: p.view.Changes}
	s.now = p.Scenario
	s.now.Interventions = nil
	s.now = s.now.Clone()
	for _, i := range p.Scenario.Interventions[:s.changes] {
		s.now.Apply(i)
		switch i.Do {
		case scenario.Stop:
			s.stopped.Add(i.Actor)
		case scenario.Leave:
			s.left.Add(i.Actor)
		}
	}
	s.pace()
	return s
}

// Members is a set of producers or of consumers.
type Members uint32

func (c Members) Has(i int) bool { return c>>i&1 != 0 }
func (c *Members) Add(i int)     { *c |= 1 << i }

// Moment is what is shown now: the same one until something else is.
func (p *Player) Moment() *Moment {
	p.now()
	m := Moment{
		Scenario: &p.settings.scenario, Now: &p.settings.now, Roster: &p.settings.roster, run: p.run, settings: p.settings,
		At: p.at, Goal: p.goal, Reached: min(p.run.reached(), p.run.shown), Records: p.run.told,
		Playing: p.Playing, Speed: p.Speed, Auto: p.Auto, Actual: p.Actual,
		ReducedMotion: p.ReducedMotion, Flows: p.flows(), Seen: p.seen,
		Selection: p.Selection(), Hover: p.Roster.Selection(p.Hovered),
	}
	state := &p.view
	if s := &p.stride; s.on {
		m.Stepped, m.StepAt, m.Seen, m.After = true, p.at, s.seen(), min(s.spent-s.lasts(), FlightTime)
		if s.coming() {
			m.At, state = s.was, &s.before
		}
	}
	if last := p.shown; last != nil {
		if last.run == p.run && last.State.Position == state.Position {
			m.State = last.State
		}
		if m == *last {
			return last
		}
	}
	if m.State == nil {
		shown := state.Clone()
		m.State = &shown
	}
	p.shown = new(Moment)
	*p.shown = m
	return p.shown
}

// Journal is that of the run, which may be ahead of the moment.
func (m *Moment) Journal() *journal.Journal { return m.run.journal }

// Latency is how long events took in the run so far.
func (m *Moment) Latency() *journal.Latency { return m.run.latency }

// Marks are what the time line shows of the run so far.
func (m *Moment) Marks() *Marks { return &m.run.marks }

// Duration is how long the run may last.
func (m *Moment) Duration() time.Duration { return time.Duration(m.Scenario.Duration) }

// Over says that the run has ended and its end is shown.
func (m *Moment) Over() bool { return m.State.Quit }

// Ended says that nothing can be done in the run any more: a change begins another.
func (m *Moment) Ended() bool {
	return m.Over() || m.State.Interrupted || m.At+1 >= m.Duration()
}

// CatchingUp says that the run has not yet come to where the playhead was sent.
func (m *Moment) CatchingUp() bool { return m.At < m.Goal || m.Reached < 0 }

// AtHead says whether nothing of the run has been shown beyond the moment.
func (m *Moment) AtHead() bool { return m.At >= m.Reached }

// Gliding says that the stage still shows where the last step led.
func (m *Moment) Gliding() bool { return m.Stepped && m.After < FlightTime }

// Moving says that the next frame shows something else.
func (m *Moment) Moving() bool { return m.Playing || m.CatchingUp() || m.Gliding() }

// Looked is what is looked at: what is selected or else hovered over.
func (m *Moment) Looked() Selection {
	if m.Selection.Selected() {
		return m.Selection
	}
	return m.Hover
}

// Scope is whose numbers are shown: those of the consumer that is selected, or of
// journal.Everyone.
func (m *Moment) Scope() int {
	if m.Selection.Role == scenario.OfConsumer && len(m.Scenario.Consumers) > 1 {
		return m.Selection.Actor
	}
	return journal.Everyone
}

// Stopped are the producers that have been removed by now, and Left the consumers.
func (m *Moment) Stopped() Members { return m.settings.stopped }
func (m *Moment) Left() Members    { return m.settings.left }

// Gone says whether an actor of the run has been removed by now.
func (m *Moment) Gone(role scenario.Role, actor int) bool {
	switch role {
	case scenario.OfProducer:
		return m.settings.stopped.Has(actor)
	case scenario.OfConsumer:
		return m.settings.left.Has(actor)
	default:
		return false
	}
}

// Lasts is how long an attempt takes, or the pause before the next: what the
// consumer is at lasts so long, from its Since on.
func (m *Moment) Lasts(consumer int, w *journal.Work) time.Duration {
	s := m.Now
	if n := m.State.Changes; n > 0 && time.Duration(m.Scenario.Interventions[n-1].At) > w.Since {
		then := m.Scenario.At(w.Since)
		s = &then
	}
	c := &s.Consumers[consumer]
	if w.Resting {
		return c.Handling().Pause(int(w.Attempt))
	}
	return m.run.chance.Service(c, consumer, scenario.Attempt(int(w.Producer), w.Number, int(w.Attempt)))
}
