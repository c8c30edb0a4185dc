package main

import (
	"context"
	"fmt"
	"io"
	"runtime/debug"
	"time"

	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/scenario"
	"github.com/spillway-go/spillway/broker/lab/sim"
)

// virtual is a run on virtual time.
type virtual struct {
	scenario scenario.Scenario
	printer  printer
	memory   size      // that it may take
	progress io.Writer // where to tell how far it is; nil: nowhere
}

// run runs it to its end, or to where the context is done, the memory is used up or
// nothing can be written any more. What has been printed by then is marked as a part.
func (v virtual) run(ctx context.Context) error {
	// The garbage of a large run may take as much again, but no more than that is needed.
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(int64(v.memory) * 5 / 4))
	records := 0
	var run *sim.Sim
	run, err := sim.New(v.scenario, func(r *journal.Record) {
		records++
		v.printer.print(*r)
		if ctx.Err() != nil {
			run.Ask() // a thousand lines more would take seconds where they are read slowly
		}
	})
	if err != nil {
		return err
	}
	defer run.Close()
	told := newProgress(v.scenario, v.progress)
	goOn := func() bool {
		told.tell(records, run.Reached())
		return ctx.Err() == nil && v.printer.err() == nil && size(run.Held()) <= v.memory
	}
	if goOn() {
		run.AdvanceWhile(sim.Never, goOn)
	}
	told.clear()
	at := max(run.Reached(), 0)
	switch {
	case run.Done(), v.printer.err() != nil:
	case ctx.Err() != nil:
		run.Stop(signal(ctx))
		v.printer.partial(at, context.Cause(ctx).Error())
	default:
		why := fmt.Sprintf("it takes more than %s of memory; -memory gives it more", text(v.memory))
		v.printer.partial(at, why)
		return fmt.Errorf("run: the result is a part: it ends at %v of %v, where %s", at, v.scenario.Duration, why)
	}
	return nil
}

func text(s size) string {
	t, _ := s.MarshalText()
	return string(t)
}

// tellEvery is how often progress is told, from then on.
const tellEvery = 200 * time.Millisecond
