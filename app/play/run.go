package play

import (
	"cmp"
	"time"

	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/scenario"
	"github.com/spillway-go/spillway/broker/lab/sim"
)

// Window is how many records of a run can be scrubbed through: 32 MB, and as much
// again for who waited where. Memory is taken as they come.
const Window = 1 << 20

// ceiling is how many bytes of memory a run may take: its journal, the events that
// exist, buffers and the repository. What else it has does not grow.
const ceiling = 256_000_000

// run is a run of a scenario as far as it has been simulated.
type run struct {
	sim     *sim.Sim
	journal *journal.Journal
	chance  *scenario.Chance
	marks   Marks
	latency *journal.Latency

	full bool          // it has come to the ceiling, and goes no further
	last time.Duration // the last moment before that, if it has

	instant Instant       // that was looked at last
	shown   time.Duration // the latest moment that has been shown
	told    uint64        // the records whose marks and latencies are counted: those up to then
}

func newRun(s scenario.Scenario, keep int) (*run, error) {
	r := &run{
		journal: journal.New(cmp.Or(keep, Window), s, len(s.Producers), len(s.Consumers)),
		chance:  s.Chance(),
		latency: journal.NewLatency(len(s.Consumers)),
		marks:   Marks{Duration: time.Duration(s.Duration)},
	}
	var err error
	r.sim, err = sim.New(s, func(rec *journal.Record) {
		r.journal.Append(rec)
		if r.told+1 == r.journal.Next() && rec.At <= r.shown {
			r.observe(rec)
		}
		if r.journal.Next()%weighEvery == 0 && !r.full && r.sim.Held()+r.journal.Held() > ceiling {
			r.full, r.last = true, rec.At-1
		}
	})
	return r, err
}

func (r *run) observe(rec *journal.Record) {
	r.told++
	r.marks.observe(rec)
	r.latency.Observe(*rec)
}

// tell counts what has been simulated ahead, up to a moment and a position that are shown now.
func (r *run) tell(t time.Duration, position uint64) {
	r.shown = max(r.shown, t)
	for r.told = max(r.told, r.journal.First()); r.told < position; {
		rec := r.journal.At(r.told)
		r.observe(&rec)
	}
}

// ends says that the run goes no further.
func (r *run) ends() bool { return r.sim.Done() || r.full }

// weighEvery is after how many records it is looked at how much memory they take: it
// is the same on every device where a run ends for want of it.
const weighEvery = 1024

// advance simulates up to and including t, for as long as more says so, and while there
// is memory; see sim.AdvanceWhile.
func (r *run) advance(t time.Duration, more func() bool) {
	if !r.full {
		r.sim.AdvanceWhile(t, func() bool { return !r.full && more() })
	}
}

// step simulates the next record at least, and says whether there was one. Not all
// that a simulation does leaves a record: when a consumer subscribes, nothing happens.
func (r *run) step() bool {
	before := r.journal.Next()
	for r.journal.Next() == before && !r.sim.Done() && !r.full {
		r.sim.StepWhile(func() bool { return false })
	}
	return r.journal.Next() > before
}

// reached is up to when all is there that happens.
func (r *run) reached() time.Duration {
	if r.full {
		return max(0, min(r.last, r.sim.Reached()))
	}
	return r.sim.Reached()
}
