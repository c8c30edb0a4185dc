package main

import (
	"bufio"
	"fmt"
	"io"
	"time"

	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// printer writes a run in one of the formats.
type printer struct {
	print  func(journal.Record)
	finish func() error // what is left to say; the first error of writing
}

// newPrinter is the printer of a format. A start that is not zero is the real
// moment the run began. With flush, each line is written at once.
func newPrinter(format string, s scenario.Scenario, start time.Time, out io.Writer, flush bool) (printer, error) {
	w := bufio.NewWriter(out) // keeps its first error, which finish then returns
	written := func() {
		if flush {
			w.Flush()
		}
	}
	switch format {
	case "log":
		log := journal.NewLog(s, len(s.Consumers), start)
		return printer{func(r journal.Record) {
			if r.Kind.HasLine() {
				fmt.Fprintln(w, log.Line(r))
				written()
			}
		}, w.Flush}, nil
	case "jsonl":
		var line []byte
		return printer{func(r journal.Record) {
			line = journal.AppendJSON(line[:0], r, s)
			w.Write(line)
			written()
		}, w.Flush}, nil
	case "stats":
		stats := newStats(s)
		return printer{stats.observe, func() error {
			if err := stats.print(w); err != nil {
				return err
			}
			return w.Flush()
		}}, nil
	default:
		return printer{}, fmt.Errorf("-o: format %q is unknown: use log, jsonl or stats", format)
	}
}
