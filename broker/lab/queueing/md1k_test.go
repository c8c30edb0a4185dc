package queueing_test

import (
	"fmt"
	"math"
	"math/big"
	"testing"

	"github.com/spillway-go/spillway/broker/lab/queueing"
)

func TestMD1KOfOnePlaceIsErlangsFormulaB(t *testing.T) {
	// With nothing that waits, only the mean of the service times counts.
	for _, load := range loads {
		q := queueOf(load, 1, 0)
		d, m := must(t, queueing.MD1K, q), must(t, queueing.MMcK, q)
		near(t, "loss", d.Loss, m.Loss, 1e-14)
		near(t, "utilisation", d.Utilisation, m.Utilisation, 1e-14)
		near(t, "time", d.Time, m.Time, 1e-14)
	}
}

func TestMD1KOfTwoAndThreePlacesIsTheFormulaByHand(t *testing.T) {
	for _, rho := range []float64{0.1, 0.5, 0.9, 1, 1.1, 2, 5} {
		// π₀ is e^−ρ, and 1/(e^2ρ − ρe^ρ).
		for k, empty := range map[int]float64{2: math.Exp(-rho), 3: 1 / (math.Exp(2*rho) - rho*math.Exp(rho))} {
			f := must(t, queueing.MD1K, queueing.Queue{Arrival: rho, Service: 1, Servers: 1, Capacity: k})
			near(t, "loss", f.Loss, 1-1/(empty+rho), 1e-12)
			near(t, "utilisation", f.Utilisation, rho/(empty+rho), 1e-13)
		}
	}
}

func TestMD1KSolvesTheEmbeddedChain(t *testing.T) {
	for _, capacity := range []int{2, 3, 4, 8, 25} {
		for _, rho := range []float64{0.05, 0.3, 0.7, 0.95, 1, 1.05, 1.5, 4, 12} {
			// The chain at departures: what is left, and Poisson arrivals into the
			// places there are.
			p := make([][]float64, capacity)
			for from := range p {
				p[from] = make([]float64, capacity)
				begins := max(from, 1) // in the queue when the service begins
				term := math.Exp(-rho)
				for n := range 400 {
					to := min(begins+n, capacity) - 1
					p[from][to] += term
					term *= rho / float64(n+1)
				}
			}
			pi := stationary(p)
			// A cycle is one service, and before it the idle time that follows an
			// empty departure. The number at the time average has a Poisson part of
			// a uniform age, integrated here in small steps.
			var number, waiting float64
			const steps = 2000
			for from, v := range pi {
				begins := max(from, 1)
				for s := range steps {
					mean := rho * (float64(s) + 0.5) / steps
					term := math.Exp(-mean)
					for n := range 120 {
						in := min(begins+n, capacity)
						number += v * term * float64(in) / steps
						waiting += v * term * float64(in-1) / steps
						term *= mean / float64(n+1)
					}
				}
			}
			cycle := 1 + pi[0]/rho
			f := must(t, queueing.MD1K, queueing.Queue{Arrival: rho, Service: 1, Servers: 1, Capacity: capacity})
			what := fmt.Sprintf("load %v, K = %d: ", rho, capacity)
			near(t, what+"utilisation", f.Utilisation, 1/cycle, 1e-12)
			near(t, what+"number", f.Number, number/cycle, 1e-5)
			near(t, what+"waiting", f.Waiting, waiting/cycle, 1e-5)
			if loss := 1 - 1/(cycle*rho); math.Abs(f.Loss-loss) > 1e-13 {
				t.Errorf("%sloss is %v, want %v", what, f.Loss, loss)
			}
		}
	}
}

func TestMD1KIsTheAnalyticalSolutionInMorePrecision(t *testing.T) {
	// Brun and Garcia (2000): with b_n = Σ (−1)^k/k!·(n−k)^k e^{(n−k)ρ} ρ^k, the
	// loss is 1 − b_{K−1}/(1 + ρb_{K−1}) and the mean number
	// K − (b_0 + … + b_{K−1})/(1 + ρb_{K−1}).
	const bits = 4000
	number := func(v float64) *big.Float { return new(big.Float).SetPrec(bits).SetFloat64(v) }
	for _, rho := range []float64{1e-3, 0.1, 0.5, 0.8, 0.95, 1 - 1e-6, 1 - 1e-12, 1, 1 + 1e-12, 1 + 1e-6, 1.05, 1.5, 3, 10, 30, 49.9} {
		e := number(1) // e^ρ
		for term, n := number(1), 1; n < 1000; n++ {
			term.Mul(term, number(rho))
			term.Quo(term, number(float64(n)))
			e.Add(e, term)
		}
		sum, power := number(0), []*big.Float{number(1)}
		for n := range 61 {
			b := number(0)
			factor := number(1) // (−ρ)^k/k!
			for k := 0; k <= n; k++ {
				term := number(0).Mul(factor, power[n-k])
				for range k {
					term.Mul(term, number(float64(n-k)))
				}
				b.Add(b, term)
				factor.Mul(factor, number(-rho))
				factor.Quo(factor, number(float64(k+1)))
			}
			sum.Add(sum, b)
			power = append(power, number(0).Mul(power[n], e))

			k := n + 1
			below := number(0).Mul(number(rho), b)
			below.Add(below, number(1))
			loss := number(0).Quo(b, below)
			loss.Sub(number(1), loss)
			mean := number(0).Quo(sum, below)
			mean.Sub(number(float64(k)), mean)
			busy := number(0).Quo(number(0).Mul(number(rho), b), below)
			waiting := number(0).Sub(mean, busy)

			f := must(t, queueing.MD1K, queueing.Queue{Arrival: rho, Service: 1, Servers: 1, Capacity: k})
			what := fmt.Sprintf("load %v, K = %d: ", rho, k)
			float := func(v *big.Float) float64 { f, _ := v.Float64(); return f }
			near(t, what+"loss", f.Loss, float(loss), 5e-13)
			near(t, what+"number", f.Number, float(mean), 5e-13)
			near(t, what+"waiting", f.Waiting, float(waiting), 5e-13)
			near(t, what+"utilisation", f.Utilisation, float(busy), 5e-13)
		}
	}
}

func TestMD1KIsTheRecursionOfItsChainForThousandsOfPlaces(t *testing.T) {
	// The same recursion without any scaling, in more precision and a larger
	// exponent than float64 has.
	const places, bits = 1500, 120
	number := func(v float64) *big.Float { return new(big.Float).SetPrec(bits).SetFloat64(v) }
	for _, rho := range []float64{0.7, 0.999, 1, 1.001, 1.4} {
		var over []*big.Float // P(N > n)/P(N = 0)
		for n := range 60 {
			sum, term := number(0), number(1)
			for m := 1; m < 120; m++ {
				term.Mul(term, number(rho))
				term.Quo(term, number(float64(m)))
				if m > n {
					sum.Add(sum, term)
				}
			}
			over = append(over, sum)
		}
		a := []*big.Float{number(1)}
		total, waiting := number(1), number(0)
		for j := range places - 1 {
			next := number(0)
			if j < len(over) {
				next.Add(next, over[j])
			}
			for i := max(1, j+2-len(over)); i <= j; i++ {
				next.Add(next, number(0).Mul(a[i], over[j-i+1]))
			}
			a = append(a, next)
			total.Add(total, next)
			waiting.Add(waiting, number(0).Mul(next, number(float64(j))))
		}
		// p_j = π_j/(π_0 + ρ), and the rest is p_K.
		empty := number(0).Quo(number(1), total)
		norm := number(0).Add(empty, number(rho))
		loss := number(0).Sub(norm, number(1))
		loss.Quo(loss, norm)
		waiting.Quo(waiting, total)
		waiting.Quo(waiting, norm)
		waiting.Add(waiting, number(0).Mul(loss, number(places-1)))

		f := must(t, queueing.MD1K, queueing.Queue{Arrival: rho, Service: 1, Servers: 1, Capacity: places})
		wantLoss, _ := loss.Float64()
		wantWaiting, _ := waiting.Float64()
		if rho > 0.9 { // below, the difference has no digit left in this precision either
			near(t, fmt.Sprintf("load %v: loss", rho), f.Loss, wantLoss, 1e-11)
		}
		near(t, fmt.Sprintf("load %v: waiting", rho), f.Waiting, wantWaiting, 1e-11)
	}
}

func TestMD1KWithManyPlacesIsPollaczekAndKhinchine(t *testing.T) {
	for _, rho := range []float64{1e-9, 0.01, 0.3, 0.5, 0.9, 0.99, 0.999} {
		f := must(t, queueing.MD1K, queueing.Queue{Arrival: rho, Service: 1, Servers: 1, Capacity: queueing.MaxCapacity})
		near(t, "waiting", f.Waiting, rho*rho/(2*(1-rho)), 1e-11)
		near(t, "utilisation", f.Utilisation, rho, 1e-13)
	}
}

func TestMD1KOfALargeLoadHasNoJump(t *testing.T) {
	// Where the general sum gives way to the limit, at a load of 50.
	for _, k := range []int{2, 3, 10, 1000, 1_000_000} {
		below := must(t, queueing.MD1K, queueing.Queue{Arrival: 50, Service: 1, Servers: 1, Capacity: k})
		above := must(t, queueing.MD1K, queueing.Queue{Arrival: math.Nextafter(50, 51), Service: 1, Servers: 1, Capacity: k})
		near(t, "loss", above.Loss, below.Loss, 1e-14)
		near(t, "number", above.Number, below.Number, 1e-14)
	}
}
