package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"syscall"
	"time"

	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/live"
	"github.com/spillway-go/spillway/broker/lab/scenario"
	"github.com/spillway-go/spillway/cmd/internal/interrupt"
)

// run is the run command.
func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("run", flag.ContinueOnError)
	onVirtualTime := flags.Bool("virtual", false, "")
	format := flags.String("o", "log", "")
	seed := flags.Uint64("seed", 0, "")
	memory := size(1000 * megabyte)
	flags.TextVar(&memory, "memory", memory, "")
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
		if s, err = load(ctx, flags.Arg(0)); err != nil {
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
	if !*onVirtualTime {
		start = time.Now()
	}
	p, err := newPrinter(*format, s, start, out, !*onVirtualTime)
	if err != nil {
		return mistake{fmt.Errorf("run: %w", err)}
	}
	if *onVirtualTime {
		err = virtual{s, p, memory, progressTo(out)}.run(ctx)
	} else {
		err = runLive(ctx, s, p)
	}
	return errors.Join(err, p.finish())
}

func runLive(ctx context.Context, s scenario.Scenario, p printer) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	print := func(r journal.Record) {
		if p.print(r); p.err() != nil {
			cancel(p.err())
		}
	}
	// The run is told the signal in its own terms.
	run, end := context.WithCancelCause(context.WithoutCancel(ctx))
	defer context.AfterFunc(ctx, func() { end(live.Signal(signal(ctx))) })()
	return live.Run(run, s, print)
}

// progressTo is where to tell how far a run is: on standard error, if that is a terminal
// and what is printed goes elsewhere.
func progressTo(out io.Writer) io.Writer {
	if w, ok := out.(*watched); ok {
		out = w.Writer
	}
	if !isTerminal(os.Stderr) || out == os.Stdout && isTerminal(os.Stdout) {
		return nil
	}
	return os.Stderr
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	null, nullErr := os.Stat(os.DevNull)
	return err == nil && nullErr == nil && info.Mode()&os.ModeCharDevice != 0 && !os.SameFile(info, null)
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
