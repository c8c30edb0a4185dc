package main

import (
	"fmt"
	"io"
	"time"

	"github.com/spillway-go/spillway/broker/lab/estimate"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// progress tells on a terminal how far a run is that takes longer than a moment, on one
// line that is written anew.
type progress struct {
	out      io.Writer
	scenario scenario.Scenario
	expected float64 // records
	began    time.Time
	told     time.Time
}

func newProgress(s scenario.Scenario, out io.Writer) *progress {
	now := time.Now()
	p := &progress{out: out, scenario: s, began: now, told: now}
	if out != nil {
		p.expected = estimate.Of(s, time.Duration(s.Duration)).Records
	}
	return p
}

func (p *progress) tell(records int, at time.Duration) {
	if p.out == nil {
		return
	}
	if now := time.Now(); now.Sub(p.told) >= tellEvery {
		p.told = now
		fmt.Fprintf(p.out, "\r%s\x1b[K", p.line(records, at, now.Sub(p.began)))
	}
}

// line is how far it is after so much time.
func (p *progress) line(records int, at, spent time.Duration) string {
	rate := float64(records) / spent.Seconds()
	line := fmt.Sprintf("%v of %v: %s of about %s records", at, p.scenario.Duration, estimate.Number(float64(records)), estimate.Number(max(p.expected, float64(records))))
	if left := (p.expected - float64(records)) / rate; left >= 1 {
		line += ", about " + estimate.Time(left) + " left"
	}
	return line
}

// clear takes the line away.
func (p *progress) clear() {
	if p.out != nil && p.told != p.began {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
}
