package play

import (
	"fmt"
	"time"

	"github.com/spillway-go/spillway/app/format"
	"github.com/spillway-go/spillway/broker/lab/estimate"
)

// trip is the way of the playhead to where it was sent, where that has not been
// simulated yet.
type trip struct {
	from    uint64        // records there were at its beginning
	spent   time.Duration // on the screen
	left    float64       // seconds that it takes on: it waits for an answer
	allowed bool          // whoever sent it knows what it costs
}

const (
	// fair is how long a way is gone before what is left is told: so much is needed to
	// measure how fast the device is at this very scenario.
	fair = 500 * time.Millisecond
	// dear is how long, in seconds, what is left has to take for it to be asked whether
	// to go on.
	dear = 10
)

// travel brings the playhead nearer to where it was sent. After a fair while it waits
// where what is left is dear and nobody has said that they want it.
func (p *Player) travel(elapsed time.Duration, more func() bool) {
	if p.trip.left > 0 {
		return
	}
	p.catchUp(more)
	if p.trip.spent += elapsed; p.trip.allowed || p.trip.spent < fair || !p.CatchingUp() {
		return
	}
	rate := float64(p.run.journal.Next()-p.trip.from+1) / p.trip.spent.Seconds()
	if left := p.ahead() / rate; left > dear {
		p.trip.left = left
	} else {
		p.trip.spent, p.trip.from = 0, p.run.journal.Next() // it is looked at again
	}
}

// ahead is about how many records lie before where the playhead was sent.
func (p *Player) ahead() float64 {
	return max(0, estimate.Of(p.Scenario, p.goal).Records-float64(p.run.journal.Next()))
}

// RunDear goes on to where the playhead was sent, whatever it costs.
type RunDear struct{}

func (RunDear) update(m *Model) {
	m.trip.left, m.trip.allowed = 0, true
	m.Notice = Notice{}
}

// askWhetherDear asks about a way that is dear. Without an answer the playhead stays
// where it is.
func (m *Model) askWhetherDear() {
	switch {
	case m.trip.left == 0:
	case m.Notice.Dear: // it is being asked
	case m.trip.spent > 0:
		m.trip.spent = 0
		m.Notice = Notice{Dear: true, Text: fmt.Sprintf("Up to %s there are %s records: about %s on this device.",
			format.Clock(m.goal), estimate.Number(m.ahead()), estimate.Time(m.trip.left))}
	default:
		m.trip.left = 0
		m.goal = m.at
	}
}

// fullText says why a run goes no further.
func fullText(m *Moment) string {
	waiting, stored := 0, 0
	for i := range m.State.Consumers {
		waiting += m.State.Consumers[i].Depth
		stored += m.State.Consumers[i].Backlog
	}
	return fmt.Sprintf("The run ends here, before its time: it has used up the %s MB of memory that a run may take in the page. %s events wait in buffers and %s in the repository. The terminal can give it more.",
		format.Count(ceiling/1_000_000), format.Count(uint64(waiting)), format.Count(uint64(stored)))
}
