package app

import (
	"time"

	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/scenario"
	"github.com/spillway-go/spillway/broker/lab/sim"
)

// window is how many records of a run can be scrubbed through: 32 MB, and as much
// again for who waited where. Memory is taken as they come.
const window = 1 << 20

// run is a run of a scenario as far as it has been simulated.
type run struct {
	sim     *sim.Sim
	journal *journal.Journal
	chance  *scenario.Chance
	marks   Marks
	latency *journal.Latency
}

func newRun(s scenario.Scenario) (*run, error) {
	r := &run{
		journal: journal.New(window, s, len(s.Producers), len(s.Consumers)),
		chance:  s.Chance(),
		latency: journal.NewLatency(len(s.Consumers)),
		marks:   Marks{Duration: time.Duration(s.Duration)},
	}
	var err error
	r.sim, err = sim.New(s, func(rec *journal.Record) {
		r.journal.Append(rec)
		r.marks.observe(rec)
		r.latency.Observe(*rec)
	})
	return r, err
}

// advance simulates up to and including t, for as long as more says so; see
// sim.AdvanceWhile.
func (r *run) advance(t time.Duration, more func() bool) { r.sim.AdvanceWhile(t, more) }

// step simulates the next record at least, and says whether there was one. Not all
// that a simulation does leaves a record: when a consumer subscribes, nothing happens.
func (r *run) step() bool {
	before := r.journal.Next()
	for r.journal.Next() == before && !r.sim.Done() {
		r.sim.StepWhile(func() bool { return false })
	}
	return r.journal.Next() > before
}

// reached is up to when all is there that happens.
func (r *run) reached() time.Duration { return r.sim.Reached() }
