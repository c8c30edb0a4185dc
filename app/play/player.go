package play

import (
	"time"

	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// Player is one run with its playhead, and what of it is looked at.
type Player struct {
	Scenario scenario.Scenario // of the run, with what the user did in it
	Roster   Roster            // who its actors are

	Playing       bool
	Speed         Speed   // asked for
	Actual        float64 // times real time; what the device reaches while it plays
	ReducedMotion bool    // events jump
	Window        int     // how many records of the next run can be scrubbed through; 0: as many as usual

	Selected Subject
	Hovered  Subject // what the pointer or the focus is on

	run  *run
	at   time.Duration // the playhead: the moment that is shown
	goal time.Duration // where the playhead was sent; ahead of at until the run has come so far
	trip trip          // to the goal
	view journal.State // of the moment that is shown

	// After a step the time stands still, but the stage glides for a moment to
	// show where the step led: for so long by now, in real time.
	stepped bool
	glide   time.Duration

	settings *settings // of the moment that is shown
	shown    *Moment
}

// At is the moment that is shown, since the start of the run.
func (p *Player) At() time.Duration { return p.at }

// View is the state at that moment. It is valid until the playhead moves.
func (p *Player) View() *journal.State { return &p.view }

// Journal is the journal of the run.
func (p *Player) Journal() *journal.Journal { return p.run.journal }

// Duration is how long the run may last.
func (p *Player) Duration() time.Duration { return time.Duration(p.Scenario.Duration) }

// Over says that the run has ended and its end is shown.
func (p *Player) Over() bool { return p.view.Quit }

// CatchingUp says that the run has not yet come to where the playhead was sent.
func (p *Player) CatchingUp() bool { return p.at < p.goal || p.run.reached() < 0 }

// Now is the scenario with the settings of the moment that is shown, and with all
// its actors, also those who are gone: a copy to try changes on.
func (p *Player) Now() scenario.Scenario { return p.Moment().Now.Clone() }

// Gone says whether an actor of the run has been removed by now.
func (p *Player) Gone(role scenario.Role, actor int) bool { return p.Moment().Gone(role, actor) }

// Ended says that nothing can be done in the run any more: a change begins another.
func (p *Player) Ended() bool { return p.Moment().Ended() }

// Selection is what is selected, where it is in the run.
func (p *Player) Selection() Selection { return p.Roster.Selection(p.Selected) }

// Advance lets time pass on the screen. While more answers true there is time left
// to simulate.
func (p *Player) Advance(elapsed time.Duration, more func() bool) {
	if p.stepped {
		p.glide += elapsed
	}
	switch {
	case p.CatchingUp():
		p.travel(elapsed, more)
	case p.Playing && p.Over():
		p.Playing = false
	case p.Playing:
		from := p.at
		p.goal = p.Duration()
		if p.Speed != Max {
			p.goal = min(p.goal, p.at+time.Duration(float64(elapsed)*float64(p.Speed)))
		}
		p.catchUp(more)
		p.goal = p.at // what the device can't do in time is not owed
		p.measure(p.at-from, elapsed)
		p.Playing = !p.Over() && !p.run.full
	}
}

// assumeSpeed takes it that the device reaches the speed, until that is measured.
func (p *Player) assumeSpeed() { p.Actual = float64(min(p.Speed, 1000)) }

// measure keeps the speed that is reached, smoothed over about half a second.
func (p *Player) measure(simulated, elapsed time.Duration) {
	if elapsed <= 0 {
		return
	}
	now := float64(simulated) / float64(elapsed)
	weight := min(1, elapsed.Seconds()/0.5)
	p.Actual += weight * (now - p.Actual)
}

// catchUp brings the playhead to its goal, or as near as there is time for.
func (p *Player) catchUp(more func() bool) {
	p.run.advance(p.goal, more)
	p.show(min(p.goal, p.run.reached()))
	if p.run.sim.Done() || p.run.full {
		p.goal = min(p.goal, max(p.run.reached(), 0)) // nothing comes after the end
	}
}

// show moves the playhead to a moment that has been simulated.
func (p *Player) show(t time.Duration) {
	j := p.run.journal
	if first := j.First(); first > 0 {
		t = max(t, j.At(first-1).At) // older records are forgotten
	}
	p.at, p.stepped, p.glide = max(t, 0), false, 0 // less than 0: in the middle of the first moment
	j.Seek(&p.view, j.Search(t))
}

// send sends the playhead to a moment and goes there as far as can be done at once.
func (p *Player) send(t time.Duration) {
	p.goal, p.trip = min(max(t, 0), p.Duration()), trip{from: p.run.journal.Next()}
	p.catchUp(ClickBudget())
}

// step moves by one record of the journal, forward or back.
func (p *Player) step(by int) {
	j, to := p.run.journal, p.view.Position
	switch {
	case p.CatchingUp():
		return
	case by < 0 && to > j.First():
		to--
	case by > 0 && to == j.Next() && !p.run.step():
		return
	case by > 0:
		to++
	default:
		return
	}
	before := p.at
	j.Seek(&p.view, to)
	p.at = p.view.At
	p.goal = p.at
	p.stepped = by > 0
	switch {
	case by < 0 || p.at != before:
		p.glide = 0 // another moment: what flies starts anew
	default:
		p.glide = min(p.glide, headStart(j.At(to-1)))
	}
}

// atHead says whether nothing has been simulated beyond what is shown.
func (p *Player) atHead() bool {
	return p.at == p.run.reached() && p.view.Position == p.run.journal.Next()
}
