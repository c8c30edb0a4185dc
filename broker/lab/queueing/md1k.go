package queueing

import (
	"fmt"
	"math"
)

// MD1K is M/D/1/K: Poisson arrivals, fixed service times of 1/µ, one server, K
// places. An error is one of Validate, or that Servers is not 1.
//
// Seen at departures it is a Markov chain on 0 … K−1 (Gross & Harris, chapter
// 5; Kleinrock, chapter 5), with a Poisson number of arrivals, of mean ρ,
// during each service. As often as it goes from j+1 down to j it passes up over
// that line, so with a_j = π_j/π_0 and T_n = P(more than n arrivals):
//
//	a_{j+1} · P(none) = a_0 T_j + Σ a_i T_{j−i+1}, i = 1 … j
//
// All terms are positive, so nothing cancels, as it does in the closed form of
// Brun and Garcia, whose terms alternate. Time averages follow from π by
// p_j = π_j/(π_0 + ρ) for j < K and p_K = 1 − 1/(π_0 + ρ). Here π_0 + ρ − 1 is
// added up as what it is, the mean number lost in one service: as a difference
// it has no digit left when next to nothing is lost.
//
// The a_j grow or decay as exp(x·j), where −x = ρ(exp(−x) − 1). Without that
// factor they are a renewal sequence and settle on a constant within a few
// steps: from there on the sums are geometric. The time it takes does not depend
// on K.
func MD1K(q Queue) (Figures, error) {
	if err := q.validateOne(); err != nil {
		return Figures{}, fmt.Errorf("M/D/1/K: %w", err)
	}
	load := q.Load()
	k := float64(q.Capacity)
	switch {
	case q.Capacity == 1:
		// Nothing waits, so the distribution of service times makes no difference.
		return q.figures(load/(1+load), load/(1+load), 0), nil
	case load > saturated:
		return q.figures((load-1)/load, 1, k-1-1/load), nil
	}
	d := newDepartures(load, q.Capacity)
	// For each departure one event was accepted and excess were lost, so 1+excess
	// arrived: that is π_0 + ρ.
	excess := d.lost / d.sum
	loss := excess / (1 + excess)
	waiting := (d.waiting/d.sum)/(1+excess) + (k-1)*loss
	return q.figures(loss, load/(1+excess), waiting), nil
}

// saturated is the load above which every departure leaves K−1 behind: the
// probability of any other number is below ρ·exp(−ρ), less than a float64 shows.
const saturated = 50

// departures are sums over the states a departure leaves behind, all in the same
// arbitrary unit.
type departures struct {
	sum     float64 // of the probabilities
	waiting float64 // of the number that waits once the next is in service
	lost    float64 // of the mean number that finds no place during the next service
}

func newDepartures(load float64, capacity int) departures {
	x := growth(load)
	p := newPoisson(load, x)
	// Weights are relative to the end that has the most of them.
	top := 0
	if x > 0 {
		top = capacity - 1
	}
	weight := func(j int) float64 { return math.Exp(x * float64(j-top)) }

	var d departures
	n := len(p.step)
	// The last n of the scaled a_j, the latest at latest.
	recent := make([]float64, n)
	latest := 0
	recent[latest] = 1
	d.sum = weight(0)
	d.lost = p.excess(capacity-1) * math.Exp(x*float64(capacity-1-top))

	steady := 0 // how many steps the sequence has not moved for
	last := 1.0
	j := 1
	for ; j < capacity && steady < n; j++ {
		a := 0.0
		if j-1 < n {
			a = p.step[j-1] * math.Exp(-x)
		}
		for i := 1; i < min(n, j); i++ {
			a += p.step[i] * recent[(latest-i+1+n)%n]
		}
		latest = (latest + 1) % n
		recent[latest] = a
		if math.Abs(a-last) <= tolerance*last {
			steady++
		} else {
			steady, last = 0, a
		}
		w := a * weight(j)
		d.sum += w
		d.waiting += w * float64(j-1)
		d.lost += a * p.excess(capacity-j) * math.Exp(x*float64(capacity-top))
	}
	if rest := capacity - j; rest > 0 {
		// A renewal sequence that is steady for as long as its longest step is
		// steady from then on.
		w := last * geometricSum(-math.Abs(x), rest) // from the end that has the most
		if x <= 0 {
			w *= weight(j)
		}
		d.sum += w
		d.waiting += w * (float64(j-1) + geometricMean(x, rest))
		for m := 1; m <= min(rest, n); m++ {
			d.lost += last * p.excess(m) * math.Exp(x*float64(capacity-top))
		}
	}
	return d
}

// tolerance is how close to each other terms are that count as the same.
const tolerance = 1e-13

// growth is the root x ≠ 0 of x = ρ(1 − exp(−x)), or 0 for the load ρ = 1, where
// both are one: the exponent by which the probabilities of M/D/1/K grow with the
// number in the queue.
func growth(load float64) float64 {
	// x + ρ·expm1(−x) is convex. Newton's method from outside of both roots comes
	// closer from the same side at each step, until rounding stops it.
	x := load
	if load <= 1 {
		x = -2 * (1 - math.Log(load))
	}
	for range 200 {
		f := x + load*math.Expm1(-x)
		slope := 1 - load*math.Exp(-x)
		next := x - f/slope
		if f <= 0 || slope == 0 || math.Abs(next) >= math.Abs(x) || next*x <= 0 {
			break
		}
		x = next
	}
	return x
}

// poisson has what M/D/1/K needs of the number of arrivals N in one service.
type poisson struct {
	// step[n] is P(N > n)/P(N = 0)·exp(−x·n): how much of a_{j+1} comes from
	// a_{j−n+1}. Its sum from 1 on is 1.
	step []float64
	// over[m] is E(N − m)⁺·exp(−x·m), the mean number lost with m places free.
	over []float64
}

func newPoisson(load, x float64) poisson {
	// The terms have their bulk at ν and ρ, where ν = ρ·exp(−x) is no more than
	// 60; twelve standard deviations further out nothing is left of them.
	nu := load * math.Exp(-x)
	most := max(load, nu)
	n := int(most+12*math.Sqrt(most)) + 40
	p := poisson{step: make([]float64, n), over: make([]float64, n)}

	// Relative to P(N = n), P(N > n) is Σ ρ^i n!/(n+i)!, i ≥ 1, and E(N − n)⁺ is
	// Σ i·ρ^i n!/(n+i)!. Both follow from those of n+1; what was beyond the first
	// of them fades at each step.
	tail, mean := 0.0, 0.0
	for i := 2*n - 1; i >= 0; i-- {
		r := load / float64(i+1)
		tail, mean = r*(1+tail), r*(1+tail+mean)
		if i < n {
			p.step[i], p.over[i] = tail, mean
		}
	}
	none := math.Exp(-load)
	term, sum := 1.0, 0.0 // ν^n/n!
	for i := range n {
		p.step[i] *= term
		p.over[i] *= none * term
		term *= nu / float64(i+1)
		if i > 0 {
			sum += p.step[i]
		}
	}
	for i := range p.step {
		p.step[i] /= sum // else rounding keeps the sequence from ever being steady
	}
	return p
}

func (p *poisson) excess(m int) float64 {
	if m < len(p.over) {
		return p.over[m]
	}
	return 0
}
