package sim_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/queueing"
	"github.com/spillway-go/spillway/broker/lab/scenario"
	"github.com/spillway-go/spillway/broker/lab/sim"
)

// queue is one consumer to be set beside theory.
type queue struct {
	arrivals          scenario.Arrivals
	times             scenario.Times
	load              float64
	servers, capacity int
	overflow          broker.Overflow // one of the two that lose what finds no place
}

func (q queue) String() string {
	letters := map[bool]string{true: "M", false: "D"}
	return fmt.Sprintf("%s∕%s∕%d∕%d at %v, %v", letters[q.arrivals == scenario.Poisson], letters[q.times == scenario.Exponential],
		q.servers, q.capacity, q.load, q.overflow)
}

// queues are a grid of loads and sizes.
func queues() (all []queue) {
	policies := []broker.Overflow{broker.DropNewest, broker.Reject}
	add := func(a scenario.Arrivals, s scenario.Times, load float64, servers, capacity int) {
		all = append(all, queue{a, s, load, servers, capacity, policies[len(all)%2]})
	}
	loads := []float64{0.2, 0.5, 0.8, 0.95, 1, 1.3, 2, 4}
	sizes := [][2]int{{1, 1}, {1, 4}, {1, 64}, {2, 2}, {2, 12}, {4, 8}, {8, 8}, {8, 64}}
	for i, load := range loads {
		for n := range 4 { // each load with half of the sizes, and each size with half of the loads
			size := sizes[(i+2*n)%len(sizes)]
			add(scenario.Poisson, scenario.Exponential, load, size[0], size[1])
		}
	}
	for i, load := range []float64{0.3, 0.7, 0.9, 1, 1.5, 4} {
		for n := range 2 {
			add(scenario.Poisson, scenario.Fixed, load, 1, []int{1, 3, 11, 32}[(i+2*n)%4])
		}
	}
	for i, load := range []float64{0.5, 1, 1.25, 1.5, 2, 4} {
		for n := range 2 {
			add(scenario.Steady, scenario.Fixed, load, 1, []int{1, 4, 32}[(i+n)%3])
		}
	}
	return all
}

// length is how many arrivals there are in a run. A long queue near full load forgets
// slowly what it was like.
func (q queue) length() int {
	if q.capacity > 30 && math.Abs(q.load-1) < 0.1 {
		return 300_000 / patience
	}
	return 60_000 / patience
}

// scenario is a run of the queue.
func (q queue) scenario(seed uint64) scenario.Scenario {
	s := scenario.Classic()
	const service = 12 * time.Millisecond // of which the steady ones have whole fractions: then there are ties
	interval := time.Duration(math.Round(float64(service) / (q.load * float64(q.servers))))
	s.Producers[0].Interval, s.Producers[0].Arrivals = scenario.Duration(interval), q.arrivals
	s.Consumers[0].Service, s.Consumers[0].Times = scenario.Duration(service), q.times
	s.Consumers[0].Workers = q.servers
	s.Broker = scenario.Broker{Buffer: q.capacity - q.servers, Overflow: q.overflow}
	s.Duration = scenario.Duration(interval) * scenario.Duration(q.length())
	s.Seed = seed
	return s
}

// theory is what it says of that scenario.
func (q queue) theory(s scenario.Scenario) (queueing.Figures, error) {
	of := queueing.Queue{
		Arrival: 1 / time.Duration(s.Producers[0].Interval).Seconds(),
		Service: 1 / time.Duration(s.Consumers[0].Service).Seconds(),
		Servers: q.servers, Capacity: q.capacity,
	}
	switch {
	case q.times == scenario.Exponential:
		return queueing.MMcK(of)
	case q.arrivals == scenario.Poisson:
		return queueing.MD1K(of)
	default:
		return queueing.DD1K(of)
	}
}

// observer adds a batch of a run up.
type observer struct {
	at            time.Duration
	waiting, busy int

	arrived, lost, begun float64
	wait                 float64 // of those begun
	number, work         float64 // ∫ of those in the queue and with a server
}

func (o *observer) pass(to time.Duration) {
	span := (to - o.at).Seconds()
	o.number += span * float64(o.waiting+o.busy)
	o.work += span * float64(o.busy)
	o.at = to
}

func (o *observer) observe(r journal.Record) {
	o.pass(r.At)
	switch r.Kind {
	case journal.Produced:
		o.arrived++
	case journal.Dropped, journal.Rejected:
		o.lost++
	case journal.Buffered:
		o.waiting = int(r.Depth)
	case journal.Delivered:
		o.waiting = int(r.Depth)
		o.busy++
		o.begun++
		o.wait += (r.At - r.Born).Seconds()
	case journal.Handled:
		o.busy--
	}
}

func TestTheLongRunIsWhatTheoryExpects(t *testing.T) {
	all := queues()
	if len(all) < 40 {
		t.Fatalf("only %d queues", len(all))
	}
	for i, q := range all {
		t.Run(q.String(), func(t *testing.T) {
			s := q.scenario(uint64(i))
			f, err := q.theory(s)
			if err != nil {
				t.Fatal(err)
			}
			var loss, number, wait, utilisation batchMeans
			var o observer
			run, err := sim.New(s, func(r *journal.Record) { o.observe(*r) })
			if err != nil {
				t.Fatal(err)
			}
			batch := time.Duration(s.Duration) / (batches + 3)
			run.Advance(time.Duration(s.Duration) - batches*batch) // to warm up
			for range batches {
				o = observer{at: run.Now(), waiting: o.waiting, busy: o.busy}
				run.Advance(run.Now() + batch)
				o.pass(run.Now())
				loss.add(o.lost, o.arrived)
				wait.add(o.wait, o.begun)
				number.add(o.number, batch.Seconds())
				utilisation.add(o.work, batch.Seconds()*float64(q.servers))
			}
			// What is expected less than seven times may, with 0.1 %, not happen at all;
			// and a queue that is full more or less at either end is chance too.
			one := 1 / float64(q.length())
			within(t, "loss", &loss, f.Loss, 7*one)
			within(t, "utilisation", &utilisation, f.Utilisation, 7*one)
			within(t, "number", &number, f.Number, float64(q.capacity)*one)
			within(t, "wait", &wait, f.Wait, float64(q.capacity)*one*time.Duration(s.Consumers[0].Service).Seconds())
		})
	}
}

func within(t *testing.T, what string, b *batchMeans, want, resolution float64) {
	t.Helper()
	got, halfWidth := b.estimate()
	if math.Abs(got-want) > halfWidth+resolution {
		t.Errorf("%s is %v ± %v, theory expects %v", what, got, halfWidth, want)
	}
}
