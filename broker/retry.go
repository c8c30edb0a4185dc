package broker

import "time"

// retry is an event that waits for its next attempt, or is at it.
type retry struct {
	event   Event
	attempt int
	err     error // of the attempt before
	timer   *time.Timer
}

func (c *consumption) retryIn(pause time.Duration, t *task, err error) {
	r := &retry{event: t.event, attempt: t.attempt() + 1, err: err}
	b := c.sub.broker
	r.timer = time.AfterFunc(pause, func() {
		b.mu.Lock()
		defer b.unlock()
		if c.stopping { // end is about to give it up
			return
		}
		for i, o := range c.retries {
			if o == r {
				c.retries = append(c.retries[:i], c.retries[i+1:]...)
				b.trace.retried(c.sub, r.event, r.attempt)
				b.crew.add(task{by: c, event: r.event, again: r})
				return
			}
		}
	})
	c.retries = append(c.retries, r)
}

// pause is how long to wait after an attempt: exponential backoff with jitter.
func (c *consumption) pause(attempt int) time.Duration {
	p := c.options.Pause(attempt)
	c.drawn++
	chance := float64(mix(c.sub.broker.seed^uint64(c.sub.index)<<32+c.drawn)>>11) / (1 << 53)
	return p - time.Duration(c.options.Jitter*chance*float64(p))
}

// mix turns a counter into uniform bits: the finalizer of SplitMix64 (Steele,
// Lea, Flood: Fast Splittable Pseudorandom Number Generators, OOPSLA 2014).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
