package play

import (
	"fmt"
	"time"

	"github.com/spillway-go/spillway/app/format"
	"github.com/spillway-go/spillway/broker/lab/estimate"
)

// trip is what is known of a playhead that was sent to where the run has not been
// simulated yet.
type trip struct {
	from    uint64        // records there were when the measuring began
	spent   time.Duration // measured so far, on the screen
	left    float64       // seconds to go: unless 0, the playhead waits for an answer
	allowed bool          // the user knows what it costs
}

const (
	// measureFor is how long the speed of this device is measured at this very scenario
	// before it is used to say how long the rest takes.
	measureFor = 500 * time.Millisecond
	// expensive is how many seconds the rest has to take for the user to be asked.
	expensive = 10
)

// travel brings the playhead nearer to where it was sent. Once the speed is known it
// waits, if the rest is expensive and the user has not allowed it.
func (p *Player) travel(elapsed time.Duration, more func() bool) {
	if p.trip.left > 0 {
		return
	}
	p.catchUp(more)
	if p.trip.spent += elapsed; p.trip.allowed || p.trip.spent < measureFor || !p.CatchingUp() {
		return
	}
	rate := float64(p.run.journal.Next()-p.trip.from+1) / p.trip.spent.Seconds()
	if left := p.left() / rate; left > expensive {
		p.trip.left = left
	} else {
		p.trip.spent, p.trip.from = 0, p.run.journal.Next() // measured anew
	}
}

// left is about how many records lie before where the playhead was sent.
func (p *Player) left() float64 {
	return max(0, estimate.Of(p.Scenario, p.goal).Records-float64(p.run.journal.Next()))
}

// RunExpensive goes on to where the playhead was sent, whatever it costs.
type RunExpensive struct{}

func (RunExpensive) update(m *Model) {
	m.trip.left, m.trip.allowed = 0, true
	m.Notice = Notice{}
}

// askBeforeExpensive asks whether to go on where the rest is expensive. Without an
// answer the playhead stays where it is.
func (m *Model) askBeforeExpensive() {
	switch {
	case m.trip.left == 0:
	case m.Notice.Expensive: // it is being asked
	case m.trip.spent > 0:
		m.trip.spent = 0
		m.Notice = Notice{Expensive: true, Text: fmt.Sprintf("Up to %s there are %s records: about %s on this device.",
			format.Clock(m.goal), estimate.Number(m.left()), estimate.Time(m.trip.left))}
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
