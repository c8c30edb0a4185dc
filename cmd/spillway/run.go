package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"syscall"
	"time"

	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/live"
	"github.com/spillway-go/spillway/broker/lab/scenario"
	"github.com/spillway-go/spillway/broker/lab/sim"
	"github.com/spillway-go/spillway/cmd/internal/interrupt"
)

// run is the run command.
func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("run", flag.ContinueOnError)
	virtual := flags.Bool("virtual", false, "")
	format := flags.String("o", "log", "")
	seed := flags.Uint64("seed", 0, "")
	var duration scenario.Duration
	flags.TextVar(&duration, "duration", duration, "")
	if err := parse(flags, args); errors.Is(err, flag.ErrHelp) {
		_, err := io.WriteString(out, usage)
		return err
	} else if err != nil {
		return mistake{fmt.Errorf("run: %w", err)}
	}
	if flags.NArg() > 1 {
		return mistake{fmt.Errorf("run: takes one scenario, not %d; flags come before it", flags.NArg())}
	}

	s := scenario.Classic()
	if flags.NArg() == 1 {
		var err error
		if s, err = load(flags.Arg(0)); err != nil {
			return mistake{fmt.Errorf("run: %w", err)}
		}
	}
	flags.Visit(func(f *flag.Flag) {
		switch f.Name {
		case "seed":
			s.Seed = *seed
		case "duration":
			s.Duration = duration
		}
	})
	if err := s.Validate(); err != nil {
		return mistake{fmt.Errorf("run: %w", err)}
	}

	var start time.Time // the scenario's own
	if !*virtual {
		start = time.Now()
	}
	p, err := newPrinter(*format, s, start, out, !*virtual)
	if err != nil {
		return mistake{fmt.Errorf("run: %w", err)}
	}
	if *virtual {
		err = runVirtual(ctx, s, p.print)
	} else {
		err = runLive(ctx, s, p.print)
	}
	return errors.Join(err, p.finish())
}

func runLive(ctx context.Context, s scenario.Scenario, print func(journal.Record)) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	// The run is told the signal in its own terms.
	run, end := context.WithCancelCause(context.WithoutCancel(ctx))
	defer context.AfterFunc(ctx, func() { end(live.Signal(signal(ctx))) })()
	return live.Run(run, s, print)
}

// runVirtual runs on virtual time. A signal ends it where it is.
func runVirtual(ctx context.Context, s scenario.Scenario, print func(journal.Record)) error {
	run, err := sim.New(s, func(r *journal.Record) { print(*r) })
	if err != nil {
		return err
	}
	for n := 0; run.Step(); n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			run.Stop(signal(ctx))
		}
	}
	return nil
}

// signal is the number of the signal that ended ctx.
func signal(ctx context.Context) uint64 {
	var by interrupt.Error
	if errors.As(context.Cause(ctx), &by) {
		if s, ok := by.Signal.(syscall.Signal); ok {
			return uint64(s)
		}
	}
	return journal.SignalInterrupt
}
