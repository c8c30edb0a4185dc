package record

import (
	"math/bits"

	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// crew is the workers of a consumer. The broker does not tell which of them takes an
// event, so it is the free one that comes first.
type crew struct {
	busy uint64 // a bit for each worker that has an event
	has  [scenario.MaxWorkers]*Event
}

// begin gives the event to a worker.
func (c *crew) begin(e *Event) (worker uint8) {
	worker = uint8(bits.TrailingZeros64(^c.busy)) % scenario.MaxWorkers
	c.busy |= 1 << worker
	c.has[worker] = e
	return worker
}

// worker is who has the event.
func (c *crew) worker(e *Event) uint8 {
	for busy := c.busy; busy != 0; busy &= busy - 1 {
		if w := bits.TrailingZeros64(busy) % scenario.MaxWorkers; c.has[w] == e {
			return uint8(w)
		}
	}
	return 0
}

// end takes the event from its worker.
func (c *crew) end(worker uint8) { c.busy &^= 1 << worker }
