package sim_test

import (
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/scenario"
	"github.com/spillway-go/spillway/broker/lab/sim"
)

func TestAFullRepositoryRefuses(t *testing.T) {
	s := scenario.Classic()
	s.Producers[0].Interval, s.Producers[0].Burst = scenario.Duration(time.Millisecond), scenario.MaxBurst
	s.Consumers[0].Service = scenario.Duration(scenario.MaxTime)
	s.Broker = scenario.Broker{Buffer: 5, Overflow: broker.Spill}
	s.Duration = scenario.Duration(1100 * time.Millisecond)
	var spilled, produced int
	var last journal.Record
	run, err := sim.New(s, func(p *journal.Record) {
		r := *p
		switch r.Kind {
		case journal.Produced:
			produced++
		case journal.Spilled:
			spilled++
			if produced != spilled+6 || int(r.Depth) != spilled {
				t.Fatalf("after %d events %d are spilled: %+v", produced, spilled, r)
			}
		case journal.Rejected:
			if spilled != scenario.MaxBacklog || r.Cause != uint8(journal.FullRepository) || r.Number != last.Number {
				t.Fatalf("with %d in the repository one is refused: %+v", spilled, r)
			}
		}
		last = r
	})
	if err != nil {
		t.Fatal(err)
	}
	run.Run()
	if spilled != scenario.MaxBacklog || produced <= spilled+6 {
		t.Errorf("of %d events %d are spilled", produced, spilled)
	}
}
