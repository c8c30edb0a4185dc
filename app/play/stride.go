package play

import (
	"time"

	"github.com/spillway-go/spillway/broker/lab/journal"
)

// stride is the last step, while nothing else has moved the playhead. It is seen as if it were played: the record
// that it leads to counts once what moves because of it has arrived. Then the time stands still, but for what
// goes on because of that record.
type stride struct {
	on     bool
	before journal.State // what is shown until the record counts
	was    time.Duration // and the time that is shown
	begins time.Duration // on the visual clock
	ends   time.Duration
	spent  time.Duration // since the step, on the screen
}

// coming says that the record is not yet seen.
func (s *stride) coming() bool { return s.on && s.spent < s.lasts() }

// lasts is how long it takes on the screen until the record counts.
func (s *stride) lasts() time.Duration { return min(s.ends-s.begins, FlightTime) }

// seen is what the visual clock shows.
func (s *stride) seen() time.Duration {
	if !s.coming() {
		return s.ends
	}
	return s.begins + time.Duration(float64(s.ends-s.begins)*float64(s.spent)/float64(s.lasts()))
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
	s, begins := &p.stride, p.seen
	s.before, s.was = p.view.Clone(), p.at
	p.stand(to)
	if by > 0 && !p.ReducedMotion {
		s.begins, s.spent = max(p.comesAbout(to-1), min(begins, s.ends)), 0
	}
}

// stand shows what the records up to a position have led to, though there may be more of that instant.
func (p *Player) stand(position uint64) {
	j := p.run.journal
	j.Seek(&p.view, position)
	p.at = p.view.At
	p.goal, p.seen = p.at, p.at
	if position > j.First() {
		p.run.instant.read(j, position-1, true)
		p.seen += p.run.instant.after(position - 1)
	}
	s := &p.stride
	s.on, s.begins, s.ends, s.spent = true, p.seen, p.seen, FlightTime
	p.run.tell(p.at, position)
	p.lookAhead(ClickBudget())
}

// comesAbout is when the record at a position begins to be seen to come about, if one steps to it.
func (p *Player) comesAbout(position uint64) time.Duration {
	i := &p.run.instant
	i.read(p.run.journal, position, true)
	switch kind := p.run.journal.At(position).Kind; {
	case position > i.First:
		return i.At + i.after(position-1)
	case kind == journal.Produced:
		return i.At - FlightTime
	default:
		return i.At
	}
}
