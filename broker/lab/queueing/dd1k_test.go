package queueing_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/spillway-go/spillway/broker/lab/queueing"
)

// clockwork is D/D/1/K event by event, in whole units of time: averages over a
// whole number of rounds once it has filled up.
type clockwork struct {
	interval, service, capacity int
	arrivalFirst                func() bool // asked at each tie
}

func (c clockwork) run(rounds int) (loss, utilisation, number float64) {
	var (
		now, in, done  int // done is when the service ends, if in > 0
		arrival        = c.interval
		begin, end     int
		arrivals, lost int
		busy, area     int
	)
	round := c.interval * c.service
	// The surplus of each interval is at least 1/service of an event.
	begin = round * (c.capacity + 2)
	end = begin + rounds*round
	for now < end {
		next := arrival
		if in > 0 {
			next = min(next, done)
		}
		if from := max(now, begin); min(next, end) > from {
			area += (min(next, end) - from) * in
			if in > 0 {
				busy += min(next, end) - from
			}
		}
		now = next
		completes := in > 0 && done == now
		arrives := arrival == now
		if completes && arrives {
			arrives = c.arrivalFirst()
			completes = !arrives
		}
		if arrives {
			arrival += c.interval
			if now >= begin && now < end {
				arrivals++
			}
			switch {
			case in < c.capacity:
				in++
				if in == 1 {
					done = now + c.service
				}
			case now >= begin && now < end:
				lost++
			}
		} else if completes {
			in--
			done = now + c.service
		}
	}
	span := float64(end - begin)
	return float64(lost) / float64(arrivals), float64(busy) / span, float64(area) / span
}

func TestDD1KIsItsOwnClockwork(t *testing.T) {
	toss := rand.New(rand.NewPCG(1, 2))
	for _, test := range []struct {
		name      string
		first     func() bool
		figures   figuresOf
		tolerance float64
		rounds    int
	}{
		{"arrivals first", func() bool { return true }, arrivalsFirst, 1e-9, 1},
		{"completions first", func() bool { return false }, completionsFirst, 1e-9, 1},
		{"a fair coin", func() bool { return toss.Uint64()&1 == 0 }, queueing.DD1K, 0.01, 5000},
	} {
		for _, capacity := range []int{1, 2, 3, 4, 10} {
			for _, at := range [][2]int{{2, 1}, {1, 1}, {3, 2}, {1, 2}, {1, 3}, {2, 3}, {2, 5}, {3, 7}, {4, 5}, {7, 22}, {10, 11}, {9, 10}} {
				interval, service := at[0], at[1]
				c := clockwork{interval, service, capacity, test.first}
				rounds := test.rounds
				if capacity == 1 { // the server comes round only with whole cycles
					cycle := (service + interval - 1) / interval
					rounds *= cycle * (cycle + 1)
				}
				if test.rounds > 1 && service > 7 {
					rounds /= 10
				}
				loss, utilisation, number := c.run(rounds)
				f := must(t, test.figures, queueing.Queue{Arrival: 1 / float64(interval), Service: 1 / float64(service), Servers: 1, Capacity: capacity})
				what := fmt.Sprintf("%s, T = %d, S = %d, K = %d: ", test.name, interval, service, capacity)
				near(t, what+"1 − loss", 1-f.Loss, 1-loss, test.tolerance)
				near(t, what+"utilisation", f.Utilisation, utilisation, test.tolerance)
				near(t, what+"number", f.Number, number, test.tolerance)
			}
		}
	}
}

func TestTiesMakeNoDifferenceToLossAndThroughputWithABuffer(t *testing.T) {
	for _, load := range loads {
		for _, buffer := range buffers[1:] {
			q := queueOf(load, 1, buffer)
			low, high, err := queueing.DD1KTies(q)
			if err != nil {
				t.Fatal(err)
			}
			fair := must(t, queueing.DD1K, q)
			if low.Loss != fair.Loss || high.Loss != fair.Loss || low.Throughput != fair.Throughput || high.Throughput != fair.Throughput {
				t.Errorf("%+v: arrivals first %+v, a fair coin %+v, completions first %+v", q, low, fair, high)
			}
			near(t, "throughput", fair.Throughput, min(q.Arrival, q.Service), 1e-14)
			if want := max(0, 1-q.Service/q.Arrival); math.Abs(fair.Loss-want) > 1e-15 {
				t.Errorf("%+v: loss %v, want %v", q, fair.Loss, want)
			}
			if low.Number > fair.Number || fair.Number > high.Number {
				t.Errorf("%+v: numbers %v, %v, %v are not in order", q, low.Number, fair.Number, high.Number)
			}
		}
	}
}

func TestNothingWaitsForASteadyServerThatKeepsUp(t *testing.T) {
	for _, load := range []float64{0.001, 0.5, 0.999, 1} {
		f := must(t, queueing.DD1K, queueing.Queue{Arrival: load, Service: 1, Servers: 1, Capacity: 4})
		if f.Loss != 0 || f.Waiting != 0 || f.Wait != 0 || f.Time != 1 || f.Number != load {
			t.Errorf("load %v: %+v", load, f)
		}
	}
}

func TestTheExampleSpillwayGrewFrom(t *testing.T) {
	// An event a second, two seconds each, a buffer of 3. Each completion ties with
	// an arrival: half of the time the place it leaves is free for a second.
	q := queueing.Queue{Arrival: 1, Service: 0.5, Servers: 1, Capacity: 4}
	f := must(t, queueing.DD1K, q)
	if want := (queueing.Figures{Loss: 0.5, Utilisation: 1, Throughput: 0.5, Number: 3.75, Waiting: 2.75, Time: 7.5, Wait: 5.5}); f != want {
		t.Errorf("got %+v, want %+v", f, want)
	}
	low, high, err := queueing.DD1KTies(q)
	if low.Number != 3.5 || high.Number != 4 || err != nil {
		t.Errorf("between %v and %v, %v", low.Number, high.Number, err)
	}
}

func TestWithoutABufferSteadyArrivalsOftenFindTheServerBusy(t *testing.T) {
	// Where the throughput is not min(λ, µ): the server rests until the next arrival.
	for _, test := range []struct {
		arrival, service       float64
		lowest, fair, greatest float64 // throughput
	}{
		{3, 2, 1.5, 1.5, 1.5},
		{2, 2, 1, 4. / 3, 2},
		{4, 2, 4. / 3, 1.6, 2},
		{2, 2.1, 2, 2, 2},
	} {
		q := queueing.Queue{Arrival: test.arrival, Service: test.service, Servers: 1, Capacity: 1}
		low, high, err := queueing.DD1KTies(q)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "lowest throughput", low.Throughput, test.lowest, 1e-15)
		near(t, "throughput", must(t, queueing.DD1K, q).Throughput, test.fair, 1e-15)
		near(t, "greatest throughput", high.Throughput, test.greatest, 1e-15)
	}
}

func TestATieIsOneHoweverTheRatesWereRounded(t *testing.T) {
	for n := 1; n < 5000; n++ {
		// An interval of 7 ms and a service time of n times that, as rates.
		q := queueing.Queue{Arrival: 1 / 0.007, Service: 1 / (float64(n) * 0.007), Servers: 1, Capacity: 1}
		near(t, "the time from one beginning to the next, in intervals",
			q.Arrival/must(t, queueing.DD1K, q).Throughput, float64(n)+0.5, 1e-14)
	}
}

func TestATieThatIsNoneIsToldFromOne(t *testing.T) {
	// The longest service time of a scenario, and an interval of one nanosecond less.
	q := queueing.Queue{Arrival: 1 / 3599.999999999, Service: 1. / 3600, Servers: 1, Capacity: 1}
	near(t, "throughput", must(t, queueing.DD1K, q).Throughput, q.Arrival/2, 1e-14)
	q.Capacity = 2
	if f := must(t, queueing.DD1K, q); f.Loss == 0 || f.Waiting < 0.49 {
		t.Errorf("an overload of 1 in 3.6 × 10¹² is none: %+v", f)
	}
}

func TestWithoutTiesTheirOrderMakesNoDifference(t *testing.T) {
	for _, load := range []float64{math.Sqrt2, math.E, math.Pi, 1.0123456789} {
		q := queueing.Queue{Arrival: load, Service: 1, Servers: 1, Capacity: 5}
		low, high, err := queueing.DD1KTies(q)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "number", low.Number, high.Number, 1e-7)
	}
}
