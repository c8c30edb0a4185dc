package queueing

import (
	"fmt"
	"math"
)

// MMcK is M/M/c/K: Poisson arrivals, exponential service times, c servers, K
// places. With K = c nothing waits, and the loss is Erlang's formula B.
//
// It is the birth and death process with rates λ and min(n, c)µ (Gross & Harris,
// chapter 2; Kleinrock, sections 3.5 to 3.7); above c its probabilities are a
// geometric series, which has a closed sum. The time it takes does not depend on
// K. An error is one of Validate.
func MMcK(q Queue) (Figures, error) {
	if err := q.Validate(); err != nil {
		return Figures{}, fmt.Errorf("M/M/c/K: %w", err)
	}
	c := float64(q.Servers)
	load := q.Load()
	offered := q.Arrival / q.Service
	buffer := q.Capacity - q.Servers
	erlang := erlangB(q.Servers, offered)
	x := math.Log(load)

	var full float64 // the probability of K, which by PASTA is the loss
	var all float64  // the probability that all servers are busy
	var busy float64 // the mean number of busy servers
	if load <= 1 {
		atC := erlang / (1 + erlang*(geometricSum(x, buffer+1)-1))
		full = atC * math.Exp(x*float64(buffer))
		all = atC * geometricSum(x, buffer+1)
		busy = offered * (1 - full)
	} else {
		// Counted from the top, where the weight is; and what is idle is small.
		down := math.Exp(-x * float64(buffer))
		full = 1 / (down/erlang + geometricSum(-x, buffer))
		all = full * geometricSum(-x, buffer+1)
		busy = c - full*down*idle(q.Servers, offered)
	}
	return q.figures(full, busy, all*geometricMean(x, buffer+1)), nil
}

// MMc is M/M/c, with a buffer without bound: Erlang's formula C (Gross & Harris,
// chapter 2; Kleinrock, section 3.5). It takes no account of Capacity. An error
// is one of Validate, or ErrUnstable with a load of 1 or more.
func MMc(q Queue) (Figures, error) {
	if err := q.validateRates(); err != nil {
		return Figures{}, fmt.Errorf("M/M/c: %w", err)
	}
	full := float64(q.Servers) * q.Service
	if q.Arrival >= full {
		return Figures{}, fmt.Errorf("M/M/c: arrival: %v per second is out of range: below %v: %w", q.Arrival, full, ErrUnstable)
	}
	offered := q.Arrival / q.Service
	load, spare := q.Arrival/full, (full-q.Arrival)/full
	erlang := erlangB(q.Servers, offered)
	waits := erlang / (spare + load*erlang) // the probability that an arrival waits, C
	return q.figures(0, offered, waits*load/spare), nil
}

// erlangB is Erlang's loss formula B(c, a), a^c/c! ÷ Σ a^n/n! for n = 0 … c, by
// its recursion in c: the terms themselves overflow.
func erlangB(c int, a float64) float64 {
	b := 1.0
	for n := 1; n <= c; n++ {
		b = a * b / (float64(n) + a*b)
	}
	return b
}

// idle is the sum of idle servers over the states with any, each weighed by its
// probability relative to that of c, for an offered load a above c.
func idle(c int, a float64) float64 {
	sum, weight := 0.0, 1.0
	for n := c; n > 0; n-- {
		weight *= float64(n) / a // from n to n−1
		sum += float64(c-n+1) * weight
	}
	return sum
}
