// Package queueing tells what theory expects of a bounded buffer in the long
// run: how much is lost, how full it is and how long an event waits. It sets a
// simulation beside a number that no simulation made.
//
// Queues are named as Kendall did: arrivals / service times / servers / places.
// M is random and without memory (Poisson arrivals, exponential service times),
// D is deterministic (steady arrivals, fixed service times). In Spillway a
// consumer with c workers and a buffer of B has c servers and K = c + B places.
//
//	MMcK   M/M/c/K   Poisson arrivals, exponential service
//	MMc    M/M/c     the same with a buffer without bound (Erlang C)
//	MD1K   M/D/1/K   Poisson arrivals, fixed service
//	DD1K   D/D/1/K   steady arrivals, fixed service
//
// All take first come, first served, and an arrival that finds no place is lost
// at once: the overflow policy DropNewest, or Reject. DropOldest loses as many
// and is as full, but its times are others.
//
// The sources are
//
//   - Gross, Harris: Fundamentals of Queueing Theory, Wiley, 3rd ed. 1998
//   - Kleinrock: Queueing Systems, volume 1: Theory, Wiley 1975
//   - Brun, Garcia: Analytical solution of finite capacity M/D/1 queues,
//     Journal of Applied Probability 37 (2000), 1092–1098
//
// and the numbers are right for every load within the limits: sums are added up
// in an order and a scale in which nothing overflows and nothing cancels. What
// remains is that a large K magnifies the last digit of a load: close to a load
// of 1, a loss has a relative error of about K × 10⁻¹⁶.
package queueing

import (
	"errors"
	"fmt"
)

// The limits of a queue. The number of places is what a buffer of a million and
// all servers need.
const (
	MaxServers  = 64
	MaxCapacity = 1_000_000 + MaxServers

	MinRate = 1e-9 // per second: one event in 32 years
	MaxRate = 1e12 // per second: one event in a picosecond
)

// ErrUnstable is what a queue without bound has at or above full load: it grows
// for ever and has no mean.
var ErrUnstable = errors.New("the queue grows for ever")

// Queue is what a figure depends on.
type Queue struct {
	// Arrival is the rate of arrivals λ, in events per second, from MinRate to
	// MaxRate. It counts those that are lost too.
	Arrival float64
	// Service is the rate µ at which one busy server completes, in events per
	// second, from MinRate to MaxRate: one divided by the mean service time.
	Service float64
	// Servers is their number c, from 1 to MaxServers.
	Servers int
	// Capacity is the number of places K, in service and waiting, from Servers
	// to MaxCapacity.
	Capacity int
}

// Load is the arrival rate divided by the rate of all servers together,
// ρ = λ/(cµ). With 1 or more, what can't wait is lost.
func (q Queue) Load() float64 {
	return q.Arrival / (float64(q.Servers) * q.Service)
}

// Validate says what is out of bounds, all of it, each by field, value and limit.
func (q Queue) Validate() error {
	return errors.Join(q.validateRates(), q.validateCapacity())
}

func (q Queue) validateRates() error {
	return errors.Join(
		rateInRange("arrival", q.Arrival),
		rateInRange("service", q.Service),
		inRange("servers", q.Servers, 1, MaxServers),
	)
}

func (q Queue) validateCapacity() error {
	return inRange("capacity", q.Capacity, min(max(q.Servers, 1), MaxServers), MaxCapacity)
}

// validateOne is Validate for the queues of a single server.
func (q Queue) validateOne() error {
	if err := q.Validate(); err != nil {
		return err
	}
	return inRange("servers", q.Servers, 1, 1)
}

func rateInRange(field string, v float64) error {
	if !(v >= MinRate && v <= MaxRate) { // as it stands, NaN is out of range too
		return fmt.Errorf("%s: %v per second is out of range: %v to %v", field, v, MinRate, MaxRate)
	}
	return nil
}

func inRange(field string, v, low, high int) error {
	if v < low || v > high {
		return fmt.Errorf("%s: %d is out of range: %d to %d", field, v, low, high)
	}
	return nil
}

// Figures are long-run averages of a queue.
type Figures struct {
	// Loss is the fraction of arrivals that find no place, from 0 to 1.
	Loss float64
	// Utilisation is the fraction of the time that a server is busy, from 0 to 1,
	// the mean of the servers.
	Utilisation float64
	// Throughput is the rate of completions, in events per second: λ(1 − Loss).
	Throughput float64
	// Number is how many events are in the queue on average over time, in
	// service and waiting, from 0 to K.
	Number float64
	// Waiting is how many of them wait.
	Waiting float64
	// Time is how long an accepted event is in the queue on average, waiting and
	// in service, in seconds: Number/Throughput, by Little's law.
	Time float64
	// Wait is how long it waits: Time − 1/µ.
	Wait float64
}

// figures completes what the number of busy servers and of waiting events
// determines. Throughput is taken from the servers, since λ(1 − loss) has no
// digit left when nearly all is lost.
func (q Queue) figures(loss, busy, waiting float64) Figures {
	// What rounding adds to a queue that is always full is taken off again.
	busy = min(busy, float64(q.Servers))
	throughput := q.Service * busy
	wait := waiting / throughput
	return Figures{
		Loss:        loss,
		Utilisation: busy / float64(q.Servers),
		Throughput:  throughput,
		Number:      busy + waiting,
		Waiting:     waiting,
		Time:        wait + 1/q.Service,
		Wait:        wait,
	}
}
