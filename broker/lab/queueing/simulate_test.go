package queueing_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/spillway-go/spillway/broker/lab/queueing"
)

// batches are the averages that a simulation saw in each of its equal parts.
type batches struct {
	loss, utilisation, number, time []float64
}

// simulate runs a queue of the given intervals and service times event by event,
// in the plainest way.
func simulate(q queueing.Queue, interval, service func() float64, arrivals int) batches {
	const parts = 30
	var (
		b       batches
		now     float64
		arrival = interval()
		ends    []float64 // of those in service
		waiting int
		born    []float64 // of those in service, in the order of ends
		queue   []float64 // born, of those that wait
	)
	begin := func(from float64) {
		ends, born = append(ends, now+service()), append(born, from)
	}
	for part := -1; part < parts; part++ { // the first fills the queue
		var n, lost, handled int
		var busy, area, times float64
		start := now
		for n < arrivals/parts {
			first, next := -1, arrival
			for i, end := range ends {
				if end < next {
					first, next = i, end
				}
			}
			busy += float64(len(ends)) * (next - now)
			area += float64(len(ends)+waiting) * (next - now)
			now = next
			if first < 0 {
				n++
				arrival = now + interval()
				switch {
				case len(ends) < q.Servers:
					begin(now)
				case waiting < q.Capacity-q.Servers:
					waiting++
					queue = append(queue, now)
				default:
					lost++
				}
				continue
			}
			handled++
			times += now - born[first]
			last := len(ends) - 1
			ends[first], born[first] = ends[last], born[last]
			ends, born = ends[:last], born[:last]
			if waiting > 0 {
				waiting--
				begin(queue[0])
				queue = queue[1:]
			}
		}
		if part >= 0 {
			span := now - start
			b.loss = append(b.loss, float64(lost)/float64(n))
			b.utilisation = append(b.utilisation, busy/span/float64(q.Servers))
			b.number = append(b.number, area/span)
			b.time = append(b.time, times/float64(handled))
		}
	}
	return b
}

// agrees fails unless want is in the 99.9 % interval of the batch means: 3.659
// is that quantile of Student's t with 29 degrees of freedom.
func agrees(t *testing.T, what string, want float64, seen []float64) {
	t.Helper()
	n := float64(len(seen))
	var mean, variance float64
	for _, v := range seen {
		mean += v / n
	}
	for _, v := range seen {
		variance += (v - mean) * (v - mean) / (n - 1)
	}
	half := 3.659 * math.Sqrt(variance/n)
	if !(math.Abs(want-mean) <= half) {
		t.Errorf("%s is %v, simulated %v ± %v", what, want, mean, half)
	}
	if half > 0.1*mean {
		t.Errorf("%s: %v ± %v says nothing", what, mean, half)
	}
}

func TestASimulationSeesTheSameFigures(t *testing.T) {
	const arrivals = 300_000
	for i, q := range []queueing.Queue{
		{Arrival: 0.8, Service: 1, Servers: 1, Capacity: 4},
		{Arrival: 1, Service: 1, Servers: 1, Capacity: 11},
		{Arrival: 30, Service: 20, Servers: 1, Capacity: 6},
		{Arrival: 2.5, Service: 1, Servers: 3, Capacity: 6},
		{Arrival: 0.9, Service: 0.2, Servers: 4, Capacity: 4},
	} {
		for _, m := range models[:2] {
			if q.Servers > 1 && m.name != "M/M/c/K" {
				continue
			}
			random := rand.New(rand.NewPCG(uint64(i), 20211101))
			interval := func() float64 { return random.ExpFloat64() / q.Arrival }
			service := func() float64 { return random.ExpFloat64() / q.Service }
			if m.name == "M/D/1/K" {
				service = func() float64 { return 1 / q.Service }
			}
			seen := simulate(q, interval, service, arrivals)
			f := must(t, m.figures, q)
			what := fmt.Sprintf("%s, %+v: ", m.name, q)
			agrees(t, what+"loss", f.Loss, seen.loss)
			agrees(t, what+"utilisation", f.Utilisation, seen.utilisation)
			agrees(t, what+"number", f.Number, seen.number)
			agrees(t, what+"time", f.Time, seen.time)
		}
	}
}

func TestASimulationOfIncommensurableTimesSeesTheFiguresOfDD1K(t *testing.T) {
	for _, load := range []float64{math.Sqrt2, math.Pi, 0.5 * math.Sqrt2} {
		for _, capacity := range []int{1, 2, 5} {
			q := queueing.Queue{Arrival: load, Service: 1, Servers: 1, Capacity: capacity}
			seen := simulate(q, func() float64 { return 1 / load }, func() float64 { return 1 }, 300_000)
			f := must(t, queueing.DD1K, q)
			for _, v := range []struct {
				what string
				want float64
				seen []float64
			}{{"loss", f.Loss, seen.loss}, {"utilisation", f.Utilisation, seen.utilisation}, {"number", f.Number, seen.number}, {"time", f.Time, seen.time}} {
				mean := 0.0
				for _, s := range v.seen {
					mean += s / float64(len(v.seen))
				}
				if math.Abs(mean-v.want) > 2e-4*max(1, v.want) {
					t.Errorf("load %v, K = %d: %s is %v, simulated %v", load, capacity, v.what, v.want, mean)
				}
			}
		}
	}
}
