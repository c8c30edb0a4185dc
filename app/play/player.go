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
	Auto          bool    // it is the one that fits the scenario
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

	seen   time.Duration // what the visual clock shows of it
	flowed bool          // it was moved to at a speed that leaves no single events to see
	stride stride

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
	if p.stride.on {
		p.stride.spent += elapsed
	}
	switch {
	case p.CatchingUp():
		p.travel(elapsed, more)
	case p.Playing && p.Over():
		p.Playing = false
	case p.Playing && (p.flows() || p.ReducedMotion):
		from := p.at
		p.goal = p.Duration()
		if p.Speed != Max {
			p.goal = min(p.goal, p.at+time.Duration(float64(elapsed)*float64(p.Speed)))
		}
		p.catchUp(more)
		p.goal = p.at // what the device can't do in time is not owed
		p.measure(p.at-from, elapsed)
		p.Playing = !p.Over() && !p.run.full
	case p.Playing:
		p.watch(elapsed, more)
	}
}

// watch lets the visual clock go on, as long as the run is ahead of it.
func (p *Player) watch(elapsed time.Duration, more func() bool) {
	j, i, from := p.run.journal, &p.run.instant, p.seen
	if last := p.view.Position; p.stride.on { // its instant takes as long as all others from now on
		p.stride.on, from = false, p.at
		if last > j.First() {
			i.read(j, last-1, false)
			from += i.after(last - 1)
		}
	}
	to := from + time.Duration(float64(elapsed)*float64(p.Speed))
	p.run.advance(to, more)
	switch p.ahead(to, Horizon, more); {
	case p.run.ends():
		to = min(to, p.run.reached()+Horizon)
	case p.farAhead():
		to = min(to, p.run.reached())
	default:
		to = min(to, p.run.reached()-Horizon)
	}
	p.seen = max(from, to)
	p.at = p.seen
	position := j.Search(p.seen)
	if position > j.First() {
		i.read(j, position-1, false)
		p.at = i.clock(p.seen)
		for position > i.First && i.At+i.after(position-1) > p.seen {
			position--
		}
	}
	p.at = min(p.at, p.run.reached())
	j.Seek(&p.view, position)
	p.goal = p.at
	p.run.tell(p.at, position)
	p.measure(p.seen-from, elapsed)
	p.Playing = !p.Over() && !(p.run.full && p.seen >= p.run.reached())
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
	p.run.shown = max(p.run.shown, p.goal) // what comes up to then counts as it comes
	p.run.advance(p.goal, more)
	p.show(min(p.goal, p.run.reached()))
	if p.run.ends() {
		p.goal = min(p.goal, max(p.run.reached(), 0)) // nothing comes after the end
	}
	p.lookAhead(more)
}

// lookAhead simulates what is seen to be on its way at the moment that is shown.
func (p *Player) lookAhead(more func() bool) {
	switch {
	case p.CatchingUp() || p.ReducedMotion:
	case !p.flows():
		p.flowed = false
		p.ahead(p.at, Horizon, more)
		p.settle()
	default:
		p.flowed = true
		if p.Speed <= 10 { // else there is too much to tell it apart
			p.ahead(p.at, passing(p.Speed), more)
		}
	}
}

// single brings single events back where they can be seen again: what had them flow, a
// speed or that time passes, has ended.
func (p *Player) single() {
	if p.flowed && !p.flows() {
		p.lookAhead(ClickBudget())
	}
}

// farthest is how many records the run is ahead of what is shown, at the most.
const farthest = 1 << 15

func (p *Player) farAhead() bool { return p.run.journal.Next()-p.view.Position >= farthest }

// ahead simulates what is seen to be on its way at a moment.
func (p *Player) ahead(of, by time.Duration, more func() bool) {
	if !p.farAhead() {
		p.run.advance(of+by, func() bool { return !p.farAhead() && more() })
	}
}

// show moves the playhead to a moment that has been simulated.
func (p *Player) show(t time.Duration) {
	j := p.run.journal
	if first := j.First(); first > 0 {
		t = max(t, j.At(first-1).At) // older records are forgotten
	}
	p.at = max(t, 0) // less than 0: in the middle of the first moment
	p.stride.on = false
	j.Seek(&p.view, j.Search(t))
	p.run.tell(p.at, p.view.Position)
	p.settle()
}

// settle sets the visual clock to when all that has happened is seen.
func (p *Player) settle() {
	if p.stride.on {
		return
	}
	p.seen = p.at
	if j := p.run.journal; p.view.Position > j.First() {
		p.run.instant.read(j, p.view.Position-1, false)
		p.seen = p.run.instant.visual(p.at)
	}
}

// send sends the playhead to a moment and goes there as far as can be done at once.
func (p *Player) send(t time.Duration) {
	p.goal, p.trip = min(max(t, 0), p.Duration()), trip{from: p.run.journal.Next()}
	p.catchUp(ClickBudget())
}

// atHead says whether nothing has been simulated beyond what is shown.
func (p *Player) atHead() bool {
	return p.at == p.run.reached() && p.view.Position == p.run.journal.Next()
}

// now are the settings of the moment that is shown.
func (p *Player) now() *settings {
	if !p.settings.of(p) {
		p.settings = newSettings(p)
	}
	return p.settings
}
