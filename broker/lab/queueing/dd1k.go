package queueing

import (
	"fmt"
	"math"
)

// DD1K is D/D/1/K: an arrival every T = 1/λ, the first one T after an empty
// start, fixed service times of S = 1/µ, one server, K places. The figures are
// averages over time in the long run, after the buffer has filled up, if it ever
// does: with a load barely above 1 that takes long. An error is one of Validate,
// or that Servers is not 1.
//
// An arrival and a completion can fall on the same instant. Here the order of
// each such pair is the toss of a fair coin, as in a run of Spillway; DD1KTies
// has the figures of either order. With ρ = S/T:
//
//   - ρ ≤ 1 and K > 1: nothing is lost and nothing waits, whatever the ties.
//   - ρ > 1 and K > 1: in the end the server never rests, so the throughput is µ
//     and the loss 1 − 1/ρ, whatever the ties. Every completion leaves a place
//     free until the next arrival, so Number is K − µD, where D is the mean time
//     between the two. Where arrivals fall between completions is spread evenly
//     over T if ρ is irrational, and over T/n, 2T/n … T if it is a fraction with
//     the denominator n, save that the last is a tie: 0 or T. With a fair coin D
//     is T/2 in both cases.
//   - K = 1: after a completion the server rests until the next arrival. It
//     begins once in ⌈ρ⌉ intervals if ρ is not a whole number. If it is, each
//     completion is a tie, and it begins once in ρ intervals if completions are
//     first, in ρ + 1 if arrivals are, in ρ + ½ on average with a fair coin.
//
// As rates are rounded, a ρ within one part in 10¹⁵ of a whole number is taken
// to be that number.
func DD1K(q Queue) (Figures, error) {
	return dd1k(q, 0.5)
}

// DD1KTies is DD1K for the two ways to order everything that falls on the same
// instant. With arrivals first, the loss is the highest, and throughput and
// Number the lowest; with completions first it is the other way round. Every
// other order lies between them. Without ties both are the same, but for 1 in
// 10⁷: a rounded ρ can't be told from a fraction with such a denominator.
func DD1KTies(q Queue) (arrivalsFirst, completionsFirst Figures, err error) {
	if arrivalsFirst, err = dd1k(q, 1); err != nil {
		return Figures{}, Figures{}, err
	}
	completionsFirst, err = dd1k(q, 0)
	return arrivalsFirst, completionsFirst, err
}

// dd1k is DD1K where that fraction of ties has the arrival first.
func dd1k(q Queue, arrivalFirst float64) (Figures, error) {
	if err := q.validateOne(); err != nil {
		return Figures{}, fmt.Errorf("D/D/1/K: %w", err)
	}
	load := q.Load()
	if whole := math.Round(load); math.Abs(load-whole) <= sameLoad*whole {
		load = whole
	}
	if q.Capacity == 1 {
		cycle := math.Ceil(load) // intervals from one beginning to the next
		if cycle == load {
			cycle += arrivalFirst
		}
		return q.figures((cycle-1)/cycle, load/cycle, 0), nil
	}
	if load <= 1 {
		return q.figures(0, load, 0), nil
	}
	// In intervals, over n completions: 1/n + … + (n−1)/n, and the tie.
	gap := 0.5
	if n := denominator(load); arrivalFirst != gap {
		gap += (arrivalFirst - 0.5) / n
	}
	return q.figures((load-1)/load, 1, float64(q.Capacity-1)-gap/load), nil
}

// sameLoad is the relative error of a load, a quotient of two rates that are
// often quotients themselves.
const sameLoad = 4 * 0x1p-52

// denominator is the least n for which some m/n is the load, as far as rounding
// lets one tell, by the continued fraction of the load.
func denominator(load float64) float64 {
	rest := load
	m0, n0 := 1.0, 0.0
	m, n := math.Floor(rest), 1.0
	for range 64 {
		if math.Abs(load-m/n) <= sameLoad*load {
			break
		}
		rest = 1 / (rest - math.Floor(rest))
		whole := math.Floor(rest)
		m0, m = m, whole*m+m0
		n0, n = n, whole*n+n0
	}
	return n
}
