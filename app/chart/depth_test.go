package chart

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/app/playtest"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

func TestTheDepthsAreThoseOfTheJournal(t *testing.T) {
	m := playtest.Paused(scenario.Classic(), 8400*time.Millisecond)
	p := new(Plotter).depthPlot(m.Moment(), 300)
	if p.high() != 3 || len(p.lines) != 1 || p.lines[0].value != "3 / 3" || !p.lines[0].loud {
		t.Errorf("it reaches %v: %+v", p.high(), p.lines[0].entry)
	}
	for at, want := range map[float64]string{0.1: "0", 0.3: "1", 0.5: "2", 0.65: "3", 0.99: "3"} {
		r := p.Read(at)
		if len(r.lines) != 1 || r.lines[0].value != want {
			t.Errorf("at %v of the width it reads %+v, want %s", at, r, want)
		}
	}
	if got := p.Read(0.65).Words(); got != "00:06.5: consumer 3" {
		t.Errorf("in words it reads %q", got)
	}
}

// The run is ahead of what is shown: at 7 s an event leaves, which the chart does not tell before.
func TestTheDepthDoesNotTellWhatTheRunIsAhead(t *testing.T) {
	m := playtest.Paused(scenario.Classic(), 6998*time.Millisecond)
	p := new(Plotter).depthPlot(m.Moment(), 300)
	spans := p.lines[0].spans
	if last := spans[len(spans)-1]; last != (span{3, 3, 3}) || m.Journal().Head().At < 7*time.Second {
		t.Errorf("the last column is %+v, and the run is at %v", last, m.Journal().Head().At)
	}
}

func TestWhatWaitsInTheRepositoryIsALineOfItsOwn(t *testing.T) {
	preset, err := scenario.FindPreset("spill")
	if err != nil {
		t.Fatal(err)
	}
	m := playtest.Paused(preset.Scenario, time.Duration(preset.Duration))
	p := new(Plotter).depthPlot(m.Moment(), 300)
	l := p.lines[len(p.lines)-1]
	high := 0.0
	for _, s := range l.spans {
		high = max(high, s.high)
	}
	if l.name != "repository" || high < 5 {
		t.Errorf("the last line is %s, up to %v", l.name, high)
	}
}

func TestAChangedBufferMovesItsLimit(t *testing.T) {
	m := playtest.Paused(scenario.Classic(), 4*time.Second)
	play.Update(m, playtest.SetBuffer(7))
	play.Update(m, play.Seek{At: 6 * time.Second})
	steps := roomOver(m.Moment(), 0)
	if len(steps) != 2 || steps[0].value != 3 || steps[1].value != 7 || steps[1].from != 4*time.Second+1 {
		t.Errorf("the steps are %v", steps)
	}
}

func TestLinesOfSixteenConsumersCanBeToldApart(t *testing.T) {
	p := new(Plotter).depthPlot(playtest.Paused(labtest.Many(1, 16, 3), 5*time.Second).Moment(), 300)
	seen := map[string]bool{}
	for _, l := range p.lines {
		look := fmt.Sprint(l.ink, l.dash)
		if seen[look] {
			t.Errorf("%s looks like another", l.name)
		}
		seen[look] = true
	}
	for i := range 4 {
		for j := range i {
			if p.lines[i].dash == p.lines[j].dash {
				t.Errorf("lines %d and %d differ in colour only", i, j)
			}
		}
	}
}

func TestTheSelectedConsumerStandsOut(t *testing.T) {
	m := playtest.Paused(labtest.Many(2, 3, 3), 8*time.Second)
	play.Update(m, play.Select{Subject: m.Roster.Subject(play.Selection{Role: scenario.OfConsumer, Actor: 1})})
	p := new(Plotter)
	for i, l := range p.depthPlot(m.Moment(), 300).lines {
		if l.faint != (i != 1) {
			t.Errorf("line %d is faint: %v", i, l.faint)
		}
	}
	name := m.Scenario.Consumers[1].Name
	if unit := p.ratePlot(m.Moment(), 300).unit; !strings.HasPrefix(unit, name+": ") {
		t.Errorf("the rates are of %q", unit)
	}
	if b := p.latencyPlot(m.Moment(), 300); b.total != m.View().Consumers[1].Handled {
		t.Errorf("the histogram has %d events", b.total)
	}
}
