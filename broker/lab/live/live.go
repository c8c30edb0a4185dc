// Package live runs a scenario in real time: a goroutine for every producer and
// handler, the wall clock, and the real broker.
//
// Its journal is that of package sim, record for record, where no two things
// happen at the same moment and the clock is never late: that is tested on the
// fake clock of testing/synctest. On a real machine every record comes later than
// there, by what timers and the scheduler take: some ten microseconds, or a few
// milliseconds where the machine is busy. A service time and a pause begin when
// the event or the failure was recorded, so lateness adds up along a chain of
// them; a late beat of a producer does not delay the next. What is closer together
// than the lateness may happen in another order, and then what follows is another
// story too.
package live

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/record"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// Signal is the cause to cancel a run's context with when a signal ended it. Any
// other cause counts as an interrupt.
type Signal uint64

func (s Signal) Error() string { return fmt.Sprintf("ended by signal %d", uint64(s)) }

// errOver is the cause when the run has lasted as long as the scenario says.
var errOver = errors.New("the run is over")

// failure is the cause when one of the run's own parts could not go on.
type failure struct{ error }

// Run runs the scenario until its duration is over, one of its interventions
// interrupts it, or ctx is done. Then everything has ended when Run returns. It
// calls sink with everything that happens, in order and never concurrently.
func Run(ctx context.Context, s scenario.Scenario, sink func(journal.Record)) error {
	if err := s.Validate(); err != nil {
		return fmt.Errorf("live: %w", err)
	}
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	r := &run{
		ctx:       ctx,
		disk:      disk{events: broker.Memory{Limit: scenario.MaxBacklog}},
		end:       end,
		clock:     clock{start: time.Now(), end: time.Duration(s.Duration), sink: sink},
		scenario:  s.Clone(),
		chance:    s.Chance(),
		producers: make([]producerState, len(s.Producers)),
		consumers: make([]consumerState, len(s.Consumers)),
	}
	r.recorder = r.clock.recorder(r.clock.enter)
	over := time.AfterFunc(time.Duration(s.Duration), func() { end(errOver) })
	defer over.Stop()
	for i := range r.producers {
		r.producers[i].beats = r.producer(i)
	}
	if err := r.boot(); err != nil {
		return fmt.Errorf("live: %w", err)
	}
	r.intervene() // returns when ctx is done
	<-ctx.Done()
	r.process.kill()

	cause := context.Cause(ctx)
	failed, broken := cause.(failure)
	if cause != errOver && !broken {
		signal := Signal(journal.SignalInterrupt)
		errors.As(cause, &signal)
		r.recorder.Interrupted(uint64(signal))
	}
	r.recorder.Quit()
	if broken {
		return fmt.Errorf("live: %w", failed.error)
	}
	return nil
}

// run is what one call of Run works with.
type run struct {
	ctx      context.Context
	end      context.CancelCauseFunc
	clock    clock
	recorder *record.Recorder // of what concerns no process
	chance   *scenario.Chance
	disk     disk
	process  *process // only the goroutine of Run touches it

	mu        sync.Mutex
	scenario  scenario.Scenario // with the settings of now
	producers []producerState
	consumers []consumerState
}

// now is the time since the start of the run.
func (r *run) now() time.Duration { return time.Since(r.clock.start) }

func (r *run) fail(err error) {
	if err != nil {
		r.end(failure{err})
	}
}

// intervene does what the user of the scenario did, when the user did it, and
// lets consumers join.
func (r *run) intervene() {
	for i, v := range r.scenario.Interventions {
		if !r.sleep(time.Duration(v.At)) {
			return
		}
		if v.Do == scenario.Interrupt {
			r.end(Signal(journal.SignalInterrupt))
			return
		}
		if err := r.do(i, v); err != nil {
			r.fail(err)
			return
		}
	}
}

// sleep waits for a moment of the run, or says that it ended before.
func (r *run) sleep(until time.Duration) bool {
	due := time.NewTimer(until - r.now())
	defer due.Stop()
	select {
	case <-due.C:
		return r.ctx.Err() == nil
	case <-r.ctx.Done():
		return false
	}
}

func (r *run) do(index int, v scenario.Intervention) error {
	r.mu.Lock()
	r.scenario.Apply(v)
	r.mu.Unlock()
	if v.Do == scenario.Publish { // of which its event tells
		r.process.publishByHand(v.Actor)
		return nil
	}
	if v.Do == scenario.Crash {
		r.process.kill()
		r.recorder.Intervened(index, v)
		return r.boot()
	}
	r.recorder.Intervened(index, v)
	switch v.Do {
	case scenario.Stop:
		r.mu.Lock()
		r.producers[v.Actor].stopped = true
		r.mu.Unlock()
		r.producers[v.Actor].beats.Changed()
	case scenario.SetInterval, scenario.SetArrivals, scenario.SetBurst:
		r.producers[v.Actor].beats.Changed()
	case scenario.SetBuffer, scenario.SetOverflow:
		// Those that block last: what waits for them is offered to all of them.
		for _, blocks := range []bool{false, true} {
			for i := range r.consumers {
				if blocks != (r.scenario.Settings(i).Overflow == broker.Block) {
					continue
				}
				if err := r.process.adapt(i, v.Do); err != nil {
					return err
				}
			}
		}
	default:
		if v.Do.Role() == scenario.OfConsumer {
			return r.process.adapt(v.Actor, v.Do)
		}
	}
	return nil
}
