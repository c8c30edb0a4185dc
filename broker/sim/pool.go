package sim

import "github.com/spillway-go/spillway/broker/producer"

// event is a published event and how many consumers are not yet done with it.
type event struct {
	producer.ProducedSomethingEvent
	holders int
}

// pool recycles events, so that a long run allocates only for its busiest moment.
type pool []*event

func (p *pool) get() *event {
	n := len(*p)
	if n == 0 {
		return new(event)
	}
	e := (*p)[n-1]
	*p = (*p)[:n-1]
	return e
}

// release is called once for each consumer: when it has handled the event, or
// when the event was dropped for it.
func (p *pool) release(e *event) {
	if e.holders--; e.holders == 0 {
		*p = append(*p, e)
	}
}
