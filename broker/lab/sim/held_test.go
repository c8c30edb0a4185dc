package sim_test

import (
	"runtime"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/scenario"
	"github.com/spillway-go/spillway/broker/lab/sim"
)

func TestWhatARunHoldsIsWhatItTakesOfTheMemory(t *testing.T) {
	one := crush(1, 1000, 16, broker.MaxBuffer)
	many := crush(16, 1000, 16, broker.MaxBuffer)
	for i := range many.Producers {
		many.Producers[i].Topic, many.Consumers[i].Topics = many.Producers[i].Name, many.Producers[i].Name
	}
	spills := crush(16, 1000, 16, 1000)
	spills.Broker.Overflow = broker.Spill
	full := spills.Clone() // who can take all of them gets them back, since who can't is full
	for i := range 15 {
		full.Consumers[i].Service = scenario.Duration(time.Microsecond)
	}
	crashes := spills.Clone()
	for i := range 12 {
		crashes.Interventions = append(crashes.Interventions, scenario.Intervention{At: scenario.Duration(time.Second + time.Duration(i)*time.Millisecond), Do: scenario.Crash})
	}
	for name, s := range map[string]scenario.Scenario{"one producer": one, "many producers": many, "spilled": spills, "crashes": crashes, "full": full} {
		s.Duration = scenario.Duration(time.Hour)
		before := heap()
		records := 0
		run, err := sim.New(s, func(*journal.Record) { records++ })
		if err != nil {
			t.Fatal(err)
		}
		run.AdvanceWhile(sim.Never, func() bool { return records < 3_000_000 })
		took, held := heap()-before, run.Held()
		if few := 8 << 20; held < took*8/10-few || held > took*17/10+few {
			t.Errorf("%s: it says %d KB and takes %d", name, held>>10, took>>10)
		}
		run.Close()
	}
}

// heap is how many bytes are in use.
func heap() int {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}
