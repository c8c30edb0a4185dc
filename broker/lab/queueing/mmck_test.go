package queueing_test

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"testing"

	"github.com/spillway-go/spillway/broker/lab/queueing"
)

func TestMMcKHasThePublishedFigures(t *testing.T) {
	// Gross & Harris, chapter 2, an inspection of cars: one a minute, three bays,
	// six minutes each, room for four more.
	q := queueing.Queue{Arrival: 1. / 60, Service: 1. / 360, Servers: 3, Capacity: 7}
	f := must(t, queueing.MMcK, q)
	for _, test := range []struct {
		what      string
		got, want float64
		digits    int
	}{
		{"mean number waiting", f.Waiting, 3.09, 2},
		{"mean number", f.Number, 6.06, 2},
		{"cars sent away an hour", q.Arrival * f.Loss * 3600, 30.3, 1},
	} {
		if math.Abs(test.got-test.want) > 0.5001*math.Pow10(-test.digits) {
			t.Errorf("%s is %v, published as %v", test.what, test.got, test.want)
		}
	}
}

func TestMMcHasThePublishedFigures(t *testing.T) {
	// Gross & Harris, chapter 2, a clinic: six patients an hour, three doctors of
	// twenty minutes each.
	clinic := must(t, queueing.MMc, queueing.Queue{Arrival: 6. / 3600, Service: 3. / 3600, Servers: 3})
	near(t, "mean number waiting", clinic.Waiting, 8./9, 1e-14)
	near(t, "mean number", clinic.Number, 26./9, 1e-14)
	near(t, "mean wait, in hours", clinic.Wait/3600, 4./27, 1e-14)
	near(t, "mean time, in hours", clinic.Time/3600, 13./27, 1e-14)

	// The usual worked example of a call centre: 360 calls in half an hour, 4
	// minutes each, 55 agents. 23.9 % have to wait, for 8 seconds on average.
	calls := queueing.Queue{Arrival: 360. / 1800, Service: 1. / 240, Servers: 55}
	f := must(t, queueing.MMc, calls)
	near(t, "utilisation", f.Utilisation, 48./55, 1e-14)
	near(t, "probability to wait", f.Waiting*(1-48./55)/(48./55), 0.239, 0.002)
	near(t, "mean wait", f.Wait, 8.2, 0.005)
}

func TestWithoutABufferTheLossIsErlangsFormulaB(t *testing.T) {
	// The tables of Erlang B: the load offered that loses 1 %.
	for servers, offered := range map[int]float64{1: 0.0101, 2: 0.1526, 5: 1.361, 10: 4.461, 20: 12.03, 50: 37.90} {
		f := must(t, queueing.MMcK, queueing.Queue{Arrival: offered, Service: 1, Servers: servers, Capacity: servers})
		near(t, fmt.Sprintf("the loss of %d servers", servers), f.Loss, 0.01, 0.003)
		if f.Wait != 0 || f.Waiting != 0 || f.Time != 1 {
			t.Errorf("something waits without a buffer: %+v", f)
		}
	}
	// And as it is written down, for a load at which factorials do no harm.
	for servers := 1; servers <= 12; servers++ {
		for _, a := range []float64{0.1, 1, 3, 10} {
			term, sum := 1.0, 1.0
			for n := 1; n <= servers; n++ {
				term *= a / float64(n)
				sum += term
			}
			f := must(t, queueing.MMcK, queueing.Queue{Arrival: a, Service: 1, Servers: servers, Capacity: servers})
			near(t, "loss", f.Loss, term/sum, 1e-13)
		}
	}
}

func TestMM1KIsTheClosedForm(t *testing.T) {
	// Kleinrock, section 3.6: p_n = (1−ρ)ρⁿ/(1−ρ^{K+1}), and all alike for ρ = 1.
	for _, rho := range []float64{0.1, 0.5, 0.9, 1, 1.2, 3} {
		for k := 1; k < 20; k++ {
			loss, number := 1/float64(k+1), float64(k)/2
			if rho != 1 {
				top := math.Pow(rho, float64(k+1))
				loss = (1 - rho) * math.Pow(rho, float64(k)) / (1 - top)
				number = rho/(1-rho) - float64(k+1)*top/(1-top)
			}
			f := must(t, queueing.MMcK, queueing.Queue{Arrival: rho, Service: 1, Servers: 1, Capacity: k})
			near(t, "loss", f.Loss, loss, 1e-12)
			near(t, "number", f.Number, number, 1e-11)
		}
	}
}

func TestMMcKSolvesTheBalanceEquations(t *testing.T) {
	for _, servers := range []int{1, 2, 3, 7} {
		for _, buffer := range []int{0, 1, 2, 5, 20} {
			for _, load := range []float64{0.01, 0.3, 0.9, 1, 1.1, 4} {
				q := queueOf(load, servers, buffer)
				// The generator of the chain, as a matrix.
				n := q.Capacity + 1
				rates := make([][]float64, n)
				for i := range rates {
					rates[i] = make([]float64, n)
					if i+1 < n {
						rates[i][i+1] = q.Arrival
					}
					if i > 0 {
						rates[i][i-1] = float64(min(i, servers)) * q.Service
					}
				}
				p := stationary(rates)
				var busy, waiting float64
				for i, v := range p {
					busy += v * float64(min(i, servers))
					waiting += v * float64(max(i-servers, 0))
				}
				f := must(t, queueing.MMcK, q)
				near(t, "loss", f.Loss, p[n-1], 1e-12)
				near(t, "utilisation", f.Utilisation, busy/float64(servers), 1e-12)
				near(t, "waiting", f.Waiting, waiting, 1e-12)
				near(t, "time", f.Time, (busy+waiting)/(q.Arrival*(1-p[n-1])), 1e-12)
			}
		}
	}
}

// stationary is the distribution that a chain with these rates or probabilities
// settles on, by elimination in the way of Grassmann, Taksar and Heyman, which
// never subtracts.
func stationary(rates [][]float64) []float64 {
	n := len(rates)
	for k := n - 1; k > 0; k-- {
		sum := 0.0
		for j := range k {
			sum += rates[k][j]
		}
		for i := range k {
			rates[i][k] /= sum
			for j := range k {
				rates[i][j] += rates[i][k] * rates[k][j]
			}
		}
	}
	p := make([]float64, n)
	p[0] = 1
	total := 1.0
	for k := 1; k < n; k++ {
		for i := range k {
			p[k] += p[i] * rates[i][k]
		}
		total += p[k]
	}
	for i := range p {
		p[i] /= total
	}
	return p
}

func TestMMcKIsTheSumOfItsStatesInMorePrecision(t *testing.T) {
	for _, servers := range []int{1, 4, 64} {
		for _, buffer := range []int{0, 1, 10, 2000} {
			for _, load := range []float64{1e-6, 0.5, 0.99, 1 - 1e-3, 1 - 1e-6, 1 - 1e-12, 1, 1 + 1e-12, 1 + 1e-6, 1.001, 1.5, 30} {
				q := queueOf(load, servers, buffer)
				number := func(v float64) *big.Float { return new(big.Float).SetPrec(300).SetFloat64(v) }
				p, sum, busy, waiting := number(1), number(1), number(0), number(0)
				for n := 1; n <= q.Capacity; n++ {
					p.Mul(p, number(q.Arrival))
					p.Quo(p, number(float64(min(n, servers))))
					p.Quo(p, number(q.Service))
					sum.Add(sum, p)
					busy.Add(busy, number(0).Mul(p, number(float64(min(n, servers)))))
					waiting.Add(waiting, number(0).Mul(p, number(float64(max(n-servers, 0)))))
				}
				quotient := func(a *big.Float) float64 { v, _ := number(0).Quo(a, sum).Float64(); return v }
				f := must(t, queueing.MMcK, q)
				// The rounding of the load alone is magnified by the number of places.
				relative := 1e-13 + float64(q.Capacity)*4e-16
				what := fmt.Sprintf("%+v: ", q)
				near(t, what+"loss", f.Loss, quotient(p), relative)
				near(t, what+"utilisation", f.Utilisation, quotient(busy)/float64(servers), relative)
				near(t, what+"waiting", f.Waiting, quotient(waiting), relative)
			}
		}
	}
}

func TestALargeBufferIsAsGoodAsOneWithoutBound(t *testing.T) {
	for _, servers := range []int{1, 2, 10, 64} {
		for _, load := range []float64{1e-6, 0.1, 0.5, 0.9, 0.99, 0.999} {
			q := queueOf(load, servers, 1_000_000)
			bounded, unbounded := must(t, queueing.MMcK, q), must(t, queueing.MMc, q)
			near(t, "utilisation", bounded.Utilisation, unbounded.Utilisation, 1e-12)
			near(t, "waiting", bounded.Waiting, unbounded.Waiting, 1e-11)
			near(t, "time", bounded.Time, unbounded.Time, 1e-11)
			if bounded.Loss > 1e-300 || unbounded.Loss != 0 {
				t.Errorf("%+v: loss %v, without bound %v", q, bounded.Loss, unbounded.Loss)
			}
		}
	}
}

func TestAQueueWithoutBoundNeedsALoadBelowOne(t *testing.T) {
	_, err := queueing.MMc(queueing.Queue{Arrival: 4, Service: 2, Servers: 2})
	if want := "M/M/c: arrival: 4 per second is out of range: below 4: the queue grows for ever"; !errors.Is(err, queueing.ErrUnstable) || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	_, err = queueing.MMc(queueing.Queue{Arrival: 4, Service: 2})
	if want := "M/M/c: servers: 0 is out of range: 1 to 64"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if f := must(t, queueing.MMc, queueing.Queue{Arrival: math.Nextafter(4, 0), Service: 2, Servers: 2}); math.IsInf(f.Number, 0) {
		t.Errorf("got %+v", f)
	}
}
