package sim_test

import (
	"runtime/debug"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/scenario"
	"github.com/spillway-go/spillway/broker/lab/sim"
)

// BenchmarkStep is one simulated event: the real broker, with the journal on.
func BenchmarkStep(b *testing.B) {
	classic := scenario.Classic()
	classic.Duration = scenario.Duration(scenario.MaxDuration)
	classic.Producers[0].Interval = scenario.Duration(time.Millisecond)
	classic.Consumers[0].Service = scenario.Duration(2 * time.Millisecond)
	for name, s := range map[string]scenario.Scenario{"classic": classic, "busy": busy()} {
		b.Run(name, func(b *testing.B) { step(b, s) })
	}
}

func step(b *testing.B, s scenario.Scenario) {
	b.Helper()
	// In WebAssembly a garbage collection would never end while nothing yields, and
	// storing a pointer costs more as long as it is under way.
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	start := func() *sim.Sim {
		j := journal.New(1<<16, s, len(s.Producers), len(s.Consumers))
		run, err := sim.New(s, j.Append)
		if err != nil {
			b.Fatal(err)
		}
		for range 1 << 17 { // to the steady state
			run.Step()
		}
		return run
	}
	run := start()
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		if !run.Step() {
			b.StopTimer()
			run = start()
			b.StartTimer()
		}
	}
	b.StopTimer()
	real := float64(b.Elapsed().Nanoseconds()) / float64(b.N)
	began := time.Now()
	newBare(s).run(b.N)
	bare := float64(time.Since(began).Nanoseconds()) / float64(b.N)
	b.ReportMetric(real/bare, "×bare")
	b.ReportMetric(bare, "bare-ns/op")
}

// bare is the least that a simulation of the same events can do: a heap of
// times and a ring a consumer. No broker, no policy but to drop, no journal.
type bare struct {
	heap      []due
	intervals []time.Duration
	services  []time.Duration
	buffer    int
	rings     [][]uint64
	heads     []int
	counts    []int
	busy      []bool
	number    uint64
	Dropped   uint64
}

type due struct {
	at    time.Duration
	actor int
}

func newBare(s scenario.Scenario) *bare {
	n := len(s.Consumers)
	w := &bare{buffer: s.Broker.Buffer, heads: make([]int, n), counts: make([]int, n), busy: make([]bool, n)}
	for i, p := range s.Producers {
		w.intervals = append(w.intervals, time.Duration(p.Interval))
		w.push(due{time.Duration(p.Interval), i})
	}
	for _, c := range s.Consumers {
		w.services = append(w.services, time.Duration(c.Service))
		w.rings = append(w.rings, make([]uint64, 4))
	}
	return w
}

func (w *bare) run(events int) {
	for range events {
		d := w.pop()
		if d.actor < len(w.intervals) {
			w.push(due{d.at + w.intervals[d.actor], d.actor})
			w.publish(d.at)
		} else {
			w.take(d.actor-len(w.intervals), d.at)
		}
	}
}

func (w *bare) publish(at time.Duration) {
	w.number++
	for c := range w.rings {
		switch {
		case !w.busy[c]:
			w.busy[c] = true
			w.push(due{at + w.services[c], len(w.intervals) + c})
		case w.counts[c] < w.buffer:
			w.rings[c][(w.heads[c]+w.counts[c])&3] = w.number
			w.counts[c]++
		default:
			w.Dropped++
		}
	}
}

func (w *bare) take(c int, at time.Duration) {
	if w.counts[c] == 0 {
		w.busy[c] = false
		return
	}
	w.heads[c]++
	w.counts[c]--
	w.push(due{at + w.services[c], len(w.intervals) + c})
}

func (w *bare) push(d due) {
	w.heap = append(w.heap, d)
	i := len(w.heap) - 1
	for up := (i - 1) / 2; i > 0 && d.at < w.heap[up].at; up = (i - 1) / 2 {
		w.heap[i] = w.heap[up]
		i = up
	}
	w.heap[i] = d
}

func (w *bare) pop() due {
	top := w.heap[0]
	last := len(w.heap) - 1
	d := w.heap[last]
	w.heap = w.heap[:last]
	i := 0
	for down := 1; down < last; down = 2*i + 1 {
		if down+1 < last && w.heap[down+1].at < w.heap[down].at {
			down++
		}
		if w.heap[down].at >= d.at {
			break
		}
		w.heap[i] = w.heap[down]
		i = down
	}
	if last > 0 {
		w.heap[i] = d
	}
	return top
}
