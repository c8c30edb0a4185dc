// Command spillway is the terminal: the example, and any other scenario, live or
// on virtual time.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/spillway-go/spillway/broker/lab/scenario"
	"github.com/spillway-go/spillway/cmd/internal/interrupt"
	"github.com/spillway-go/spillway/cmd/internal/version"
)

const usage = `Usage:

  spillway                      run the example for 10 s: real goroutines, real time
  spillway run [flags] [SCENARIO]
                                run a scenario; the classic if none is named
      -virtual                  on virtual time, as fast as it can
      -o log|jsonl|stats        what to print (default log); stats stand
                                beside what theory expects
      -seed N                   another seed
      -duration D               another duration, such as 30s
      -memory SIZE              what a run on virtual time may take of it
                                (default 1000MB); where that is used up the
                                run ends, and what is printed is marked as a part
  spillway presets              list the presets
  spillway link SCENARIO        print the fragment of the link that carries it
  spillway -version             tell the version

A SCENARIO is a preset, a JSON file, or a link. Ctrl-C ends a run gracefully.
`

func main() {
	ctx, stop := interrupt.Context(context.Background())
	defer stop()
	err := untilBlocked(ctx, os.Stdout, func(out io.Writer) error { return spillway(ctx, os.Args[1:], out) })
	if err != nil {
		fmt.Fprintln(os.Stderr, "spillway:", err)
	}
	os.Exit(status(err))
}

// mistake is an error of whoever typed the command.
type mistake struct{ error }

func (m mistake) Unwrap() error { return m.error }

// status is 0 for success, 2 for a mistake in the command or its files, 1 for
// whatever else went wrong.
func status(err error) int {
	switch {
	case err == nil:
		return 0
	case errors.As(err, new(interrupt.Error)):
		return 1
	case errors.As(err, new(mistake)):
		return 2
	default:
		return 1
	}
}

// spillway does what the arguments ask for.
func spillway(ctx context.Context, args []string, out io.Writer) error {
	if len(args) == 0 {
		return run(ctx, nil, out)
	}
	switch command, args := args[0], args[1:]; command {
	case "run":
		return run(ctx, args, out)
	case "presets":
		if len(args) > 0 {
			return mistake{fmt.Errorf("presets: takes no arguments, not %q", args[0])}
		}
		return presets(out)
	case "link":
		return link(ctx, args, out)
	case "version", "-version", "--version":
		_, err := fmt.Fprintln(out, version.String())
		return err
	case "help", "-h", "-help", "--help":
		_, err := io.WriteString(out, usage)
		return err
	default:
		return mistake{fmt.Errorf("command %q is unknown: use run, presets, link or help", command)}
	}
}

func presets(out io.Writer) error {
	for _, p := range scenario.Presets() {
		if _, err := fmt.Fprintf(out, "%-14s %s. %s\n", p.ID, p.Title, p.Caption); err != nil {
			return err
		}
	}
	return nil
}

func link(ctx context.Context, args []string, out io.Writer) error {
	if len(args) != 1 {
		return mistake{fmt.Errorf("link: takes one scenario, not %d", len(args))}
	}
	s, err := load(ctx, args[0])
	if err != nil {
		return mistake{err}
	}
	_, err = fmt.Fprintln(out, scenario.Link(s, 0))
	return err
}

// parse reads flags in the way of this program: a mistake is one sentence.
func parse(flags *flag.FlagSet, args []string) error {
	flags.SetOutput(io.Discard)
	flags.Usage = func() {}
	return flags.Parse(args)
}
