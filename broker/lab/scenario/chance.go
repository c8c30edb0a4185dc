package scenario

import (
	"math"
	"time"
)

// Chance is the random numbers of every actor of a run. Actors, beats and events are
// counted from 0.
type Chance struct {
	identities, arrivals, gaps      []Source // by producer
	completions, services, failures []Source // by consumer
}

// Chance is the random numbers that the seed of s gives.
func (s Scenario) Chance() *Chance {
	c := &Chance{}
	for i := range s.Producers {
		c.identities = append(c.identities, NewSource(s.Seed, Identities, i))
		c.arrivals = append(c.arrivals, NewSource(s.Seed, ArrivalTies, i))
		c.gaps = append(c.gaps, NewSource(s.Seed, Gaps, i))
	}
	for i := range s.Consumers {
		c.completions = append(c.completions, NewSource(s.Seed, CompletionTies, i))
		c.services = append(c.services, NewSource(s.Seed, Services, i))
		c.failures = append(c.failures, NewSource(s.Seed, Failures, i))
	}
	return c
}

// Attempt numbers an attempt, from 1 to 256, at the n-th event of a producer, from 0
// to 2^48-1, so that no two share a draw.
func Attempt(producer int, n uint64, attempt int) uint64 {
	return uint64(producer)<<56 ^ uint64(attempt-1)<<48 ^ n
}

// Identity is the ID of a producer's n-th event: a positive int64.
func (c *Chance) Identity(producer int, n uint64) uint64 {
	return c.identities[producer].Identity(n)
}

// ArrivalTie is the rank of a producer's n-th beat among what happens at its moment.
func (c *Chance) ArrivalTie(producer int, n uint64) uint64 { return c.arrivals[producer].Draw(n) }

// CompletionTie is the same for the end of a consumer's attempt. See Attempt.
func (c *Chance) CompletionTie(consumer int, attempt uint64) uint64 {
	return c.completions[consumer].Draw(attempt)
}

// Gap is the n-th interval of producer i, which has the settings p: from a
// nanosecond to 37 times the mean.
func (c *Chance) Gap(p *Producer, i int, n uint64) time.Duration {
	if p.Arrivals == Steady {
		return time.Duration(p.Interval)
	}
	return c.gaps[i].exponential(n, p.Interval)
}

// Service is the time of an attempt of consumer i, which has the settings of: from a
// nanosecond to 37 times the mean. See Attempt.
func (c *Chance) Service(of *Consumer, i int, attempt uint64) time.Duration {
	if of.Times == Exponential || of.Times == Uniform { // split so that the fast path inlines
		return c.services[i].service(of, attempt)
	}
	return time.Duration(of.Service)
}

func (s Source) service(of *Consumer, attempt uint64) time.Duration {
	if of.Times == Exponential {
		return s.exponential(attempt, of.Service)
	}
	return time.Duration(float64(of.Service) * (0.5 + s.unit(attempt)))
}

// Fails says whether an attempt of consumer i, which has the settings of, fails. An
// attempt that fails at one rate fails at every higher one.
func (c *Chance) Fails(of *Consumer, i int, attempt uint64) bool {
	return of.Failures > 0 && c.failures[i].unit(attempt) < float64(of.Failures)/100
}

// unit is the n-th draw as a number from 0 to less than 1: of 53 bits, as many as
// a float64 has.
func (s Source) unit(n uint64) float64 { return float64(s.Draw(n)>>11) / (1 << 53) }

// exponential is the n-th draw as an exponentially distributed time of that mean,
// by inversion: -mean·ln(1-U). It is at least a nanosecond, so that time goes on.
func (s Source) exponential(n uint64, mean Duration) time.Duration {
	return max(1, time.Duration(float64(mean)*-ln(1-s.unit(n))))
}

const ln2 = 0.693147180559945309417232121458176568

// artanh are the coefficients of its series, but for the last.
var artanh = [...]float64{1.0 / 19, 1.0 / 17, 1.0 / 15, 1.0 / 13, 1.0 / 11, 1.0 / 9, 1.0 / 7, 1.0 / 5, 1.0 / 3, 1}

// ln is the natural logarithm of x in (0, 1], to within 2^-50. math.Log has
// assembly on some machines, and a compiler may fuse a product and a sum; here
// every product is rounded by a conversion, so that all machines agree to the
// last bit.
//
// With x = m·2^e, 1/√2 ≤ m < √2, and z = (m-1)/(m+1), ln m = 2·artanh z =
// 2(z + z³/3 + z⁵/5 + …), Abramowitz and Stegun 4.1.27.
func ln(x float64) float64 {
	m, e := frexp(x)
	z := (m - 1) / (m + 1)
	zz := float64(z * z)
	sum := 1.0 / 21
	for _, term := range artanh {
		sum = term + float64(zz*sum)
	}
	return float64(2*float64(z*sum)) + float64(e*ln2)
}

// frexp writes a normal x as m·2^e with 1/√2 ≤ m < √2.
func frexp(x float64) (m, e float64) {
	bits := math.Float64bits(x)
	exponent := int(bits>>52) - 1023
	m = math.Float64frombits(bits&(1<<52-1) | 1023<<52)
	if m >= math.Sqrt2 {
		m /= 2
		exponent++
	}
	return m, float64(exponent)
}
