package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// printer writes a run in one of the formats.
type printer struct {
	print  func(journal.Record)
	part   func(at time.Duration, why string) // says that the rest is missing
	finish func() error                       // what is left to say; the first error of writing
	out    *output
}

// partial says that the run goes on after a moment, and why it is not printed further.
func (p printer) partial(at time.Duration, why string) { p.part(at, why) }

// err is the first error of writing.
func (p printer) err() error { return p.out.failed }

// output remembers its first error, also while nothing is flushed.
type output struct {
	io.Writer
	failed error
}

func (o *output) Write(text []byte) (int, error) {
	if o.failed != nil {
		return 0, o.failed
	}
	n, err := o.Writer.Write(text)
	o.failed = err
	return n, err
}

// newPrinter is the printer of a format. A start that is not zero is the real
// moment the run began. With flush, each line is written at once.
func newPrinter(format string, s scenario.Scenario, start time.Time, to io.Writer, flush bool) (printer, error) {
	out := &output{Writer: to}
	w := bufio.NewWriter(out) // keeps its first error, which finish then returns
	written := func() {
		if flush {
			w.Flush()
		}
	}
	p := printer{out: out, finish: w.Flush}
	switch format {
	case "log":
		log := journal.NewLog(s, len(s.Consumers), start)
		p.print = func(r journal.Record) {
			if r.Kind.HasLine() {
				fmt.Fprintln(w, log.Line(r))
				written()
			}
		}
		p.part = func(at time.Duration, why string) {
			fmt.Fprintf(w, "partial: the run ends at %v of %v: %s\n", at, s.Duration, why)
		}
	case "jsonl":
		var line []byte
		p.print = func(r journal.Record) {
			line = journal.AppendJSON(line[:0], r, s)
			w.Write(line)
			written()
		}
		p.part = func(at time.Duration, why string) { json.NewEncoder(w).Encode(part{at.Seconds(), s.Duration, why}) }
	case "stats":
		stats := newStats(s)
		p.print = stats.observe
		p.part = func(at time.Duration, why string) { stats.part = &part{at.Seconds(), s.Duration, why} }
		p.finish = func() error {
			if err := stats.print(w); err != nil {
				return err
			}
			return w.Flush()
		}
	default:
		return printer{}, fmt.Errorf("-o: format %q is unknown: use log, jsonl or stats", format)
	}
	return p, nil
}

// part says that the rest of a run is missing.
type part struct {
	At  float64           `json:"partial"` // the run ends there, in seconds
	Of  scenario.Duration `json:"of"`
	Why string            `json:"why"`
}
